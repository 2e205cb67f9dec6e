"""What every store does, whatever database lies below it."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from olagraph.analysis.results import Severity, Verdict
from olagraph.documents.changes import ChangeSet
from olagraph.documents.entities import Key
from olagraph.model.entities import Portfolio
from olagraph.stores.changes import Change, Logged


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A portfolio as it was at one revision.

    Attributes:
        revision: 0 = nothing was ever written.
    """

    portfolio: Portfolio
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """One of the portfolios that a store holds.

    Attributes:
        id: what `?portfolio=` names.
        name: for people.
        assessed: the revision whose verdicts were written back; None = none were.
    """

    id: str
    name: str
    revision: int
    assessed: int | None


@dataclass(frozen=True, slots=True)
class TargetVerdict:
    """The worst verdict on one target of an agreement, over the services covered.

    Attributes:
        index: of the target in the agreement's own list, from 0.
        gap: see `TargetAssessment`.
    """

    agreement: str
    index: int
    verdict: Verdict
    gap: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFinding:
    """A finding as it lies in a store; `subject` is the agreement, service, provider or header it is about."""

    code: str
    severity: Severity
    message: str
    fingerprint: str
    subject: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenAssessment:
    """What is written back of an assessment, so that others can query it.

    Attributes:
        revision: of the portfolio that was assessed.
        as_of: the day of assessment.
        agreements: the worst verdict on each agreement that was assessed, its own and inherited targets together.
        targets: the verdicts on agreements' own targets, in the order of (agreement, index).
        findings: by fingerprint.
    """

    revision: int
    as_of: date
    agreements: dict[str, Verdict]
    targets: tuple[TargetVerdict, ...]
    findings: tuple[WrittenFinding, ...]


class Store(Protocol):
    """Portfolios in a database, each with its revisions. One store object may be used by several threads.

    Every method raises StoreError, with one line for people, where the database fails or refuses. A write is
    whole or not at all; when the method returns, it is on disk.

    Attributes:
        address: the URL without a password, for messages.
    """

    address: str

    def tenants(self) -> tuple[Tenant, ...]:
        """The portfolios held, by id."""
        ...

    def revision(self, portfolio: str) -> int:
        """The latest revision, by one cheap query; 0 where there is no such portfolio."""
        ...

    def mark(self) -> Hashable | None:
        """What differs from what it was as soon as anybody has written: who finds it unchanged need not ask again.

        It is told on the spot, for all portfolios together. None where only a query can tell, and where the database
        does not answer; it raises nothing.
        """
        ...

    def load(self, portfolio: str, *, revision: int | None = None) -> Snapshot:
        """The portfolio as it is, or as it was at a past revision.

        Raises:
            UnknownPortfolio: the store holds none of this name.
            UnknownRevision: it has no such revision.
            InvalidPortfolio: somebody changed it past olagraph, and it is none any more.
        """
        ...

    def apply(
        self, portfolio: str, edits: ChangeSet, *, expected: int, by: str, at: datetime, what: str
    ) -> int:
        """Write a change set, and log it, in one transaction.

        Args:
            edits: the difference between the portfolio at revision `expected` and a valid one; empty = no change, but
                what a writer that was stopped has left undone is done.
            expected: the revision that the writer has read; 0 creates the portfolio.
            by, at, what: for the log; `at` with a time zone.

        Returns:
            The new revision; `expected` if there was nothing to write.

        Raises:
            Conflict: the portfolio is at another revision; nothing was written.
        """
        ...

    def history(self, portfolio: str, *, limit: int | None = None) -> tuple[Change, ...]:
        """The change log, the latest first.

        Raises:
            UnknownPortfolio: the store holds none of this name.
        """
        ...

    def changes(self, portfolio: str, *, since: int, until: int | None = None) -> tuple[Logged, ...]:
        """The changes after revision `since`, up to `until` or the latest, the earliest first, with their edits."""
        ...

    def write_assessment(self, portfolio: str, assessment: WrittenAssessment) -> None:
        """Write verdicts and findings in place of those written before; the log does not tell of it.

        Raises:
            Conflict: the portfolio is no longer at the revision that was assessed.
        """
        ...

    def assessment(self, portfolio: str) -> WrittenAssessment | None:
        """The assessment written last. A target changed since then has no verdict."""
        ...

    def check(self, portfolio: str) -> tuple[str, ...]:
        """What is wrong with a portfolio as it lies in the database, one sentence each; empty if nothing is."""
        ...

    def remove(self, portfolio: str) -> None:
        """Remove one portfolio with its change log and verdicts. Nobody can bring it back."""
        ...

    def wipe(self) -> None:
        """Remove all that is olagraph's from the database, and nothing else."""
        ...

    def close(self) -> None:
        """Let go of the database; the store is of no use afterwards."""
        ...
