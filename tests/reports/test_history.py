"""The change log, for people and for programs."""

import json
from datetime import UTC, datetime

from olagraph.documents.change_log import Change
from olagraph.documents.changes import Action, Edit
from olagraph.documents.entities import Key
from olagraph.reports import HistoryReport, render

CHANGE = Change(
    revision=4,
    at=datetime(2026, 11, 23, 9, 5, 7, tzinfo=UTC),
    by="jane",
    what="import of shop.yaml",
    counts={Action.ADDED: 5, Action.CHANGED: 1},
    subjects=(Key("provider", "a"), Key("provider", "b"), Key("service", "c"), Key("service", "d")),
)
EDIT = Edit(Key("provider", "a"), {"id": "a", "kind": "internal"}, {"id": "a", "kind": "external"})


def test_each_change_says_who_when_what_and_how_much() -> None:
    text = render(HistoryReport(portfolio="default", changes=(CHANGE,)), "text")
    assert text == (
        "default, revision 4\n"
        "4  2026-11-23 09:05:07 UTC  jane  import of shop.yaml\n"
        "   5 added, 1 changed: provider a, provider b, service c and 3 more\n"
    )


def test_earlier_changes_that_are_not_listed_are_mentioned() -> None:
    text = render(HistoryReport(portfolio="default", changes=(CHANGE,), more=True), "text")
    assert text.endswith("… earlier changes: --limit shows more\n")


def test_one_change_in_full_shows_its_fields() -> None:
    text = render(HistoryReport(portfolio="default", changes=(CHANGE,), edits=(EDIT,)), "text")
    assert "  ~ provider a\n      kind: internal → external\n" in text


def test_json_holds_the_same() -> None:
    report = json.loads(render(HistoryReport(portfolio="default", changes=(CHANGE,), edits=(EDIT,)), "json"))
    assert report["changes"] == [
        {
            "revision": 4,
            "at": "2026-11-23T09:05:07Z",
            "by": "jane",
            "what": "import of shop.yaml",
            "added": 5,
            "changed": 1,
            "removed": 0,
        }
    ]
    assert report["edits"][0]["before"]["kind"] == "internal"
    assert report["more"] is False
