"""What a process knows of the portfolios of a store: never older than the question, shared, and forgotten in time."""

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLError

from benchmarks.crashes import step
from olagraph.analysis.assess import assess
from olagraph.analysis.outage.impact import outage_in
from olagraph.analysis.outage.results import Failed
from olagraph.analysis.settings import Settings
from olagraph.documents.changes import difference
from olagraph.documents.collector import collector_paused
from olagraph.model.entities import Customer, Portfolio
from olagraph.stores import Store
from olagraph_api.schema.catalogue import CATALOGUE
from olagraph_api.snapshots import Snapshot, Snapshots
from olagraph_api.snapshots.computing import Closed
from olagraph_api.snapshots.lasting import made_to_last
from olagraph_api.snapshots.parts import GRAPH, OUTAGE_INDEX, assessment_on
from olagraph_api.waiting import Unready, repeated
from tests.api.shaky_store import ShakyStore
from tests.stores.places import Place, SqlitePlace, opened
from tests.stores.writing import put

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOON.date()


@contextmanager
def following(store: Any, *, started: bool = True, **options: Any) -> Iterator[Snapshots]:
    """The snapshots of a process."""
    with closing(Snapshots(store, **{"now": lambda: NOON, "pause": 0.02, **options})) as snapshots:
        if started:
            snapshots.start()
        yield snapshots


def now(snapshots: Snapshots, portfolio: str = "default") -> Snapshot | None:
    """The snapshot that a request gets that arrives now."""
    return snapshots.fresh(portfolio).result(30).snapshot


def known(snapshots: Snapshots, portfolio: str = "default") -> Snapshot:
    """The same, where there is one."""
    found = now(snapshots, portfolio)
    assert found is not None
    return found


def until(holds: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    waited = threading.Event()
    for _ in range(3000):
        if holds():
            return
        waited.wait(0.01)
    raise AssertionError("it did not become true")


def steps(store: Store, count: int) -> Portfolio:
    """Write so many changes; the portfolio after them."""
    portfolio = store.load("default").portfolio if store.revision("default") else Portfolio()
    for _ in range(count):
        portfolio = step(portfolio, "ana")
        put(store, portfolio)
    return portfolio


def test_who_asks_after_a_write_gets_what_was_written_whoever_wrote_it(place: Place) -> None:
    with (
        closing(opened(place, create=True)) as one,
        closing(opened(place)) as other,
        following(one, started=False) as snapshots,
    ):
        portfolio = Portfolio()
        for revision in range(1, 8):
            portfolio = step(portfolio, "ana")
            put(other, portfolio)
            snapshot = known(snapshots)
            assert (snapshot.id, snapshot.revision) == ("default", revision)
            assert snapshot.portfolio == other.load("default").portfolio


def test_a_portfolio_that_did_not_change_is_the_same_snapshot(store: Store) -> None:
    steps(store, 2)
    with following(store, started=False) as snapshots:
        assert known(snapshots) is known(snapshots)


def test_what_a_change_leaves_alone_stays_the_same_objects(store: Store) -> None:
    portfolio = steps(store, 1)
    with following(store, started=False) as snapshots:
        before = known(snapshots)
        put(store, replace(portfolio, customers=(*portfolio.customers, Customer(id="new"))))
        after = known(snapshots)
    assert after.customers.keys() == {*before.customers, "new"}
    assert all(after.services[id_] is service for id_, service in before.services.items())
    assert after.agreements["sla"] is before.agreements["sla"]


def test_a_portfolio_that_is_removed_is_gone_and_one_made_anew_is_another_one(store: Store) -> None:
    """Although its revisions count from 1 again."""
    steps(store, 2)
    with following(store, started=False) as snapshots:
        old = known(snapshots)
        store.remove("default")
        assert now(snapshots) is None
        assert now(snapshots, "nobody's") is None
        put(store, Portfolio(name="another"))
        put(store, Portfolio(name="another one"))
        new = known(snapshots)
        assert (old.revision, new.revision) == (2, 2)
        assert new.portfolio == Portfolio(name="another one")


def test_a_portfolio_made_anew_between_two_questions_is_noticed(store: Store) -> None:
    put(store, Portfolio(name="one"))
    with following(store, started=False) as snapshots:
        assert known(snapshots).portfolio.name == "one"
        store.remove("default")
        for name in ("two", "three", "four"):
            put(store, Portfolio(name=name), what=name)
        assert known(snapshots).portfolio.name == "four"
        assert known(snapshots).revision == 3


def test_a_store_that_tells_on_the_spot_that_nobody_has_written_is_not_asked(tmp_path: Path) -> None:
    place = SqlitePlace(tmp_path / "portfolios.db")
    with closing(opened(place, create=True)) as store, closing(opened(place)) as other:
        steps(store, 1)
        counting = ShakyStore(store, marks=True)
        with following(counting, started=False) as snapshots:
            first = known(snapshots)
            asked = counting.calls["history"]
            for _ in range(5):
                future = snapshots.fresh("default")
                assert future.done()
                assert future.result().snapshot is first
            assert counting.calls["history"] == asked
            steps(other, 1)
            assert known(snapshots).revision == 2
            assert counting.calls["history"] > asked


def test_many_who_ask_at_once_share_the_queries(store: Store) -> None:
    steps(store, 1)
    shaky = ShakyStore(store)
    with following(shaky, started=False) as snapshots:
        known(snapshots)
        shaky.calls.clear()
        shaky.goes_on.clear()
        asked = [snapshots.fresh("default") for _ in range(200)]
        shaky.goes_on.set()
        assert len({future.result(30).snapshot for future in asked}) == 1
        # The first one's began before the others asked; all of those share another.
        assert shaky.calls == {"history": 2}


def test_nobody_gets_what_a_query_found_that_began_before_he_asked(store: Store) -> None:
    steps(store, 1)
    shaky = ShakyStore(store)
    with following(shaky, started=False) as snapshots:
        known(snapshots)
        shaky.calls.clear()
        shaky.goes_on.clear()
        early = snapshots.fresh("default")
        until(lambda: shaky.calls["history"] == 1)
        steps(store, 1)
        late = snapshots.fresh("default")
        shaky.goes_on.set()
        assert late.result(30).snapshot.revision == 2  # type: ignore[union-attr]
        assert early.result(30).snapshot.revision in (1, 2)  # type: ignore[union-attr]


def test_while_the_store_fails_what_is_known_is_served_and_marked(store: Store, caplog: Any) -> None:
    steps(store, 1)
    shaky = ShakyStore(store)
    with following(shaky) as snapshots:
        snapshot = known(snapshots)
        until(lambda: snapshots.is_loaded)
        shaky.fails = True
        until(lambda: not snapshots.store_answers)
        seen = snapshots.fresh("default").result(30)
        assert (seen.snapshot, seen.stale_since) == (snapshot, NOON)
        with pytest.raises(GraphQLError) as refused:
            snapshots.fresh("never seen").result(30)
        assert refused.value.extensions == {"code": "STORE_UNAVAILABLE"}
        assert snapshots.fresh_tenants().result(30).is_stale
        steps(store, 1)
        shaky.fails = False
        until(lambda: snapshots.store_answers)
        assert known(snapshots).revision == 2
    assert "does not answer; what is known of it is served" in caplog.text
    assert "answers again" in caplog.text


def test_a_store_that_hangs_is_one_that_fails(store: Store) -> None:
    steps(store, 1)
    shaky = ShakyStore(store)
    with following(shaky, started=False, patience=0.2) as snapshots:
        snapshot = known(snapshots)
        shaky.goes_on.clear()
        asked = snapshots.fresh("default")
        snapshots.start()
        seen = asked.result(30)
        assert (seen.snapshot, seen.stale_since) == (snapshot, NOON)
        assert not snapshots.store_answers
        shaky.goes_on.set()
        until(lambda: snapshots.fresh("default").result(30).stale_since is None)


def test_changes_are_noticed_unasked_and_told_to_who_watches(store: Store) -> None:
    steps(store, 1)

    async def main() -> list[int]:
        with following(store) as snapshots:
            told = []
            async for snapshot in snapshots.changes("default"):
                told.append(snapshot.revision)
                if snapshot.revision == 3:
                    await asyncio.to_thread(store.remove, "default")
                else:
                    await asyncio.to_thread(steps, store, 1)
            return told

    assert asyncio.run(main()) == [1, 2, 3]


def test_who_watches_assessments_gets_them_computed_and_again_on_another_day(store: Store) -> None:
    steps(store, 1)
    days = [NOON]

    async def main() -> None:
        with following(store, now=lambda: days[-1]) as snapshots:
            told = snapshots.assessments("default")
            first, day = await anext(told)
            assert (first.revision, day) == (1, TODAY)
            with repeated():
                assert first.assessment(TODAY).as_of == TODAY  # it is there, or this would raise
            days.append(NOON + timedelta(days=1))
            again, tomorrow = await anext(told)
            assert (again.revision, tomorrow) == (1, TODAY + timedelta(days=1))
            await asyncio.to_thread(steps, store, 1)
            changed, _ = await anext(told)
            assert changed.revision == 2
            await told.aclose()

    asyncio.run(main())


def test_an_assessment_is_that_of_the_pure_function_with_the_revision(store: Store) -> None:
    portfolio = steps(store, 3)
    with following(store) as snapshots:
        found = known(snapshots).assessment(date(2026, 5, 1))
    expected = assess(portfolio, Settings(as_of=date(2026, 5, 1)))
    assert found == replace(expected, revision=3)


def test_a_query_is_told_to_come_again_until_it_is_computed(store: Store) -> None:
    steps(store, 1)
    with following(store, started=False) as snapshots:
        snapshot = known(snapshots)
        day = date(2030, 1, 1)
        with repeated():
            with pytest.raises(Unready) as unready:
                snapshot.assessment(day)
            assert unready.value.refusal.extensions == {"code": "BEING_COMPUTED"}
            assert unready.value.ready.result(30) is snapshot
            assert snapshot.assessment(day).as_of == day


def test_who_falls_behind_a_fast_writer_is_served_with_a_newer_snapshot(store: Store) -> None:
    steps(store, 1)
    with following(store, started=False) as snapshots:
        old = known(snapshots)
        old.with_part(GRAPH).result(30)
        steps(store, 3)
        new = known(snapshots)
        assert new.with_part(assessment_on(TODAY)).result(30) is new
        assert {old.with_part(assessment_on(TODAY)).result(30).revision} <= {1, 4}


def test_what_takes_too_many_turns_is_refused(store: Store) -> None:
    steps(store, 1)
    with following(store, started=False) as snapshots:
        snapshot = known(snapshots)
        with snapshots._turns.other, repeated():
            for day in range(40):
                with pytest.raises((Unready, GraphQLError)) as refused:
                    snapshot.assessment(date(2030, 1, 1) + timedelta(days=day))
        assert isinstance(refused.value, GraphQLError)
        assert refused.value.extensions == {"code": "BEING_COMPUTED"}


def test_who_closes_waits_for_what_is_being_computed_and_nothing_is_begun_any_more(
    embedded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = threading.Event(), threading.Event()
    compute = Snapshot.compute_assessment

    def slow(self: Snapshot, as_of: date) -> Any:
        begun.set()
        threading.Event().wait(0.3)
        ended.set()
        return compute(self, as_of)

    monkeypatch.setattr(Snapshot, "compute_assessment", slow)
    steps(embedded, 1)
    with following(embedded, started=False) as snapshots:
        snapshot = known(snapshots)
        assert begun.wait(30)
    assert ended.is_set()
    with pytest.raises(Closed):
        snapshot.with_part(assessment_on(date(2030, 1, 1))).result(30)


def test_what_questions_about_outages_need_is_there_before_verdicts_are_computed(
    store: Store, monkeypatch: Any
) -> None:
    """On a large portfolio verdicts take a minute, and who has an outage is in a hurry."""
    found = []

    def noted(self: Snapshot, as_of: date) -> Any:
        found.append(self._once(OUTAGE_INDEX).known is not None)
        return compute(self, as_of)

    compute = Snapshot.compute_assessment
    monkeypatch.setattr(Snapshot, "compute_assessment", noted)
    steps(store, 1)
    with following(store, started=False) as snapshots:
        known(snapshots).with_part(assessment_on(TODAY)).result(30)
        steps(store, 1)
        known(snapshots).with_part(assessment_on(TODAY)).result(30)
    assert found == [True, True]


def test_what_is_made_to_last_is_out_of_the_way_of_the_collector_of_a_server() -> None:
    with made_to_last():
        assert not gc.isenabled()
        made: list[object] = [[]]
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0, "nothing is frozen but in servers"
    gc.freeze()  # as they do
    try:
        with made_to_last():
            made = [[]]
        assert not any(each is made for each in gc.get_objects())
    finally:
        gc.unfreeze()


def test_hundreds_of_revisions_leave_one_snapshot_behind(store: Store) -> None:
    """Also where the collector of circles never comes."""
    portfolio = steps(store, 1)
    with following(store) as snapshots, collector_paused():
        until(lambda: snapshots.is_loaded)
        alive = [weakref.ref(known(snapshots))]
        for number in range(1, 1 + (500 if store.address.startswith("sqlite") else 50)):
            before = portfolio
            portfolio = replace(portfolio, customers=(replace(portfolio.customers[0], name=str(number)),))
            edits = difference(before, portfolio)
            store.apply("default", edits, expected=number, by="ana", at=NOON, what=f"name {number}")
            snapshot = known(snapshots)
            assert snapshot.revision == 1 + number
            assert snapshot.part(CATALOGUE).judgements(TODAY).by_parts.keys()
            alive.append(weakref.ref(snapshot))
        snapshot.with_part(OUTAGE_INDEX).result(30)
        del snapshot
        until(lambda: sum(each() is not None for each in alive) == 1)


def test_what_keeps_a_snapshot_is_the_same_for_all_who_ask(store: Store) -> None:
    steps(store, 1)
    with following(store, started=False) as snapshots:
        snapshot = known(snapshots)
        catalogue = snapshot.part(CATALOGUE)
        assert snapshot.part(CATALOGUE) is catalogue
        assert catalogue.snapshot.graph is snapshot.graph
        assert catalogue.snapshot.assessment(TODAY) is snapshot.assessment(TODAY)
        with repeated(), pytest.raises(Unready) as unready:
            catalogue.snapshot.assessment(date(2030, 1, 1))
        assert unready.value.ready.result(30) is snapshot


def test_what_is_computed_for_a_change_is_what_would_be_computed_for_all_of_it(store: Store) -> None:
    portfolio = steps(store, 1)
    with following(store, started=False) as snapshots:
        for change in (
            {"customers": (*portfolio.customers, Customer(id="new"))},
            {"services": (replace(portfolio.services[0], workflow=None), *portfolio.services[1:])},
            {"agreements": ()},
        ):
            known(snapshots).with_part(OUTAGE_INDEX).result(30)
            portfolio = replace(portfolio, **change)
            put(store, portfolio)
            continued, anew = known(snapshots), Snapshot("default", 1, known(snapshots).portfolio)
            assert continued.graph.used_first() == anew.graph.used_first()
            found = [
                outage_in(each.outage_index, failed=Failed(services=("service-20",)), from_=NOON)
                for each in (continued, anew)
            ]
            assert found[0].services == found[1].services
            assert found[0].agreements == found[1].agreements


def test_portfolios_not_asked_for_in_a_long_time_are_let_go_unless_they_are_watched(store: Store) -> None:
    for id_ in "abcd":
        put(store, Portfolio(name=id_), portfolio=id_)

    async def main() -> None:
        with following(store, started=False, most=2) as snapshots:
            watching = snapshots.changes("a")
            await anext(watching)
            first = {id_: now(snapshots, id_) for id_ in "bcd"}
            snapshots.start()
            await asyncio.to_thread(until, lambda: len(snapshots._followed) <= 2)
            assert now(snapshots, "a") is not None
            assert now(snapshots, "d") is first["d"]
            assert now(snapshots, "b") is not first["b"]
            await watching.aclose()

    asyncio.run(main())


def test_names_that_the_store_does_not_hold_are_not_kept(store: Store) -> None:
    with following(store) as snapshots:
        for number in range(50):
            assert now(snapshots, f"guess-{number}") is None
        until(lambda: not snapshots._followed)
