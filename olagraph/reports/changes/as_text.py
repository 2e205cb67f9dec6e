"""A change set for people: what is added, changed and removed, and in what is changed, what."""

from collections.abc import Iterable, Iterator

from olagraph.documents.changes import Action, Edit
from olagraph.reports.changes.fields import differences
from olagraph.reports.layout import Ink, Layout
from olagraph.reports.subject import ChangesReport
from olagraph.reports.visible import visible

_MARKS = {Action.ADDED: "+", Action.CHANGED: "~", Action.REMOVED: "-"}
_INKS = {Action.ADDED: Ink.GOOD, Action.CHANGED: Ink.DOUBTFUL, Action.REMOVED: Ink.BAD}
_LONGEST = 60
_MOST_EDITS = 50
_MOST_FIELDS = 20


def render(report: ChangesReport, layout: Layout) -> str:
    """A line an entity, and a line a field of it that changes."""
    return "\n".join([counted(report.edits), *edit_lines(report.edits, layout)]) + "\n"


def counted(edits: Iterable[Edit]) -> str:
    """How many entities are added, changed and removed, in words."""
    actions = [edit.action for edit in edits]
    counts = [f"{actions.count(action):,} {action}" for action in Action if action in actions]
    return ", ".join(counts) or "nothing changes"


def edit_lines(edits: tuple[Edit, ...], layout: Layout) -> Iterator[str]:
    """The edits, the first of them if they are very many."""
    for edit in edits[:_MOST_EDITS]:
        yield layout.paint(f"{_MARKS[edit.action]} {edit.key}", _INKS[edit.action])
        if edit.action is Action.CHANGED:
            found = list(differences(edit.before, edit.after))
            for path, before, after in found[:_MOST_FIELDS]:
                yield f"    {visible(path)}: {_shown(before)} → {_shown(after)}"
            if len(found) > _MOST_FIELDS:
                yield f"    … and {len(found) - _MOST_FIELDS:,} more fields"
    if len(edits) > _MOST_EDITS:
        yield f"… and {len(edits) - _MOST_EDITS:,} more"


def _shown(value: str | None) -> str:
    if value is None:
        return "(not stated)"
    text = visible(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
