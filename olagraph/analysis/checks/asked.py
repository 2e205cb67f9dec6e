"""What checks are asked about, and what they look at to answer."""

from collections.abc import Hashable, Iterator
from typing import Any, TypeAlias

from olagraph.analysis.context import Context
from olagraph.analysis.memory import pieces

Asked: TypeAlias = tuple[Hashable, Any, tuple[object, ...]]
"""Something that checks are asked about: a name for it, itself, and everything that decides what they find.

As long as all of that is the same objects, they find the same.
"""


def targets(context: Context) -> Iterator[Asked]:
    """Every assessed target: it is another object where anything below it is touched."""
    for assessed in context.assessed:
        yield id(assessed.item.target), assessed, (assessed, *context.parties)


def assessed_agreements(context: Context) -> Iterator[Asked]:
    """The assessed targets of each agreement together."""
    for agreement, group in context.by_agreement.items():
        covered = context.graph.covered_by(group[0].item.agreement)
        yield agreement, group, (covered, *context.parties, *group)


def agreements(context: Context) -> Iterator[Asked]:
    """All agreements as they are stated, some at a time."""
    for place, piece in pieces(context.agreements):
        yield place, piece, (*piece, *context.parties)


def all_services(context: Context) -> Iterator[Asked]:
    """How all services are delivered."""
    yield None, None, (context.shape, context.reached_by, context.losses, *context.parties)
