"""Which finding speaks of which assessed target."""

from olagraph.analysis.results import Finding, SubjectType, TargetAssessment, identity

VERDICT_CODE = "TARGET_"
"""The findings that state a target's verdict are called by it: TARGET_UNSUPPORTED."""


def speaks_of(finding: Finding, assessment: TargetAssessment) -> bool:
    """Whether `finding` is about the agreement, service and metric of `assessment`, and no other verdict."""
    return (
        finding.subject_type is SubjectType.AGREEMENT
        and finding.subject == assessment.agreement.id
        and finding.service in (None, assessment.service)
        and finding.metric in (None, assessment.metric.id)
        and (finding.target is None or finding.target == identity(assessment.agreement, assessment.target))
        and (not states_verdict(finding) or finding.code == VERDICT_CODE + assessment.verdict.value)
    )


def states_verdict(finding: Finding) -> bool:
    """Whether `finding` states a target's verdict."""
    return finding.code.startswith(VERDICT_CODE)
