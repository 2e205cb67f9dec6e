"""The JSON of `assess` is a contract: docs/command-line.md, "assess --format json"."""

import json
import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from olagraph.analysis.results import NotAssessed, Severity, SubjectType, Verdict
from olagraph.model.entities import Population
from olagraph.reports import AssessmentReport, render
from tests.reports.builders import (
    CLOUDCO,
    DAY,
    HOSTILE,
    PORTFOLIO,
    VIEWS,
    assessed,
    assessment,
    finding,
    percentile,
    plain,
    ratio,
    target,
    view,
)


def as_json(*targets: Any, **others: Any) -> Any:
    """The report of an assessment, read back."""
    return json.loads(text(*targets, **others))


def text(*targets: Any, **others: Any) -> str:
    """The report of an assessment."""
    return render(AssessmentReport(portfolio=PORTFOLIO, assessment=assessment(*targets, **others)), "json")


def test_the_shape_is_the_contract_s() -> None:
    report = as_json(assessed(Verdict.INFEASIBLE, gap=0.0046), findings=(finding(service="web-shop"),))
    assert report["portfolio"] == "Web shop"
    assert report["as_of"] == DAY.isoformat()
    assert report["revision"] is None
    assert report["not_in_force"] == []
    assert report["summary"] == {
        "SUPPORTED": 0,
        "CONDITIONAL": 0,
        "UNSUPPORTED": 0,
        "INFEASIBLE": 1,
        "UNKNOWN": 0,
    }
    (entry,) = report["assessments"]
    assert {
        key: entry[key] for key in ("agreement", "kind", "customer", "service", "metric", "verdict", "gap")
    } == {
        "agreement": "sla-retail",
        "kind": "SLA",
        "customer": ["retail"],
        "service": "web-shop",
        "metric": "availability",
        "verdict": "INFEASIBLE",
        "gap": 0.0046,
    }
    assert {
        key: entry["target"][key] for key in ("value", "complement", "unit", "for", "priority", "window")
    } == {
        "value": 0.999,
        "complement": 0.001,
        "unit": "ratio",
        "for": None,
        "priority": None,
        "window": "month",
    }
    assert entry["weakest"] == [{"agreement": "uc-cloudco"}, {"own": "web-shop"}]
    assert report["findings"] == [
        {
            "code": "TARGET_UNSUPPORTED",
            "severity": "error",
            "subject": {"type": "agreement", "id": "sla-retail"},
            "service": "web-shop",
            "metric": None,
            "message": "Retail's 99.9% rests on CloudCo's 99.5% (MSA-2024-017 §4.2).",
            "evidence": {},
            "fix": "Ask CloudCo for 99.95% on Frontend.",
            "fingerprint": "TARGET_UNSUPPORTED:sla-retail",
        }
    ]


def test_values_have_full_precision_and_ratios_their_complements() -> None:
    tiny = view(Verdict.SUPPORTED, ratio(1.1e-13), ratio(1e-13), ratio(0.1 + 0.2))
    (entry,) = as_json(assessed(Verdict.SUPPORTED, contracted=tiny))["assessments"]
    assert entry["contracted"]["guaranteed"] == 1 - 1.1e-13
    assert entry["contracted"]["guaranteed_complement"] == 1.1e-13
    assert entry["contracted"]["independent_complement"] == 1e-13
    assert entry["contracted"]["ceiling_complement"] == 0.30000000000000004


def test_an_interval_is_a_pair_and_nothing_known_the_widest() -> None:
    (entry,) = as_json(assessed(Verdict.UNKNOWN))["assessments"]
    assert entry["contracted"]["guaranteed"] == [0.0, 0.9995]
    assert entry["contracted"]["guaranteed_complement"] == [1.0, 0.0005]
    assert entry["gap"] is None
    assert entry["weakest"] == [{"missing": "stock"}]


def test_infinity_is_null_inside_a_pair_and_a_bare_null_is_no_meaning() -> None:
    unknown = view(Verdict.UNKNOWN, plain(math.inf, 0.0), None, plain(math.inf, math.inf))
    (entry,) = as_json(assessed(Verdict.UNKNOWN, target=target("latency", "2 s", None), contracted=unknown))[
        "assessments"
    ]
    assert entry["contracted"]["guaranteed"] == [None, 0.0]
    assert entry["contracted"]["independent"] is None
    assert entry["contracted"]["ceiling"] == [None, None]
    assert "guaranteed_complement" not in entry["contracted"]
    assert entry["target"]["complement"] is None


def test_a_percentile_holds_its_fraction_reached_and_the_time_that_reaches_it() -> None:
    (entry,) = as_json(percentile())["assessments"]
    assert entry["target"]["value"] == 2.0
    assert entry["target"]["for"] == 0.95
    assert entry["contracted"]["independent"] == 1 - 0.0975
    assert entry["contracted"]["time_at"] == {"guaranteed": None, "independent": 2.4, "ceiling": 1.8}


def test_a_mean_and_a_priority_are_told() -> None:
    mean = target(
        "resolution_time", "8 h", None, for_="mean", population=Population(name="P1"), clock="office"
    )
    entry = as_json(assessed(target=mean, contracted=view(Verdict.SUPPORTED, plain(1.0), None, plain(1.0))))
    stated = entry["assessments"][0]["target"]
    assert (stated["for"], stated["priority"], stated["clock"], stated["value"]) == (
        "mean",
        "P1",
        "office",
        28_800.0,
    )


def test_drafts_are_marked_and_nothing_else_carries_the_mark() -> None:
    draft, signed = as_json(assessed(Verdict.UNSUPPORTED, draft=True), assessed(Verdict.SUPPORTED))[
        "assessments"
    ]
    assert draft["draft"] is True
    assert "draft" not in signed


def test_the_summary_counts_slas_and_summary_all_everything() -> None:
    report = as_json(
        assessed(Verdict.SUPPORTED), assessed(Verdict.UNKNOWN, agreement=PORTFOLIO.agreements[1])
    )
    assert report["summary"] == {
        "SUPPORTED": 1,
        "CONDITIONAL": 0,
        "UNSUPPORTED": 0,
        "INFEASIBLE": 0,
        "UNKNOWN": 0,
    }
    assert report["summary_all"]["UNKNOWN"] == 1
    assert list(report["summary"]) == ["SUPPORTED", "CONDITIONAL", "UNSUPPORTED", "INFEASIBLE", "UNKNOWN"]


def test_a_kind_that_is_not_stated_follows_from_the_parties() -> None:
    unstated = replace(PORTFOLIO.agreements[1], kind=None)
    assert as_json(assessed(agreement=unstated))["assessments"][0]["kind"] == "UC"


def test_what_costs_most_stands_in_full_beside_each_view() -> None:
    (entry,) = as_json(assessed(Verdict.INFEASIBLE))["assessments"]
    assert entry["contracted"]["weakest"][0] == {
        "agreement": "uc-cloudco",
        "service": "frontend",
        "share": 0.9,
        "value": 0.995,
        "complement": 0.005,
        "ref": "MSA-2024-017 §4.2",
    }


def test_a_basis_that_is_only_bounded_is_named() -> None:
    bounded = view(Verdict.UNSUPPORTED, ratio(0.01), replace(ratio(0.01, 0.001), certified=False), ratio(0.0))
    (entry,) = as_json(assessed(contracted=bounded))["assessments"]
    assert entry["contracted"]["bounds_only"] == ["independent"]


def test_equal_assessments_in_another_order_give_equal_bytes() -> None:
    targets = [assessed(verdict) for verdict in Verdict]
    findings = (
        finding(),
        finding("NO_AGREEMENT", Severity.WARNING, subject="stock", subject_type=SubjectType.SERVICE),
        finding("NO_AGREEMENT", Severity.WARNING, subject="pay", subject_type=SubjectType.SERVICE),
    )
    one = text(*targets, findings=findings, not_in_force=("b", "a"))
    other = text(*reversed(targets), findings=findings[::-1], not_in_force=("a", "b"))
    assert one == other
    assert one.endswith("}\n")


def test_evidence_of_every_kind_becomes_plain_values() -> None:
    evidence = {
        "path": ("pay", "host"),
        "at": DAY,
        "value": Decimal("0.5"),
        "exact": Fraction(1, 4),
        "worst": math.inf,
        "verdict": Verdict.UNKNOWN,
        "tags": frozenset({"b", "a"}),
        "inner": MappingProxyType({"count": 1}),
        "part": CLOUDCO.kind,
    }
    (reported,) = as_json(findings=(finding(evidence=evidence),))["findings"]
    assert reported["evidence"] == {
        "path": ["pay", "host"],
        "at": "2026-11-23",
        "value": 0.5,
        "exact": 0.25,
        "worst": None,
        "verdict": "UNKNOWN",
        "tags": ["a", "b"],
        "inner": {"count": 1},
        "part": "agreement",
    }


def test_hostile_names_come_back_as_they_were_and_no_terminal_obeys_them() -> None:
    hostile = HOSTILE + "\x7f\x9b\ud800\U000e0041"
    report = text(findings=(finding(subject=hostile),), portfolio=hostile)
    assert json.loads(report)["findings"][0]["subject"]["id"] == hostile
    assert all(char == "\n" or char.isprintable() for char in report)
    report.encode("utf-8")


def test_letters_are_not_escaped() -> None:
    assert "Zürich" in text(portfolio="Zürich")


def test_targets_without_a_verdict_are_listed_with_the_reason() -> None:
    listed = NotAssessed(agreement="uc-cloudco", service="frontend", metric="latency", reason="an objective")
    report = as_json(not_assessed=(listed,))
    assert report["not_assessed"] == [
        {"agreement": "uc-cloudco", "service": "frontend", "metric": "latency", "reason": "an objective"}
    ]


def test_both_views_are_reported_on_their_own() -> None:
    (entry,) = as_json(
        assessed(
            Verdict.INFEASIBLE, contracted=VIEWS[Verdict.SUPPORTED], achievable=VIEWS[Verdict.INFEASIBLE]
        )
    )["assessments"]
    assert (entry["contracted"]["verdict"], entry["achievable"]["verdict"]) == ("SUPPORTED", "INFEASIBLE")
