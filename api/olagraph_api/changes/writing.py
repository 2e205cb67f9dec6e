"""Writes a change: against the revision that the client has read, or on top of whatever others have written."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from graphql import GraphQLError

from olagraph.documents.changes import ChangeSet, difference
from olagraph.model.entities import Portfolio
from olagraph.stores import Conflict, StoreError, UnknownPortfolio
from olagraph.stores import Snapshot as Stored
from olagraph.stores.assessments import written_assessment
from olagraph_api.changes.problems import NotChanged, ProblemCode
from olagraph_api.context import Context, Outcome, unknown_portfolio
from olagraph_api.security.principals import Permission
from olagraph_api.snapshots import Snapshot
from olagraph_api.snapshots.store_state import store_unavailable

_log = logging.getLogger(__name__)

_ATTEMPTS = 5
"""How often a change that names no revision is made anew on what others have just written."""

Make = Callable[[Portfolio], Portfolio]
"""Gives the next portfolio, valid as a whole, or raises NotChanged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What became of a portfolio.

    Attributes:
        revision: of the portfolio in the store.
        edits: what changed, or would.
        written: False where nothing differs, or nothing was to be written.
    """

    revision: int
    edits: ChangeSet
    written: bool


def change(
    context: Context,
    portfolio_id: str,
    make: Make,
    *,
    expected: int | None,
    what: str,
    dry_run: bool = False,
    create_missing: bool = False,
) -> Changed:
    """Make a change and write it, whole or not at all.

    Args:
        make: is called again where somebody else was faster, if `expected` is None.
        expected: the revision that the client has read; None = the change may be made on any.
        what: for the change log.
        dry_run: compare only.
        create_missing: where there is no such portfolio, begin with an empty one.

    Raises:
        NotChanged: nothing was written, for these reasons.
        GraphQLError: the principal may not, there is no such portfolio, or the store does not answer.
    """
    context.require(Permission.WRITE, portfolio_id)
    with store_answers():
        base = _base(context, portfolio_id, create_missing=create_missing)
        if expected is not None and base.revision != expected:
            base = _at(context, portfolio_id, expected)
        for attempt in range(_ATTEMPTS):
            wanted = make(base.portfolio)
            edits = difference(base.portfolio, wanted)
            if dry_run or not edits:
                return Changed(revision=base.revision, edits=edits, written=False)
            try:
                revision = _applied(context, portfolio_id, edits, expected=base.revision, what=what)
            except Conflict as conflict:
                if expected is not None or attempt == _ATTEMPTS - 1:
                    raise NotChanged.conflict(conflict) from None
                base = _loaded(context, portfolio_id)
                continue
            _note(context, portfolio_id, wanted, before=base.revision, after=revision)
            return Changed(revision=revision, edits=edits, written=True)
    raise AssertionError("the last attempt returns or raises")


def create(context: Context, portfolio_id: str, make: Make, *, what: str) -> Changed:
    """Create a portfolio.

    Raises:
        NotChanged: there is one of this id, or it would not be valid.
        GraphQLError: the principal may not, or the store does not answer.
    """
    context.require(Permission.CREATE_PORTFOLIO, portfolio_id)
    with store_answers():
        wanted = make(Portfolio())
        edits = difference(Portfolio(), wanted)
        try:
            revision = _applied(context, portfolio_id, edits, expected=0, what=what)
        except Conflict:
            message = f"there is a portfolio {portfolio_id!r} already"
            raise NotChanged.because(message, ProblemCode.ALREADY_THERE, "portfolio") from None
    _note(context, portfolio_id, wanted, before=0, after=revision)
    return Changed(revision=revision, edits=edits, written=True)


def remove(context: Context, portfolio_id: str, *, expected: int) -> None:
    """Remove a portfolio with its history, for good.

    Raises:
        NotChanged: it is at another revision.
        GraphQLError: the principal may not, there is none, or the store does not answer.
    """
    context.require(Permission.REMOVE_PORTFOLIO, portfolio_id)
    with store_answers():
        _at(context, portfolio_id, expected)
        try:
            context.store.remove(portfolio_id)
        except UnknownPortfolio:
            raise unknown_portfolio(portfolio_id) from None
    context.outcome = Outcome(portfolio=portfolio_id, before=expected)


def write_back(context: Context, portfolio_id: str, day: date) -> int:
    """Write verdicts and findings of a day beside the portfolio in the store, in place of those written before.

    Returns:
        The revision that they speak of.

    Raises:
        NotChanged: the portfolio was changed meanwhile.
        GraphQLError: the principal may not, there is no such portfolio, or the store does not answer.
    """
    context.require(Permission.WRITE, portfolio_id)
    snapshot = context.snapshot(portfolio_id)
    assessment = written_assessment(snapshot.assessment(day), snapshot.portfolio, revision=snapshot.revision)
    with store_answers():
        try:
            context.store.write_assessment(portfolio_id, assessment)
        except Conflict as conflict:
            raise NotChanged.conflict(conflict) from None
    return snapshot.revision


def _base(context: Context, portfolio_id: str, *, create_missing: bool) -> Stored:
    """The portfolio as this operation sees it: what its mutations before have written included."""
    try:
        known = context.snapshot(portfolio_id)
    except GraphQLError as refused:
        if not create_missing or refused.extensions != unknown_portfolio(portfolio_id).extensions:
            raise
        context.require(Permission.CREATE_PORTFOLIO, portfolio_id)
        return Stored(Portfolio(), 0)
    return Stored(known.portfolio, known.revision)


def _at(context: Context, portfolio_id: str, expected: int) -> Stored:
    """The portfolio, if the revision that a client has read is the latest."""
    try:
        context.store.apply(
            portfolio_id, (), expected=expected, by=context.principal.name, at=context.now(), what=""
        )
    except Conflict as conflict:
        raise NotChanged.conflict(conflict) from None
    return _loaded(context, portfolio_id)


def _loaded(context: Context, portfolio_id: str) -> Stored:
    try:
        return context.store.load(portfolio_id)
    except UnknownPortfolio:
        raise unknown_portfolio(portfolio_id) from None


def _applied(context: Context, portfolio_id: str, edits: ChangeSet, *, expected: int, what: str) -> int:
    return context.store.apply(
        portfolio_id, edits, expected=expected, by=context.principal.name, at=context.now(), what=what
    )


def _note(context: Context, portfolio_id: str, portfolio: Portfolio, *, before: int, after: int) -> None:
    """Have the rest of the operation see the portfolio as it is now, and the audit log told of it."""
    context.see(Snapshot(portfolio_id, after, portfolio))
    begun = context.outcome.before if context.outcome.portfolio == portfolio_id else None
    context.outcome = Outcome(portfolio=portfolio_id, before=before if begun is None else begun, after=after)


@contextmanager
def store_answers() -> Iterator[None]:
    """Refuse what the store fails at; the log is told why.

    Raises:
        GraphQLError: STORE_UNAVAILABLE.
    """
    try:
        yield
    except StoreError as error:
        _log.error("a change was not written: %s", error)
        raise store_unavailable() from None
