"""An assessment as text for service managers: the worst first, minutes beside percentages, clauses named."""

from collections.abc import Iterator, Sequence

from olagraph.analysis.results import Verdict
from olagraph.reports.digest import SEVERITY_NOUNS, CodeGroup, Digest, TargetEntry, ViewLine, digest
from olagraph.reports.layout import SEVERITY_ICONS, SEVERITY_INKS, VERDICT_ICONS, VERDICT_INKS, Ink, Layout
from olagraph.reports.subject import AssessmentReport

_SHOWN_OF_A_CODE = 5


def render(report: AssessmentReport, layout: Layout) -> str:
    """The assessment in lines of the layout's width."""
    said = digest(report.portfolio, report.assessment, baseline=report.baseline, source=report.source)
    sections = [
        _head(said, layout),
        _targets(said.slas, layout),
        *_findings(said, layout),
        layout.wrap(said.not_in_force or "", indent=0),
        _not_assessed(said, layout),
        _next_steps(said, layout),
    ]
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


def _head(said: Digest, layout: Layout) -> list[str]:
    return [
        *(layout.paint(line, Ink.HEADING) for line in layout.wrap(f"{said.title}, {said.as_of}", indent=0)),
        *layout.wrap(said.summary, indent=0),
        *(layout.wrap(f"Behind them {said.background}", indent=0) if said.background else ()),
        *layout.wrap(said.counted, indent=0),
    ]


def _targets(entries: Sequence[TargetEntry], layout: Layout) -> list[str]:
    if not entries:
        return []
    return [
        layout.paint("SLA targets, the worst first", Ink.HEADING),
        *(line for entry in entries for line in target_lines(entry, layout)),
    ]


def target_lines(entry: TargetEntry, layout: Layout) -> Iterator[str]:
    """One assessed target: a headline, a sentence, the values where they matter, and what to do."""
    mark = f"{VERDICT_ICONS[entry.verdict]} {entry.verdict.value}{' (draft)' if entry.draft else ''}"
    clause = f" ({entry.clause})" if entry.clause else ""
    allowed = f" ({entry.allowed})" if entry.allowed else ""
    headline = layout.wrap(
        f"{entry.agreement}{clause}: {entry.service}, {entry.target}{allowed}", indent=16, first=f"{mark}  "
    )
    ink = VERDICT_INKS[entry.verdict]
    yield headline[0].replace(mark, layout.paint(mark, ink), 1)
    yield from headline[1:]
    yield from layout.wrap(entry.sentence, indent=6)
    if entry.differ or entry.verdict is not Verdict.SUPPORTED or entry.views[0].times:
        for view in entry.views:
            if not view.empty:
                yield from _view_lines(view, layout)
    for remark in entry.remarks:
        yield from layout.wrap(remark, indent=6)
    if entry.fix:
        yield from layout.wrap(entry.fix, indent=8, first="      → ")


def _view_lines(view: ViewLine, layout: Layout) -> Iterator[str]:
    times = f"; {view.times}" if view.times else ""
    yield from layout.wrap(
        f"{view.verdict.value}: guaranteed {view.guaranteed}, independent {view.independent},"
        f" ceiling {view.ceiling}{times}",
        indent=18,
        first=f"      {view.view.value}",
    )


def _findings(said: Digest, layout: Layout) -> Iterator[list[str]]:
    for severity, noun in SEVERITY_NOUNS.items():
        groups = [group for group in said.findings if group.severity is severity]
        if groups:
            heading = f"{SEVERITY_ICONS[severity]} {noun.capitalize()}s ({said.count(severity):,})"
            yield [
                layout.paint(heading, SEVERITY_INKS[severity]),
                *(line for group in groups for line in _group_lines(group, layout)),
            ]


def _group_lines(group: CodeGroup, layout: Layout) -> Iterator[str]:
    """The findings of one code: a few in full, the rest by name; those told with targets are counted."""
    heading = f"{group.code.title} [{group.code.code}], {len(group.entries):,}"
    yield from layout.wrap(heading if group.listed else f"{heading}: see the targets above", indent=2)
    for entry in group.shown(_SHOWN_OF_A_CODE):
        yield from layout.wrap(entry.message, indent=6, first="    - ")
        if entry.fix:
            yield from layout.wrap(entry.fix, indent=8, first="      → ")
    folded = group.folded(_SHOWN_OF_A_CODE)
    if folded:
        yield from layout.wrap(folded, indent=6, first="    + ")


def _not_assessed(said: Digest, layout: Layout) -> list[str]:
    if not said.not_assessed:
        return []
    return [
        layout.paint("Listed, not assessed", Ink.HEADING),
        *(line for clause in said.not_assessed for line in layout.wrap(clause, indent=4, first="  - ")),
    ]


def _next_steps(said: Digest, layout: Layout) -> list[str]:
    """Commands stand on lines of their own, unbroken, so that they can be copied."""
    if not said.next_steps:
        return []
    width = max(len(command) for command, _ in said.next_steps)
    return [
        layout.paint("Next", Ink.HEADING),
        *(
            f"  {command:<{width}}  {layout.paint(purpose, Ink.QUIET)}"
            for command, purpose in said.next_steps
        ),
    ]
