"""What is wrong with a portfolio as it lies in Neo4j, where others may write as well."""

from collections.abc import Iterator, Mapping
from itertools import islice

from neo4j import ManagedTransaction

from olagraph.documents.entities import HEADER_KEY, Key, document_of
from olagraph.documents.faults import InvalidPortfolio
from olagraph.documents.plain import Plain
from olagraph.documents.portfolios import read_portfolio
from olagraph.documents.reading import Reading
from olagraph.stores.changes import Stored
from olagraph.stores.errors import StoreError
from olagraph.stores.neo4j.entity_rows import NOTHING_AROUND, plain_entity
from olagraph.stores.neo4j.expected import expected_rows
from olagraph.stores.neo4j.loading import overlay
from olagraph.stores.neo4j.log import LoggedEdits, read_edits
from olagraph.stores.neo4j.lying import differences, lying_rows
from olagraph.stores.neo4j.reading import Damage, read_entities
from olagraph.stores.neo4j.state import DamagedStateError, State, read_state
from olagraph.stores.rewinding import in_order

_MOST = 100  # sentences of one kind


def faults(transaction: ManagedTransaction, portfolio: str, *, shown: str) -> tuple[str, ...]:
    """What is wrong with a portfolio, or looks wrong while somebody writes; one sentence each."""
    try:
        state = read_state(transaction, portfolio)
    except DamagedStateError as damage:
        return (str(damage),)
    return () if state is None else tuple(_faults(transaction, portfolio, state, shown=shown))


def _faults(transaction: ManagedTransaction, portfolio: str, state: State, *, shown: str) -> Iterator[str]:
    found: dict[Key, Stored | Damage] = {
        HEADER_KEY: Stored(0, plain_entity(HEADER_KEY, state.header, NOTHING_AROUND)),
        **read_entities(transaction, portfolio),
    }
    try:
        logged = read_edits(transaction, portfolio, since=0, shown=shown)
    except StoreError as error:
        yield str(error)
        return
    overlay(
        found, logged, since=state.applied
    )  # a graph that is still being written lacks nothing: the log has it
    entities = {key: each for key, each in found.items() if isinstance(each, Stored)}
    yield from (
        f"{key} is damaged ({each.reason})" for key, each in found.items() if isinstance(each, Damage)
    )
    yield from islice(_log_faults(logged, found, state.revision), _MOST)
    if len(entities) < len(found):
        return
    try:
        whole = read_portfolio(
            [document_of(in_order(entities.items()), source=shown)], Reading(files=[shown])
        )
    except InvalidPortfolio as invalid:
        yield from map(str, invalid.faults)
        return
    if state.applied == state.revision:
        expected = expected_rows(entities, whole)
        yield from islice(differences(lying_rows(transaction, portfolio), expected), _MOST)


def _log_faults(
    logged: tuple[LoggedEdits, ...], found: Mapping[Key, Stored | Damage], latest: int
) -> Iterator[str]:
    """Replay the log from nothing: each edit must find what the one before left, and the last what lies there."""
    revisions = [change.revision for change, _ in logged]
    if revisions != list(range(1, latest + 1)):
        yield f"the portfolio is at revision {latest}, which its change log of {len(logged)} entries does not lead to"
    nothing: Plain = {}
    replayed = {HEADER_KEY: Stored(0, nothing)}
    for change, edits in logged:
        for edit, position in edits:
            if replayed.pop(edit.key, None) != (None if edit.before is None else (position, edit.before)):
                yield f"revision {change.revision} found {edit.key} other than the change log tells"
            if edit.after is not None:
                replayed[edit.key] = Stored(position, edit.after)
    for key, each in found.items():
        if replayed.pop(key, None) != each and not isinstance(each, Damage):
            yield f"{key} is other than the change log tells"
    yield from (f"{key} is missing, says the change log" for key in replayed)
