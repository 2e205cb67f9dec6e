"""The verdicts and findings of one snapshot on one day as lists and pages need them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from olagraph.analysis.results import (
    Assessment,
    Finding,
    NotAssessed,
    Severity,
    SubjectType,
    TargetAssessment,
    Verdict,
    identity,
)
from olagraph.model.entities import AgreementKind
from olagraph.reports.about import speaks_of, states_verdict
from olagraph.reports.codes import finding_code
from olagraph_api.schema.grouping import grouped
from olagraph_api.schema.lazily import lazily
from olagraph_api.schema.paging import Lists, Order, Ordered
from olagraph_api.schema.search import folded_words
from olagraph_api.snapshots import Snapshot


class Judgements:
    """Look-ups in one assessment.

    Attributes:
        day: of assessment.
    """

    def __init__(self, snapshot: Snapshot, day: date) -> None:
        self._snapshot = snapshot
        self.day = day
        self._lists = Lists()

    @lazily
    def assessment(self) -> Assessment:
        """The assessment; it takes its time when it is not known yet."""
        return self._snapshot.assessment(self.day)

    def targets(self, order: Order[TargetAssessment]) -> Ordered[TargetAssessment]:
        """All assessed targets."""
        return self._lists.ordered("targets", self.assessment.targets, order)

    def findings(self, order: Order[Finding]) -> Ordered[Finding]:
        """All findings."""
        return self._lists.ordered("findings", self.assessment.findings, order)

    @lazily
    def not_assessed(self) -> Sequence[NotAssessed]:
        """The targets without a verdict, in the order of the reports."""
        return sorted(
            self.assessment.not_assessed,
            key=lambda each: (each.agreement, each.service or "", each.metric, each.reason),
        )

    # By what they belong to ----------------------------------------------------------------------------------

    @lazily
    def targets_of_agreement(self) -> Mapping[str, Sequence[TargetAssessment]]:
        """Assessed targets by agreement."""
        return grouped(self.assessment.targets, lambda each: (each.agreement.id,))

    @lazily
    def targets_of_service(self) -> Mapping[str, Sequence[TargetAssessment]]:
        """Assessed targets by covered service."""
        return grouped(self.assessment.targets, lambda each: (each.service,))

    @lazily
    def findings_of_agreement(self) -> Mapping[str, Sequence[Finding]]:
        """Findings by the agreement that they are about."""
        return grouped(
            self.assessment.findings,
            lambda each: (each.subject,) if each.subject_type is SubjectType.AGREEMENT else (),
        )

    @lazily
    def findings_of_service(self) -> Mapping[str, Sequence[Finding]]:
        """Findings by the service that they are about, or that they speak of."""
        return grouped(self.assessment.findings, services_of)

    # Counts and single ones ----------------------------------------------------------------------------------

    @lazily
    def verdicts(self) -> Mapping[AgreementKind, Mapping[Verdict, int]]:
        """How many targets of each kind of agreement have each verdict."""
        kind_of = self._snapshot.graph.kind_of
        counts: dict[AgreementKind, Counter[Verdict]] = {kind: Counter() for kind in AgreementKind}
        for each in self.assessment.targets:
            counts[kind_of(each.agreement)][each.verdict] += 1
        return counts

    @lazily
    def severities(self) -> Mapping[Severity, int]:
        """How many findings have each severity."""
        return Counter(each.severity for each in self.assessment.findings)

    def worst(self, agreement: str) -> Verdict | None:
        """The worst verdict on any target of an agreement; None where none is assessed."""
        verdicts = [each.verdict for each in self.targets_of_agreement.get(agreement, ())]
        return min(verdicts, key=lambda verdict: verdict.rank, default=None)

    def fix(self, target: TargetAssessment) -> str | None:
        """What would make a target hold, in words."""
        for finding in self.findings_of_agreement.get(target.agreement.id, ()):
            if states_verdict(finding) and finding.fix is not None and speaks_of(finding, target):
                return finding.fix
        return None

    @lazily
    def parts(self) -> Mapping[int, tuple[str | None, ...]]:
        """What tells each assessed target from all others of the portfolio, by the target's identity in memory."""
        return {id(target): parts for parts, target in self.by_parts.items()}

    @lazily
    def by_parts(self) -> Mapping[tuple[str | None, ...], TargetAssessment]:
        """Assessed targets by what tells them apart."""
        found: dict[tuple[str | None, ...], TargetAssessment] = {}
        for target in self.assessment.targets:
            parts = told_apart(target)
            alike = 0
            while (key := (*parts, str(alike)) if alike else parts) in found:
                alike += 1
            found[key] = target
        return found

    @lazily
    def by_fingerprint(self) -> Mapping[str, Finding]:
        """Findings by fingerprint."""
        return {finding.fingerprint: finding for finding in self.assessment.findings}

    @lazily
    def finding_texts(self) -> Mapping[str, str]:
        """What is searched of a finding, by fingerprint."""
        return {
            each.fingerprint: folded_words(
                (
                    each.code,
                    finding_code(each.code).title,
                    each.message,
                    each.subject,
                    each.service,
                    each.metric,
                )
            )
            for each in self.assessment.findings
        }


def told_apart(target: TargetAssessment) -> tuple[str | None, ...]:
    """Agreement, service, metric, and what tells the agreement's targets on the metric apart."""
    return (
        target.agreement.id,
        target.service,
        target.metric.id,
        *identity(target.agreement, target.target),
    )


def services_of(finding: Finding) -> tuple[str, ...]:
    """The services that a finding is about or speaks of."""
    subject = finding.subject if finding.subject_type is SubjectType.SERVICE else None
    return tuple(dict.fromkeys(service for service in (subject, finding.service) if service is not None))
