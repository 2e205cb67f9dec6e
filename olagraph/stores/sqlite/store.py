"""The SQLite store."""

import sqlite3
from collections.abc import Hashable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Self

from olagraph.documents.change_log import Change, Logged
from olagraph.documents.changes import ChangeSet
from olagraph.documents.collector import collector_paused
from olagraph.documents.entities import HEADER, portfolio_of
from olagraph.documents.plain import decode
from olagraph.stores.errors import Conflict, StoreError, UnknownPortfolio, UnknownRevision
from olagraph.stores.rewinding import in_order, rewound
from olagraph.stores.sqlite.checking import file_faults, portfolio_faults
from olagraph.stores.sqlite.connections import Connections, create_file
from olagraph.stores.sqlite.log import read_changes, read_edits
from olagraph.stores.sqlite.rows import stored, undone
from olagraph.stores.sqlite.schema import check_schema, drop
from olagraph.stores.sqlite.verdicts import read_verdicts, write_verdicts
from olagraph.stores.sqlite.writing import add_portfolio, write
from olagraph.stores.store import Snapshot, Tenant, WrittenAssessment

PATIENCE = 30.0
"""For how many seconds a writer waits for another one."""


class SqliteStore:
    """Portfolios in one SQLite file; see `Store`.

    Readers see the store as it was when they began, and neither wait for a writer nor make one wait; writers
    take turns.
    """

    def __init__(self, connections: Connections) -> None:
        self.address = connections.shown
        self._connections = connections

    @classmethod
    def open(cls, file: Path, *, shown: str, create: bool = False, patience: float = PATIENCE) -> Self:
        """The store in a file.

        Args:
            shown: its URL, for messages.
            create: make it, or bring its schema up to date, where that is needed.
            patience: for how many seconds a writer waits for another one.

        Raises:
            NoStore: it is not there, and is not to be made.
            StoreError: it cannot be opened, is not ours, or has another schema.
        """
        if create:
            create_file(file, shown=shown, patience=patience)
        return cls(Connections(file, shown=shown, patience=patience))

    def tenants(self) -> tuple[Tenant, ...]:
        """The portfolios held, by id."""
        with self._connections.reading() as connection:
            rows = connection.execute(
                """SELECT portfolio.id, body, portfolio.revision, assessment.revision FROM portfolio
                LEFT JOIN entity ON entity.portfolio = number AND kind = ?
                LEFT JOIN assessment ON assessment.portfolio = number ORDER BY portfolio.id""",
                (HEADER,),
            ).fetchall()
        return tuple(
            Tenant(id=id_, name=_name(header), revision=revision, assessed=assessed)
            for id_, header, revision, assessed in rows
        )

    def revision(self, portfolio: str) -> int:
        """The latest revision; 0 where there is no such portfolio."""
        with self._connections.reading() as connection:
            return self._at(connection, portfolio)[1]

    def mark(self) -> Hashable | None:
        """What differs as soon as anybody has written."""
        return self._connections.mark()

    def load(self, portfolio: str, *, revision: int | None = None) -> Snapshot:
        """The portfolio as it is, or as it was at a past revision."""
        with collector_paused():
            with self._connections.reading() as connection:
                number, latest = self._known(connection, portfolio)
                if revision is not None and not 0 <= revision <= latest:
                    raise UnknownRevision(portfolio, revision, latest)
                entities = dict(
                    stored(
                        connection.execute(
                            "SELECT kind, id, position, body FROM entity WHERE portfolio = ? ORDER BY position",
                            (number,),
                        ),
                        source=self.address,
                    )
                )
                if revision is not None and revision < latest:
                    edits = connection.execute(
                        """SELECT kind, id, position, before FROM edit WHERE portfolio = ? AND revision > ?
                        ORDER BY revision DESC, ordinal DESC""",
                        (number, revision),
                    )
                    entities = rewound(entities.items(), undone(edits, source=self.address))
            whole = portfolio_of(in_order(entities.items()), source=self.address)
        return Snapshot(whole, latest if revision is None else revision)

    def apply(
        self, portfolio: str, edits: ChangeSet, *, expected: int, by: str, at: datetime, what: str
    ) -> int:
        """Write a change set, and log it, in one transaction; returns the new revision."""
        if not edits:
            with self._connections.reading() as connection:
                self._checked(connection, portfolio, expected=expected)
            return expected
        with self._connections.writing() as connection:
            number = self._checked(connection, portfolio, expected=expected)
            write(
                connection,
                add_portfolio(connection, portfolio) if number is None else number,
                edits,
                revision=expected + 1,
                by=by,
                at=at,
                what=what,
                shown=self.address,
            )
        return expected + 1

    def history(self, portfolio: str, *, limit: int | None = None) -> tuple[Change, ...]:
        """The change log, the latest first."""
        with self._connections.reading() as connection:
            number, _ = self._known(connection, portfolio)
            return read_changes(connection, number, limit=limit)

    def changes(self, portfolio: str, *, since: int, until: int | None = None) -> tuple[Logged, ...]:
        """The changes after revision `since`, up to `until` or the latest, the earliest first, with their edits."""
        with collector_paused(), self._connections.reading() as connection:
            number, _ = self._known(connection, portfolio)
            changes = read_changes(connection, number, since=since, until=until)
            try:
                return tuple(
                    Logged(change, read_edits(connection, number, change.revision))
                    for change in reversed(changes)
                )
            except ValueError as error:
                raise StoreError(
                    f"{self.address}: the change log of portfolio {portfolio!r} is damaged ({error}):"
                    " `olagraph db check` tells more"
                ) from error

    def write_assessment(self, portfolio: str, assessment: WrittenAssessment) -> None:
        """Write verdicts and findings in place of those written before."""
        with self._connections.writing() as connection:
            number, _ = self._known(connection, portfolio)
            self._checked(connection, portfolio, expected=assessment.revision)
            write_verdicts(connection, number, assessment)

    def assessment(self, portfolio: str) -> WrittenAssessment | None:
        """The assessment written last."""
        with self._connections.reading() as connection:
            number, _ = self._known(connection, portfolio)
            return read_verdicts(connection, number)

    def check(self, portfolio: str) -> tuple[str, ...]:
        """What is wrong with a portfolio as it lies in the file, one sentence each."""
        with collector_paused(), self._connections.reading() as connection:
            if faults := file_faults(connection):
                return faults
            number, _ = self._known(connection, portfolio)
            return tuple(portfolio_faults(connection, number, shown=self.address))

    def remove(self, portfolio: str) -> None:
        """Remove one portfolio with its change log and verdicts."""
        with self._connections.writing() as connection:
            number, _ = self._known(connection, portfolio)
            connection.execute("DELETE FROM portfolio WHERE number = ?", (number,))

    def wipe(self) -> None:
        """Drop all tables of olagraph's, and give the room back."""
        with self._connections.outside_transactions() as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute("BEGIN IMMEDIATE")
            check_schema(connection, shown=self.address)  # others may have wiped it first
            drop(connection)
            connection.execute("COMMIT")
            with suppress(
                sqlite3.OperationalError
            ):  # the disk is too full for it, or somebody writes: so be it
                connection.execute("VACUUM")
            connection.execute("PRAGMA foreign_keys = ON")

    def close(self) -> None:
        """Close the file."""
        self._connections.close()

    def _at(self, connection: sqlite3.Connection, portfolio: str) -> tuple[int | None, int]:
        """A portfolio's number and revision; None and 0 if there is none of this name."""
        found: tuple[int, int] | None = connection.execute(
            "SELECT number, revision FROM portfolio WHERE id = ?", (portfolio,)
        ).fetchone()
        return found or (None, 0)

    def _known(self, connection: sqlite3.Connection, portfolio: str) -> tuple[int, int]:
        number, revision = self._at(connection, portfolio)
        if number is None:
            names = tuple(row[0] for row in connection.execute("SELECT id FROM portfolio ORDER BY id"))
            raise UnknownPortfolio(self.address, portfolio, names)
        return number, revision

    def _checked(self, connection: sqlite3.Connection, portfolio: str, *, expected: int) -> int | None:
        """The number of a portfolio that is at revision `expected`; None where that is 0."""
        number, revision = self._at(connection, portfolio)
        if revision != expected:
            since = () if number is None else read_changes(connection, number, since=expected)
            raise Conflict(portfolio, expected, revision, since[::-1])
        return number


def _name(header: str | None) -> str:
    try:
        return str(decode(header or "{}").get("name", ""))
    except (AttributeError, ValueError):
        return ""  # somebody damaged it: `load` and `check` say so
