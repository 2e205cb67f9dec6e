"""kill -9 in mid-write: what was acknowledged is there afterwards, and nothing half. `benchmarks/crashes.py` does more."""

import random
from contextlib import closing
from threading import Event, Thread

import pytest

from benchmarks.crashes import LocalNeo4j, crash, is_whole, latest, open_at, write_steps
from olagraph.stores import StoreError


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
            neo4j.url, f"writer-{number}", environment=neo4j.environment, chance=chance, server=server
        )
        assert left.faults == ()
        assert left.acknowledged


def test_a_reader_gets_over_a_restart_of_the_server(neo4j):
    """The same object that failed while the server was away reads again when it is back."""
    with closing(open_at(neo4j.url, neo4j.environment, create=True)) as store:
        revision = max(write_steps(store, "before", steps=2))
        back, done = Event(), Event()
        failures: list[StoreError] = []
        seen: list[int] = []

        def read() -> None:
            while not done.is_set():
                try:
                    snapshot = latest(store)
                except StoreError as error:
                    failures.append(error)
                    continue
                assert is_whole(snapshot)
                seen.append(snapshot.revision)
                if back.is_set():
                    done.set()

        reader = Thread(target=read)
        reader.start()
        neo4j.close()
        neo4j.start()
        back.set()
        reader.join(timeout=120)
        assert done.is_set()
        assert set(seen) == {revision}
        assert all(str(error).isprintable() for error in failures)
        assert max(write_steps(store, "after", steps=1)) == revision + 1
