"""The Neo4j store."""

import logging
import secrets
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Self, TypeVar

from neo4j import (
    Driver,
    GraphDatabase,
    ManagedTransaction,
    NotificationMinimumSeverity,
    Session,
    unit_of_work,
)
from neo4j.exceptions import IncompleteCommit

from olagraph.documents.change_log import Change, Logged
from olagraph.documents.changes import ChangeSet
from olagraph.documents.collector import collector_paused
from olagraph.documents.entities import portfolio_of
from olagraph.stores.address import Address
from olagraph.stores.errors import StoreError, UnknownPortfolio
from olagraph.stores.neo4j.checking import faults
from olagraph.stores.neo4j.cypher import CREATE, MERGE
from olagraph.stores.neo4j.errors import out_of_memory_at_once, told_of
from olagraph.stores.neo4j.loading import found_entities, made_whole, seen_revision
from olagraph.stores.neo4j.log import Entry, read_changes, read_edits
from olagraph.stores.neo4j.opening import check_schema, check_store, check_version, drop_schema, retire
from olagraph.stores.neo4j.removing import delete_all, delete_withdrawn, withdraw, withdraw_all, withdrawn
from olagraph.stores.neo4j.state import lock, read_life, read_state
from olagraph.stores.neo4j.statements import Statement
from olagraph.stores.neo4j.verdicts import read_verdicts, write_verdicts
from olagraph.stores.neo4j.writing import (
    GraphBehindError,
    Recorded,
    begin,
    conflict,
    in_transactions,
    mark_applied,
    pending,
    record,
    run,
)
from olagraph.stores.rewinding import in_order
from olagraph.stores.store import Snapshot, Tenant, WrittenAssessment

PATIENCE = 15.0
"""For how many seconds what failed for the moment is repeated."""

LONGEST_WAIT = 60.0
"""For how many seconds a transaction waits for another one, its own work included; see `SLOWEST`."""

SLOWEST = 500
"""Rows a second that a transaction gets through at least, however busy the server is."""

WRITERS = 2
"""How many transactions bring a large change into the graph at the same time."""

_CONNECT, _ACQUIRE = 10.0, 30.0  # seconds for a new connection, and for one out of the pool

T = TypeVar("T")

# What goes wrong is told by StoreError; where nobody set up logging, the driver would print it as well.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


class Neo4jStore:
    """Portfolios in one Neo4j database; see `Store`.

    Readers neither wait for a writer nor make one wait; the writers of one portfolio take turns.
    """

    def __init__(self, driver: Driver, address: Address) -> None:
        self.address = address.shown
        self._driver, self._at = driver, address

    @classmethod
    def open(cls, address: Address, *, create: bool = False, patience: float = PATIENCE) -> Self:
        """The store in a database.

        Args:
            create: make it where the database is empty, or bring its schema up to date.
            patience: for how many seconds what failed for the moment is repeated.

        Raises:
            NoStore: the database is empty, and no store is to be made.
            StoreError: it cannot be reached, is not ours, or has another schema.
        """
        with told_of(address):
            driver = GraphDatabase.driver(
                address.server,
                auth=None if address.user is None else (address.user, address.password or ""),
                connection_timeout=_CONNECT,
                connection_acquisition_timeout=_ACQUIRE,
                max_transaction_retry_time=patience,
                notifications_min_severity=NotificationMinimumSeverity.OFF,
                user_agent="olagraph",
            )
        store = cls(driver, address)
        try:
            with told_of(address), store._session() as session:
                check_version(
                    session, shown=address.shown
                )  # what fails here is said at once, not tried again
                check_schema(session, shown=address.shown, create=create)
        except BaseException:
            driver.close()
            raise
        return store

    def tenants(self) -> tuple[Tenant, ...]:
        """The portfolios held, by id."""

        def read(transaction: ManagedTransaction) -> tuple[Tenant, ...]:
            found = transaction.run(
                "MATCH (p:Portfolio) WHERE p.portfolio IS NOT NULL"
                " RETURN p.portfolio, p.name, p.revision, p.assessed ORDER BY p.portfolio"
            )
            return tuple(
                Tenant(id=id_, name=name or "", revision=revision, assessed=assessed)
                for id_, name, revision, assessed in found
            )

        tenants = self._read(read)
        if not tenants:
            self._check_store()
        return tenants

    def revision(self, portfolio: str) -> int:
        """The latest revision; 0 where there is no such portfolio."""

        def read(transaction: ManagedTransaction) -> int:
            state = read_state(transaction, portfolio)
            return 0 if state is None else state.revision

        revision = self._read(read)
        if not revision:
            self._check_store()
        return revision

    def mark(self) -> None:
        """Nothing: the server must be asked."""

    def load(self, portfolio: str, *, revision: int | None = None) -> Snapshot:
        """The portfolio as it is, or as it was at a past revision."""
        with collector_paused():
            loaded = None
            while loaded is None:  # once; again if the portfolio is removed and made anew while it is read
                seen = self._read(lambda tx: seen_revision(tx, portfolio))
                if seen is None:
                    raise self._unknown(portfolio)
                found = self._read(lambda tx: found_entities(tx, portfolio))
                loaded = self._read(
                    lambda tx: made_whole(
                        tx,
                        portfolio,
                        found,  # noqa: B023 - called at once
                        seen=seen,  # noqa: B023
                        revision=revision,
                        shown=self.address,
                    )
                )
            whole = portfolio_of(in_order(loaded.entities.items()), source=self.address)
        return Snapshot(whole, loaded.revision)

    def apply(
        self, portfolio: str, edits: ChangeSet, *, expected: int, by: str, at: datetime, what: str
    ) -> int:
        """Write a change set, and log it; returns the new revision."""
        if not edits:
            if self._read(lambda tx: _is_behind(tx, portfolio, expected, shown=self.address)):
                self._bring_up_to_date(portfolio)
            return expected
        entry = Entry(by, at, what, token=secrets.token_hex(16))

        def write(transaction: ManagedTransaction) -> Recorded:
            return record(transaction, portfolio, edits, expected=expected, entry=entry, shown=self.address)

        with collector_paused():
            recorded = self._write_when_up_to_date(portfolio, write, rows=len(edits))
            if recorded.lacking is not None:
                try:
                    self._bring_up_to_date(portfolio, recorded)
                except StoreError as error:
                    raise StoreError(
                        f"{error}. Revision {recorded.revision} of portfolio {portfolio!r} is stored;"
                        " what the graph lacks of it is added when the next change is written"
                    ) from error
        return recorded.revision

    def history(self, portfolio: str, *, limit: int | None = None) -> tuple[Change, ...]:
        """The change log, the latest first."""
        return self._read_known(
            portfolio, lambda tx: read_changes(tx, portfolio, limit=limit, shown=self.address)
        )

    def changes(self, portfolio: str, *, since: int, until: int | None = None) -> tuple[Logged, ...]:
        """The changes after revision `since`, up to `until` or the latest, the earliest first, with their edits."""
        logged = self._read_known(
            portfolio, lambda tx: read_edits(tx, portfolio, since=since, until=until, shown=self.address)
        )
        return tuple(Logged(change, tuple(edit for edit, _ in placed)) for change, placed in logged)

    def write_assessment(self, portfolio: str, assessment: WrittenAssessment) -> None:
        """Write verdicts and findings in place of those written before."""

        def write(transaction: ManagedTransaction) -> bool:
            check_store(transaction, shown=self.address)
            state = lock(transaction, portfolio)
            if state is None:
                return False
            if state.revision != assessment.revision:
                raise conflict(
                    transaction,
                    portfolio,
                    expected=assessment.revision,
                    actual=state.revision,
                    shown=self.address,
                )
            if state.applied < state.revision:
                raise GraphBehindError
            write_verdicts(transaction, portfolio, assessment)
            return True

        rows = len(assessment.agreements) + len(assessment.targets) + len(assessment.findings)
        if not self._write_when_up_to_date(portfolio, write, rows=rows):
            raise self._unknown(portfolio)

    def assessment(self, portfolio: str) -> WrittenAssessment | None:
        """The assessment written last."""
        return self._read_settled(portfolio, lambda tx: read_verdicts(tx, portfolio))

    def check(self, portfolio: str) -> tuple[str, ...]:
        """What is wrong with a portfolio as it lies in the graph, one sentence each."""
        with collector_paused():

            def found(transaction: ManagedTransaction) -> tuple[str, ...]:
                return faults(transaction, portfolio, shown=self.address)

            # What looks wrong may be what somebody is just writing; what looks whole is.
            return self._read_known(portfolio, found) and self._read_settled(portfolio, found)

    def remove(self, portfolio: str) -> None:
        """Remove one portfolio with its change log and verdicts."""
        if not self._read(lambda tx: read_life(tx, portfolio) is not None or portfolio in withdrawn(tx)):
            raise self._unknown(portfolio)
        self._write(lambda tx: withdraw(tx, portfolio))
        with told_of(self._at), self._session() as session:
            delete_withdrawn(session, portfolio)

    def wipe(self) -> None:
        """Remove all that is olagraph's: its nodes, its constraints, and at last the mark that the database is its."""
        self._write(lambda tx: retire(tx, shown=self.address))
        self._write(withdraw_all)
        with told_of(self._at), self._session() as session:
            delete_all(session)
            drop_schema(session)

    def close(self) -> None:
        """Close the connections."""
        self._driver.close()

    def _write_when_up_to_date(
        self, portfolio: str, work: Callable[[ManagedTransaction], T], *, rows: int
    ) -> T:
        try:
            return self._write(work, rows=rows)
        except GraphBehindError:
            self._bring_up_to_date(portfolio)
            return self._write(work, rows=rows)

    def _bring_up_to_date(self, portfolio: str, recorded: Recorded | None = None) -> None:
        """Write into the graph what the log tells, in several transactions, while one more holds the lock.

        Args:
            recorded: the change that was logged last, where it is at hand.
        """

        def follow(guard: ManagedTransaction) -> None:
            state = lock(guard, portfolio)
            if state is None or state.applied == state.revision:
                return
            for revision, plan in pending(guard, portfolio, state, recorded, shown=self.address):
                first = self._write(lambda tx: begin(tx, portfolio, revision))  # noqa: B023 - called at once
                verb = CREATE if first else MERGE
                for stage in (plan.nodes(verb=verb), plan.relationships(verb=verb)):
                    with ThreadPoolExecutor(WRITERS) as writers:
                        deque(writers.map(partial(self._run, portfolio), in_transactions(stage)), maxlen=0)
                for several in in_transactions(plan.rest()):
                    self._run(portfolio, several)
            mark_applied(guard, portfolio, state.revision)

        self._write(follow, rows=None)

    def _run(self, portfolio: str, statements: Sequence[Statement]) -> None:
        """Run statements in a transaction of their own."""
        rows = sum(len(statement.rows) for statement in statements)
        self._write(lambda tx: run(tx, portfolio, statements, shown=self.address), rows=rows)

    @contextmanager
    def _session(self) -> Iterator[Session]:
        # Bookmarks shared by all sessions: each transaction sees all that the ones before it saw any part of, on a
        # cluster, too.
        with self._driver.session(
            database=self._at.database, bookmark_manager=self._driver.execute_query_bookmark_manager
        ) as session:
            yield session

    def _read(self, work: Callable[[ManagedTransaction], T]) -> T:
        with told_of(self._at), self._session() as session:
            return session.execute_read(work)

    def _read_known(self, portfolio: str, work: Callable[[ManagedTransaction], T]) -> T:
        def read(transaction: ManagedTransaction) -> tuple[T, bool] | None:
            life = read_life(transaction, portfolio)
            if life is None:
                return None
            return work(transaction), read_life(transaction, portfolio) == life

        whole = False
        while not whole:  # once; again if the portfolio is removed while it is read
            answer = self._read(read)
            if answer is None:
                raise self._unknown(portfolio)
            found, whole = answer
        return found

    def _read_settled(self, portfolio: str, work: Callable[[ManagedTransaction], T]) -> T:
        """What several queries find when nobody writes: the same twice running."""
        before, found = object(), self._read_known(portfolio, work)
        while found != before:
            before, found = found, self._read_known(portfolio, work)
        return found

    def _write(self, work: Callable[[ManagedTransaction], T], *, rows: int | None = 0) -> T:
        """What a transaction that writes returns.

        Args:
            rows: how many it reads and writes; None = it takes as long as it takes.
        """

        @unit_of_work(timeout=None if rows is None else LONGEST_WAIT + rows / SLOWEST)
        def once(transaction: ManagedTransaction) -> T:
            with out_of_memory_at_once():
                return work(transaction)

        with told_of(self._at), self._session() as session:
            try:
                return session.execute_write(once)
            except IncompleteCommit:
                # Perhaps it was written. Whatever is written here finds that out when it runs again.
                return session.execute_write(once)

    def _check_store(self) -> None:
        self._read(lambda tx: check_store(tx, shown=self.address))

    def _unknown(self, portfolio: str) -> UnknownPortfolio:
        return UnknownPortfolio(self.address, portfolio, tuple(tenant.id for tenant in self.tenants()))


def _is_behind(transaction: ManagedTransaction, portfolio: str, expected: int, *, shown: str) -> bool:
    """Whether the graph lacks what the log tells of a portfolio that must be at revision `expected`."""
    check_store(transaction, shown=shown)
    state = read_state(transaction, portfolio)
    actual = 0 if state is None else state.revision
    if actual != expected:
        raise conflict(transaction, portfolio, expected=expected, actual=actual, shown=shown)
    return state is not None and state.applied < state.revision
