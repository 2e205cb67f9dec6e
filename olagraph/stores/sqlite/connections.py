"""Connections to a SQLite file: opened when needed, each used by one thread at a time."""

import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import NamedTuple, TypeAlias

from olagraph.stores.errors import NoStore, StoreError
from olagraph.stores.sqlite.failures import failures
from olagraph.stores.sqlite.schema import OLDEST_SQLITE, bring_up_to_date, check_schema, is_ours

_SETTINGS = (
    "foreign_keys = ON",
    "synchronous = FULL",  # what is acknowledged is on disk
    "fullfsync = ON",  # on macOS too
    "wal_autocheckpoint = 1",  # and in the file itself, whatever becomes of the ones beside it
)

_PAUSE = 0.01  # seconds between two attempts

_COMPANIONS = ("-wal", "-shm")
"""What SQLite adds to the name of a file for those that it keeps beside it as long as anybody has it open."""


_Identity: TypeAlias = tuple[int, int]
"""Which file it is, whatever its name: device and inode."""


class _Files(NamedTuple):
    """The file of a store and its companions; None = there is none.

    They stay the same as long as a connection is open. Taken away, they live on for those who have them open, and
    what these write others do not see, and overwrite.
    """

    own: _Identity
    companions: tuple[_Identity | None, ...]


class _Watching(NamedTuple):
    """A connection through which nobody writes, so that SQLite tells on it that others have."""

    files: _Files
    connection: sqlite3.Connection

    def mark(self) -> tuple[object, int]:
        """Which connection it is, as each counts on its own, and a number that changes when others write.

        It is cheap: nothing is read but what SQLite shares in memory.
        """
        return self.connection, self.connection.execute("PRAGMA data_version").fetchone()[0]


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
        self._beside = [file.with_name(file.name + suffix) for suffix in _COMPANIONS]
        self._patience = patience
        self._lock = Lock()
        self._idle: list[tuple[_Files, sqlite3.Connection]] = []
        self._in_use: list[_Files] = []
        self._watching: _Watching | None = None
        self._closed = False
        with self.reading():
            pass

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees the store as it was at its first query, whoever writes meanwhile."""
        with self.outside_transactions() as connection:
            connection.execute("BEGIN")
            check_schema(connection, shown=self.shown)
            yield connection
            connection.rollback()  # SQLite may have done so itself, if it could not read

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection that alone may write. What it wrote is on disk at the end, or not at all if something raised."""
        with self.outside_transactions() as connection:
            connection.execute("BEGIN IMMEDIATE")
            check_schema(connection, shown=self.shown)
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def outside_transactions(self) -> Iterator[sqlite3.Connection]:
        """A connection for what SQLite does outside of transactions only."""
        with failures(self.shown):
            files, connection = self._idle_one(self._files()) or self._opened()
            try:
                yield connection
            except BaseException:
                connection.close()  # whatever state it is in; its transaction is rolled back
                raise
            finally:
                with self._lock:
                    self._in_use.remove(files)
            self._give_back(files, connection)

    def mark(self) -> tuple[object, int] | None:
        """What differs as soon as anybody has written; see `Store.mark`."""
        with self._lock:
            try:
                if self._watching is None or self._watching.files != self._files():
                    self._stop_watching()
                    return self._watch()
                return self._watching.mark()
            except (sqlite3.Error, StoreError):
                self._stop_watching()
                return None

    def close(self) -> None:
        """Close every connection; those in use when they are given back."""
        with self._lock:
            self._closed = True
            self._stop_watching()
            for _, connection in self._idle:
                connection.close()
            self._idle.clear()

    def _watch(self) -> tuple[object, int] | None:
        if self._closed:
            return None
        connection = _connect(self._file, patience=0)  # whoever asks has no time to wait
        try:
            connection.execute("PRAGMA data_version")  # from here on there are companions
            self._watching = _Watching(self._files(), connection)
        except BaseException:
            connection.close()
            raise
        return self._watching.mark()

    def _stop_watching(self) -> None:
        if self._watching is not None:
            self._watching.connection.close()
            self._watching = None

    def _files(self) -> _Files:
        own = _identity(self._file, shown=self.shown)
        if own is None:
            raise NoStore(
                f"{self.shown} does not exist: `olagraph db init {self.shown}` or an import into it creates it"
            )
        return _Files(own, tuple(map(_companion, self._beside)))

    def _idle_one(self, files: _Files) -> tuple[_Files, sqlite3.Connection] | None:
        """An idle connection to the files that lie there now: a restored backup may have taken their place."""
        with self._lock:
            if self._closed:
                raise StoreError(f"{self.shown} was closed")
            while self._idle:
                opened, connection = self._idle.pop()
                if opened == files:
                    self._in_use.append(opened)
                    return opened, connection
                connection.close()
        return None

    def _opened(self) -> tuple[_Files, sqlite3.Connection]:
        connection = _connect(self._file, patience=self._patience)
        try:
            with _one_state(connection):
                check_schema(connection, shown=self.shown)
            files = self._files()  # now that the companions are there
            with self._lock:
                if any(other.own == files.own and other != files for other in self._in_use):
                    raise StoreError(
                        f"{self.shown}: a file beside it ({' or '.join(_COMPANIONS)}) was removed while it was in use;"
                        " nothing was written: try again"
                    )
                self._in_use.append(files)
        except BaseException:
            connection.close()
            raise
        return files, connection

    def _give_back(self, files: _Files, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append((files, connection))
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
            with _one_state(connection):
                is_ours(connection, shown=shown)  # before anything is written
            if _journal_of_writes_ahead(connection, patience=patience) != "wal":
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


def _journal_of_writes_ahead(connection: sqlite3.Connection, *, patience: float) -> str:
    """Have a file keep a write-ahead log; the journal that it keeps then.

    Of several that ask for it at once SQLite refuses all but one on the spot, and has none of them wait.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            (journal,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return str(journal)


@contextmanager
def _one_state(connection: sqlite3.Connection) -> Iterator[None]:
    """Several looks at a file in one state of it, though others may be making a store of it just now."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.rollback()


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


def _companion(file: Path) -> _Identity | None:
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_dev, found.st_ino
