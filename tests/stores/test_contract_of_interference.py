"""What others do to a store that is in use: they wipe it, remove and make anew, lock it, are killed or stopped."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from signal import SIGKILL, SIGSTOP
from threading import Barrier, Event

import pytest

from benchmarks.crashes import contents, is_whole, latest, step, write_steps
from olagraph.documents.changes import difference
from olagraph.model.entities import Customer, Portfolio
from olagraph.stores import NoStore, Snapshot, UnknownPortfolio, WrittenAssessment
from tests.stores.holding import held_by_another_process
from tests.stores.places import opened
from tests.stores.writing import AT, TENANT, put

READERS = 4
LIVES = 6
FIRST = step(Portfolio(), "first")
NOTHING_ASSESSED = WrittenAssessment(
    revision=1, as_of=date(2026, 11, 23), agreements={}, targets=(), findings=()
)


def create(store):
    """Write a portfolio that is not there yet."""
    store.apply(TENANT, difference(Portfolio(), FIRST), expected=0, by="bo", at=AT, what="creation")


def change(store):
    """Write a change of the portfolio that was there."""
    edits = difference(FIRST, replace(FIRST, customers=(Customer(id="late"),)))
    store.apply(TENANT, edits, expected=1, by="bo", at=AT, what="change")


USES = (
    lambda store: store.tenants(),
    lambda store: store.revision(TENANT),
    lambda store: store.load(TENANT),
    lambda store: store.history(TENANT),
    lambda store: store.changes(TENANT, since=0),
    lambda store: store.assessment(TENANT),
    lambda store: store.check(TENANT),
    lambda store: store.apply(TENANT, (), expected=1, by="bo", at=AT, what="nothing"),
    create,
    change,
    lambda store: store.write_assessment(TENANT, NOTHING_ASSESSED),
    lambda store: store.remove(TENANT),
    lambda store: store.wipe(),
)


def test_a_store_that_others_have_wiped_is_none_until_it_is_made_again(store, place):
    put(store, FIRST)
    with closing(opened(place)) as other:
        other.wipe()
    for use in USES:
        with pytest.raises(NoStore, match="`olagraph db init"):
            use(store)
    assert not place.lying_there()
    with closing(opened(place, create=True)) as other:
        assert store.tenants() == ()
        create(store)
        assert other.load(TENANT) == Snapshot(FIRST, 1)
        assert other.check(TENANT) == ()


def test_readers_of_a_portfolio_that_is_removed_and_made_anew_see_one_of_its_lives_whole(store, place):
    """Each life has contents of its own under the same revisions, 1 and 2."""
    lives = [step(Portfolio(), f"life-{number}") for number in range(LIVES)]
    written = [{repr(contents(each)) for each in (life, step(life, "next"))} for life in lives]
    every = set.union(*written)
    done = Event()
    ready = Barrier(READERS + 1)

    def read() -> int:
        ready.wait()
        count = 0
        while not done.is_set():
            try:
                snapshot = store.load(TENANT)
                logged = store.changes(TENANT, since=0)
            except UnknownPortfolio:
                continue
            assert repr(contents(snapshot.portfolio)) in every
            assert snapshot.revision == len(snapshot.portfolio.customers)
            assert [entry.change.revision for entry in logged] in ([1], [1, 2])
            assert len({entry.change.by for entry in logged}) == 1
            count += 1
        return count

    def write() -> None:
        with closing(opened(place)) as own:
            ready.wait()
            try:
                for number, life in enumerate(lives):
                    put(own, life, by=f"life-{number}")
                    put(own, step(life, "next"), by=f"life-{number}")
                    if number < LIVES - 1:
                        own.remove(TENANT)
            finally:
                done.set()

    with ThreadPoolExecutor(READERS + 1) as threads:
        reading = [threads.submit(read) for _ in range(READERS)]
        threads.submit(write).result()
        assert sum(reader.result() for reader in reading)
    assert repr(contents(store.load(TENANT).portfolio)) in written[-1]
    assert store.check(TENANT) == ()


def test_what_a_killed_process_has_locked_is_free_and_as_it_was(store, place):
    revision = max(write_steps(store, "before", steps=2))
    with held_by_another_process(place, SIGKILL):
        snapshot = latest(store)
        assert (snapshot.revision, is_whole(snapshot), store.check(TENANT)) == (revision, True, ())
        assert max(write_steps(store, "after", steps=1)) == revision + 1


def test_a_process_that_is_stopped_with_everything_locked_keeps_no_reader_waiting(store, place):
    revision = max(write_steps(store, "before", steps=2))
    with held_by_another_process(place, SIGSTOP):
        snapshot = latest(store)
        assert (snapshot.revision, is_whole(snapshot)) == (revision, True)
        assert len(store.history(TENANT)) == revision
    assert max(write_steps(store, "after", steps=1)) == revision + 1
