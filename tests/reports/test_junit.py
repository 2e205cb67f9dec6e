"""The assessment as JUnit XML, for the test view of a pipeline."""

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as Xml

from olagraph.analysis.results import Severity, SubjectType, Verdict, identity
from olagraph.reports import AssessmentReport, render
from tests.reports.builders import HOSTILE, PORTFOLIO, assessed, assessment, finding, percentile


def as_junit(*targets: Any, findings: Any = (), **others: Any) -> Xml.Element:
    """The one suite of the report."""
    report = AssessmentReport(
        portfolio=PORTFOLIO, assessment=assessment(*targets, findings=findings), **others
    )
    suites = Xml.fromstring(render(report, "junit").encode())
    (suite,) = suites
    assert suites.get("failures") == suite.get("failures")
    return suite


def test_a_test_case_a_target_named_as_people_would() -> None:
    suite = as_junit(assessed(Verdict.SUPPORTED), percentile(Verdict.SUPPORTED))
    assert [(case.get("classname"), case.get("name")) for case in suite] == [
        ("sla-retail", "web-shop: availability 99.9% a month"),
        ("sla-retail", "web-shop: latency 2 s for 95%"),
    ]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "0")


def test_an_error_fails_the_test_case_of_its_target_only() -> None:
    target = assessed(Verdict.UNSUPPORTED)
    which = identity(target.agreement, target.target)
    suite = as_junit(
        target,
        percentile(Verdict.SUPPORTED),
        findings=(finding(service="web-shop", metric="availability", target=which),),
    )
    failed, passed = suite
    failure = failed.find("failure")
    assert failure is not None
    assert failure.get("type") == "TARGET_UNSUPPORTED"
    assert "Fix: Ask CloudCo for 99.95% on Frontend." in str(failure.text)
    assert passed.find("failure") is None


def test_an_error_about_no_target_has_a_test_case_of_its_own() -> None:
    suite = as_junit(findings=(finding("OVERSUBSCRIBED", subject="pay", subject_type=SubjectType.SERVICE),))
    (case,) = suite
    assert case.get("name") == "OVERSUBSCRIBED pay"
    assert case.find("failure") is not None


def test_what_fails_is_what_makes_the_command_fail() -> None:
    warning = finding("NO_AGREEMENT", Severity.WARNING, subject="pay", subject_type=SubjectType.SERVICE)
    assert len(as_junit(findings=(warning,))) == 0
    assert as_junit(findings=(warning,), fail_on=Severity.WARNING).get("failures") == "1"
    assert len(as_junit(findings=(finding(),), fail_on=None)) == 0
    assert len(as_junit(findings=(finding(),), baseline=frozenset({finding().fingerprint}))) == 0


def test_hostile_names_are_text_and_legal_in_xml() -> None:
    hostile = HOSTILE + "\ud800\ufffe\x0b"
    suite = as_junit(
        assessed(agreement=replace(PORTFOLIO.agreements[0], id=hostile), service=hostile),
        findings=(
            finding("CYCLE", subject=hostile, subject_type=SubjectType.SERVICE, message=hostile, fix=hostile),
        ),
    )
    assert [child.tag for child in suite] == ["testcase", "testcase"]
    assert "<script>alert(1)</script>" in str(suite[0].get("classname"))
