"""The answers are those of the reports, portfolio by portfolio."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from olagraph.analysis.concentration.concentrating import concentration
from olagraph.analysis.concentration.cutting import cut_sets
from olagraph.analysis.concentration.importance import importance
from olagraph.analysis.concentration.results import CutBy
from olagraph.analysis.explain import explain
from olagraph.analysis.outage.impact import outage
from olagraph.analysis.outage.results import Failed
from olagraph.analysis.outage.still_up import still_up
from olagraph.analysis.settings import Settings
from olagraph.reports import AssessmentReport, ExplanationReport, render
from olagraph.reports.concentration.as_json import render as render_concentration
from olagraph.reports.concentration.subject import ConcentrationReport
from olagraph.reports.outage.as_json import render as render_outage
from olagraph.reports.outage.subject import OutageReport
from olagraph_api.schema.scalars import SCALARS, Duration
from tests.api.schema.asking import PORTFOLIOS, TODAY, data, fixture, snapshot

SETTINGS = Settings(as_of=TODAY)


def pages(text: str, of: str, root: str, variables: dict[str, Any] | None = None) -> Iterator[Any]:
    """Every node of a connection, page by page; the query asks for `root(first: 7, after: $after)`."""
    after = None
    while True:
        answer = data(text, snapshot(of), {**(variables or {}), "after": after})[root]
        yield from answer["nodes"]
        if not answer["pageInfo"]["hasNextPage"]:
            return
        after = answer["pageInfo"]["endCursor"]


PAGE = "pageInfo { hasNextPage endCursor }"
LEVEL = "{ low high lowComplement highComplement certified text }"
VIEW = f"""{{
  verdict guaranteed {LEVEL} independent {LEVEL} ceiling {LEVEL} timeAt {{ basis time {LEVEL} }}
  missing {{ service {{ id }} user {{ id }} reason detail }}
  weakest {{ kind agreement {{ id }} service {{ id }} share value complement ref }}
}}"""
ASSESSMENT = f"""{{
  agreement {{ id kind ref customers {{ id }} }} service {{ id }} metric verdict gap draft resold
  target {{ value complement for priority window hours clock text }}
  contracted {VIEW} achievable {VIEW}
  weakest {{ kind agreement {{ id }} service {{ id }} }}
}}"""


def interval(value: Any) -> tuple[Any, Any]:
    """The ends of a value in a report, the smaller first; null is infinite."""
    if not isinstance(value, list):
        return value, value
    low, high = value
    # A report lists the end at worst first; of times that is the greater, or none.
    return (high, low) if low is None or (high is not None and high < low) else (low, high)


def check_level(level: Any, plain: Any, complement: Any) -> None:
    """A level of an answer is the one of a report."""
    assert (level is None) == (plain is None)
    if level is not None:
        assert (level["low"], level["high"]) == interval(plain)
        high, low = interval(complement)
        assert (level["lowComplement"], level["highComplement"]) == (low, high)


def check_view(view: Any, plain: Any) -> None:
    """A view of an answer is the one of a report."""
    assert view["verdict"] == plain["verdict"]
    for basis in ("guaranteed", "independent", "ceiling"):
        check_level(view[basis], plain[basis], plain.get(f"{basis}_complement"))
    assert (view["timeAt"] is None) == ("time_at" not in plain)
    for each in view["timeAt"] or ():
        assert (each["time"]["low"], each["time"]["high"]) == interval(
            plain["time_at"][each["basis"].lower()]
        )
    assert [missing_of(each) for each in view["missing"]] == plain["missing"]
    assert [weak_part_of(each) for each in view["weakest"]] == plain["weakest"]


def missing_of(missing: Any) -> Any:
    user = missing["user"]
    return {
        "service": missing["service"]["id"],
        "user": user and user["id"],
        "reason": missing["reason"],
        "detail": missing["detail"],
    }


def weak_part_of(part: Any) -> Any:
    named = part["agreement"] if part["kind"] == "AGREEMENT" else part["service"]
    return {
        part["kind"].lower(): named["id"],
        "service": part["service"]["id"],
        **{key: part[key] for key in ("share", "value", "complement", "ref")},
    }


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_assessments_are_those_of_assess(name: str) -> None:
    """In its order, page after page."""
    report = AssessmentReport(portfolio=fixture(name), assessment=snapshot(name).assessment(TODAY))
    expected = json.loads(render(report, "json"))
    text = (
        f"query ($after: String) {{ assessments(first: 7, after: $after) {{ nodes {ASSESSMENT} {PAGE} }} }}"
    )
    found = list(pages(text, name, "assessments"))
    assert len(found) == len(expected["assessments"])
    for node, plain in zip(found, expected["assessments"], strict=True):
        assert node["agreement"]["id"] == plain["agreement"]
        assert node["agreement"]["kind"] == plain["kind"]
        assert node["agreement"]["ref"] == plain["ref"]
        assert [each["id"] for each in node["agreement"]["customers"]] == plain["customer"]
        assert (node["service"]["id"], node["metric"]) == (plain["service"], plain["metric"])
        assert (node["verdict"], node["gap"]) == (plain["verdict"], plain["gap"])
        assert (node["draft"], node["resold"]) == (plain.get("draft", False), plain.get("resold", False))
        for key in ("priority", "window", "hours", "clock"):
            assert node["target"][key] == plain["target"][key]
        check_view(node["contracted"], plain["contracted"])
        check_view(node["achievable"], plain["achievable"])
        assert [
            {
                each["kind"].lower(): (each["agreement"] if each["kind"] == "AGREEMENT" else each["service"])[
                    "id"
                ]
            }
            for each in node["weakest"]
        ] == plain["weakest"]


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_a_portfolio_counts_as_assess_does(name: str) -> None:
    report = AssessmentReport(portfolio=fixture(name), assessment=snapshot(name).assessment(TODAY))
    expected = json.loads(render(report, "json"))
    answer = data(
        "{ portfolio { name currency revision asOf summary { verdict count } all: summary(kind: null) { verdict count }"
        " severities { severity count } notInForce(first: 1000) { nodes { id } }"
        " notAssessed(first: 1000) { agreement { id } service { id } metric reason } notAssessedCount } }",
        snapshot(name),
    )["portfolio"]
    assert (answer["name"], answer["currency"]) == (expected["portfolio"], expected["currency"])
    assert (answer["revision"], answer["asOf"]) == (7, expected["as_of"])
    order = ["INFEASIBLE", "UNSUPPORTED", "UNKNOWN", "CONDITIONAL", "SUPPORTED"]
    for key, counted in (("summary", "summary"), ("all", "summary_all")):
        assert [each["verdict"] for each in answer[key]] == order
        assert {each["verdict"]: each["count"] for each in answer[key]} == expected[counted]
    severities = [finding["severity"] for finding in expected["findings"]]
    assert [(each["severity"], each["count"]) for each in answer["severities"]] == [
        (severity.upper(), severities.count(severity)) for severity in ("error", "warning", "info")
    ]
    assert [each["id"] for each in answer["notInForce"]["nodes"]] == expected["not_in_force"]
    assert [
        {**each, "agreement": each["agreement"]["id"], "service": each["service"] and each["service"]["id"]}
        for each in answer["notAssessed"]
    ] == expected["not_assessed"]
    assert answer["notAssessedCount"] == len(expected["not_assessed"])


FINDING = """{
  code severity message fix fingerprint metric evidence(first: 1000) service { id }
  subject { __typename ... on Agreement { id } ... on Service { id } ... on Provider { id } ... on Portfolio { name } }
}"""


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_findings_are_those_of_assess(name: str) -> None:
    report = AssessmentReport(portfolio=fixture(name), assessment=snapshot(name).assessment(TODAY))
    expected = json.loads(render(report, "json"))["findings"]
    text = f"query ($after: String) {{ findings(first: 7, after: $after) {{ nodes {FINDING} {PAGE} }} }}"
    found = [
        {
            **node,
            "severity": node["severity"].lower(),
            "service": node["service"] and node["service"]["id"],
            "subject": {
                "type": node["subject"]["__typename"].lower(),
                "id": node["subject"].get("id") or node["subject"]["name"],
            },
        }
        for node in pages(text, name, "findings")
    ]
    assert found == expected


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_explanations_are_those_of_explain(name: str) -> None:
    step = f"""{{
      parent depth kind label service {{ id }} agreement {{ id }} ref share notes
      guaranteed {LEVEL} independent {LEVEL} ceiling {LEVEL}
    }}"""
    text = f"""query ($agreement: ID!) {{ explanation(agreement: $agreement) {{
      assessment {{ service {{ id }} metric }} contracted {step} achievable {step}
    }} }}"""
    for agreement in fixture(name).agreements:
        explained = explain(fixture(name), SETTINGS, agreement=agreement.id)
        report = ExplanationReport(portfolio=fixture(name), explanations=explained, as_of=TODAY)
        expected = json.loads(render(report, "json"))["explanations"]
        found = data(text, snapshot(name), {"agreement": agreement.id})["explanation"]
        assert len(found) == len(expected)
        for answer, plain in zip(found, expected, strict=True):
            assert answer["assessment"]["service"]["id"] == plain["assessment"]["service"]
            for view in ("contracted", "achievable"):
                check_steps(answer[view], plain[view])


def check_steps(steps: list[Any], root: Any) -> None:
    """A list of steps is a tree of them, written out."""
    pending: list[tuple[Any, int | None, int]] = [(root, None, 0)]
    for place, step in enumerate(steps):
        plain, parent, depth = pending.pop()
        assert (step["parent"], step["depth"], step["kind"].lower()) == (parent, depth, plain["kind"])
        for key in ("label", "ref", "share", "notes"):
            assert step[key] == plain[key]
        for key in ("service", "agreement"):
            assert (step[key] and step[key]["id"]) == plain[key]
        for basis in ("guaranteed", "independent", "ceiling"):
            check_level(step[basis], plain[basis], plain.get(f"{basis}_complement"))
        pending.extend((each, place, depth + 1) for each in reversed(plain["steps"]))
    assert pending == []


START = datetime(2026, 12, 1, 9, tzinfo=UTC)
BUDGET = """{
  target { metric value } window windowFrom windowTo allowed already downtime left breach breachesAt holdsUntil remarks
}"""
OUTAGE = f"""query ($providers: [ID!], $for: Duration) {{
  outage(providers: $providers, from: "2026-12-01T09:00:00Z", for: $for) {{
    failed {{ providers {{ id }} services {{ id }} agreements {{ id }} regions zones }} from for capacityLost
    states {{ state count }} customers(first: 1000) {{ id }} customersCount notKnown(first: 1000) {{ id }} notKnownCount
    services(first: 1000) {{ totalCount nodes {{ service {{ id }} state path {{ id }} }} }}
    agreements(first: 1000) {{ totalCount nodes {{
      agreement {{ id kind ref }} customers {{ id }} service {{ id }} state downtime budget breach breachesAt holdsUntil
      budgets {BUDGET} due {{ target {{ metric }} at remarks }}
      call {{ service {{ id }} provider {{ id }} contact agreements {{ id }} }} creditOwed creditRecoverable
    }} }}
    netExposure
  }}
}}"""


@pytest.mark.parametrize("lasting", [timedelta(hours=4), None], ids=["four hours", "open-ended"])
@pytest.mark.parametrize("name", PORTFOLIOS)
def test_an_outage_is_that_of_outage(name: str, lasting: timedelta | None) -> None:
    write = SCALARS[Duration].serialize
    assert write is not None
    for provider in fixture(name).providers:
        found = outage(fixture(name), failed=Failed(providers=(provider.id,)), from_=START, for_=lasting)
        expected = json.loads(render_outage(OutageReport(portfolio=fixture(name), outage=found)))
        variables = {"providers": [provider.id], "for": lasting and write(lasting)}
        answer = data(OUTAGE, snapshot(name), variables)["outage"]
        assert [each["id"] for each in answer["failed"]["providers"]] == expected["failed"]["providers"]
        assert (answer["from"], answer["for"], answer["capacityLost"]) == (
            expected["from"],
            expected["for"],
            "1",
        )
        check_services(answer, expected)
        assert [each["id"] for each in answer["customers"]] == expected["customers"]
        assert [each["id"] for each in answer["notKnown"]] == expected["not_known"]
        assert answer["customersCount"] == len(expected["customers"])
        assert answer["notKnownCount"] == len(expected["not_known"])
        assert answer["agreements"]["totalCount"] == len(expected["agreements"])
        for node, plain in zip(answer["agreements"]["nodes"], expected["agreements"], strict=True):
            check_agreement(node, plain)
        assert answer["netExposure"] == []


def check_services(answer: Any, expected: Any) -> None:
    states = [plain["state"] for plain in expected["services"]]
    assert [(each["state"], each["count"]) for each in answer["states"]] == [
        (state, states.count(state)) for state in ("DOWN", "AT_RISK", "DEGRADED")
    ]
    nodes = answer["services"]["nodes"]
    assert answer["services"]["totalCount"] == len(expected["services"])
    assert [node["state"] for node in nodes] == states
    assert {node["service"]["id"]: [each["id"] for each in node["path"]] for node in nodes} == {
        plain["service"]: plain["path"] for plain in expected["services"]
    }
    for state in set(states):  # the nearest first
        lengths = [len(node["path"]) for node in nodes if node["state"] == state]
        assert lengths == sorted(lengths)


def check_agreement(node: Any, plain: Any) -> None:
    assert node["agreement"] == {"id": plain["agreement"], "kind": plain["kind"], "ref": plain["ref"]}
    assert [each["id"] for each in node["customers"]] == plain["customer"]
    assert (node["service"]["id"], node["state"]) == (plain["service"], plain["state"])
    for key, theirs in (("downtime", "downtime_s"), ("budget", "budget_s"), ("breach", "breach")):
        assert node[key] == plain[theirs]
    assert (node["breachesAt"], node["holdsUntil"]) == (plain["breaches_at"], plain["holds_until"])
    call = node["call"]
    assert {
        "service": call["service"]["id"],
        "provider": call["provider"]["id"],
        "contact": call["contact"],
        "agreements": [each["id"] for each in call["agreements"]],
    } == plain["call"]
    assert [
        {
            "metric": each["target"]["metric"],
            "window": each["window"],
            "window_from": each["windowFrom"],
            "window_to": each["windowTo"],
            "budget_s": each["allowed"],
            "already_s": each["already"],
            "downtime_s": each["downtime"],
            "left_s": each["left"],
            "breach": each["breach"],
            "breaches_at": each["breachesAt"],
            "holds_until": each["holdsUntil"],
            "remarks": [remark.lower() for remark in each["remarks"]],
        }
        for each in node["budgets"]
    ] == [{key: each[key] for key in BUDGET_KEYS} for each in plain["targets"]]
    assert [(each["target"]["metric"], each["at"]) for each in node["due"]] == [
        (each["metric"], each["at"]) for each in plain["due"]
    ]
    assert (node["creditOwed"], node["creditRecoverable"]) == (None, None)


@pytest.mark.parametrize("lasting", [timedelta(hours=4), None], ids=["four hours", "open-ended"])
def test_what_is_still_up_is_as_available_as_the_analysis_says(lasting: timedelta | None) -> None:
    of = snapshot("bank-payments")
    write = SCALARS[Duration].serialize
    assert write is not None
    text = f"""query ($providers: [ID!], $for: Duration, $first: Int) {{
      outage(providers: $providers, from: "2026-12-01T09:00:00Z", for: $for) {{
        stillUp(first: $first) {{
          agreement {{ id }} service {{ id }} target {{ text }} independent {LEVEL} guaranteed {LEVEL}
        }}
      }}
    }}"""
    seen = 0
    for provider in of.portfolio.providers:
        failed = Failed(providers=(provider.id,))
        found = outage(of.portfolio, failed=failed, from_=START, for_=lasting)
        expected = still_up(of.outage_index, found)
        for first in (None, 1, 2):
            variables = {"providers": [provider.id], "for": lasting and write(lasting), "first": first}
            answer = data(text, of, variables)["outage"]["stillUp"]
            assert [(each["agreement"]["id"], each["service"]["id"]) for each in answer] == [
                (each.agreement, each.service) for each in expected[:first]
            ]
            for node, each in zip(answer, expected, strict=False):
                for basis in ("independent", "guaranteed"):
                    value = getattr(each, basis)
                    assert (node[basis] is None) == (value is None)
                    if value is not None:
                        assert (node[basis]["low"], node[basis]["high"]) == (value.at_worst, value.at_best)
                        assert (
                            node[basis]["text"].startswith(("at ", "not known")) or "%" in node[basis]["text"]
                        )
                        seen += 1
    assert seen > 0


BUDGET_KEYS = (
    "metric",
    "window",
    "window_from",
    "window_to",
    "budget_s",
    "already_s",
    "downtime_s",
    "left_s",
    "breach",
    "breaches_at",
    "holds_until",
    "remarks",
)

LISTS = {
    "slas_down": "slasDown",
    "slas_at_risk": "slasAtRisk",
    "customers": "customers",
    "down": "down",
    "at_risk": "atRisk",
    "provides": "provides",
    "supplies": "supplies",
    "agreements": "agreements",
}


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_concentration_is_that_of_concentration(name: str) -> None:
    found = concentration(fixture(name), SETTINGS)
    expected = json.loads(
        render_concentration(ConcentrationReport(portfolio=fixture(name), concentration=found))
    )
    lists = " ".join(f"{ours}(first: 1000) {{ id }} {ours}Count" for ours in LISTS.values())
    answer = data(
        f"""{{ concentration {{
          asOf services slas proven notKnown(first: 1000) {{ id }} notKnownCount
          losses(first: 1000) {{ totalCount nodes {{
            kind id providerKind provider {{ id }} shareOfSlas {lists} tightestSla {{ agreement {{ id }} target {{ value }} }}
          }} }}
        }} }}""",
        snapshot(name),
    )["concentration"]
    assert (answer["asOf"], answer["services"], answer["slas"], answer["proven"]) == (
        expected["as_of"],
        expected["services"],
        expected["slas"],
        expected["proven"],
    )
    assert [each["id"] for each in answer["notKnown"]] == expected["not_known"]
    for kind in ("PROVIDER", "OWNER", "REGION", "ZONE"):
        nodes = [node for node in answer["losses"]["nodes"] if node["kind"] == kind]
        plains = expected[f"{kind.lower()}s"]
        assert [node["id"] for node in nodes] == [plain["id"] for plain in plains]
        for node, plain in zip(nodes, plains, strict=True):
            assert (node["providerKind"] or "").lower() == (plain["kind"] or "")
            assert node["shareOfSlas"] == plain["share_of_slas"]
            for theirs, ours in LISTS.items():
                assert [each["id"] for each in node[ours]] == plain[theirs]
                assert node[f"{ours}Count"] == len(plain[theirs])
            sla = node["tightestSla"]
            assert (sla and sla["agreement"]["id"]) == (plain["tightest_sla"] or {}).get("agreement")


@pytest.mark.parametrize("name", PORTFOLIOS)
def test_importance_and_cut_sets_are_those_of_the_analysis(name: str) -> None:
    for service in fixture(name).services:
        (measured,) = importance(fixture(name), SETTINGS, service=service.id)
        answer = data(
            """query ($service: ID!) { importance(service: $service) {
              service { id } agreement { id } low high exact
              elements(first: 1000) { nodes { kind id missing components unavailability birnbaum criticality raw } }
            } }""",
            snapshot(name),
            {"service": service.id},
        )["importance"]
        assert (answer["low"], answer["high"], answer["exact"]) == (
            measured.low,
            measured.high,
            measured.exact,
        )
        assert [
            (node["kind"].lower(), node["id"], node["birnbaum"], node["criticality"], node["raw"])
            for node in answer["elements"]["nodes"]
        ] == [
            (each.kind.value, each.id, each.birnbaum, each.criticality, each.raw)
            for each in measured.elements
        ]
        for by in CutBy:
            cut = cut_sets(fixture(name), SETTINGS, service=service.id, by=by, limit=5)
            answer = data(
                """query ($service: ID!, $by: CutBy!) { cutSets(service: $service, by: $by, smallest: 5) {
                  by count orders { order count } smallest
                } }""",
                snapshot(name),
                {"service": service.id, "by": by.name},
            )["cutSets"]
            assert answer["count"] == (None if cut.count is None else str(cut.count))
            assert answer["smallest"] == [list(members) for members in cut.smallest]
            assert answer["orders"] == (
                None
                if cut.orders is None
                else [
                    {"order": order, "count": str(count)} for order, count in enumerate(cut.orders) if count
                ]
            )
