"""The change log for programs."""

from olagraph.documents.changes import Action
from olagraph.reports import plain
from olagraph.reports.changes.as_json import edits_of
from olagraph.reports.subject import HistoryReport


def render(report: HistoryReport) -> str:
    """The changes, the latest first; with the edits of the one that was asked for."""
    document: plain.JsonObject = {
        "portfolio": report.portfolio,
        "changes": [
            {
                "revision": change.revision,
                "at": change.at.isoformat().replace("+00:00", "Z"),
                "by": change.by,
                "what": change.what,
                **{action.value: change.counts.get(action, 0) for action in Action},
            }
            for change in report.changes
        ],
        "more": report.more,
    }
    if report.edits:
        document["edits"] = edits_of(report.edits)
    return plain.document(document)
