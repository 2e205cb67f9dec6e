"""What the tests of stores write: one portfolio after another."""

from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import strategies as st

from olagraph.documents.changes import ChangeSet, difference
from olagraph.model.entities import Portfolio
from olagraph.stores import Snapshot, Store
from tests.documents.portfolio_strategies import portfolios

AT = datetime(2026, 11, 23, 9, 30, 0, 123456, UTC)
TENANT = "default"

_NUMBERS = count(1)

sequences = st.lists(portfolios(), min_size=2, max_size=4)
"""Portfolios to be written one after the other; names that they share are changed, the others come and go."""


def fresh_name() -> str:
    """A portfolio's name that no test used before."""
    return f"portfolio-{next(_NUMBERS)}"


def put(
    store: Store, new: Portfolio, *, portfolio: str = TENANT, by: str = "ana", what: str = "a change"
) -> ChangeSet:
    """Make a store's portfolio into another one, as one change at a time of its own; returns the edits."""
    revision = store.revision(portfolio)
    before = store.load(portfolio) if revision else Snapshot(Portfolio(), 0)
    edits = difference(before.portfolio, new)
    at = AT + timedelta(minutes=revision)
    store.apply(portfolio, edits, expected=before.revision, by=by, at=at, what=what)
    return edits
