"""Assessments as they are written back into a store."""

from olagraph.analysis.results import Assessment, Verdict, identity
from olagraph.documents.entities import HEADER_KEY, Key
from olagraph.model.entities import Portfolio
from olagraph.stores.store import TargetVerdict, WrittenAssessment, WrittenFinding


def written_assessment(assessment: Assessment, portfolio: Portfolio, *, revision: int) -> WrittenAssessment:
    """What is written back of an assessment of `portfolio`, which is at `revision`.

    A verdict on an inherited target counts for the agreement; the target itself is its parent's.
    """
    stated = {agreement.id: agreement.targets for agreement in portfolio.agreements}
    agreements: dict[str, Verdict] = {}
    targets: dict[tuple[str, int], TargetVerdict] = {}
    for assessed in assessment.targets:
        agreement = assessed.agreement
        known = agreements.get(agreement.id)
        if known is None or assessed.verdict.rank < known.rank:
            agreements[agreement.id] = assessed.verdict
        asked = assessed.metric.id, identity(agreement, assessed.target)
        for index, target in enumerate(stated[agreement.id]):
            if (target.metric, identity(agreement, target)) == asked:
                worst = targets.get((agreement.id, index))
                if worst is None or assessed.verdict.rank < worst.verdict.rank:
                    verdict = TargetVerdict(agreement.id, index, assessed.verdict, assessed.gap)
                    targets[agreement.id, index] = verdict
    return WrittenAssessment(
        revision=revision,
        as_of=assessment.as_of,
        agreements=agreements,
        targets=tuple(targets[key] for key in sorted(targets)),
        findings=tuple(
            sorted(
                (
                    WrittenFinding(
                        code=finding.code,
                        severity=finding.severity,
                        message=finding.message,
                        fingerprint=finding.fingerprint,
                        subject=_subject(finding.subject_type, finding.subject),
                    )
                    for finding in assessment.findings
                ),
                key=lambda finding: finding.fingerprint,
            )
        ),
    )


def _subject(kind: str, id_: str) -> Key:
    return HEADER_KEY if kind == HEADER_KEY.kind else Key(kind, id_)
