"""Somebody's transaction that never ends, such as one left open in Neo4j Browser, keeps no writer waiting for ever."""

from pathlib import Path

import pytest

from olagraph.documents import load
from olagraph.stores import StoreError
from olagraph.stores.neo4j import store as neo4j_store
from tests.stores.writing import TENANT, put

BANK = load(Path(__file__).parents[3] / "fixtures" / "bank-payments.yaml")
CARRIER = load(Path(__file__).parents[3] / "fixtures" / "carrier-chain.yaml")
ENDED = "holds a lock and did not let go in time; SHOW TRANSACTIONS tells whose it is"


def impatient(write, monkeypatch):
    """Write, and wait for one second only."""
    with monkeypatch.context() as short:
        short.setattr(neo4j_store, "LONGEST_WAIT", 1.0)
        with pytest.raises(StoreError, match=ENDED):
            write()


def test_a_writer_waits_only_so_long_and_nothing_is_half_written(store, neo4j_place, monkeypatch):
    put(store, BANK)
    with neo4j_place.halfway():
        impatient(lambda: put(store, CARRIER), monkeypatch)
        impatient(lambda: store.remove(TENANT), monkeypatch)
        assert store.load(TENANT).portfolio == BANK
    assert store.check(TENANT) == ()
    put(store, CARRIER)
    assert store.load(TENANT).portfolio == CARRIER


def test_one_service_that_somebody_holds_is_enough(store, driver, monkeypatch):
    put(store, BANK)
    with driver.session() as session, session.begin_transaction() as somebody:
        somebody.run("MATCH (s:Service {id: 'card-payment'}) SET s.note = 'being edited'").consume()
        impatient(lambda: put(store, CARRIER), monkeypatch)
        somebody.rollback()
    assert store.load(TENANT).portfolio == BANK
    assert store.check(TENANT) == ()
