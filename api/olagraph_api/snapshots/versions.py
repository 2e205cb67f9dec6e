"""From the version of a portfolio that is known to the one that a store holds."""

from typing import NamedTuple

from olagraph.documents.changes import applied
from olagraph.documents.reading import FaultRecordedError
from olagraph.model.entities import Portfolio
from olagraph.stores import Change, Store, UnknownPortfolio
from olagraph_api.snapshots.lasting import made_to_last

_MOST_CHANGES = 1_000
"""Further behind than this, the portfolio is read as a whole."""

_MEANWHILE = 100
"""Changes that others may make between two queries of ours; after more of them, we begin again."""


class Version(NamedTuple):
    """A portfolio as it was after a change.

    Attributes:
        change: the one that led to it. A portfolio that is removed and made anew counts from 1 again, so that the
            number of a revision alone does not tell which portfolio it is of.
    """

    portfolio: Portfolio
    change: Change


def latest_change(store: Store, portfolio: str) -> Change | None:
    """The change that a portfolio is at, by one cheap query; None where the store holds none of this name.

    Raises:
        StoreError: the store does not answer.
    """
    try:
        return next(iter(store.history(portfolio, limit=1)), None)
    except UnknownPortfolio:
        return None


def advanced(store: Store, portfolio: str, known: Version, latest: Change) -> Version | None:
    """The version after the changes since a known one; what they leave alone stays the same objects.

    Args:
        latest: the change that the portfolio is at, or was a moment ago.

    Returns:
        None where the changes do not lead there: read the whole then.

    Raises:
        StoreError: the store does not answer.
    """
    behind = latest.revision - known.change.revision
    if not 0 < behind <= _MOST_CHANGES:
        return None
    try:
        logged = store.changes(portfolio, since=known.change.revision)
        last = known.change.revision + len(logged)
        if [entry.change.revision for entry in logged] != [*range(known.change.revision + 1, last + 1)]:
            return None
        # Read after the changes: if both ends are still in the log, all between is of one portfolio.
        log = store.history(portfolio, limit=len(logged) + _MEANWHILE)
        if not logged or known.change not in log or logged[-1].change not in log:
            return None
        after = known.portfolio
        for entry in logged:
            after = applied(after, entry.edits)
    except (UnknownPortfolio, FaultRecordedError, LookupError, TypeError, ValueError):
        return None
    return Version(after, logged[-1].change)


def loaded(store: Store, portfolio: str, latest: Change) -> Version | None:
    """The version that the store holds, read as a whole; None where it holds none of this name.

    Args:
        latest: the change that the portfolio is at, or was a moment ago.

    Raises:
        StoreError: the store does not answer.
        InvalidPortfolio: somebody changed it past olagraph, and it is none any more.
    """
    before: Change | None = latest
    while before is not None:
        try:
            with made_to_last():
                found = store.load(portfolio)
            log = store.history(portfolio, limit=max(0, found.revision - before.revision) + _MEANWHILE)
        except UnknownPortfolio:
            return None
        change = next((change for change in log if change.revision == found.revision), None)
        if change is not None and before in log:
            return Version(found.portfolio, change)
        before = latest_change(store, portfolio)  # it was removed and made anew meanwhile
    return None
