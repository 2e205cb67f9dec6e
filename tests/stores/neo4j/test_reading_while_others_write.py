"""A read of several queries, with a write between any two of them, is one whole revision: the latest."""

from typing import cast

import pytest
from neo4j import ManagedTransaction

from benchmarks.crashes import is_whole, write_steps
from olagraph.documents.entities import portfolio_of
from olagraph.stores import Snapshot
from olagraph.stores.neo4j.loading import found_entities, made_whole, seen_revision
from olagraph.stores.rewinding import in_order
from tests.stores.writing import TENANT


class Queries:
    """The queries of transactions; after the nth somebody else writes."""

    def __init__(self, number, write):
        self.number, self.write, self.count = number, write, 0

    def of(self, transaction):
        """A transaction whose queries count."""
        return cast(ManagedTransaction, Counted(transaction, self))


class Counted:
    """A transaction."""

    def __init__(self, transaction, queries):
        self.transaction, self.queries = transaction, queries

    def run(self, *arguments, **parameters):
        result = list(self.transaction.run(*arguments, **parameters))
        self.queries.count += 1
        if self.queries.count == self.queries.number:
            self.queries.write()
        return result


def disturbed_load(store, driver, number, *, revision=None):
    """A load with two writes after its nth query; and how many queries there were."""

    def write():
        for _ in write_steps(store, "other", steps=2):
            pass

    queries = Queries(number, write)
    with driver.session() as session:
        seen = session.execute_read(lambda tx: seen_revision(queries.of(tx), TENANT))
        found = session.execute_read(lambda tx: found_entities(queries.of(tx), TENANT))
        loaded = session.execute_read(
            lambda tx: made_whole(queries.of(tx), TENANT, found, seen=seen, revision=revision, shown="here")
        )
    assert loaded is not None
    return Snapshot(
        portfolio_of(in_order(loaded.entities.items()), source="here"), loaded.revision
    ), queries.count


@pytest.mark.parametrize("past", [None, 1], ids=["now", "past"])
def test_a_write_after_any_query_tears_nothing(store, driver, past):
    """Every step rewrites each service and its workflow, an agreement and its target; providers come and go."""
    revision = max(write_steps(store, "first", steps=2))
    number, count = 1, 2
    while number <= count:
        snapshot, count = disturbed_load(store, driver, number, revision=past)
        assert is_whole(snapshot)
        before_the_log = (
            number < count - 1
        )  # after it comes only the question whether it is still the same portfolio
        assert snapshot.revision == past or snapshot.revision == revision + (2 if before_the_log else 0)
        revision += 2
        number += 1
    assert number > 15
    assert store.check(TENANT) == ()
