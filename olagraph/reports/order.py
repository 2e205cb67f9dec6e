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
    return sorted(assessments, key=lambda each: (each.verdict.rank, *target_place(each)))


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first; within a severity, by code, subject and fingerprint."""
    return sorted(findings, key=lambda each: (each.severity.rank, *finding_place(each)))


def finding_place(finding: Finding) -> tuple[str, ...]:
    """The place of a finding among those of its severity."""
    return (
        finding.code,
        finding.subject_type.value,
        finding.subject,
        finding.service or "",
        finding.metric or "",
        finding.fingerprint,
        finding.message,
    )


def target_place(assessment: TargetAssessment) -> tuple[str, ...]:
    """The place of an assessed target among those of its verdict."""
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
