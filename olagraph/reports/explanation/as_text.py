"""Explanations as text: a tree with the value of every step, the promises used, conversions and shares."""

from collections.abc import Iterator

from olagraph.analysis.results import Explanation, View
from olagraph.reports.assessment.as_text import target_lines
from olagraph.reports.digest import target_entry
from olagraph.reports.explanation.steps import StepRow, step_rows
from olagraph.reports.layout import Ink, Layout, columns, padded
from olagraph.reports.names import Names
from olagraph.reports.sentences import Wording
from olagraph.reports.subject import ExplanationReport

_COLUMNS = ("guaranteed", "independent", "ceiling", "share")
_NARROWEST_LABEL = 24


def render(report: ExplanationReport, layout: Layout) -> str:
    """Each explained target with the tree of both views."""
    wording = Wording(Names(report.portfolio), currency=report.portfolio.currency)
    blocks = ["\n".join(_explanation(each, wording, layout)) for each in report.explanations]
    return "\n\n".join(blocks) + "\n"


def _explanation(explanation: Explanation, wording: Wording, layout: Layout) -> Iterator[str]:
    assessment = explanation.assessment
    yield from target_lines(target_entry(assessment, wording), layout)
    for view, root in ((View.CONTRACTED, explanation.contracted), (View.ACHIEVABLE, explanation.achievable)):
        yield ""
        verdict = assessment.view(view).verdict
        rows = list(step_rows(root, assessment, wording))
        yield from _table(f"{view.value}: {verdict.value}", rows, layout)


def _table(title: str, rows: list[StepRow], layout: Layout) -> Iterator[str]:
    widths = [
        max(len(column), *(columns(getattr(row, column)) for row in rows)) for column in _COLUMNS
    ]  # one value is never cut: a cut number is another number
    room = max(_NARROWEST_LABEL, layout.width - sum(widths) - 2 * len(widths))
    head = "".join(f"  {column:>{width}}" for column, width in zip(_COLUMNS, widths, strict=True))
    yield layout.paint(padded(title, room) + head, Ink.HEADING)
    for row in rows:
        below = _within(row.below, room)
        *above, last = _labelled(row, below, room)
        yield from above
        values = zip((getattr(row, column) for column in _COLUMNS), widths, strict=True)
        cells = "".join(f"  {' ' * (width - columns(value))}{value}" for value, width in values)
        yield f"{padded(last, room)}{cells}".rstrip()
        for note in row.notes:
            yield from (f"{below}  {line}" for line in layout.within(note, layout.width - columns(below) - 2))


def _labelled(row: StepRow, below: str, room: int) -> list[str]:
    """The label after its branch, in as many lines as it takes beside the columns of values."""
    first, *others = Layout.within(row.label, room - columns(below)) or [""]
    return [_within(row.lead, room) + first, *(below + line for line in others)]


def _within(branches: str, room: int) -> str:
    """The branches of the tree; where they would leave no room for words, only the nearest."""
    most = room // 2
    return branches if len(branches) <= most else f"…{branches[1 - most :]}"
