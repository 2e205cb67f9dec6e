"""An assessment as JSON: the contract of docs/command-line.md, "assess --format json"."""

from collections.abc import Iterable

from olagraph.analysis.results import TargetAssessment
from olagraph.model.entities import AgreementKind
from olagraph.reports import plain
from olagraph.reports.names import Names
from olagraph.reports.order import VERDICTS_COUNTED, by_severity, by_verdict
from olagraph.reports.subject import AssessmentReport


def render(report: AssessmentReport) -> str:
    """The assessment as one JSON object; equal assessments give equal bytes."""
    return plain.document(as_object(report))


def as_object(report: AssessmentReport) -> plain.JsonObject:
    """The assessment as plain values."""
    assessment, names = report.assessment, Names(report.portfolio)
    slas = [each for each in assessment.targets if names.kind(each.agreement) is AgreementKind.SLA]
    return {
        "portfolio": assessment.portfolio,
        "currency": assessment.currency,
        "as_of": assessment.as_of.isoformat(),
        "revision": assessment.revision,
        "not_in_force": list[plain.JsonValue](sorted(assessment.not_in_force)),
        "summary": _counts(slas),
        "summary_all": _counts(assessment.targets),
        "assessments": [plain.assessment(each, names) for each in by_verdict(assessment.targets)],
        "not_assessed": [
            {
                "agreement": each.agreement,
                "service": each.service,
                "metric": each.metric,
                "reason": each.reason,
            }
            for each in sorted(
                assessment.not_assessed,
                key=lambda each: (each.agreement, each.service or "", each.metric, each.reason),
            )
        ],
        "findings": [plain.finding(each) for each in by_severity(assessment.findings)],
    }


def _counts(targets: Iterable[TargetAssessment]) -> plain.JsonObject:
    """How many targets have each verdict; every verdict is there."""
    counts = dict.fromkeys(VERDICTS_COUNTED, 0)
    for each in targets:
        counts[each.verdict] += 1
    return {verdict.value: count for verdict, count in counts.items()}
