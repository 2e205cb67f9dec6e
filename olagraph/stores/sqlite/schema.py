"""The tables of the SQLite store, how they came about, and how a file is told to be ours."""

import sqlite3

from olagraph.stores.errors import NoStore, StoreError

APPLICATION_ID = 0x6F6C6167
"""Says in the header of the file that it is ours: `olag`."""

OLDEST_SQLITE = (3, 37)
"""STRICT tables."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE portfolio (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            revision INTEGER NOT NULL CHECK (revision > 0)
        ) STRICT""",
        # Bodies are JSON in the shape of the portfolio file. Positions give the order, and are never changed.
        """CREATE TABLE entity (
            portfolio INTEGER NOT NULL REFERENCES portfolio ON DELETE CASCADE,
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            position INTEGER NOT NULL,
            body TEXT NOT NULL,
            UNIQUE (portfolio, kind, id),
            UNIQUE (portfolio, position)
        ) STRICT""",
        """CREATE TABLE change (
            portfolio INTEGER NOT NULL REFERENCES portfolio ON DELETE CASCADE,
            revision INTEGER NOT NULL,
            at TEXT NOT NULL,
            by TEXT NOT NULL,
            what TEXT NOT NULL,
            added INTEGER NOT NULL,
            changed INTEGER NOT NULL,
            removed INTEGER NOT NULL,
            PRIMARY KEY (portfolio, revision)
        ) STRICT""",
        """CREATE TABLE edit (
            portfolio INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            ordinal INTEGER NOT NULL,
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            position INTEGER NOT NULL,
            before TEXT,
            after TEXT,
            PRIMARY KEY (portfolio, revision, ordinal),
            FOREIGN KEY (portfolio, revision) REFERENCES change ON DELETE CASCADE
        ) STRICT""",
        """CREATE TABLE assessment (
            portfolio INTEGER PRIMARY KEY REFERENCES portfolio ON DELETE CASCADE,
            revision INTEGER NOT NULL,
            as_of TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE agreement_verdict (
            portfolio INTEGER NOT NULL REFERENCES assessment ON DELETE CASCADE,
            agreement TEXT NOT NULL,
            verdict TEXT NOT NULL,
            PRIMARY KEY (portfolio, agreement)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE target_verdict (
            portfolio INTEGER NOT NULL REFERENCES assessment ON DELETE CASCADE,
            agreement TEXT NOT NULL,
            target INTEGER NOT NULL,
            verdict TEXT NOT NULL,
            gap REAL,
            PRIMARY KEY (portfolio, agreement, target)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE finding (
            portfolio INTEGER NOT NULL REFERENCES assessment ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            code TEXT NOT NULL,
            severity TEXT NOT NULL,
            message TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            PRIMARY KEY (portfolio, ordinal)
        ) STRICT""",
        # For people at the sqlite3 shell.
        """CREATE VIEW history AS
            SELECT portfolio.id AS portfolio, change.revision, change.at, change.by, change.what, edit.kind, edit.id,
                CASE WHEN edit.before IS NULL THEN 'added' WHEN edit.after IS NULL THEN 'removed' ELSE 'changed' END
                    AS action,
                edit.before, edit.after
            FROM portfolio
            JOIN change ON change.portfolio = portfolio.number
            JOIN edit ON edit.portfolio = change.portfolio AND edit.revision = change.revision
            ORDER BY portfolio.id, change.revision DESC, edit.ordinal""",
    ),
)
"""What leads from each schema to the next; a file's `user_version` counts how many of them it has seen."""

# The newest last: what is referred to goes after what refers to it.
_OBJECTS = (
    ("TABLE", "portfolio"),
    ("TABLE", "entity"),
    ("TABLE", "change"),
    ("TABLE", "edit"),
    ("TABLE", "assessment"),
    ("TABLE", "agreement_verdict"),
    ("TABLE", "target_verdict"),
    ("TABLE", "finding"),
    ("VIEW", "history"),
)


def is_ours(connection: sqlite3.Connection, *, shown: str) -> bool:
    """Whether the file holds a store, of this schema or an older one; False where it holds nothing at all.

    Raises:
        StoreError: it holds something else, or a newer schema.
    """
    if _pragma(connection, "application_id") != APPLICATION_ID:
        if _pragma(connection, "application_id") or any(
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1")
        ):
            raise StoreError(f"{shown} is the database of another application: name another file")
        return False
    schema = _pragma(connection, "user_version")
    if schema > len(MIGRATIONS):
        raise StoreError(
            f"{shown} was written by a newer olagraph (schema {schema}; this one knows {len(MIGRATIONS)}):"
            " upgrade olagraph"
        )
    return True


def check_schema(connection: sqlite3.Connection, *, shown: str) -> None:
    """See to it that the file holds a store of this schema.

    Raises:
        NoStore: it holds nothing.
        StoreError: it holds something else, or a store of another schema.
    """
    if not is_ours(connection, shown=shown):
        raise NoStore(f"{shown} is an empty file: `olagraph db init {shown}` makes a store of it")
    schema = _pragma(connection, "user_version")
    if schema < len(MIGRATIONS):
        raise StoreError(
            f"{shown} was written by an older olagraph (schema {schema}; this one needs {len(MIGRATIONS)}):"
            f" `olagraph db init {shown}` brings it up to date"
        )


def bring_up_to_date(connection: sqlite3.Connection, *, shown: str) -> None:
    """Make the tables, or what is new of them. The connection is in a transaction that writes.

    Raises:
        StoreError: the file holds something else, or a newer schema.
    """
    is_ours(connection, shown=shown)
    for script in MIGRATIONS[_pragma(connection, "user_version") :]:
        for statement in script:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def drop(connection: sqlite3.Connection) -> None:
    """Drop everything that `bring_up_to_date` makes. The connection is in a transaction that writes."""
    for kind, name in reversed(_OBJECTS):
        connection.execute(f"DROP {kind} IF EXISTS {name}")
    connection.execute("PRAGMA user_version = 0")
    connection.execute("PRAGMA application_id = 0")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    value: int = connection.execute(f"PRAGMA {name}").fetchone()[0]
    return value
