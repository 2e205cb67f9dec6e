"""Several readers and writers at once, on every store."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier, Event

from benchmarks.crashes import is_whole, latest, write_steps, writing_process
from olagraph.documents.changes import difference
from olagraph.model.entities import Portfolio
from olagraph.stores import Conflict, Store
from tests.stores.places import opened
from tests.stores.writing import AT, TENANT

WRITERS = 4
STEPS = 6
READERS = 8
SEVERAL = 4


def everybody_wrote(store: Store, revisions: list[int], names: list[str]) -> None:
    """Each step had a revision of its own, and none is lost."""
    assert sorted(revisions) == list(range(1, WRITERS * STEPS + 1))
    snapshot = store.load(TENANT)
    assert snapshot.revision == WRITERS * STEPS
    assert is_whole(snapshot)
    authors = [customer.id.rpartition("-")[0] for customer in snapshot.portfolio.customers]
    assert sorted(authors) == sorted(name for name in names for _ in range(STEPS))
    assert sorted(change.by for change in store.history(TENANT)) == sorted(authors)
    assert store.check(TENANT) == ()


def test_threads_that_write_at_once_through_one_object_lose_no_update(store):
    names = [f"thread-{number}" for number in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as threads:
        written = threads.map(lambda name: list(write_steps(store, name, steps=STEPS)), names)
        revisions = [revision for each in written for revision in each]
    everybody_wrote(store, revisions, names)


def test_processes_that_write_at_once_lose_no_update(store, place):
    names = [f"process-{number}" for number in range(WRITERS)]
    writers = [writing_process(place.url, name, environment=place.environment, steps=STEPS) for name in names]
    revisions: list[int] = []
    for writer in writers:
        out, _ = writer.communicate()
        assert writer.returncode == 0
        revisions += map(int, out.split())
    everybody_wrote(store, revisions, names)


def test_of_writers_who_create_a_portfolio_at_once_one_does(place, store):
    together = Barrier(WRITERS)

    def create(number: int) -> str:
        new = Portfolio(name=f"of writer {number}")
        edits = difference(Portfolio(), new)
        with closing(opened(place)) as own:
            together.wait()
            try:
                own.apply(TENANT, edits, expected=0, by=str(number), at=AT, what="creation")
            except Conflict as conflict:
                return str(conflict)
            return new.name

    with ThreadPoolExecutor(WRITERS) as threads:
        said = list(threads.map(create, range(WRITERS)))
    snapshot = store.load(TENANT)
    assert snapshot.revision == 1
    assert said.count(snapshot.portfolio.name) == 1
    assert sum("is at revision 1, not 0" in line for line in said) == WRITERS - 1
    assert store.check(TENANT) == ()


def test_stores_opened_for_the_first_time_at_once_are_one(bare_place):
    together = Barrier(WRITERS)

    def first(number: int) -> str:
        together.wait()
        with closing(opened(bare_place, create=True)) as own:
            name = f"portfolio-{number}"
            edits = difference(Portfolio(), Portfolio(name=name))
            own.apply(name, edits, expected=0, by="ana", at=AT, what="creation")
            return name

    with ThreadPoolExecutor(WRITERS) as threads:
        names = sorted(threads.map(first, range(WRITERS)))
    with closing(opened(bare_place)) as store:
        assert [tenant.id for tenant in store.tenants()] == names


def test_readers_see_whole_revisions_only_and_do_not_wait_for_the_writer(store, place):
    """Each reader sees a portfolio that one revision made, never an older one than before, while one writes on."""
    done = Event()
    ready = Barrier(READERS + 1)
    seen: list[list[int]] = [[] for _ in range(READERS)]

    def read(mine: list[int]) -> None:
        ready.wait()
        while not done.is_set():
            revision = store.revision(TENANT)
            snapshot = latest(store)
            assert is_whole(snapshot)
            assert max(mine, default=0) <= revision <= snapshot.revision
            mine.append(snapshot.revision)

    def write() -> list[int]:
        """Until every reader has read several revisions; in vain if they wait for the end."""
        written = []
        with closing(opened(place)) as own:
            ready.wait()
            try:
                for revision in write_steps(own, "writer", steps=1000):
                    written.append(revision)
                    if all(len(set(mine)) >= SEVERAL for mine in seen):
                        break
            finally:
                done.set()
        return written

    with ThreadPoolExecutor(READERS + 1) as threads:
        reading = [threads.submit(read, mine) for mine in seen]
        written = threads.submit(write).result()
        for reader in reading:
            reader.result()
    assert all(len(set(mine)) >= SEVERAL for mine in seen)
    assert written == list(range(1, store.revision(TENANT) + 1))


def test_readers_are_not_blocked_by_a_transaction_that_has_changed_everything(store, place):
    """Somebody has written all over the database, and does not commit while eight readers read."""
    for _ in write_steps(store, "first", steps=1):
        pass
    before = store.load(TENANT)
    with place.halfway(), closing(opened(place)) as other, ThreadPoolExecutor(READERS) as threads:
        readers = [threads.submit(each.load, TENANT) for each in (store, other) * (READERS // 2)]
        assert [reader.result() for reader in readers] == [before] * READERS
        assert store.revision(TENANT) == 1
        assert len(store.history(TENANT)) == 1
    assert store.load(TENANT) == before
