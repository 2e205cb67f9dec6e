"""Changes that are larger than a transaction: logged at once, brought into the graph in several, which may stop."""

import secrets
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from olagraph.documents import load
from olagraph.documents.changes import difference
from olagraph.model.entities import Portfolio
from olagraph.stores import Snapshot
from olagraph.stores.neo4j import Neo4jStore, statements, writing
from olagraph.stores.neo4j.cypher import CREATE
from olagraph.stores.neo4j.log import Entry
from tests.stores.writing import AT, TENANT, put

BANK = load(Path(__file__).parents[3] / "fixtures" / "bank-payments.yaml")
CARRIER = load(Path(__file__).parents[3] / "fixtures" / "carrier-chain.yaml")


@pytest.fixture(autouse=True)
def small_transactions(monkeypatch):
    """A fixture of a few hundred nodes is large here."""
    monkeypatch.setattr(writing, "ONE_TRANSACTION", 60)
    monkeypatch.setattr(writing, "BATCH", 20)
    monkeypatch.setattr(statements, "BATCH", 20)


def test_a_large_change_is_whole_when_it_is_acknowledged(store):
    put(store, BANK)
    assert store.load(TENANT) == Snapshot(BANK, 1)
    assert store.check(TENANT) == ()
    put(store, CARRIER)
    assert store.load(TENANT) == Snapshot(CARRIER, 2)
    assert store.check(TENANT) == ()
    assert store.load(TENANT, revision=1) == Snapshot(BANK, 1)


def interrupted(driver, portfolio, after, *, expected, stop):
    """What a writer leaves that dies after `stop` of the transactions that bring a change into the graph.

    Returns whether there were more of them.
    """
    edits = difference(portfolio, after)
    entry = Entry("ana", AT, "interrupted", token=secrets.token_hex(16))
    with driver.session() as session:
        recorded = session.execute_write(
            writing.record, TENANT, edits, expected=expected, entry=entry, shown="here"
        )
        assert recorded.lacking is not None
        session.execute_write(writing.begin, TENANT, recorded.revision)
        for number, several in enumerate(writing.in_transactions(recorded.lacking.statements(verb=CREATE))):
            if number == stop:
                return True
            session.execute_write(writing.run, TENANT, several, shown="here")
    return False


def test_a_writer_that_dies_on_the_way_leaves_a_whole_portfolio_and_the_next_one_goes_on(
    store, driver, address
):
    for stop in count():
        more = interrupted(driver, Portfolio(), BANK, expected=0, stop=stop)
        with closing(Neo4jStore.open(address)) as other:
            assert other.load(TENANT) == Snapshot(BANK, 1)
            assert other.load(TENANT, revision=0) == Snapshot(Portfolio(), 0)
            assert other.check(TENANT) == ()
            put(other, CARRIER)
            assert other.check(TENANT) == ()
            assert other.load(TENANT) == Snapshot(CARRIER, 2)
            other.remove(TENANT)
        if not more:
            break
    assert stop > 5


def test_a_change_of_everything_that_stops_on_the_way_is_whole_too(store, driver):
    for stop in (0, 3, 6):
        put(store, BANK)
        assert interrupted(driver, BANK, CARRIER, expected=1, stop=stop)
        assert store.load(TENANT) == Snapshot(CARRIER, 2)
        assert store.load(TENANT, revision=1) == Snapshot(BANK, 1)
        put(store, BANK)
        assert store.load(TENANT) == Snapshot(BANK, 3)
        assert store.check(TENANT) == ()
        store.remove(TENANT)


def test_who_repeats_a_change_that_stopped_on_the_way_brings_it_into_the_graph(store, driver, query):
    assert interrupted(driver, Portfolio(), BANK, expected=0, stop=0)
    services = "MATCH (s:Service) RETURN count(s)"
    assert query(services) == [[0]]
    assert store.apply(TENANT, (), expected=1, by="ana", at=AT, what="the same again") == 1
    assert query(services) == [[len(BANK.services)]]
    assert query("MATCH (p:Portfolio) RETURN p.applied, p.revision") == [[1, 1]]
    assert store.load(TENANT) == Snapshot(BANK, 1)
