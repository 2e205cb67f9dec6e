"""A whole revision out of a database that changes while it is read.

Neo4j shows a query what is committed when it runs, and of a commit that is just being carried out, a part. But a
transaction that begins with the bookmark of another one waits until every commit has been carried out of which the
other one could see anything. So three in turn:

1. One sees revision r.
2. One reads the entities: r is there in full, and of later revisions, whatever.
3. One reads the log after r: all that the second one could see any part of is in it. What the log says of an entity
   takes the place of what was found. At last it looks whether it is still the same portfolio, and not one that was
   made anew under its name.
"""

from collections.abc import Iterator
from typing import NamedTuple

from neo4j import ManagedTransaction

from olagraph.documents.entities import HEADER_KEY, Key
from olagraph.stores.changes import Stored
from olagraph.stores.errors import StoreError, UnknownRevision
from olagraph.stores.neo4j.entity_rows import NOTHING_AROUND, plain_entity
from olagraph.stores.neo4j.log import LoggedEdits, read_edits
from olagraph.stores.neo4j.reading import Damage, read_entities
from olagraph.stores.neo4j.state import read_life, read_state
from olagraph.stores.neo4j.statements import Placed
from olagraph.stores.rewinding import rewound


class Seen(NamedTuple):
    """What was seen of a portfolio first.

    Attributes:
        life: see `read_life`.
        revision: of the graph.
    """

    life: str
    revision: int


class Loaded(NamedTuple):
    """The entities of a portfolio at one revision."""

    revision: int
    entities: dict[Key, Stored]


def seen_revision(transaction: ManagedTransaction, portfolio: str) -> Seen | None:
    """The revision of the graph; None if there is no such portfolio."""
    life = read_life(transaction, portfolio)
    state = read_state(transaction, portfolio)
    return None if life is None or state is None else Seen(life, state.applied)


def found_entities(transaction: ManagedTransaction, portfolio: str) -> dict[Key, Stored | Damage]:
    """The entities as they lie in the graph, some of them perhaps torn."""
    state = read_state(transaction, portfolio)
    header = {} if state is None else state.header
    return {
        HEADER_KEY: Stored(0, plain_entity(HEADER_KEY, header, NOTHING_AROUND)),
        **read_entities(transaction, portfolio),
    }


def made_whole(
    transaction: ManagedTransaction,
    portfolio: str,
    found: dict[Key, Stored | Damage],
    *,
    seen: Seen,
    revision: int | None = None,
    shown: str,
) -> Loaded | None:
    """What was found, made whole by the log: as it is, or as it was at a past revision.

    None if the portfolio was removed meanwhile, whether or not it was made anew.

    Args:
        seen: what was seen before.

    Raises:
        UnknownRevision: it has no such revision.
        StoreError: an entity or the change log is damaged.
    """
    since = seen.revision if revision is None else min(seen.revision, max(revision, 0))
    logged = read_edits(transaction, portfolio, since=since, shown=shown)
    if read_life(transaction, portfolio) != seen.life:
        return None
    latest = max([seen.revision, *(each.change.revision for each in logged)])
    if revision is not None and not 0 <= revision <= latest:
        raise UnknownRevision(portfolio, revision, latest)
    overlay(found, logged, since=seen.revision)
    entities: dict[Key, Stored] = {}
    for key, each in found.items():
        if isinstance(each, Damage):
            raise StoreError(f"{shown}: {key} is damaged ({each.reason}): `olagraph db check` tells more")
        entities[key] = each
    if revision is None or revision == latest:
        return Loaded(latest, entities)
    undone = (
        (edit.key, None if edit.before is None else Stored(position, edit.before))
        for edit, position in reversed(list(_edits(logged, since=revision)))
    )
    return Loaded(revision, rewound(entities.items(), undone))


def overlay(entities: dict[Key, Stored | Damage], logged: tuple[LoggedEdits, ...], *, since: int) -> None:
    """Put what the log tells of changes after revision `since` in place of what was found, torn or not."""
    for edit, position in _edits(logged, since=since):
        if edit.after is None:
            entities.pop(edit.key, None)
        else:
            entities[edit.key] = Stored(position, edit.after)


def _edits(logged: tuple[LoggedEdits, ...], *, since: int) -> Iterator[Placed]:
    return (placed for each in logged if each.change.revision > since for placed in each.edits)
