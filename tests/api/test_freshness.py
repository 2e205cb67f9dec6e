"""Answers are never older than the question, whoever writes, and tell of one revision; without the store, they say so."""

import threading
from contextlib import closing
from pathlib import Path
from typing import Any

from olagraph.stores import Store
from tests.api.applications import WHOLE, ask, client, code, data, is_whole, next_step
from tests.api.shaky_store import ShakyStore
from tests.api.test_snapshots import until
from tests.stores.places import Place, opened

STALE = "Olagraph-Stale-Since"


def test_a_write_through_one_application_is_in_the_next_answer_of_another(place: Place) -> None:
    rename = "mutation ($to: String!) { savePortfolio(fields: {name: $to}) { revision } }"
    with closing(opened(place, create=True)) as one, closing(opened(place)) as two:
        next_step(one)
        with client(one) as writer, client(two) as reader:
            for number in range(10):
                written = data(ask(writer, rename, to=f"name {number}"))["savePortfolio"]
                seen = data(ask(reader, "{ portfolio { name revision } }"))["portfolio"]
                assert seen == {"name": f"name {number}", "revision": written["revision"]}


def test_answers_under_a_writer_tell_of_one_revision_each_and_never_go_back(place: Place) -> None:
    with closing(opened(place, create=True)) as store, closing(opened(place)) as other:
        next_step(store)
        done = threading.Event()

        def write() -> None:
            for _ in range(40):
                next_step(other)
            done.set()

        with client(store) as reader:
            writer = threading.Thread(target=write)
            writer.start()
            revisions = []
            while not done.is_set():
                answer = data(ask(reader, WHOLE))
                assert is_whole(answer), answer
                revisions.append(answer["portfolio"]["revision"])
            writer.join()
            assert data(ask(reader, WHOLE))["portfolio"]["revision"] == 41
        assert revisions == sorted(revisions)


def test_a_query_that_needs_an_assessment_waits_for_it(store: Store) -> None:
    with client(store) as asking:
        for revision in range(1, 4):
            next_step(store)
            found = data(ask(asking, "{ portfolio { revision summary(kind: SLA) { verdict count } } }"))[
                "portfolio"
            ]
            assert found["revision"] == revision
            assert sum(each["count"] for each in found["summary"]) == 1


def test_without_the_store_queries_are_answered_from_what_is_known_and_marked(store: Store) -> None:
    next_step(store)
    shaky = ShakyStore(store)
    with client(shaky) as asking:
        fresh = ask(asking, WHOLE)
        assert STALE not in fresh.headers
        until(lambda: asking.get("/readyz").status_code == 200)
        shaky.fails = True
        until(lambda: asking.get("/readyz").status_code == 503)
        assert asking.get("/readyz").json()["store"] == "does not answer: what is known of it is served"
        stale = ask(asking, WHOLE)
        assert data(stale) == data(fresh)
        assert stale.headers[STALE] == "2026-11-23T09:00:00+00:00"

        refused = ask(asking, 'mutation { savePortfolio(fields: {name: "x"}) { revision } }')
        assert code(refused) == "STORE_UNAVAILABLE"
        assert code(ask(asking, "{ history { totalCount } }")) == "STORE_UNAVAILABLE"
        unknown = ask(asking, '{ portfolio(portfolio: "never seen") { name } }')
        assert (unknown.status_code, code(unknown)) == (503, "STORE_UNAVAILABLE")
        assert "out of order" not in unknown.text + refused.text

        shaky.fails = False
        until(lambda: asking.get("/readyz").status_code == 200)
        assert STALE not in ask(asking, WHOLE).headers


def test_an_application_is_ready_when_what_the_store_held_has_been_read(store: Store, tmp_path: Path) -> None:
    next_step(store)
    shaky = ShakyStore(store)
    shaky.goes_on.clear()
    with client(shaky) as asking:
        assert asking.get("/healthz").json() == {"status": "up"}
        answer = asking.get("/readyz")
        assert (answer.status_code, answer.json()["portfolios"]) == (503, "being read")
        shaky.goes_on.set()
        until(lambda: asking.get("/readyz").status_code == 200)
        assert asking.get("/readyz").json() == {"ready": True, "store": "answers", "portfolios": "read"}


def test_what_takes_longer_than_a_query_may_says_that_it_is_being_computed(
    store: Store, monkeypatch: Any
) -> None:
    from olagraph_api.limits import Limits
    from olagraph_api.snapshots import snapshot as module

    next_step(store)
    finish = threading.Event()

    def slow(self: Any, as_of: Any) -> Any:
        finish.wait()
        return original(self, as_of)

    original = module.Snapshot.compute_assessment
    monkeypatch.setattr(module.Snapshot, "compute_assessment", slow)
    with client(store, limits=Limits(seconds=0.5)) as asking:
        late = ask(asking, "{ portfolio { name summary { count } } }")
        assert code(late) == "BEING_COMPUTED"
        assert "being computed" in late.json()["errors"][0]["message"]
        # Meanwhile, who needs no assessment waits for nothing.
        assert data(ask(asking, '{ outage(services: ["service-9"]) { states { state count } } }'))
        finish.set()
        until(lambda: "data" in ask(asking, "{ portfolio { summary { count } } }").json())
        assert data(ask(asking, "{ portfolio { summary { count } } }"))
