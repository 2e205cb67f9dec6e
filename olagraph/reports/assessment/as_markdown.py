"""An assessment as Markdown, to be posted under a merge request."""

from collections.abc import Iterator, Sequence

from olagraph.analysis.results import Verdict
from olagraph.reports.digest import SEVERITY_NOUNS, CodeGroup, Digest, TargetEntry, digest
from olagraph.reports.layout import SEVERITY_ICONS, VERDICT_ICONS
from olagraph.reports.markup import html, markdown
from olagraph.reports.names import plural
from olagraph.reports.subject import AssessmentReport

_MOST_ROWS = 100  # a comment holds 65,536 characters on the large forges
_MOST_OF_A_CODE = 20


def render(report: AssessmentReport) -> str:
    """The assessment as GitHub-flavoured Markdown."""
    said = digest(report.portfolio, report.assessment, baseline=report.baseline, source=report.source)
    blocks = [
        f"## {markdown(said.title)}, {said.as_of}",
        *_head(said),
        *_table(said.slas),
        *_sentences(said.slas),
        *(block for group in said.findings for block in _group(group)),
        *_footnotes(said),
    ]
    return "\n\n".join(blocks) + "\n"


def _head(said: Digest) -> Iterator[str]:
    yield f"**{markdown(said.summary)}**"
    if said.background:
        yield f"Behind them {markdown(said.background)}"
    yield said.counted


def _table(entries: Sequence[TargetEntry]) -> Iterator[str]:
    if not entries:
        return
    lines = [
        "| Verdict | Agreement | Service | Target | Guaranteed | Independent | Ceiling |",
        "|---|---|---|---|---|---|---|",
    ]
    for entry in entries[:_MOST_ROWS]:
        view = min(entry.views, key=lambda view: view.verdict.rank)
        target = f"{entry.target} ({entry.allowed})" if entry.allowed else entry.target
        cells = [
            f"{verdict(entry.verdict)}{' (draft)' if entry.draft else ''}",
            *map(markdown, (entry.agreement, entry.service, target)),
            *map(markdown, (view.guaranteed, view.independent, view.ceiling)),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    yield "\n".join(lines)
    if len(entries) > _MOST_ROWS:
        yield f"… and {plural(len(entries) - _MOST_ROWS, 'more target')}."


def verdict(value: Verdict) -> str:
    """A verdict with its icon."""
    return f"{VERDICT_ICONS[value]} {value.value}"


def _sentences(entries: Sequence[TargetEntry]) -> Iterator[str]:
    """Why, and what to do, for what does not hold by guarantee."""
    lines = []
    for entry in [entry for entry in entries if entry.verdict is not Verdict.SUPPORTED][:_MOST_ROWS]:
        views = (
            "".join(f" {view.view.value}: {view.verdict.value}." for view in entry.views)
            if entry.differ
            else ""
        )
        lines.append(
            f"- **{markdown(entry.agreement)}**, {markdown(entry.service)}: {markdown(entry.sentence)}{views}"
        )
        lines += [f"  - {markdown(remark)}" for remark in entry.remarks]
        if entry.fix:
            lines.append(f"  - → {markdown(entry.fix)}")
    if lines:
        yield "\n".join(lines)


def _group(group: CodeGroup) -> Iterator[str]:
    """The findings of one code, folded; those told with their targets are left out."""
    if not group.listed:
        return
    lines = []
    for entry in group.shown(_MOST_OF_A_CODE):
        lines.append(f"- {markdown(entry.message)}")
        if entry.fix:
            lines.append(f"  - → {markdown(entry.fix)}")
    folded = group.folded(_MOST_OF_A_CODE)
    if folded:
        lines.append(f"- {markdown(folded)}")
    title = (
        f"{SEVERITY_ICONS[group.severity]} {SEVERITY_NOUNS[group.severity].capitalize()}: {group.code.title}"
    )
    yield f"<details><summary>{title} (<code>{html(group.code.code)}</code>), {len(group.listed):,}</summary>"
    yield "\n".join(lines)
    yield "</details>"


def _footnotes(said: Digest) -> Iterator[str]:
    if said.not_in_force:
        yield markdown(said.not_in_force)
    if said.not_assessed:
        yield "\n".join(
            ["Listed, not assessed:", "", *(f"- {markdown(clause)}" for clause in said.not_assessed)]
        )
