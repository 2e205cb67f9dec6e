"""What SQLite says when it fails -> one line for people."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from olagraph.stores.errors import StoreError

_PRIMARY = 0xFF  # of an extended result code

_MEANINGS = {
    sqlite3.SQLITE_BUSY: "is locked by another writer, which did not let go in time: try again when it is done",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: SQLite needs to read the file and to write beside it, in its folder;"
    " allow that, or copy the file to a folder of your own",
    sqlite3.SQLITE_CORRUPT: "is damaged: restore a backup of it, or save what `.recover` of the sqlite3 shell finds",
    sqlite3.SQLITE_FULL: "has no more room on its disk: nothing was written; make room and repeat it",
    sqlite3.SQLITE_IOERR: "cannot be read or written, says its disk: look after that, then read again what was written",
    sqlite3.SQLITE_NOTADB: "is no SQLite database: name another file",
    sqlite3.SQLITE_PERM: "may not be accessed: allow it, or copy the file to a folder of your own",
    sqlite3.SQLITE_READONLY: "may only be read: allow writing to the file and its folder, or name another file",
}
_MEANINGS[sqlite3.SQLITE_LOCKED] = _MEANINGS[sqlite3.SQLITE_BUSY]
for _code in (sqlite3.SQLITE_READONLY_CANTINIT, sqlite3.SQLITE_READONLY_DIRECTORY):
    _MEANINGS[_code] = _MEANINGS[sqlite3.SQLITE_CANTOPEN]


@contextmanager
def failures(shown: str) -> Iterator[None]:
    """Errors of SQLite inside become StoreErrors about the store that is `shown`."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{shown} {_meaning(error)}") from error


def _meaning(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)  # those of the Python module carry none
    meaning = _MEANINGS.get(code) or _MEANINGS.get(code & _PRIMARY)
    if meaning is None:
        return f"was changed past olagraph, or damaged: {error}; `olagraph db check` tells more"
    return f"{meaning} ({error})"
