"""An assessment as JUnit XML: a test case a target, and one for each failing finding about none of them."""

from collections.abc import Iterable
from xml.etree import ElementTree as Xml

from olagraph.analysis.results import Finding, TargetAssessment
from olagraph.reports.about import speaks_of
from olagraph.reports.names import Names
from olagraph.reports.order import by_severity, by_verdict
from olagraph.reports.sentences import Wording
from olagraph.reports.subject import AssessmentReport
from olagraph.reports.visible import visible


def render(report: AssessmentReport) -> str:
    """One suite; what fails is what makes the command fail."""
    wording = Wording(Names(report.portfolio), currency=report.assessment.currency)
    findings = by_severity(report.assessment.findings)
    about: dict[str, list[Finding]] = {}
    for finding in findings:
        about.setdefault(finding.subject, []).append(finding)
    suite = Xml.Element("testsuite", name=visible(f"olagraph {report.assessment.portfolio}"))
    told: set[int] = set()
    for target in by_verdict(report.assessment.targets):
        mine = [finding for finding in about.get(target.agreement.id, ()) if speaks_of(finding, target)]
        told |= {id(finding) for finding in mine}
        case = _case(suite, name=_name(target, wording), group=target.agreement.id)
        _failure(case, [finding for finding in mine if report.counts(finding.severity, finding.fingerprint)])
        Xml.SubElement(case, "system-out").text = f"{target.verdict.value}: {wording.verdict(target)}"
    for finding in findings:
        if id(finding) not in told and report.counts(finding.severity, finding.fingerprint):
            where = " ".join(filter(None, (finding.subject, finding.service, finding.metric)))
            _failure(_case(suite, name=f"{finding.code} {where}", group=finding.subject), [finding])
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", "0")
    suite.set("skipped", "0")
    suite.set("time", "0")
    suites = Xml.Element(
        "testsuites", name="olagraph", tests=suite.get("tests", ""), failures=suite.get("failures", "")
    )
    suites.append(suite)
    Xml.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(suites, encoding="unicode") + "\n"


def _name(target: TargetAssessment, wording: Wording) -> str:
    return f"{target.service}: {wording.target(target.target, target.metric)}"


def _case(suite: Xml.Element, *, name: str, group: str) -> Xml.Element:
    return Xml.SubElement(suite, "testcase", classname=visible(group), name=visible(name), time="0")


def _failure(case: Xml.Element, findings: Iterable[Finding]) -> None:
    """One failure with every finding: a test case fails at most once."""
    told = [
        f"{finding.code} ({finding.severity.value}): {visible(finding.message)}"
        + (f"\n  Fix: {visible(finding.fix)}" if finding.fix else "")
        for finding in findings
    ]
    if told:
        first = next(iter(findings))
        failure = Xml.SubElement(case, "failure", type=visible(first.code), message=visible(first.message))
        failure.text = "\n".join(told)
