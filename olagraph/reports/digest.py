"""What a report for people says about an assessment; text, Markdown and HTML only lay it out."""

import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from olagraph.analysis.results import (
    Assessment,
    Finding,
    Severity,
    SubjectType,
    TargetAssessment,
    Verdict,
    View,
)
from olagraph.model.entities import Agreement, AgreementKind, Family, Portfolio
from olagraph.reports.about import speaks_of, states_verdict
from olagraph.reports.codes import FindingCode, finding_code
from olagraph.reports.names import Names, distinct, enumeration, plural
from olagraph.reports.order import VERDICTS_COUNTED, by_severity, by_verdict
from olagraph.reports.sentences import NO_MEANING, NOT_KNOWN, VERDICT_WORDS, Wording, views_shown
from olagraph.reports.visible import label, visible

SEVERITY_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewLine:
    """The values of one view, as text."""

    view: View
    verdict: Verdict
    guaranteed: str
    independent: str
    ceiling: str
    times: str | None

    @property
    def empty(self) -> bool:
        """Whether nothing is known on any basis."""
        return {self.guaranteed, self.independent, self.ceiling} <= {NO_MEANING, NOT_KNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetEntry:
    """One assessed target, as text.

    Attributes:
        agreement, clause, link: the promise; where it is written; an address as stated.
        target: "availability 99.9% a month"; `allowed` what that allows: "43 min".
        customers: the other party; empty for standard terms.
        sentence: the verdict in one sentence.
        remarks: what the reader must know besides.
        differ: whether the views differ; then `views` holds both, else the one that decided.
        fix: what to do about it.
    """

    verdict: Verdict
    kind: AgreementKind
    agreement: str
    clause: str | None
    link: str | None
    service: str
    target: str
    allowed: str | None
    customers: str
    draft: bool
    sentence: str
    remarks: tuple[str, ...]
    differ: bool
    views: tuple[ViewLine, ...]
    fix: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingEntry:
    """One finding, as text; `with_target`: it repeats the verdict of an SLA's target listed above."""

    subject: str
    message: str
    fix: str | None
    with_target: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeGroup:
    """The findings of one code and severity."""

    code: FindingCode
    severity: Severity
    entries: tuple[FindingEntry, ...]

    @property
    def listed(self) -> tuple[FindingEntry, ...]:
        """Those that are not told with their targets."""
        return tuple(entry for entry in self.entries if not entry.with_target)

    def shown(self, most: int) -> tuple[FindingEntry, ...]:
        """The first `most` of those listed, one more if it is the last; a fix follows the last it is for."""
        listed = self.listed if len(self.listed) <= most + 1 else self.listed[:most]
        following = (*(entry.fix for entry in listed[1:]), None)
        return tuple(
            replace(entry, fix=None) if entry.fix == fix else entry
            for entry, fix in zip(listed, following, strict=False)
        )

    def folded(self, most: int) -> str | None:
        """The subjects of those listed but not shown, in words; None where all are shown."""
        rest = self.listed[len(self.shown(most)) :]
        subjects = distinct(entry.subject for entry in rest)
        return f"{len(rest):,} more: {enumeration(subjects, most=_MOST_NAMED)}" if rest else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a report says, in the order in which it says it.

    Attributes:
        summary, background: the SLAs in one line; the OLAs and UCs in one line, None without any.
        counted: how many findings there are, in one line.
        slas, others: targets of SLAs; of OLAs and UCs; worst first.
        findings: groups, errors first, without those that the baseline has.
        not_in_force: the agreements, in words; None without any. not_assessed: one clause a reason.
        next_steps: commands with what they are for.
    """

    title: str
    as_of: date
    summary: str
    background: str | None
    slas: tuple[TargetEntry, ...]
    others: tuple[TargetEntry, ...]
    counted: str
    findings: tuple[CodeGroup, ...]
    not_in_force: str | None
    not_assessed: tuple[str, ...]
    next_steps: tuple[tuple[str, str], ...]

    def count(self, severity: Severity) -> int:
        """How many findings of a severity are listed."""
        return sum(len(group.entries) for group in self.findings if group.severity is severity)


def digest(
    portfolio: Portfolio, assessment: Assessment, *, baseline: frozenset[str], source: str | None
) -> Digest:
    """What to say about `assessment`.

    Args:
        baseline: fingerprints of the findings that are known already.
        source: the portfolio as named on the command line, for the commands to try next.
    """
    names = Names(portfolio)
    wording = Wording(names, currency=assessment.currency)
    ordered = by_verdict(assessment.targets)
    about: dict[str, list[Finding]] = {}
    for finding in assessment.findings:
        about.setdefault(finding.subject, []).append(finding)
    entries = [target_entry(each, wording, findings=about.get(each.agreement.id, ())) for each in ordered]
    slas = [entry for entry in entries if entry.kind is AgreementKind.SLA]
    others = [entry for entry in entries if entry.kind is not AgreementKind.SLA]
    new = [finding for finding in assessment.findings if finding.fingerprint not in baseline]
    return Digest(
        title=label(assessment.portfolio) or "Portfolio",
        as_of=assessment.as_of,
        summary=_summary(slas, "SLA target") if slas else "No SLA target was assessed.",
        background=_summary(others, "OLA or UC target") if others else None,
        slas=tuple(slas),
        others=tuple(others),
        counted=_counted(new, repeated=len(assessment.findings) - len(new)),
        findings=tuple(_groups(new, slas={entry.agreement for entry in slas})),
        not_in_force=_not_in_force(assessment, names),
        not_assessed=tuple(_not_assessed(assessment, names)),
        next_steps=tuple(_next_steps(ordered, names, source)),
    )


def target_entry(
    assessment: TargetAssessment, wording: Wording, *, findings: Iterable[Finding] = ()
) -> TargetEntry:
    """One assessed target in words, with the fix that its finding suggests."""
    agreement = assessment.agreement
    shown = views_shown(assessment)
    return TargetEntry(
        verdict=assessment.verdict,
        kind=wording.names.kind(agreement),
        agreement=label(agreement.id),
        clause=label(agreement.ref) if agreement.ref else None,
        link=agreement.link,
        service=wording.names.service(assessment.service),
        target=wording.target(assessment.target, assessment.metric),
        allowed=wording.allowed(assessment),
        customers=wording.names.customers(agreement),
        draft=assessment.draft,
        sentence=wording.verdict(assessment),
        remarks=tuple(_remarks(assessment)),
        differ=len(shown) > 1,
        views=tuple(_view_line(assessment, view, wording) for view in shown),
        fix=next(
            (
                visible(each.fix)
                for each in findings
                if each.fix and states_verdict(each) and speaks_of(each, assessment)
            ),
            None,
        ),
    )


def _view_line(assessment: TargetAssessment, view: View, wording: Wording) -> ViewLine:
    values = assessment.view(view)
    return ViewLine(
        view=view,
        verdict=values.verdict,
        guaranteed=wording.level(values.guaranteed, assessment),
        independent=wording.level(values.independent, assessment),
        ceiling=wording.level(values.ceiling, assessment),
        times=wording.times(values, assessment),
    )


def _remarks(assessment: TargetAssessment) -> Iterable[str]:
    if assessment.resold:
        yield "Resold: the service is another provider's."
    if assessment.metric.family is Family.FAILURE_REPAIR:  # words differ between standards (SEMANTICS §5)
        yield f"{label(assessment.metric.id)} as in {label(assessment.metric.source)}."


def _summary(entries: Sequence[TargetEntry], noun: str) -> str:
    """`5 SLA targets: 2 hold, 1 holds only if failures are independent, 1 does not hold, 1 is not known.`"""
    counts = Counter(entry.verdict for entry in entries)
    parts = [
        f"{counts[verdict]:,} {_agreeing(VERDICT_WORDS[verdict], counts[verdict])}"
        for verdict in VERDICTS_COUNTED
        if counts[verdict]
    ]
    drafts = sum(entry.draft for entry in entries)
    tail = f"; {drafts:,} of these {'is a draft' if drafts == 1 else 'are drafts'}." if drafts else "."
    return f"{plural(len(entries), noun)}: {', '.join(parts)}{tail}"


def _agreeing(words: str, count: int) -> str:
    """The verdict's words in the number of `count`."""
    if count == 1:
        return words
    first, _, rest = words.partition(" ")
    return f"{ {'holds': 'hold', 'does': 'do', 'is': 'are'}.get(first, first) } {rest}".strip()


def _groups(findings: Iterable[Finding], *, slas: set[str]) -> Iterable[CodeGroup]:
    grouped: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in by_severity(findings):
        grouped.setdefault((finding.severity, finding.code), []).append(finding)
    for (severity, code), members in grouped.items():
        yield CodeGroup(
            code=finding_code(code),
            severity=severity,
            entries=tuple(_finding_entry(finding, slas=slas) for finding in members),
        )


def _finding_entry(finding: Finding, *, slas: set[str]) -> FindingEntry:
    subject = label(finding.subject)
    return FindingEntry(
        subject=subject,
        message=visible(finding.message),
        fix=visible(finding.fix) if finding.fix else None,
        with_target=states_verdict(finding)
        and finding.subject_type is SubjectType.AGREEMENT
        and subject in slas,
    )


def _counted(findings: Sequence[Finding], *, repeated: int) -> str:
    counts = Counter(finding.severity for finding in findings)
    parts = [plural(counts[severity], noun) for severity, noun in SEVERITY_NOUNS.items() if counts[severity]]
    tail = f" {plural(repeated, 'finding')} of the baseline not repeated here." if repeated else ""
    return f"Findings: {', '.join(parts) or 'none'}.{tail}"


def _not_in_force(assessment: Assessment, names: Names) -> str | None:
    if not assessment.not_in_force:
        return None
    named = [
        _out_of_force(id, names.agreement(id), assessment.as_of) for id in sorted(assessment.not_in_force)
    ]
    count = plural(len(named), "agreement")
    return f"Not in force on {assessment.as_of}, {count}: {enumeration(named, most=_MOST_NAMED)}."


def _out_of_force(id: str, agreement: Agreement | None, day: date) -> str:
    if agreement and agreement.from_ and day < agreement.from_:
        return f"{label(id)} (begins {agreement.from_})"
    if agreement and agreement.to and agreement.to < day:
        return f"{label(id)} (ended {agreement.to})"
    return label(id)


def _not_assessed(assessment: Assessment, names: Names) -> Iterable[str]:
    by_reason: dict[str, dict[tuple[str, str], list[str]]] = {}
    for each in sorted(
        assessment.not_assessed, key=lambda each: (each.agreement, each.metric, each.service or "")
    ):
        targets = by_reason.setdefault(visible(each.reason), {})
        services = targets.setdefault((each.agreement, each.metric), [])
        if each.service:
            services.append(names.service(each.service))
    for reason, targets in by_reason.items():
        members = []
        for (agreement, metric), services in targets.items():
            where = f" on {enumeration(distinct(services), most=3)}" if services else ""
            members.append(f"{label(agreement)} ({label(metric).replace('_', ' ')}{where})")
        yield f"{reason}: {', '.join(members)}"


def _next_steps(
    ordered: Sequence[TargetAssessment], names: Names, source: str | None
) -> Iterable[tuple[str, str]]:
    if source is None:
        return
    named = visible(shlex.quote(source))
    slas = [each for each in ordered if names.kind(each.agreement) is AgreementKind.SLA]
    worst = next(iter(slas or ordered), None)
    if worst is not None:
        yield f"olagraph explain {named} {label(worst.agreement.id)}", "why, step by step"
    yield f"olagraph assess {named} --format html --output report.html", "everything, on a page"
