"""Days of assessment, and what JSON has no number for."""

from datetime import date
from typing import Any

import pytest

from olagraph.analysis.assess import assess
from olagraph.analysis.settings import Settings
from tests.api.schema.asking import TODAY, data, fixture, small, snapshot

LATER = "2031-01-01"
DATED = """query ($day: Date) {
  portfolio(asOf: $day) { asOf summary(kind: null) { count } notInForce { totalCount } }
  assessments(asOf: $day) { totalCount } findings(asOf: $day) { totalCount }
  concentration(asOf: $day) { asOf slas }
  service(id: "web-shop") { assessments(asOf: $day) { totalCount } findings(asOf: $day) { totalCount } }
  agreement(id: "sla-retail") {
    assessments(asOf: $day) { totalCount } findings(asOf: $day) { totalCount } verdict(asOf: $day) inForce(on: $day)
  }
  explanation(agreement: "sla-retail", asOf: $day) { contracted { label } }
}"""


@pytest.mark.parametrize("day", [None, "2026-11-23", LATER, "2025-06-01"])
def test_each_field_looks_at_the_day_that_it_is_asked_for(day: str | None) -> None:
    shop, on = fixture("format-example"), TODAY if day is None else date.fromisoformat(day)
    expected = assess(shop, Settings(as_of=on))
    answer = data(DATED, snapshot("format-example"), {"day": day})
    assert answer["portfolio"]["asOf"] == answer["concentration"]["asOf"] == on.isoformat()
    assert answer["portfolio"]["notInForce"]["totalCount"] == len(expected.not_in_force)
    assert sum(each["count"] for each in answer["portfolio"]["summary"]) == len(expected.targets)
    assert answer["assessments"]["totalCount"] == len(expected.targets)
    assert answer["findings"]["totalCount"] == len(expected.findings)
    of_sla = [target for target in expected.targets if target.agreement.id == "sla-retail"]
    assert answer["agreement"]["assessments"]["totalCount"] == len(of_sla)
    assert len(answer["explanation"]) == len(of_sla)
    assert answer["agreement"]["inForce"] is bool(of_sla)
    worst = min((target.verdict for target in of_sla), key=lambda verdict: verdict.rank, default=None)
    assert answer["agreement"]["verdict"] == (worst and worst.name)
    of_service = [target for target in expected.targets if target.service == "web-shop"]
    assert answer["service"]["assessments"]["totalCount"] == len(of_service)


def test_an_outage_begins_now_if_nothing_is_said() -> None:
    answer = data('{ outage(services: ["otp"]) { from for } }', snapshot("format-example"))
    assert answer["outage"] == {"from": "2026-11-23T09:30:00Z", "for": None}


def test_incidents_use_up_the_budget_of_an_outage() -> None:
    """Those of the portfolio, and those that come with the question."""
    of = small(
        """
name: Incidents
providers: [{id: us, kind: internal}]
customers: [{id: c}]
services: [{id: a, provider: us, own: [{availability: 99%}]}]
agreements: [{id: sla, provider: us, customer: c, covers: [a], window: month, targets: [{availability: 99%}]}]
incidents: [{service: a, from: 2026-11-02T00:00:00Z, to: 2026-11-02T01:00:00Z}]
"""
    )
    text = """query ($incidents: [IncidentInput!]) {
      outage(services: ["a"], for: "1 h", incidents: $incidents) {
        agreements { nodes { budgets { allowed already downtime left breach } } }
      }
    }"""
    had = {"service": "a", "from": "2026-11-03T00:00:00Z", "to": "2026-11-03T03:00:00Z", "share": "0.5"}
    for incidents, already in (([], 3600), ([had], 3600 + 5400)):
        (node,) = data(text, of, {"incidents": incidents})["outage"]["agreements"]["nodes"]
        allowed = 720 * 36  # 1 % of November
        assert node["budgets"] == [
            {
                "allowed": allowed,
                "already": already,
                "downtime": 3600,
                "left": allowed - already - 3600,
                "breach": False,
            }
        ]


def test_half_of_the_capacity_lost_counts_half() -> None:
    text = '{ outage(services: ["otp"], for: "PT4H", capacityLost: 0.5) { capacityLost agreements(kind: [SLA]) { nodes { downtime } } } }'
    outage = data(text, snapshot("format-example"))["outage"]
    assert outage["capacityLost"] == "0.5"
    assert {node["downtime"] for node in outage["agreements"]["nodes"]} == {7200}


def test_what_is_infinite_is_null() -> None:
    """JSON has no infinity: a time that nothing bounds, a gap that nothing closes."""
    of = small(
        """
name: Unbounded
providers: [{id: us, kind: internal}, {id: them, kind: external}]
customers: [{id: c}]
services: [{id: s, provider: us, workflow: [a, b]}, {id: a, provider: them}, {id: b, provider: them}]
agreements:
  - {id: sla, provider: us, customer: c, covers: [s], targets: [{latency: 2 s}, {latency: 2 s, for: 99%}]}
  - {id: uc, provider: them, customer: us, covers: [a], targets: [{latency: 1 s}]}
"""
    )
    nodes: list[Any] = data(
        """{ assessments(filter: {agreement: ["sla"]}) { nodes {
          target { for } verdict gap contracted { guaranteed { low high text } timeAt { basis time { low high text } } }
        } } }""",
        of,
    )["assessments"]["nodes"]
    hard = next(node for node in nodes if node["target"]["for"] is None)
    assert (hard["verdict"], hard["gap"]) == ("UNKNOWN", None)
    assert (hard["contracted"]["guaranteed"]["low"], hard["contracted"]["guaranteed"]["high"]) == (1, None)
    share = next(node for node in nodes if node["target"]["for"] == "99%")
    ends = {(each["time"]["low"], each["time"]["high"]) for each in share["contracted"]["timeAt"]}
    assert (1, None) in ends
    assert any("never" in each["time"]["text"] for each in share["contracted"]["timeAt"])


def test_the_last_day_of_the_calendar_can_be_asked_for() -> None:
    answer = data(DATED, snapshot("format-example"), {"day": "9999-12-31"})
    assert answer["portfolio"]["asOf"] == "9999-12-31"
