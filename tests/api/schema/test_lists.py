"""Filters, orders and searches of every list, against looking at each item by hand."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Agreement, AgreementKind, Portfolio
from olagraph_api.snapshots import Snapshot
from tests.api.schema.asking import PORTFOLIOS, data, fixture, small, snapshot
from tests.documents.portfolio_strategies import portfolios


def ids(root: str, of: Snapshot, filter: dict[str, Any] | None = None, **order: str) -> list[str]:
    """The ids of a list, and that its count is theirs."""
    type_ = root[0].upper() + root[1:-1]
    text = (
        f"query ($filter: {type_}Filter, $order: {type_}Order)"
        f" {{ {root}(first: 1000, filter: $filter, orderBy: $order) {{ nodes {{ id }} totalCount }} }}"
    )
    answer = data(text, of, {"filter": filter, "order": order or None})[root]
    assert answer["totalCount"] == len(answer["nodes"])
    return [node["id"] for node in answer["nodes"]]


def by_hand(items: Iterable[Any], holds: Callable[[Any], bool]) -> list[str]:
    return sorted(item.id for item in items if holds(item))


def some(values: Iterable[Any]) -> st.SearchStrategy[list[Any]]:
    """A few of the values that there are, and one that there is not."""
    known = sorted({value for value in values if value is not None}, key=str)
    return st.lists(st.sampled_from([*known, "nowhere"]), max_size=3)


def stated(draw: Any, fields: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """A filter that states some of its fields."""
    chosen = draw(st.sets(st.sampled_from(sorted(fields)), max_size=3))
    return {field: draw(fields[field]) for field in sorted(chosen)}


@given(st.data(), portfolios())
@settings(max_examples=40)
def test_a_filter_leaves_what_meets_all_of_its_fields(data_: st.DataObject, portfolio: Portfolio) -> None:
    of, graph = Snapshot("default", 1, portfolio), PortfolioGraph(portfolio)
    draw = data_.draw
    services, agreements, providers = portfolio.services, portfolio.agreements, portfolio.providers

    wanted = stated(
        draw,
        {
            "id": some(each.id for each in services),
            "provider": some(each.provider for each in services),
            "region": some(each.region for each in services),
            "zone": some(each.zone for each in services),
            "tag": some(tag for each in services for tag in each.tags),
            "owner": some(each.owner for each in services),
            "criticality": st.lists(st.integers(1, 5), max_size=3),
        },
    )
    assert ids("services", of, wanted) == by_hand(
        services,
        lambda each: all(
            bool(set(each.tags) & set(values)) if field == "tag" else getattr(each, field) in values
            for field, values in wanted.items()
        ),
    )

    wanted = stated(
        draw,
        {
            "id": some(each.id for each in providers),
            "kind": st.lists(st.sampled_from(["INTERNAL", "EXTERNAL"]), max_size=2),
            "region": some(each.region for each in providers),
            "parent": some(each.parent for each in providers),
        },
    )
    assert ids("providers", of, wanted) == by_hand(
        providers,
        lambda each: all(
            each.kind.name in values if field == "kind" else getattr(each, field) in values
            for field, values in wanted.items()
        ),
    )

    wanted = stated(
        draw,
        {
            "id": some(each.id for each in agreements),
            "kind": st.lists(st.sampled_from(["SLA", "OLA", "UC"]), max_size=2),
            "status": st.lists(st.sampled_from(["DRAFT", "SIGNED"]), max_size=1),
            "provider": some(each.provider for each in agreements),
            "customer": some(party for each in agreements for party in each.customers),
            "service": some(each.id for each in services),
            "inForce": st.dates().map(date.isoformat),
        },
    )

    def holds(each: Agreement) -> bool:
        found: dict[str, Callable[[Any], bool]] = {
            "id": lambda values: each.id in values,
            "kind": lambda values: graph.kind_of(each).name in values,
            "status": lambda values: each.status.name in values,
            "provider": lambda values: each.provider in values,
            "customer": lambda values: bool(set(each.customers) & set(values)),
            "service": lambda values: bool(set(graph.covered_by(each)) & set(values)),
            "inForce": lambda day: each.in_force(date.fromisoformat(day)),
        }
        return all(found[field](values) for field, values in wanted.items())

    assert ids("agreements", of, wanted) == by_hand(graph.agreements.values(), holds)


def last_if_none(value: Any, *, falling: bool) -> tuple[bool, Any]:
    """A key by which `sorted(..., reverse=falling)` puts None last."""
    return ((value is not None) if falling else (value is None), value if value is not None else "")


ORDERED: dict[str, dict[str, Callable[[Any], Any]]] = {
    "services": {
        "ID": lambda each: each.id,
        "NAME": lambda each: each.name,
        "PROVIDER": lambda each: each.provider,
        "CRITICALITY": lambda each: str(each.criticality) if each.criticality else None,
    },
    "providers": {"ID": lambda each: each.id, "NAME": lambda each: each.name},
    "customers": {"ID": lambda each: each.id, "NAME": lambda each: each.name},
    "agreements": {
        "ID": lambda each: each.id,
        "PROVIDER": lambda each: each.provider,
        "FROM": lambda each: each.from_ and each.from_.isoformat(),
        "TO": lambda each: each.to and each.to.isoformat(),
    },
}


@given(portfolios(), st.sampled_from(["ASC", "DESC"]))
@settings(max_examples=25)
def test_a_list_is_ordered_by_what_is_asked_for_then_by_id(portfolio: Portfolio, direction: str) -> None:
    of, falling = Snapshot("default", 1, portfolio), direction == "DESC"
    for root, fields in ORDERED.items():
        things = sorted(getattr(portfolio, root), key=lambda each: each.id)
        for field, value in fields.items():
            expected = sorted(
                things, key=lambda each: last_if_none(value(each), falling=falling), reverse=falling
            )
            if falling:  # equals stay in the order of their ids
                keys = [last_if_none(value(each), falling=True) for each in expected]
                expected = [
                    each
                    for key in dict.fromkeys(keys)
                    for each in things
                    if last_if_none(value(each), falling=True) == key
                ]
            found = ids(root, of, field=field, direction=direction)
            assert found == [each.id for each in expected], (root, field)


def test_agreements_are_ordered_by_kind_as_people_name_them() -> None:
    for name in PORTFOLIOS:
        graph = PortfolioGraph(fixture(name))
        found = ids("agreements", snapshot(name), field="KIND", direction="ASC")
        kinds = [graph.kind_of(graph.agreements[each]) for each in found]
        assert kinds == sorted(kinds, key=list(AgreementKind).index)


SEARCHED = small(
    """
name: Search
providers: [{id: cloud, kind: external, name: Wolke GmbH, region: eu-west, contact: noc@wolke.example}, {id: us, kind: internal}]
customers: [{id: retail, name: Straße, contact: Ann}]
services:
  - {id: pay, provider: us, name: Card Payments, owner: jane, tags: [pci], workflow: [vault]}
  - {id: vault, provider: cloud, region: eu-north, zone: z-9}
agreements:
  - {id: sla-1, provider: us, customer: retail, name: Gold, ref: "MSA §4.2", covers: [pay], targets: [{availability: 99%}]}
  - {id: uc-1, provider: cloud, customer: us, covers: [vault], targets: [{availability: 99.9%}]}
"""
)


@pytest.mark.parametrize(
    ("root", "search", "expected"),
    [
        ("services", "PAYMENT", ["pay"]),
        ("services", "wolke", ["vault"]),
        ("services", "Pci", ["pay"]),
        ("services", "eu-NORTH", ["vault"]),
        ("services", "z-9", ["vault"]),
        ("services", "jane", ["pay"]),
        ("services", "a", ["pay", "vault"]),
        ("services", "", ["pay", "vault"]),
        ("services", "pay\nCard", ["pay"]),
        ("services", "nothing", []),
        ("providers", "NOC@", ["cloud"]),
        ("providers", "gmbh", ["cloud"]),
        ("customers", "STRASSE", ["retail"]),
        ("customers", "ann", ["retail"]),
        ("agreements", "§4.2", ["sla-1"]),
        ("agreements", "straße", ["sla-1"]),
        ("agreements", "uc", ["uc-1"]),
        ("agreements", "ｇｏｌｄ", ["sla-1"]),
    ],
)
def test_a_search_finds_a_part_of_a_word_in_any_case(root: str, search: str, expected: list[str]) -> None:
    assert ids(root, SEARCHED, {"search": search}) == expected


ASSESSED = """query ($filter: AssessmentFilter, $order: AssessmentOrder) {
  assessments(first: 1000, filter: $filter, orderBy: $order) {
    totalCount nodes { nodeId agreement { id kind provider { id } customers { id } } service { id } metric verdict gap draft }
  }
}"""


def assessed(name: str, filter: dict[str, Any] | None = None, **order: str) -> list[Any]:
    answer = data(ASSESSED, snapshot(name), {"filter": filter, "order": order or None})["assessments"]
    assert answer["totalCount"] == len(answer["nodes"])
    nodes: list[Any] = answer["nodes"]
    return nodes


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_assessments_are_filtered_by_each_field(name: str) -> None:
    everything = assessed(name)
    values: dict[str, Callable[[Any], list[Any]]] = {
        "verdict": lambda node: [node["verdict"]],
        "kind": lambda node: [node["agreement"]["kind"]],
        "agreement": lambda node: [node["agreement"]["id"]],
        "service": lambda node: [node["service"]["id"]],
        "metric": lambda node: [node["metric"]],
        "customer": lambda node: [each["id"] for each in node["agreement"]["customers"]],
        "provider": lambda node: [node["agreement"]["provider"]["id"]],
    }
    for field, of in values.items():
        for value in sorted({each for node in everything for each in of(node)}):
            expected = [node for node in everything if value in of(node)]
            assert assessed(name, {field: [value]}) == expected
    for draft in (True, False):
        assert assessed(name, {"draft": draft}) == [node for node in everything if node["draft"] is draft]
    for node in everything[:3]:
        both = {"agreement": [node["agreement"]["id"]], "service": [node["service"]["id"]]}
        assert assessed(name, both) == [
            each
            for each in everything
            if (each["agreement"]["id"], each["service"]["id"])
            == (node["agreement"]["id"], node["service"]["id"])
        ]
        found = assessed(name, {"search": node["service"]["id"].upper()})
        assert node["nodeId"] in [each["nodeId"] for each in found]
    assert assessed(name, {"agreement": ["nowhere"]}) == []


@pytest.mark.parametrize("name", PORTFOLIOS)
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_assessments_are_ordered_by_each_field(name: str, direction: str) -> None:
    verdicts = ["INFEASIBLE", "UNSUPPORTED", "UNKNOWN", "CONDITIONAL", "SUPPORTED"]
    for field, value in {
        "VERDICT": lambda node: verdicts.index(node["verdict"]),
        "AGREEMENT": lambda node: node["agreement"]["id"],
        "SERVICE": lambda node: node["service"]["id"],
        "METRIC": lambda node: node["metric"],
    }.items():
        found = [value(node) for node in assessed(name, field=field, direction=direction)]
        assert found == sorted(found, reverse=direction == "DESC")
    gaps = [node["gap"] for node in assessed(name, field="GAP", direction=direction)]
    known = [gap for gap in gaps if gap is not None]
    assert known == sorted(known, reverse=direction == "DESC")


FOUND = """query ($filter: FindingFilter, $order: FindingOrder) {
  findings(first: 1000, filter: $filter, orderBy: $order) {
    totalCount nodes { fingerprint code title severity message metric service { id provider { id } }
      subject { __typename ... on Agreement { id provider { id } } ... on Service { id provider { id } } ... on Provider { id } } }
  }
}"""


def findings(name: str, filter: dict[str, Any] | None = None, **order: str) -> list[Any]:
    answer = data(FOUND, snapshot(name), {"filter": filter, "order": order or None})["findings"]
    assert answer["totalCount"] == len(answer["nodes"])
    nodes: list[Any] = answer["nodes"]
    return nodes


def subject_of(node: Any, kind: str) -> list[str]:
    return [node["subject"]["id"]] if node["subject"]["__typename"] == kind else []


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_findings_are_filtered_by_each_field(name: str) -> None:
    everything = findings(name)
    values: dict[str, Callable[[Any], list[Any]]] = {
        "severity": lambda node: [node["severity"]],
        "code": lambda node: [node["code"]],
        "metric": lambda node: [node["metric"]],
        "agreement": lambda node: subject_of(node, "Agreement"),
        "service": lambda node: subject_of(node, "Service") + ([node["service"]["id"]] if node["service"] else []),
        "provider": lambda node: subject_of(node, "Provider")
        + ([node["subject"]["provider"]["id"]] if "provider" in node["subject"] else []),
    }  # fmt: skip
    for field, of in values.items():
        for value in sorted({each for node in everything for each in of(node) if each}):
            assert findings(name, {field: [value]}) == [node for node in everything if value in of(node)]
    for node in everything[:3]:
        assert node in findings(name, {"search": node["title"].upper()})
        assert node in findings(name, {"search": node["message"][:20]})
    for field, value in {
        "SEVERITY": lambda node: ["ERROR", "WARNING", "INFO"].index(node["severity"]),
        "CODE": lambda node: node["code"],
    }.items():
        for direction in ("ASC", "DESC"):
            found = [value(node) for node in findings(name, field=field, direction=direction)]
            assert found == sorted(found, reverse=direction == "DESC")


def test_an_empty_list_is_met_by_nothing_and_null_by_everything() -> None:
    assert ids("services", SEARCHED, {"tag": []}) == []
    assert ids("services", SEARCHED, {"tag": None}) == ["pay", "vault"]


INCIDENTS = small(
    """
name: Incidents
providers: [{id: us, kind: internal}]
services: [{id: a, provider: us}, {id: b, provider: us}]
incidents:
  - {service: b, from: 2026-03-01T00:00:00Z, to: 2026-03-01T02:00:00Z}
  - {service: a, from: 2026-02-01T00:00:00+01:00, to: 2026-02-01T02:00:00Z, share: 0.25}
  - {service: a, from: 2026-01-01T00:00:00Z, to: 2026-01-01T00:00:01Z}
"""
)


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ("{}", ["2026-01-01T00:00:00Z", "2026-01-31T23:00:00Z", "2026-03-01T00:00:00Z"]),
        ('{service: ["a"]}', ["2026-01-01T00:00:00Z", "2026-01-31T23:00:00Z"]),
        ('{from: "2026-02-01T02:00:00Z"}', ["2026-03-01T00:00:00Z"]),
        ('{from: "2026-02-01T01:59:59Z"}', ["2026-01-31T23:00:00Z", "2026-03-01T00:00:00Z"]),
        ('{to: "2026-01-31T23:00:00Z"}', ["2026-01-01T00:00:00Z"]),
        ('{from: "2026-01-15T00:00:00Z", to: "2026-02-15T00:00:00Z"}', ["2026-01-31T23:00:00Z"]),
    ],
)
def test_incidents_are_those_that_touch_a_time(filter: str, expected: list[str]) -> None:
    answer = data(f"{{ incidents(filter: {filter}) {{ nodes {{ from }} }} }}", INCIDENTS)
    assert [node["from"] for node in answer["incidents"]["nodes"]] == expected


def test_targets_that_differ_in_their_conditions_alone_have_an_order_and_ids_of_their_own() -> None:
    of = small(
        """
name: Alike
providers: [{id: us, kind: internal}]
customers: [{id: c}]
services: [{id: s, provider: us, traits: {zones: 2, disk: fast}, own: [{availability: 99.9%}]}]
agreements:
  - id: sla
    provider: us
    customer: c
    covers: [s]
    targets:
      - {availability: 99.5%}
      - {availability: 99.5%, when: {zones: ">=2"}}
      - {availability: 99.5%, when: {disk: fast}}
      - {availability: 99.5%, strength: guarantee}
"""
    )
    for field in ("VERDICT", "AGREEMENT", "SERVICE", "METRIC", "GAP"):
        text = f"{{ assessments(orderBy: {{field: {field}}}) {{ nodes {{ nodeId target {{ when }} }} }} }}"
        nodes = data(text, of)["assessments"]["nodes"]
        assert len({node["nodeId"] for node in nodes}) == 4
        for node in nodes:
            found = data(
                "query ($id: ID!) { node(id: $id) { nodeId ... on TargetAssessment { target { when } } } }",
                of,
                {"id": node["nodeId"]},
            )
            assert found["node"] == node
