"""Rows of entities and edits -> their keys, positions and bodies."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from olagraph.documents.changes import ChangeSet, Edit
from olagraph.documents.entities import KINDS, Key
from olagraph.documents.faults import Fault, InvalidPortfolio
from olagraph.documents.faults import shown as quoted
from olagraph.documents.plain import Plain, decode
from olagraph.stores.changes import Stored

_CHUNK = 1000  # rows decoded at once


def stored(rows: sqlite3.Cursor, *, source: str) -> Iterator[tuple[Key, Stored]]:
    """Rows of (kind, id, position, body) as entities.

    Args:
        source: where they lie, for messages.

    Raises:
        InvalidPortfolio: at the end of the rows, with every one that holds no entity.
    """
    for key, position, plain in _decoded(rows, source=source):
        assert plain is not None  # the column takes no NULL
        yield key, Stored(position, plain)


def undone(rows: sqlite3.Cursor, *, source: str) -> Iterator[tuple[Key, Stored | None]]:
    """Rows of (kind, id, position, before) as what the changes found; None = nothing was there.

    Raises:
        InvalidPortfolio: as `stored`.
    """
    for key, position, plain in _decoded(rows, source=source):
        yield key, None if plain is None else Stored(position, plain)


def change_set(rows: sqlite3.Cursor) -> ChangeSet:
    """Rows of (kind, id, before, after) as edits.

    Raises:
        ValueError: one holds no entity.
    """
    found = rows.fetchall()
    values = _values([body for row in found for body in row[2:]])
    edits = []
    for (kind, id_, *bodies), before, after in zip(found, values[::2], values[1::2], strict=True):
        key = Key(kind, id_)
        if not all(
            body is None or isinstance(value, dict)
            for body, value in zip(bodies, (before, after), strict=True)
        ):
            raise ValueError(f"{key} is no JSON object")
        edits.append(Edit(key, before, after))
    return tuple(edits)


def _decoded(rows: sqlite3.Cursor, *, source: str) -> Iterator[tuple[Key, int, Plain | None]]:
    faults: list[Fault] = []
    while chunk := rows.fetchmany(_CHUNK):
        values = _values([row[3] for row in chunk])
        for (kind, id_, position, body), value in zip(chunk, values, strict=True):
            key = Key(kind, id_)
            if kind not in KINDS:
                faults.append(Fault(file=source, path=quoted(str(key)), found="no kind of entity"))
            elif body is not None and not isinstance(value, dict):
                faults.append(Fault(file=source, path=str(key), found=f"no JSON object: {quoted(body)}"))
            else:
                yield key, position, value
    if faults:
        raise InvalidPortfolio(tuple(faults))


def _values(bodies: Sequence[str | None]) -> list[Any]:
    """What the texts say; None also for what is not JSON. One decoding of them all costs a third of many."""
    try:
        values: list[Any] = decode(f"[{','.join(body or 'null' for body in bodies)}]")
    except (ValueError, RecursionError):
        values = []
    return values if len(values) == len(bodies) else [_value(body) for body in bodies]


def _value(body: str | None) -> Any:
    try:
        return None if body is None else decode(body)
    except (ValueError, RecursionError):
        return None
