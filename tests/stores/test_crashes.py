"""kill -9 in mid-write: what was acknowledged is there afterwards, and nothing half. `benchmarks/crashes.py` does more."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event

import pytest

from benchmarks.crashes import LocalNeo4j, crash, is_whole, latest, open_at, write_steps
from olagraph.stores import StoreError
from olagraph.stores.address import DEFAULT_PORTFOLIO

FEW = 4
"""The most changes acknowledged before a kill, where each takes its time."""


@pytest.fixture(scope="module")
def neo4j(tmp_path_factory):
    """A Neo4j that may be killed: never the one that others use."""
    with closing(LocalNeo4j(tmp_path_factory.mktemp("neo4j"))) as server:
        yield server


def test_a_writer_into_sqlite_is_killed(tmp_path):
    chance = random.Random(1)
    for number in range(5):
        left = crash(f"sqlite:///{tmp_path}/portfolios.db", f"writer-{number}", environment={}, chance=chance)
        assert left.faults == ()
        assert left.acknowledged


def test_a_writer_into_neo4j_is_killed_and_then_the_server_with_it(neo4j):
    chance = random.Random(1)
    for number, server in enumerate((None, None, neo4j)):
        left = crash(
            neo4j.url,
            f"writer-{number}",
            environment=neo4j.environment,
            chance=chance,
            server=server,
            most=FEW,
        )
        assert left.faults == ()
        assert left.acknowledged


def test_readers_and_writers_get_over_a_restart_of_the_server(neo4j):
    """The same objects that failed while the server was away go on when it is back, and have written nothing twice."""
    back = Event()
    failures: list[StoreError] = []

    def read(store) -> list[int]:
        seen: list[int] = []
        while True:
            until = back.is_set()
            try:
                snapshot = latest(store)
            except StoreError as error:
                failures.append(error)
                continue
            assert is_whole(snapshot)
            assert snapshot.revision >= max(seen, default=0)
            seen.append(snapshot.revision)
            if until:
                return seen

    def write(store) -> list[int]:
        written: list[int] = []
        while True:
            until = back.is_set()
            try:
                written += write_steps(store, "during", steps=1)
            except StoreError as error:
                failures.append(error)
                continue
            if until:
                return written

    with (
        closing(open_at(neo4j.url, neo4j.environment, create=True)) as reader,
        closing(open_at(neo4j.url, neo4j.environment)) as writer,
        ThreadPoolExecutor(2) as threads,
    ):
        before = max(write_steps(writer, "before", steps=2))
        reading, writing = threads.submit(read, reader), threads.submit(write, writer)
        neo4j.close()
        neo4j.start()
        back.set()
        seen, written = reading.result(), writing.result()
        after = latest(reader)
        assert is_whole(after)
        assert reader.check(DEFAULT_PORTFOLIO) == ()
        assert written == sorted(set(written))
        assert max(seen) <= after.revision
        assert (
            0 <= after.revision - before - len(written) <= len(failures)
        )  # of these too some may be written
        assert all(str(error).isprintable() for error in failures)
