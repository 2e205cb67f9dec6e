"""The one order in which every report lists things, so that equal assessments give equal bytes."""

from collections.abc import Iterable

from olagraph.analysis.results import Finding, TargetAssessment, Verdict

VERDICTS_COUNTED = (
    Verdict.SUPPORTED,
    Verdict.CONDITIONAL,
    Verdict.UNSUPPORTED,
    Verdict.INFEASIBLE,
    Verdict.UNKNOWN,
)
"""The order in which a summary counts verdicts (FORMAT, "assess --format json")."""


def by_verdict(assessments: Iterable[TargetAssessment]) -> list[TargetAssessment]:
    """The worst verdict first; within one, by agreement, service, metric, priority and statistic."""
    return sorted(assessments, key=lambda each: (each.verdict.rank, *_identity(each)))


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first; within a severity, by code, subject and fingerprint."""
    return sorted(
        findings,
        key=lambda each: (
            each.severity.rank,
            each.code,
            each.subject_type.value,
            each.subject,
            each.service or "",
            each.metric or "",
            each.fingerprint,
            each.message,
        ),
    )


def _identity(assessment: TargetAssessment) -> tuple[str, ...]:
    target = assessment.target
    return (
        assessment.agreement.id,
        assessment.service,
        assessment.metric.id,
        target.population.name if target.population else "",
        str(target.for_ or ""),
        str(target.clock or ""),
        str(target.window or ""),
        str(target.value),
    )
