"""A change set as Cypher statements, in an order in which they may run one by one. Pure: no database.

With MERGE each says the same if it runs twice, so that what was interrupted can be taken up again.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple, TypeVar

from olagraph.documents.changes import Action, Edit
from olagraph.documents.entities import HEADER, Key
from olagraph.stores.neo4j import cypher
from olagraph.stores.neo4j.cypher import MERGE
from olagraph.stores.neo4j.entity_rows import entity_rows
from olagraph.stores.neo4j.following import followers, promised
from olagraph.stores.neo4j.rows import NodeKey, Properties, RelationshipKey, Rows, Writes, differing
from olagraph.stores.neo4j.schema import AGREEMENT, PORTFOLIO

BATCH = 5_000
"""The most rows of one statement."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Placed(NamedTuple):
    """An edit with the position of its entity among those of its kind."""

    edit: Edit
    position: int


class Statement(NamedTuple):
    """Cypher with its `$rows`.

    Attributes:
        expected: how many nodes or relationships it must report; None = it reports none.
    """

    text: str
    rows: Sequence[Any]
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change set writes into the graph.

    Attributes:
        header: what changes of the portfolio's own node.
        first: there was nothing before.
    """

    edits: tuple[Edit, ...]
    header: Properties
    writes: Writes
    first: bool

    @property
    def size(self) -> int:
        """How many nodes and relationships it writes."""
        return len(self.writes)

    def statements(self, *, verb: str) -> Iterator[Statement]:
        """Nodes, then relationships, then what goes, then what follows from other entities.

        Args:
            verb: CREATE where nothing of what is new can be there yet, else MERGE.
        """
        yield from self.nodes(verb=verb)
        yield from self.relationships(verb=verb)
        yield from self.rest()

    def nodes(self, *, verb: str) -> Iterator[Statement]:
        """What becomes of nodes that stay; these may run in any order, and at the same time."""
        writes = self.writes
        new = _grouped(
            ((node.label, properties.get("kind") if node.label == AGREEMENT else None), [node.id, properties])
            for node, properties in writes.new.items()
        )
        for (label, kind), rows in new.items():
            text = cypher.write_nodes(label, kind=kind, verb=verb)
            yield from _counted(text, rows)
        changed = _grouped((node.label, [node.id, properties]) for node, properties in writes.changed.items())
        for label, rows in changed.items():
            yield from _counted(cypher.change_nodes(label), rows)
        kinds = _grouped(
            (properties["kind"], node.id)
            for node, properties in writes.changed.items()
            if node.label == AGREEMENT and "kind" in properties
        )
        for kind, ids in kinds.items():
            yield from _counted(cypher.change_kind(AGREEMENT, kind), ids)
        rewritten = [
            edit.key.id
            for edit in self.edits
            if edit.key.kind == "agreement" and edit.action is Action.CHANGED
        ]
        yield from (Statement(cypher.forget_verdicts(), batch) for batch in _batches(rewritten))

    def relationships(self, *, verb: str) -> Iterator[Statement]:
        """What becomes of relationships that stay; these, too, may run in any order, and at the same time."""
        related = _grouped(
            (
                (each.type, each.start.label, each.end.label, self._touches_new(each)),
                (each.start.id, [each.end.id, properties]),
            )
            for each, properties in self.writes.related.items()
        )
        for (type_, start, end, new), pairs in related.items():
            # Between nodes that were there it may be one that changes, or that followed from something else.
            text = cypher.write_relationships(type_, start=start, end=end, verb=verb if new else MERGE)
            for batch in _batches(pairs):
                yield Statement(text, [[id_, ends] for id_, ends in _grouped(batch).items()], len(batch))

    def rest(self) -> Iterator[Statement]:
        """What goes, and what follows: one after the other."""
        yield from self._removals()
        following = followers(self.edits, first=self.first)
        yield from (Statement(text, rows) for text, each in following for rows in _batches(each))

    def _touches_new(self, relationship: RelationshipKey) -> bool:
        return relationship.start in self.writes.new or relationship.end in self.writes.new

    def _removals(self) -> Iterator[Statement]:
        unrelated = _grouped(
            ((each.type, each.start.label, each.end.label), [each.start.id, each.end.id, each.via])
            for each in self.writes.unrelated
        )
        for (type_, start, end), rows in unrelated.items():
            text = cypher.delete_relationships(type_, start=start, end=end)
            yield from (Statement(text, batch) for batch in _batches(rows))
        gone = _grouped((node.label, node.id) for node in self.writes.gone)
        for label, ids in gone.items():
            for text in (cypher.delete_findings_about(label), cypher.delete_nodes(label)):
                yield from (Statement(text, batch) for batch in _batches(ids))


def planned(placed: Iterable[Placed], *, units: Mapping[str, str], first: bool = False) -> Plan:
    """What edits write.

    Args:
        first: there is nothing yet.
        units: of the metrics, built-in and own, before the edits or after them.
    """
    placed = tuple(placed)
    metrics = [edit for edit, _ in placed if edit.key.kind == "metric"]
    before = {**units, **{edit.key.id: edit.before["unit"] for edit in metrics if edit.before is not None}}
    after = {**before, **{edit.key.id: edit.after["unit"] for edit in metrics if edit.after is not None}}
    pairs = []
    header: Properties = {}
    for edit, position in placed:
        was = Rows() if edit.before is None else entity_rows(edit.key, edit.before, units=before)
        now = Rows() if edit.after is None else entity_rows(edit.key, edit.after, units=after)
        if edit.key.kind == HEADER:
            header = _header(edit.key, was, now)
            continue
        if edit.before is None:
            _place(edit.key, now, position)
        pairs.append((was, now))
    edits = tuple(edit for edit, _ in placed)
    writes = differing(pairs)
    if first:
        writes.related.update({each: {} for each in promised(edits)})
    return Plan(edits, header, writes, first)


def _header(key: Key, was: Rows, now: Rows) -> Properties:
    node = NodeKey(PORTFOLIO, key.id)
    before, after = was.nodes.get(node, {}), now.nodes.get(node, {})
    return {each: after.get(each) for each in before.keys() | after.keys()}


def _place(key: Key, rows: Rows, position: int) -> None:
    own = next(iter(rows.nodes))  # an entity's own node comes first
    rows.nodes[own]["position"] = position


def _counted(text: str, rows: Sequence[Any]) -> Iterator[Statement]:
    return (Statement(text, batch, len(batch)) for batch in _batches(rows))


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _batches(rows: Sequence[V]) -> Iterator[Sequence[V]]:
    # All of one size: the server plans a statement anew for every order of magnitude of its `$rows`.
    size = ceil(len(rows) / max(1, ceil(len(rows) / BATCH)))
    return (rows[begin : begin + size] for begin in range(0, len(rows), size or 1))
