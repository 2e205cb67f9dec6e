"""A change set -> rows."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from olagraph.documents.changes import Action, ChangeSet, Edit
from olagraph.documents.collector import collector_paused
from olagraph.documents.entities import HEADER_KEY, Key, portfolio_of
from olagraph.documents.faults import InvalidPortfolio
from olagraph.documents.plain import Plain, decode, encode
from olagraph.model.entities import Portfolio
from olagraph.stores.errors import StoreError
from olagraph.stores.sqlite.log import utc
from olagraph.stores.sqlite.rows import stored
from olagraph.stores.sqlite.verdicts import forget

BARE_HEADER = "{}"
"""The body of a new portfolio's header: there from the first, so that editing it is a change like any other."""


class _Row(NamedTuple):
    """An edit as it goes into the tables; bodies are JSON, and `before` is what lies there."""

    key: Key
    position: int
    before: str | None
    after: str | None


def add_portfolio(connection: sqlite3.Connection, portfolio: str) -> int:
    """Make the row of a portfolio that the first change set then fills. Returns its number."""
    (number,) = connection.execute(
        "INSERT INTO portfolio (id, revision) VALUES (?, 1) RETURNING number", (portfolio,)
    ).fetchone()
    connection.execute(
        "INSERT INTO entity (portfolio, kind, id, position, body) VALUES (?, ?, ?, 0, ?)",
        (number, *HEADER_KEY, BARE_HEADER),
    )
    return int(number)


@collector_paused()
def write(
    connection: sqlite3.Connection,
    number: int,
    edits: ChangeSet,
    *,
    revision: int,
    by: str,
    at: datetime,
    what: str,
    shown: str,
) -> None:
    """Make the edits of portfolio `number` that lead to `revision`, and log them.

    Raises:
        StoreError: what an edit is to change is not what lies there.
    """
    rows = list(_rows(connection, number, edits, shown=shown))
    connection.executemany(
        "INSERT INTO entity (portfolio, kind, id, position, body) VALUES (?, ?, ?, ?, ?)",
        ((number, *row.key, row.position, row.after) for row in rows if row.before is None),
    )
    connection.executemany(
        "UPDATE entity SET body = ? WHERE portfolio = ? AND position = ?",
        (
            (row.after, number, row.position)
            for row in rows
            if row.before is not None and row.after is not None
        ),
    )
    connection.executemany(
        "DELETE FROM entity WHERE portfolio = ? AND position = ?",
        ((number, row.position) for row in rows if row.after is None),
    )
    actions = Counter(edit.action for edit in edits)
    connection.execute(
        "INSERT INTO change (portfolio, revision, at, by, what, added, changed, removed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (number, revision, utc(at), by, what, *(actions[action] for action in Action)),
    )
    connection.executemany(
        "INSERT INTO edit (portfolio, revision, ordinal, kind, id, position, before, after)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (number, revision, ordinal, *row.key, row.position, row.before, row.after)
            for ordinal, row in enumerate(rows)
        ),
    )
    connection.execute("UPDATE portfolio SET revision = ? WHERE number = ?", (revision, number))
    forget(connection, number, edits)


def _rows(connection: sqlite3.Connection, number: int, edits: ChangeSet, *, shown: str) -> Iterable[_Row]:
    (end,) = connection.execute(
        "SELECT coalesce(max(position), -1) + 1 FROM entity WHERE portfolio = ?", (number,)
    ).fetchone()
    only_header = end == 1  # of a new portfolio: what is not there need not be looked for
    for edit in edits:
        found = (
            None
            if only_header and edit.key != HEADER_KEY
            else connection.execute(
                "SELECT position, body FROM entity WHERE portfolio = ? AND kind = ? AND id = ?",
                (number, *edit.key),
            ).fetchone()
        )
        position, body = found or (end, None)
        end += found is None
        if not _expected(connection, number, edit, body, shown=shown):
            raise StoreError(
                f"{shown}: {edit.key} is not what it was when it was read, and no change tells of it;"
                " nothing was written: read the portfolio again and repeat the change"
            )
        yield _Row(edit.key, position, body, None if edit.after is None else encode(edit.after))


def _expected(
    connection: sqlite3.Connection, number: int, edit: Edit, body: str | None, *, shown: str
) -> bool:
    """Whether what lies there is what the edit is to change."""
    if edit.before is None or body is None:
        return edit.before is None and body is None
    if encode(edit.before) == body:
        return True
    # Another olagraph, or somebody at the sqlite3 shell, may have written the same in other words.
    context = connection.execute(
        "SELECT kind, id, position, body FROM entity WHERE portfolio = ? AND kind IN ('portfolio', 'metric')",
        (number,),
    )
    around = {key: each.plain for key, each in stored(context, source=shown)}

    def alone(plain: Plain) -> Portfolio:
        return portfolio_of({**around, edit.key: plain}.items(), source=shown)

    try:
        return alone(decode(body)) == alone(edit.before)
    except (InvalidPortfolio, ValueError):
        return False
