"""Every root and every field, by plan and by graphql-core alike, over the bundled portfolios and a store."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from olagraph.documents.changes import difference
from olagraph.model.entities import Portfolio, Service
from olagraph.stores import Store, open_store, parse_address
from olagraph_api.snapshots import Snapshot
from tests.api.schema.asking import NOW, PORTFOLIOS, context, data, fixture, refused, small, snapshot
from tests.api.schema.everything import everything, reached
from tests.api.schema.test_published_schema import read_types

RARE = small(
    """
name: Rare things
currency: EUR
x-cost-centre: "4711"
providers:
  - {id: us, kind: internal, x-floor: 3}
  - {id: cloud, kind: external, region: eu}
  - {id: pipes, kind: external, parent: cloud, contact: noc@pipes.example}
customers: [{id: c, x-vip: true}, {id: d, parent: c}]
calendars: [{id: office, timezone: Europe/London, hours: {mon-fri: "09:00-17:00"}, holidays: [GB-ENG, 2026-12-24]}]
services:
  - id: shop
    provider: us
    zone: eu-1
    traits: {zones: 2, disk: fast, spare: true, ratio: 0.25}
    workflow: {choice: [{step: a, probability: 0.7}, {step: {repeat: {step: b, probability: 0.2}}, probability: 0.3}]}
    requires: [{k_of_n: {k: 1, of: [n1, n2], common_cause: 0.1}}]
    own: [{availability: 99.99%}]
  - {id: a, provider: cloud, supply_chain: [{provider: pipes, rank: 2}]}
  - {id: b, provider: pipes, demand: 5/s}
  - {id: c, provider: us, workflow: [{step: a, timeout: 2 s, cached_for: 90 s}, {repeat: {step: b, max: 3}}]}
  - {id: loop, provider: us, workflow: [loop2, a]}
  - {id: loop2, provider: us, workflow: {any_of: [loop, b]}}
  - {id: n1, provider: cloud}
  - {id: n2, provider: cloud}
  - {id: silent, provider: cloud}
agreements:
  - id: sla
    provider: us
    customer: [c, d]
    covers: [shop, loop]
    renews: true
    to: 2027-06-30
    notice: 90 d
    review: 2026-12-01
    link: https://contracts.example/1
    exclusions: [{name: works, at_most: 4 h, per: month}, {cause: customer}, {name: storm, unlimited: true}]
    credits: [{metric: availability, fee: 1000, tiers: [{below: 99%, credit: 10%}], cap: 50%}]
    claim: {within: 30 d, after: window}
    targets:
      - {availability: 99%, window: month, measured_at: edge}
      - {availability: 100%, assume: 99.5%, priority: VIP, averaged_over: 3}
      - {restore_time: 4 h}
      - {availability: 99.9%, strength: objective, when: {zones: ">=2"}}
      - {latency: 2 s, for: 95%, population: {name: web, share: 40%}, exclusions: [{cause: customer}]}
  - {id: child, provider: us, customer: d, covers: {tags: [x]}, inherits: sla, targets: [{cost: 12}]}
  - {id: draft, provider: us, customer: c, covers: all, status: draft, targets: [{availability: 98%}]}
  - {id: old, provider: cloud, customer: us, covers: [a], to: 2025-01-01, targets: [{availability: 99%}]}
  - {id: uc-a, provider: cloud, customer: us, covers: [a], targets: [{availability: 99.5%}, {latency: 900 ms, for: 99%}]}
  - {id: uc-b, provider: pipes, covers: [b], targets: [{availability: 99.9%}, {restore_time: 2 h}]}
incidents:
  - {service: shop, from: 2026-11-02T08:00:00Z, to: 2026-11-02T08:30:00Z, share: 0.5}
"""
)


def questions(of: Snapshot) -> Iterator[tuple[str, dict[str, object]]]:
    """A query for everything below each root."""
    portfolio = of.portfolio
    for root in (
        "me",
        "portfolio",
        "portfolios",
        "providers",
        "customers",
        "services",
        "agreements",
        "calendars",
        "metrics",
        "incidents",
        "assessments",
        "findings",
        "concentration",
    ):
        yield everything(root, page=3), {}
    for service in portfolio.services[:3]:
        yield everything("service", id="$id"), {"id": service.id}
        yield everything("importance", service="$service"), {"service": service.id}
        yield everything("cutSets", service="$service", by="COMPONENT"), {"service": service.id}
        for target in ("availability 99.9%", "latency 2 s for 95%"):
            asked_for: dict[str, object] = {"service": service.id, "target": target}
            yield everything("check", service="$service", target="$target"), asked_for
    for provider in portfolio.providers[:3]:
        yield everything("provider", id="$id"), {"id": provider.id}
        for lasting in ("PT4H", None):
            fails: dict[str, object] = {"providers": [provider.id], "for": lasting}
            yield everything("outage", providers="$providers", **{"for": "$for"}, page=5), fails
    for customer in portfolio.customers[:1]:
        yield everything("customer", id="$id"), {"id": customer.id}
    for agreement in portfolio.agreements[:2]:
        yield everything("agreement", id="$id"), {"id": agreement.id}
        yield everything("explanation", agreement="$agreement"), {"agreement": agreement.id}


@cache
def found(name: str) -> frozenset[tuple[str, str]]:
    """The types and fields that answers about a portfolio hold."""
    of = RARE if name == "rare" else snapshot(name)
    return frozenset(each for text, variables in questions(of) for each in reached(data(text, of, variables)))


@pytest.mark.parametrize("name", [*PORTFOLIOS, "rare"])
def test_everything_about_a_portfolio_can_be_asked_at_once(name: str) -> None:
    assert found(name)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store in which the shop was made, and then changed."""
    with closing(open_store(parse_address(f"sqlite:///{tmp_path}/a.db", {}), create=True)) as opened:
        before = fixture("cloud-shop")
        after = replace(
            before, name="Renamed", services=(*before.services, Service(id="new", provider="amazon"))
        )
        edits = difference(Portfolio(), before)
        opened.apply("default", edits, expected=0, by="Joe", at=NOW, what="begin")
        later = NOW + timedelta(hours=1)
        opened.apply("default", difference(before, after), expected=1, by="Ann", at=later, what="rename")
        yield opened


def test_history_tells_every_change_and_what_it_did(store: Store) -> None:
    within = context(snapshot("cloud-shop"), store=store)
    answer = data(everything("history", page=100), within)
    of_changes = set(reached(answer))
    missing = {
        f"{name}.{field}"
        for name, type_ in read_types().items()
        for field in type_.fields
        if name != "Query"
        if not any((name, field) in found(each) for each in [*PORTFOLIOS, "rare"])
    } - {f"{name}.{field}" for name, field in of_changes}
    assert missing == set()


def test_history_is_paged_and_read_no_further_than_its_page(store: Store) -> None:
    """Also while others write between two pages."""
    before = fixture("cloud-shop")
    for number in range(3, 9):
        after = replace(before, name=f"Name {number}")
        kept = store.load("default").portfolio
        edits = difference(kept, after)
        store.apply("default", edits, expected=number - 1, by="Ann", at=NOW, what=f"change {number}")
    within = context(snapshot("cloud-shop"), store=Counting(store))
    text = """query ($after: String) { history(first: 3, after: $after) {
      nodes { revision what } totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
    } }"""
    seen: list[int] = []
    cursor = None
    for _ in range(3):
        page = data(text, within, {"after": cursor})["history"]
        seen += [node["revision"] for node in page["nodes"]]
        assert page["pageInfo"]["hasNextPage"] == (seen[-1] > 1)
        assert page["pageInfo"]["hasPreviousPage"] == (cursor is not None)
        cursor = page["pageInfo"]["endCursor"]
        latest = store.load("default")
        renamed = replace(latest.portfolio, name=f"{latest.portfolio.name}!")
        edits = difference(latest.portfolio, renamed)
        store.apply("default", edits, expected=latest.revision, by="Bob", at=NOW, what="again")
    assert seen == [8, 7, 6, 5, 4, 3, 2, 1]
    page = data(text.replace("totalCount", ""), within)["history"]
    assert [node["revision"] for node in page["nodes"]] == [11, 10, 9]
    assert within.store.limits[-1] == 4  # type: ignore[attr-defined]
    foreign = data("{ services { pageInfo { endCursor } } }", snapshot("cloud-shop"))
    refusal = refused(text, within, {"after": foreign["services"]["pageInfo"]["endCursor"]})
    assert refusal["extensions"]["code"] == "BAD_USER_INPUT"


class Counting:
    """A store that writes down how much of the log is asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.limits: list[int | None] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def history(self, portfolio: str, *, limit: int | None = None) -> object:
        self.limits.append(limit)
        return self._store.history(portfolio, limit=limit)
