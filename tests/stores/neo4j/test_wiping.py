"""Wiping takes many transactions; from the first on nothing is made in the store, and it may stop after any of them."""

from contextlib import closing

import pytest

from olagraph.model.entities import Portfolio
from olagraph.stores import StoreError
from olagraph.stores.neo4j import Neo4jStore
from olagraph.stores.neo4j.opening import drop_schema, retire
from olagraph.stores.neo4j.removing import delete_all, withdraw_all
from olagraph.stores.neo4j.schema import constraints
from tests.stores.writing import TENANT, put

SMALL = Portfolio(name="Small")
STEPS = {
    "marked": lambda session: session.execute_write(retire, shown="here"),
    "out of sight": lambda session: session.execute_write(withdraw_all),
    "deleted": delete_all,
    "half of the schema": lambda session: [
        session.run(f"DROP CONSTRAINT {name}").consume() for name in list(constraints())[:5]
    ],
}


def stopped_after(driver, step):
    """What a wipe leaves that dies after a step."""
    with driver.session() as session:
        for name, work in STEPS.items():
            work(session)
            if name == step:
                return


def names(query):
    """Of the constraints that there are."""
    return {name for (name,) in query("SHOW CONSTRAINTS YIELD name RETURN name")}


@pytest.mark.parametrize("step", STEPS)
def test_a_wipe_that_was_stopped_is_finished_by_the_next(store, driver, address, query, step):
    put(store, SMALL)
    stopped_after(driver, step)
    with pytest.raises(StoreError, match="is being wiped: wait for it"):
        put(store, SMALL, portfolio="another")
    with pytest.raises(StoreError, match="is being wiped: wait for it"):
        Neo4jStore.open(address)
    store.wipe()
    assert query("MATCH (n) RETURN n") == []
    assert names(query) == set()


def test_a_wipe_that_was_stopped_can_be_taken_back_for_what_is_still_there(store, driver, address, query):
    put(store, SMALL)
    stopped_after(driver, "marked")
    with closing(Neo4jStore.open(address, create=True)) as again:
        assert again.load(TENANT).portfolio == SMALL
    stopped_after(driver, "half of the schema")
    with closing(Neo4jStore.open(address, create=True)) as again:
        assert again.tenants() == ()
        put(again, SMALL)
        assert again.check(TENANT) == ()
    assert names(query) == set(constraints())


def test_what_somebody_makes_anew_while_another_one_wipes_stays(store, driver, address, query):
    put(store, SMALL)
    stopped_after(driver, "deleted")
    with closing(Neo4jStore.open(address, create=True)) as other:
        put(other, Portfolio(name="New"))
    with driver.session() as session:
        drop_schema(session)
    with closing(Neo4jStore.open(address)) as again:
        assert again.load(TENANT).portfolio == Portfolio(name="New")
    assert names(query) == set(constraints())


def test_wiping_removes_too_what_belongs_to_a_node_that_somebody_deleted(store, query):
    put(store, SMALL)
    query("MATCH (p:Portfolio) DETACH DELETE p")
    store.wipe()
    assert query("MATCH (n) RETURN n") == []
