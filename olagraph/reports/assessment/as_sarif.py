"""The findings of an assessment as SARIF 2.1.0, for code scanning and editors."""

from pathlib import PurePath
from urllib.parse import quote

from olagraph.analysis.results import Finding, Severity
from olagraph.reports import plain
from olagraph.reports.codes import finding_code
from olagraph.reports.order import by_severity
from olagraph.reports.subject import AssessmentReport
from olagraph.reports.visible import visible

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_FINGERPRINT = "olagraphFinding/v1"


def render(report: AssessmentReport) -> str:
    """One run with a rule a finding code, and a result a finding."""
    findings = by_severity(report.assessment.findings)
    codes = sorted({finding.code for finding in findings})
    driver: plain.JsonObject = {"name": "olagraph", "rules": [_rule(code) for code in codes]}
    if report.version:
        driver["version"] = report.version
    run: plain.JsonObject = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding.code), report) for finding in findings],
        "properties": {
            "portfolio": report.assessment.portfolio,
            "as_of": report.assessment.as_of.isoformat(),
        },
    }
    return plain.document({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(code: str) -> plain.JsonObject:
    row = finding_code(code)
    return {
        "id": row.code,
        "name": "".join(word.capitalize() for word in row.code.split("_")),
        "shortDescription": {"text": row.title},
        "fullDescription": {"text": row.help},
        "help": {"text": row.help},
        "defaultConfiguration": {"level": _LEVELS[row.severity]},
    }


def _result(finding: Finding, rule: int, report: AssessmentReport) -> plain.JsonObject:
    said = visible(finding.message) + (f" Fix: {visible(finding.fix)}" if finding.fix else "")
    result: plain.JsonObject = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": said},
        "locations": [_location(finding, report.source)],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        "properties": {
            "service": finding.service,
            "metric": finding.metric,
            "evidence": plain.plain_value(finding.evidence),
        },
    }
    if report.baseline:
        result["baselineState"] = "unchanged" if finding.fingerprint in report.baseline else "new"
    return result


def _location(finding: Finding, source: str | None) -> plain.JsonObject:
    """The thing in the portfolio, and the file where it is known."""
    kind = finding.subject_type.value
    location: plain.JsonObject = {
        "logicalLocations": [
            {"name": finding.subject, "fullyQualifiedName": f"{kind}/{finding.subject}", "kind": kind}
        ]
    }
    if source is not None:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": _uri(source)},
            "region": {"startLine": 1},
        }
    return location


def _uri(source: str) -> str:
    """A path as a URI reference: relative ones stay relative, so that they are found in the repository."""
    path = PurePath(source)
    if path.is_absolute():
        return path.as_uri()
    # A colon in the first segment would read as a scheme.
    return quote(path.as_posix(), safe="/", errors="surrogateescape")
