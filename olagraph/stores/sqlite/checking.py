"""What is wrong with a portfolio as it lies in SQLite."""

import sqlite3
from collections.abc import Iterator
from itertools import islice

from olagraph.documents.entities import HEADER, HEADER_KEY, Key, document_of, id_of
from olagraph.documents.faults import InvalidPortfolio
from olagraph.documents.portfolios import read_portfolio
from olagraph.documents.reading import Reading
from olagraph.stores.rewinding import in_order
from olagraph.stores.sqlite.rows import stored
from olagraph.stores.sqlite.writing import BARE_HEADER

_MOST = 100  # sentences of one kind


def file_faults(connection: sqlite3.Connection) -> tuple[str, ...]:
    """What is wrong with the file as a database, one sentence each."""
    try:
        rows = connection.execute(f"PRAGMA integrity_check({_MOST})").fetchall()
    except sqlite3.DatabaseError as error:
        rows = [(str(error),)]  # so damaged that even looking at it fails
    if damage := [line for (line,) in rows if line != "ok"]:
        return tuple(f"the file is damaged: {line}" for line in damage)
    strays = islice(connection.execute("PRAGMA foreign_key_check"), _MOST)
    return tuple(f"a row of table {table} belongs to no {parent}" for table, _, parent, _ in strays)


def portfolio_faults(connection: sqlite3.Connection, number: int, *, shown: str) -> Iterator[str]:
    """What is wrong with portfolio `number`, one sentence each."""
    yield from islice(_log_faults(connection, number), _MOST)
    try:
        found = list(stored(_entities(connection, number), source=shown))
        for key, each in found:
            if key.kind != HEADER and (stated := id_of(key.kind, each.plain)) != key.id:
                yield f"{key} says that its id is {stated!r}"
        read_portfolio([document_of(in_order(found), source=shown)], Reading(files=[shown]))
    except InvalidPortfolio as invalid:
        yield from map(str, invalid.faults)


def _log_faults(connection: sqlite3.Connection, number: int) -> Iterator[str]:
    """Replay the log from nothing: each edit must find what the one before left, and the last what lies there."""
    (latest,) = connection.execute("SELECT revision FROM portfolio WHERE number = ?", (number,)).fetchone()
    logged = [
        row[0]
        for row in connection.execute(
            "SELECT revision FROM change WHERE portfolio = ? ORDER BY revision", (number,)
        )
    ]
    if logged != list(range(1, latest + 1)):
        yield f"the portfolio is at revision {latest}, which its change log of {len(logged)} entries does not lead to"
    replayed: dict[Key, tuple[int, str]] = {HEADER_KEY: (0, BARE_HEADER)}
    for revision, kind, id_, position, before, after in connection.execute(
        "SELECT revision, kind, id, position, before, after FROM edit WHERE portfolio = ? ORDER BY revision, ordinal",
        (number,),
    ):
        key = Key(kind, id_)
        if replayed.pop(key, None) != (None if before is None else (position, before)):
            yield f"revision {revision} found {key} other than the change log tells"
        if after is not None:
            replayed[key] = position, after
    for kind, id_, position, body in _entities(connection, number):
        if replayed.pop(Key(kind, id_), None) != (position, body):
            yield f"{Key(kind, id_)} is other than the change log tells"
    yield from (f"{key} is missing, says the change log" for key in replayed)


def _entities(connection: sqlite3.Connection, number: int) -> sqlite3.Cursor:
    return connection.execute("SELECT kind, id, position, body FROM entity WHERE portfolio = ?", (number,))
