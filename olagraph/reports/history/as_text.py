"""The change log for people, the latest change first."""

from collections.abc import Iterator

from olagraph.documents.change_log import Change
from olagraph.reports.changes.as_text import edit_lines
from olagraph.reports.layout import Ink, Layout
from olagraph.reports.subject import HistoryReport
from olagraph.reports.visible import visible

_MOST_SUBJECTS = 3


def render(report: HistoryReport, layout: Layout) -> str:
    """A paragraph a change."""
    latest = max((change.revision for change in report.changes), default=0)
    lines = [] if report.edits else [f"{visible(report.portfolio)}, revision {latest}"]
    for change in report.changes:
        lines += _paragraph(change, layout)
        lines += [f"  {line}" for line in edit_lines(report.edits, layout)]
    if report.more:
        lines.append("… earlier changes: --limit shows more")
    return "\n".join(lines) + "\n"


def _paragraph(change: Change, layout: Layout) -> Iterator[str]:
    at = f"{change.at:%Y-%m-%d %H:%M:%S} UTC"
    yield (
        layout.paint(f"{change.revision}  {at}  {visible(change.by)}", Ink.HEADING)
        + f"  {visible(change.what)}"
    )
    counts = ", ".join(f"{count:,} {action}" for action, count in change.counts.items() if count)
    named = ", ".join(map(str, change.subjects[:_MOST_SUBJECTS]))
    more = sum(change.counts.values()) - len(change.subjects[:_MOST_SUBJECTS])
    yield from layout.wrap(f"{counts}: {named}{f' and {more:,} more' if more > 0 else ''}", indent=3)
