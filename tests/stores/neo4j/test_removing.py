"""Removing takes several transactions; a portfolio is out of sight with the first, and gone with the last."""

from contextlib import closing
from pathlib import Path

import pytest

from olagraph.documents import load
from olagraph.stores import StoreError
from olagraph.stores.neo4j import Neo4jStore
from olagraph.stores.neo4j.opening import retire
from olagraph.stores.neo4j.removing import withdraw
from tests.stores.writing import TENANT, put

BANK = load(Path(__file__).parents[3] / "fixtures" / "bank-payments.yaml")


def test_a_removal_that_was_stopped_is_finished_by_the_next(store, driver, query):
    put(store, BANK)
    put(store, BANK, portfolio="other")
    with driver.session() as session:
        session.execute_write(withdraw, TENANT)
    assert [tenant.id for tenant in store.tenants()] == ["other"]
    assert store.revision(TENANT) == 0
    with pytest.raises(StoreError, match="the removal of portfolio 'default' has not ended; wait for it"):
        put(store, BANK)
    store.remove(TENANT)
    assert query("MATCH (n {portfolio: $portfolio}) RETURN n", portfolio=TENANT) == []
    assert store.check("other") == ()
    put(store, BANK)
    assert store.check(TENANT) == ()


def test_wiping_finishes_it_too(store, driver, query):
    put(store, BANK)
    with driver.session() as session:
        session.execute_write(withdraw, TENANT)
    store.wipe()
    assert query("MATCH (n) RETURN n") == []
    assert query("SHOW CONSTRAINTS YIELD name WHERE name STARTS WITH 'olagraph' RETURN name") == []


def test_a_wipe_that_was_stopped_says_how_it_ends(store, driver, address, query):
    put(store, BANK)
    with driver.session() as session:
        session.execute_write(retire, shown="here")
    with pytest.raises(
        StoreError, match=r"is being wiped: wait for it; .*db init .* and .*db wipe .* end it"
    ):
        Neo4jStore.open(address)
    with closing(Neo4jStore.open(address, create=True)) as other:
        other.wipe()
    assert query("MATCH (n) RETURN n") == []
