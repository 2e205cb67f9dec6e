"""A change set -> the change log and the graph.

The log and the revision are written in one transaction, the graph with them: unless a change is larger than a
server's transactions. Then the graph follows in several, and until it has, readers take what they lack from the
log, and the next writer goes on where the last one stopped.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from neo4j import ManagedTransaction

from olagraph.documents.changes import ChangeSet
from olagraph.documents.entities import HEADER_KEY, Key
from olagraph.documents.plain import decode, encode
from olagraph.metrics.table import BUILT_IN_METRICS
from olagraph.stores.changes import Stored
from olagraph.stores.errors import Conflict, StoreError
from olagraph.stores.neo4j.cypher import CREATE
from olagraph.stores.neo4j.entity_rows import NOTHING_AROUND, plain_entity
from olagraph.stores.neo4j.log import Entry, add_change, is_logged, read_changes, read_edits
from olagraph.stores.neo4j.opening import check_store
from olagraph.stores.neo4j.reading import Damage, read_entities
from olagraph.stores.neo4j.removing import withdrawn
from olagraph.stores.neo4j.state import State, lock
from olagraph.stores.neo4j.statements import BATCH, Placed, Plan, Statement, planned

ONE_TRANSACTION = 20_000
"""The most nodes and relationships that are written in one transaction: 40 MB of a server's memory."""


class Recorded(NamedTuple):
    """A change that is in the log.

    Attributes:
        lacking: what is still to be written into the graph; None = nothing.
    """

    revision: int
    lacking: Plan | None


_FIRST = 1  # the first revision
_BUILT_IN_UNITS = {metric.id: metric.unit for metric in BUILT_IN_METRICS}


class GraphBehindError(Exception):
    """The graph lacks what the log already tells: it must be brought up to date first."""


def record(
    transaction: ManagedTransaction,
    portfolio: str,
    edits: ChangeSet,
    *,
    expected: int,
    entry: Entry,
    shown: str,
) -> Recorded:
    """Log edits, and write them into the graph if that fits into the transaction.

    Raises:
        NoStore: the store was wiped.
        Conflict: the portfolio is not at revision `expected`.
        StoreError: what an edit is to change is not what lies there.
        GraphBehindError: first the graph must be brought up to date.
    """
    check_store(transaction, shown=shown, lock=expected == 0)
    state = lock(transaction, portfolio, create=expected == 0)
    revision = 0 if state is None else state.revision
    new = expected + 1
    if state is not None and state.applied < state.revision:
        raise GraphBehindError
    if revision != expected or state is None:
        if revision >= new and is_logged(transaction, portfolio, revision=new, token=entry.token):
            return Recorded(new, None)
        raise conflict(transaction, portfolio, expected=expected, actual=revision, shown=shown)
    if state.revision == 0 and portfolio in withdrawn(transaction):
        raise StoreError(
            f"{shown}: the removal of portfolio {portfolio!r} has not ended; wait for it,"
            " or repeat it if it was stopped"
        )
    placed = _placed(transaction, portfolio, edits, state, shown=shown)
    plan = planned(placed, units=units(transaction, portfolio), first=not state.revision)
    add_change(transaction, portfolio, placed, revision=new, entry=entry)
    at_once = plan.size <= ONE_TRANSACTION
    if at_once:
        run(transaction, portfolio, plan.statements(verb=CREATE), shown=shown)
    transaction.run(
        "MATCH (p:Portfolio {portfolio: $portfolio}) SET p += $told",
        portfolio=portfolio,
        told={
            **plan.header,
            "revision": new,
            "applied": new if at_once else state.applied,
            "next_position": state.next_position + sum(edit.before is None for edit, _ in placed),
        },
    ).consume()
    return Recorded(new, None if at_once else plan)


def conflict(
    transaction: ManagedTransaction, portfolio: str, *, expected: int, actual: int, shown: str
) -> Conflict:
    """What a writer is told who read another revision."""
    since = read_changes(transaction, portfolio, since=expected, shown=shown)
    return Conflict(portfolio, expected, actual, since[::-1])


def pending(
    transaction: ManagedTransaction, portfolio: str, state: State, recorded: Recorded | None, *, shown: str
) -> Iterator[tuple[int, Plan]]:
    """What the graph lacks: the changes logged but not applied, by revision.

    Args:
        recorded: the change that was logged last, where it is at hand: the log need not be read.
    """
    if recorded is not None and recorded.lacking is not None and state.applied + 1 == recorded.revision:
        yield recorded.revision, recorded.lacking
        state = state._replace(applied=recorded.revision)
    if state.applied < state.revision:
        for logged in read_edits(
            transaction, portfolio, since=state.applied, until=state.revision, shown=shown
        ):
            revision = logged.change.revision
            yield (
                revision,
                planned(logged.edits, units=units(transaction, portfolio), first=revision == _FIRST),
            )


def begin(transaction: ManagedTransaction, portfolio: str, revision: int) -> bool:
    """Mark a change as one whose writing into the graph has begun; whether it is the first time."""
    found = transaction.run(
        "MATCH (c:Change {portfolio: $portfolio, revision: $revision})"
        " WITH c, c.begun IS NULL AS first SET c.begun = true RETURN first",
        portfolio=portfolio,
        revision=revision,
    )
    return bool(found.single(strict=True)[0])


def mark_applied(transaction: ManagedTransaction, portfolio: str, revision: int) -> None:
    """Say that the graph is at a revision."""
    transaction.run(
        "MATCH (p:Portfolio {portfolio: $portfolio}) SET p.applied = $revision",
        portfolio=portfolio,
        revision=revision,
    ).consume()


def in_transactions(statements: Iterable[Statement]) -> Iterator[list[Statement]]:
    """Statements in groups, each small enough for one transaction."""
    group: list[Statement] = []
    for statement in statements:
        group.append(statement)
        if sum(each.expected or len(each.rows) for each in group) >= ONE_TRANSACTION - BATCH:
            yield group
            group = []
    if group:
        yield group


def run(
    transaction: ManagedTransaction, portfolio: str, statements: Iterable[Statement], *, shown: str
) -> None:
    """Run statements.

    Raises:
        StoreError: a node that one needs is not there.
    """
    for text, rows, expected in statements:
        result = transaction.run(text, portfolio=portfolio, rows=rows)
        counts = [record[0] for record in result]
        if expected is not None and counts != [expected]:
            raise StoreError(
                f"{shown}: the graph of portfolio {portfolio!r} lacks what the change refers to;"
                " it was not written: `olagraph db check` tells what is missing"
            )


def units(transaction: ManagedTransaction, portfolio: str) -> dict[str, str]:
    """The units of the metrics of a portfolio, built-in and own."""
    own = transaction.run("MATCH (m:Metric {portfolio: $portfolio}) RETURN m.id, m.unit", portfolio=portfolio)
    return {**_BUILT_IN_UNITS, **{record[0]: record[1] for record in own}}


def _placed(
    transaction: ManagedTransaction, portfolio: str, edits: ChangeSet, state: State, *, shown: str
) -> tuple[Placed, ...]:
    """Edits with positions, compared with what lies there.

    Raises:
        StoreError: what an edit is to change is not what lies there.
    """
    ids: dict[str, list[str]] = defaultdict(list)
    for edit in edits:
        if state.revision:
            ids[edit.key.kind].append(edit.key.id)
    there: dict[Key, Stored | Damage] = {
        HEADER_KEY: Stored(0, plain_entity(HEADER_KEY, state.header, NOTHING_AROUND)),
        **read_entities(transaction, portfolio, ids=ids),
    }
    position = state.next_position
    placed = []
    for edit in edits:
        found = there.get(edit.key)
        before = None if edit.before is None else decode(encode(edit.before))
        if isinstance(found, Damage) or (found and found.plain) != before:
            raise StoreError(
                f"{shown}: {edit.key} is not what it was when it was read, and no change tells of it;"
                " nothing was written: read the portfolio again and repeat the change"
            )
        placed.append(Placed(edit, position if found is None else found.position))
        position += found is None
    return tuple(placed)
