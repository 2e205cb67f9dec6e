"""Changes as clients ask for them: against a revision or on top of what others wrote, whole or not at all."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from graphql import GraphQLError

from olagraph.documents import load_text
from olagraph.documents.changes import difference
from olagraph.documents.entities import HEADER_KEY, Key
from olagraph.model.entities import Portfolio
from olagraph.stores import Store, open_store, parse_address
from olagraph_api.changes import (
    Changed,
    NotChanged,
    change,
    create,
    imported,
    remove,
    restored,
    saved,
    with_target,
    without_target,
)
from olagraph_api.context import Context
from olagraph_api.security.principals import Principal, Role
from olagraph_api.snapshots import Snapshots

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SHOP = """
olagraph: 1
name: Shop
providers: [{id: it, kind: internal}, {id: cloud, kind: external}]
customers: [{id: retail}]
services:
  - {id: shop, provider: it, name: Shop, workflow: [pay], tags: [critical]}
  - {id: pay, provider: cloud}
agreements:
  - {id: sla, kind: SLA, provider: it, customer: retail, covers: [shop], targets: [{availability: 99.9%}]}
  - id: uc
    kind: UC
    provider: cloud
    customer: it
    covers: [pay]
    targets: [{availability: 99.95%, window: year}, {latency: 200 ms, for: 99%}, {latency: 500 ms, for: 99.9%},
              {resolution_time: 4 h, for: 90%, priority: P1}]
"""
EDITOR = Principal(id="key:1", name="Jane", role=Role.EDITOR, portfolios=frozenset({"default", "other"}))
ADMIN = Principal(id="key:2", name="Ada", role=Role.ADMIN, portfolios=frozenset({"*"}))
VIEWER = Principal(id="key:3", name="Vic", role=Role.VIEWER, portfolios=frozenset({"default"}))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with the shop in it, at revision 1."""
    opened = open_store(parse_address(f"sqlite:///{tmp_path}/shop.db", {}), create=True)
    shop = load_text(SHOP, "shop.yaml")
    opened.apply("default", difference(Portfolio(), shop), expected=0, by="Joe", at=NOW, what="begin")
    yield opened
    opened.close()


def context(store: Store, principal: Principal = EDITOR) -> Context:
    """The context of one operation."""
    snapshots = Snapshots(store, now=lambda: NOW)
    return Context(principal=principal, request_id="r1", store=store, snapshots=snapshots, clock=lambda: NOW)


SERVICE = Key("service", "shop")


def renaming(name: str | None, key: Key = SERVICE) -> Callable[[Portfolio], Portfolio]:
    """Gives a thing another name."""
    return lambda portfolio: saved(portfolio, {key: {"name": name}}, arguments={key: (key.kind,)})


def renamed(asked: Context, name: str | None, key: Key = SERVICE, *, expected: int | None = None) -> Changed:
    """The service with another name."""
    return change(asked, "default", renaming(name, key), expected=expected, what="renamed")


def problems(raised: pytest.ExceptionInfo[NotChanged]) -> list[tuple[str, tuple[str, ...] | None]]:
    """Codes and fields."""
    return [(problem.code.value, problem.field) for problem in raised.value.problems]


def test_a_change_is_written_and_told_of(store: Store) -> None:
    changed = renamed(context(store), "Web shop", expected=1)
    assert (changed.revision, changed.written, len(changed.edits)) == (2, True, 1)
    (latest, _) = store.history("default")
    assert (latest.by, latest.what, latest.at) == ("Jane", "renamed", NOW)
    shop = store.load("default").portfolio.services[0]
    assert (shop.name, shop.tags) == ("Web shop", ("critical",)), "what is left out stays"


def test_what_is_null_is_removed(store: Store) -> None:
    renamed(context(store), None)
    assert store.load("default").portfolio.services[0].name is None


def test_a_new_thing_is_added_and_an_entity_as_a_whole_replaces(store: Store) -> None:
    asked = context(store)
    renamed(asked, "Second shop", Key("customer", "second"))
    key = Key("service", "shop")
    change(
        asked,
        "default",
        lambda p: saved(p, {key: {"id": "shop", "provider": "it"}}, arguments={key: ()}, whole=True),
        expected=None,
        what="",
    )
    after = store.load("default").portfolio
    assert after.customers[-1].name == "Second shop"
    assert after.services[0].workflow is None


def test_what_changes_nothing_is_not_written(store: Store) -> None:
    changed = renamed(context(store), "Shop", expected=1)
    assert (changed.revision, changed.written, changed.edits) == (1, False, ())
    assert store.revision("default") == 1


def test_a_dry_run_tells_and_does_not_write(store: Store) -> None:
    changed = change(context(store), "default", renaming("X"), expected=1, what="", dry_run=True)
    assert (changed.revision, changed.written, len(changed.edits)) == (1, False, 1)
    assert store.revision("default") == 1


def test_whoever_has_read_an_older_revision_is_told_who_was_faster(store: Store) -> None:
    asked = context(store)
    renamed(context(store), "Web shop")
    for late in (asked, context(store)):
        with pytest.raises(NotChanged) as raised:
            renamed(late, "Shop on the web", expected=1)
        assert problems(raised) == [("CONFLICT", ("expectedRevision",))]
        assert "revision 2 by Jane" in str(raised.value)
    assert store.load("default").portfolio.services[0].name == "Web shop"


def test_a_revision_newer_than_what_the_request_has_seen_is_honoured(store: Store) -> None:
    asked = context(store)
    assert asked.snapshot("default").revision == 1
    renamed(context(store), "Web shop")
    assert renamed(asked, "Shop on the web", expected=2).revision == 3


def test_without_a_revision_the_change_is_made_on_what_others_wrote(store: Store) -> None:
    asked = context(store)
    assert asked.snapshot("default").revision == 1
    renamed(context(store), "Retail", Key("customer", "retail"))
    assert renamed(asked, "Web shop").revision == 3
    after = store.load("default").portfolio
    assert (after.customers[0].name, after.services[0].name) == ("Retail", "Web shop")


def test_the_mutations_of_one_operation_go_on_from_one_another(store: Store) -> None:
    asked = context(store)
    assert [renamed(asked, name).revision for name in ("A", "B", "C")] == [2, 3, 4]
    assert len(store.history("default")) == 4


def test_everything_wrong_is_told_with_its_place_and_nothing_is_written(store: Store) -> None:
    service, agreement = Key("service", "shop"), Key("agreement", "sla")
    entities: dict[Key, dict[str, object] | None] = {
        service: {"provider": "tt", "workflow": ["pay", "pai"], "supply_chain": [{"provider": "x"}]},
        agreement: {"targets": [{"availability": "lots"}]},
    }
    with pytest.raises(NotChanged) as raised:
        change(
            context(store),
            "default",
            lambda p: saved(p, entities, arguments={service: ("service",), agreement: ("agreement",)}),
            expected=None,
            what="",
        )
    assert sorted(problems(raised)) == [
        ("INVALID", ("agreement", "targets", "0", "availability")),
        ("INVALID", ("service", "provider")),
        ("INVALID", ("service", "supplyChain", "0", "provider")),
        ("INVALID", ("service", "workflow", "1")),
    ]
    assert "did you mean 'pay'?" in str(raised.value)
    assert store.revision("default") == 1


def test_what_others_need_cannot_be_removed(store: Store) -> None:
    key = Key("service", "pay")
    with pytest.raises(NotChanged) as raised:
        change(
            context(store),
            "default",
            lambda p: saved(p, {key: None}, arguments={key: ("id",)}),
            expected=None,
            what="",
        )
    assert problems(raised) == [
        ("INVALID", ("services", "shop", "workflow", "sequence", "0")),
        ("INVALID", ("agreements", "uc", "covers", "0")),
    ]


def test_what_is_not_there_cannot_be_removed(store: Store) -> None:
    key = Key("service", "pai")
    with pytest.raises(NotChanged) as raised:
        saved(store.load("default").portfolio, {key: None}, arguments={key: ("id",)})
    assert problems(raised) == [("UNKNOWN_ID", ("id",))]
    assert str(raised.value) == "there is no service 'pai'; did you mean 'pay'?"


@pytest.mark.parametrize(
    ("agreement", "metric", "value", "told", "expected"),
    [
        ("sla", "availability", "99.5%", {}, [{"availability": "99.5%"}]),
        ("sla", "unavailability", "0.25%", {}, [{"availability": "99.75%"}]),
        ("sla", "latency", "2 s", {"for": "95%"}, [{"availability": "99.9%"}, {"latency": "2 s", "for": "95%"}]),
        ("uc", "availability", "99.99%", {}, [{"availability": "99.99%", "window": "year"}]),
        ("uc", "latency", "150 ms", {"for": "0.99"}, [{"latency": "150 ms", "for": "99%"}]),
        ("uc", "resolution_time", "2 h", {}, [{"resolution_time": "2 h", "for": "90%", "priority": "P1"}]),
        ("uc", "resolution_time", "2 h", {"priority": "P1"}, [{"resolution_time": "2 h", "for": "90%", "priority": "P1"}]),
    ],
)  # fmt: skip
def test_a_target_is_set(
    store: Store,
    agreement: str,
    metric: str,
    value: str,
    told: dict[str, str],
    expected: list[dict[str, str]],
) -> None:
    shop = store.load("default").portfolio
    after = with_target(shop, agreement, metric=metric, value=value, told_apart_by=told)
    (edit,) = difference(shop, after)
    assert edit.after is not None
    assert edit.before is not None
    changed = [target for target in edit.after["targets"] if target not in edit.before["targets"]]
    kept = [target for target in edit.after["targets"] if target in edit.before["targets"]]
    assert [*(kept if agreement == "sla" else []), *changed] == expected


def test_of_several_targets_it_must_be_said_which(store: Store) -> None:
    shop = store.load("default").portfolio
    with pytest.raises(NotChanged) as raised:
        with_target(shop, "uc", metric="latency", value="1 s", told_apart_by={})
    assert problems(raised) == [("AMBIGUOUS", ("metric",))]
    with pytest.raises(NotChanged) as raised:
        without_target(shop, "uc", metric="latency", told_apart_by={})
    assert problems(raised) == [("AMBIGUOUS", ("metric",))]


def test_a_target_is_removed(store: Store) -> None:
    shop = store.load("default").portfolio
    after = without_target(shop, "uc", metric="latency", told_apart_by={"for": "99.9%"})
    assert [str(target.value) for target in after.agreements[1].targets] == ["99.95%", "200 ms", "4 h"]
    after = without_target(shop, "sla", metric="unavailability", told_apart_by={})
    assert after.agreements[0].targets == ()


@pytest.mark.parametrize(
    ("agreement", "metric", "told", "expected"),
    [
        ("slo", "availability", {}, ("UNKNOWN_ID", ("agreement",))),
        ("sla", "availabilty", {}, ("UNKNOWN_ID", ("metric",))),
        ("sla", "latency", {}, ("UNKNOWN_ID", ("metric",))),
        ("uc", "latency", {"for": "often"}, ("INVALID", ("for",))),
        ("uc", "latency", {"window": "fortnight"}, ("INVALID", ("window",))),
    ],
)
def test_a_target_that_is_not_there_is_told(
    store: Store, agreement: str, metric: str, told: dict[str, str], expected: object
) -> None:
    with pytest.raises(NotChanged) as raised:
        without_target(store.load("default").portfolio, agreement, metric=metric, told_apart_by=told)
    assert problems(raised) == [expected]


def test_files_are_imported_whole_or_merged(store: Store) -> None:
    shop = store.load("default").portfolio
    file = b"olagraph: 1\ncustomers: [{id: web}]\n"
    whole, _ = imported(shop, file, "portfolio", name="team", merge=False)
    assert (whole.services, [c.id for c in whole.customers]) == ((), ["web"])
    merged, _ = imported(shop, file, "portfolio", name="team", merge=True)
    assert (merged.services, [c.id for c in merged.customers]) == (shop.services, ["retail", "web"])
    with pytest.raises(NotChanged) as raised:
        imported(
            shop, b"olagraph: 1\nservices: [{id: a, provider: b}]\n", "portfolio", name="team", merge=False
        )
    (problem,) = raised.value.problems
    assert problem.message == (
        "line 2, column 30: services[a].provider: unknown provider 'b'; expected a provider, and none is stated"
    )


def test_a_past_revision_is_restored(store: Store) -> None:
    renamed(context(store), "Web shop")
    changed = change(
        context(store),
        "default",
        lambda _: restored(store, "default", 1),
        expected=2,
        what="restoration of revision 1",
    )
    assert changed.revision == 3
    assert store.load("default").portfolio.services[0].name == "Shop"
    with pytest.raises(NotChanged) as raised:
        restored(store, "default", 9)
    assert problems(raised) == [("UNKNOWN_ID", ("revision",))]


def test_portfolios_are_created_and_removed_by_those_who_may(store: Store) -> None:
    def named(portfolio: Portfolio) -> Portfolio:
        return saved(portfolio, {HEADER_KEY: {"name": "New"}}, arguments={HEADER_KEY: ()})

    with pytest.raises(GraphQLError, match="takes the role admin"):
        create(context(store), "other", named, what="")
    assert create(context(store, ADMIN), "other", named, what="").revision == 1
    assert store.load("other").portfolio.name == "New"
    with pytest.raises(NotChanged) as raised:
        create(context(store, ADMIN), "other", named, what="")
    assert problems(raised) == [("ALREADY_THERE", ("portfolio",))]
    with pytest.raises(NotChanged) as raised:
        remove(context(store, ADMIN), "other", expected=7)
    assert problems(raised) == [("CONFLICT", ("expectedRevision",))]
    remove(context(store, ADMIN), "other", expected=1)
    assert [tenant.id for tenant in store.tenants()] == ["default"]


def test_an_import_may_begin_a_portfolio_for_those_who_may_create_one(store: Store) -> None:
    def whole(portfolio: Portfolio) -> Portfolio:
        return imported(portfolio, SHOP.encode(), "portfolio", name="shop", merge=False)[0]

    with pytest.raises(GraphQLError, match="takes the role admin"):
        change(context(store), "other", whole, expected=None, what="", create_missing=True)
    made = change(context(store, ADMIN), "other", whole, expected=None, what="", create_missing=True)
    assert made.revision == 1


def test_who_may_not_write_is_told_and_what_is_not_granted_is_not_there(store: Store) -> None:
    with pytest.raises(GraphQLError) as raised:
        renamed(context(store, VIEWER), "X")
    assert raised.value.extensions == {"code": "FORBIDDEN"}
    with pytest.raises(GraphQLError) as raised:
        change(context(store), "secret", lambda p: p, expected=None, what="")
    assert raised.value.extensions == {"code": "UNKNOWN_PORTFOLIO"}


def test_a_store_that_does_not_answer_is_told_without_its_words(store: Store) -> None:
    asked = context(store)
    assert asked.snapshot("default").revision == 1
    store.close()
    with pytest.raises(GraphQLError) as raised:
        renamed(asked, "X")
    assert raised.value.extensions == {"code": "STORE_UNAVAILABLE"}
