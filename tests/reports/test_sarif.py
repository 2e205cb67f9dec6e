"""The findings as SARIF 2.1.0."""

import json
from typing import Any

import pytest

from olagraph.analysis.results import Severity, SubjectType
from olagraph.reports import AssessmentReport, render
from tests.reports.builders import HOSTILE, PORTFOLIO, assessment, finding


def as_sarif(*findings: Any, **others: Any) -> Any:
    """The one run of the report."""
    report = AssessmentReport(portfolio=PORTFOLIO, assessment=assessment(findings=findings), **others)
    log = json.loads(render(report, "sarif"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


def test_a_result_a_finding_with_the_rule_of_its_code() -> None:
    run = as_sarif(finding(), finding("NO_AGREEMENT", Severity.WARNING), finding("UNMEASURED", Severity.INFO))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["NO_AGREEMENT", "TARGET_UNSUPPORTED", "UNMEASURED"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]
    assert run["results"][0]["message"]["text"].endswith("Fix: Ask CloudCo for 99.95% on Frontend.")


def test_the_fingerprint_keeps_a_result_s_identity() -> None:
    (result,) = as_sarif(finding(fingerprint="abc"))["results"]
    assert result["partialFingerprints"] == {"olagraphFinding/v1": "abc"}


def test_the_subject_is_a_logical_location() -> None:
    (result,) = as_sarif(finding("CYCLE", subject="pay", subject_type=SubjectType.SERVICE))["results"]
    (location,) = result["locations"]
    assert location == {
        "logicalLocations": [{"name": "pay", "fullyQualifiedName": "service/pay", "kind": "service"}]
    }


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("fixtures/shop.yaml", "fixtures/shop.yaml"),
        ("./my shop#1.yaml", "my%20shop%231.yaml"),
        ("c:shop.yaml", "c%3Ashop.yaml"),
        ("/srv/shop ä.yaml", "file:///srv/shop%20%C3%A4.yaml"),
    ],
)
def test_the_source_file_is_the_place_as_a_uri(source: str, uri: str) -> None:
    (result,) = as_sarif(finding(), source=source)["results"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical == {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}}


def test_a_baseline_says_what_is_new() -> None:
    old, new = finding(fingerprint="old"), finding("CYCLE", fingerprint="new")
    states = {
        result["partialFingerprints"]["olagraphFinding/v1"]: result["baselineState"]
        for result in as_sarif(old, new, baseline=frozenset({"old"}))["results"]
    }
    assert states == {"old": "unchanged", "new": "new"}


def test_a_code_that_is_not_in_the_table_has_a_rule_of_its_own_words() -> None:
    run = as_sarif(finding("BRAND_NEW_CHECK"))
    assert run["tool"]["driver"]["rules"][0]["shortDescription"]["text"] == "Brand new check"


def test_hostile_text_is_spelled_out_in_the_message() -> None:
    (result,) = as_sarif(finding(message=HOSTILE, subject=HOSTILE))["results"]
    assert "\\x1b[31m" in result["message"]["text"]
    assert result["message"]["text"].isprintable()
