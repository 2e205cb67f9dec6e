"""Connections to a SQLite file: opened when needed, each used by one thread at a time."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from olagraph.stores.errors import NoStore, StoreError
from olagraph.stores.sqlite.failures import failures
from olagraph.stores.sqlite.schema import OLDEST_SQLITE, bring_up_to_date, check_schema, is_ours

_SETTINGS = (
    "foreign_keys = ON",
    "synchronous = FULL",  # what is acknowledged is on disk
    "fullfsync = ON",  # on macOS too
)


_Identity: TypeAlias = tuple[int, int]
"""Which file it is, whatever its name: device and inode."""


class Connections:
    """Connections to a store that is there.

    Args:
        patience: for how many seconds a writer waits for another one.

    Raises:
        StoreError: the store cannot be opened, or is none of this schema.
    """

    def __init__(self, file: Path, *, shown: str, patience: float) -> None:
        self.shown = shown
        self._file = file
        self._patience = patience
        self._lock = Lock()
        self._idle: list[tuple[_Identity, sqlite3.Connection]] = []
        self._closed = False
        with self.reading():
            pass

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees the store as it was at its first query, whoever writes meanwhile."""
        with self._transaction(begin="BEGIN", end="ROLLBACK") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection that alone may write. What it wrote is on disk at the end, or not at all if something raised."""
        with self._transaction(begin="BEGIN IMMEDIATE", end="COMMIT") as connection:
            yield connection

    @contextmanager
    def outside_transactions(self) -> Iterator[sqlite3.Connection]:
        """A connection for what SQLite does outside of transactions only."""
        with failures(self.shown):
            file = self._identity()
            connection = self._idle_one(file) or self._opened()
            try:
                yield connection
            except BaseException:
                connection.close()  # whatever state it is in; its transaction is rolled back
                raise
            self._give_back(file, connection)

    def renew(self) -> None:
        """Let go of idle connections: those opened from now on look at the schema again."""
        with self._lock:
            for _, connection in self._idle:
                connection.close()
            self._idle.clear()

    def close(self) -> None:
        """Close every connection; those in use when they are given back."""
        self._closed = True
        self.renew()

    @contextmanager
    def _transaction(self, *, begin: str, end: str) -> Iterator[sqlite3.Connection]:
        with self.outside_transactions() as connection:
            connection.execute(begin)
            yield connection
            connection.execute(end)

    def _identity(self) -> _Identity:
        file = _identity(self._file, shown=self.shown)
        if file is None:
            raise NoStore(
                f"{self.shown} does not exist: `olagraph db init {self.shown}` or an import into it creates it"
            )
        return file

    def _idle_one(self, file: _Identity) -> sqlite3.Connection | None:
        """An idle connection to the file that lies there now: a restored backup may have taken its place."""
        with self._lock:
            if self._closed:
                raise StoreError(f"{self.shown} was closed")
            while self._idle:
                opened, connection = self._idle.pop()
                if opened == file:
                    return connection
                connection.close()
        return None

    def _opened(self) -> sqlite3.Connection:
        connection = _connect(self._file, patience=self._patience)
        try:
            check_schema(connection, shown=self.shown)
        except BaseException:
            connection.close()
            raise
        return connection

    def _give_back(self, file: _Identity, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append((file, connection))
                return
        connection.close()


def create_file(file: Path, *, shown: str, patience: float) -> None:
    """Make a store in a file, or bring the schema of the one in it up to date.

    Raises:
        StoreError: it cannot be written, or holds something else or a newer schema; it stays as it is.
    """
    if _identity(file, shown=shown) is None and not file.parent.is_dir():
        raise StoreError(f"{shown}: there is no folder {file.parent}: create it, or name another file")
    with failures(shown):
        connection = _connect(file, patience=patience, mode="rwc")
        try:
            is_ours(connection, shown=shown)  # before anything is written
            (journal,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            if journal != "wal":
                raise StoreError(
                    f"{shown}: its file system has no shared memory: name a file on a local disk"
                )
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                bring_up_to_date(connection, shown=shown)
        finally:
            connection.close()


def _connect(file: Path, *, patience: float, mode: str = "rw") -> sqlite3.Connection:
    """A new connection; `mode` as in SQLite's URIs: `rw` never creates a file.

    Raises:
        sqlite3.Error: it cannot be opened.
    """
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=patience,
        isolation_level=None,  # transactions begin where we say
        check_same_thread=False,  # each is used by one thread at a time
    )
    try:
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


def _identity(file: Path, *, shown: str) -> _Identity | None:
    """Which file lies there; None = none.

    Raises:
        StoreError: something else does, or nobody can tell.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise StoreError(
            f"{shown} needs SQLite {oldest}; this Python has {sqlite3.sqlite_version}: use a newer Python"
        )
    try:
        found = os.stat(file)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise StoreError(f"{shown} cannot be reached ({reason}): name another file") from error
    if stat.S_ISDIR(found.st_mode):
        raise StoreError(f"{shown} is a directory: name a file in it")
    if not stat.S_ISREG(found.st_mode):
        raise StoreError(f"{shown} is no ordinary file: name another one")
    return found.st_dev, found.st_ino
