"""A change set for programs."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from olagraph.documents.changes import Edit
from olagraph.reports import plain
from olagraph.reports.subject import ChangesReport


def render(report: ChangesReport) -> str:
    """Every edit with what was there before and what is there after, in the shape of the portfolio file."""
    return plain.document({"revision": report.revision, "edits": edits_of(report.edits)})


def edits_of(edits: Iterable[Edit]) -> list[plain.JsonValue]:
    """Edits as JSON."""
    return [
        {
            "action": edit.action.value,
            "type": edit.key.kind,
            "id": edit.key.id or None,
            "before": _exact(edit.before),
            "after": _exact(edit.after),
        }
        for edit in edits
    ]


def _exact(value: Any) -> plain.JsonValue:
    """Decimals as text, which loses none of their digits, and which the portfolio file takes as well."""
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(item) for item in value]
    assert value is None or isinstance(value, str | int | bool | Decimal)
    return str(value) if isinstance(value, Decimal) else value
