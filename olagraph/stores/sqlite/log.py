"""The change log as it lies in SQLite."""

import sqlite3
from collections import defaultdict
from datetime import UTC, datetime

from olagraph.documents.change_log import Change
from olagraph.documents.changes import Action, ChangeSet
from olagraph.documents.entities import Key
from olagraph.stores.sqlite.rows import change_set

_SUBJECTS = 3


def read_changes(
    connection: sqlite3.Connection,
    number: int,
    *,
    since: int = 0,
    until: int | None = None,
    limit: int | None = None,
) -> tuple[Change, ...]:
    """The changes of portfolio `number` after revision `since`, up to `until`, the latest first."""
    rows = connection.execute(
        """SELECT revision, at, by, what, added, changed, removed FROM change
        WHERE portfolio = ?1 AND revision > ?2 AND revision <= coalesce(?3, revision)
        ORDER BY revision DESC LIMIT ?4""",
        (number, since, until, -1 if limit is None else limit),
    ).fetchall()
    if not rows:
        return ()
    subjects = defaultdict(list)
    # The + keeps SQLite from searching the edits by the range of revisions, all of them again for each change.
    for revision, kind, id_ in connection.execute(
        """SELECT change.revision, kind, edit.id FROM change CROSS JOIN edit
        ON edit.portfolio = change.portfolio AND edit.revision = +change.revision
        WHERE change.portfolio = ? AND change.revision BETWEEN ? AND ? AND ordinal < ?
        ORDER BY change.revision, ordinal""",
        (number, rows[-1][0], rows[0][0], _SUBJECTS),
    ):
        subjects[revision].append(Key(kind, id_))
    return tuple(
        Change(
            revision=revision,
            at=datetime.fromisoformat(at),
            by=by,
            what=what,
            counts=dict(zip(Action, counts, strict=True)),
            subjects=tuple(subjects[revision]),
        )
        for revision, at, by, what, *counts in rows
    )


def read_edits(connection: sqlite3.Connection, number: int, revision: int) -> ChangeSet:
    """The edits that led to a revision of portfolio `number`.

    Raises:
        ValueError: one is damaged.
    """
    return change_set(
        connection.execute(
            "SELECT kind, id, before, after FROM edit WHERE portfolio = ? AND revision = ? ORDER BY ordinal",
            (number, revision),
        )
    )


def utc(at: datetime) -> str:
    """A time as the log keeps it: ISO 8601 in UTC, all of the same length, so that they sort."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
