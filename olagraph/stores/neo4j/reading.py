"""The entities of a portfolio out of the graph, by a few queries: one a label or type of relationship."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from neo4j import ManagedTransaction

from olagraph.documents.entities import Key
from olagraph.stores.changes import Stored
from olagraph.stores.neo4j.cypher import columns
from olagraph.stores.neo4j.entity_rows import NOTHING_AROUND, Around, plain_entity
from olagraph.stores.neo4j.rows import NodeKey, Properties
from olagraph.stores.neo4j.schema import (
    AGREEMENT,
    ENTITY_TYPES,
    SERVICE,
    STEP,
    EntityType,
    Reference,
)
from olagraph.stores.neo4j.trees import Use

CHUNK = 5_000
"""Rows that travel together."""

Row: TypeAlias = tuple[Any, ...]


class Damage(NamedTuple):
    """Of an entity that could not be put together: why."""

    reason: str


def read_entities(
    transaction: ManagedTransaction, portfolio: str, *, ids: Mapping[str, Sequence[str]] | None = None
) -> dict[Key, Stored | Damage]:
    """Every entity as it lies in the graph, but the header.

    An entity that somebody changes while the queries run may come out torn, and so as damage.

    Args:
        ids: by kind, the only ones wanted.
    """
    found: dict[Key, Stored | Damage] = {}
    for kind in ENTITY_TYPES:
        if ids is None or kind.kind in ids:
            wanted = None if ids is None else ids[kind.kind]
            found.update(_Entities(transaction, portfolio, kind, wanted).read())
    return found


class _Entities:
    """The queries for the entities of one kind."""

    def __init__(
        self, transaction: ManagedTransaction, portfolio: str, kind: EntityType, ids: Sequence[str] | None
    ) -> None:
        self._transaction, self._kind = transaction, kind
        self._parameters = {"portfolio": portfolio, "chunk": CHUNK, "ids": ids}
        which = "" if ids is None else " WHERE n.id IN $ids"
        self._nodes = f"MATCH (n:{kind.label} {{portfolio: $portfolio}}){which}"
        below = "MATCH (n)-[:WORKFLOW|REQUIRES]->(:Step)-[:STEP*0..]->(step:Step)"
        # All steps are found at once, those of a few services from the services.
        self._steps = "MATCH (step:Step {portfolio: $portfolio})" if ids is None else f"{self._nodes} {below}"

    def read(self) -> Iterator[tuple[Key, Stored | Damage]]:
        """The entities with their positions."""
        nodes = [node for (node,) in self._rows(self._nodes, ["properties(n)"])]
        around = self._around()
        for node in nodes:
            key = Key(self._kind.kind, node["id"])
            try:
                yield key, Stored(node["position"], plain_entity(key, node, around))
            except (LookupError, TypeError, ValueError, RecursionError) as error:
                yield key, Damage(f"{type(error).__name__}: {error}")

    def _rows(self, pattern: str, expressions: Sequence[str]) -> Iterator[Row]:
        for record in self._transaction.run(columns(pattern, expressions), self._parameters):
            yield from zip(*record, strict=True)

    def _around(self) -> Around:
        around = NOTHING_AROUND._replace(
            references={each.key: self._references(each) for each in self._kind.references}
        )
        if self._kind.trees:
            around = around._replace(
                roots={tree: self._roots(type_) for tree, type_ in self._kind.trees},
                steps=self._patterns(),
                below=self._below(),
            )
        if self._kind.label == AGREEMENT:
            around = around._replace(covered=self._covered(), targets=self._targets())
        if self._kind.label == SERVICE:
            around = around._replace(suppliers=self._suppliers())
        return around

    def _references(self, reference: Reference) -> dict[str, str]:
        arrow = f"-[:{reference.type}]->" if reference.outgoing else f"<-[:{reference.type}]-"
        pattern = f"{self._nodes} MATCH (n){arrow}(other:{reference.label})"
        return dict(self._rows(pattern, ["n.id", "other.id"]))

    def _roots(self, type_: str) -> dict[str, Use]:
        pattern = f"{self._nodes} MATCH (n)-[r:{type_}]->(used)"
        return {owner: _use(*row) for owner, *row in self._rows(pattern, ["n.id", *_USED])}

    def _patterns(self) -> dict[str, Properties]:
        return dict(self._rows(self._steps, ["step.id", "properties(step)"]))

    def _below(self) -> dict[str, list[Use]]:
        rows = self._rows(f"{self._steps} MATCH (step)-[r:STEP]->(used)", ["step.id", "r.position", *_USED])
        return _in_order((owner, position, _use(*row)) for owner, position, *row in rows)

    def _covered(self) -> dict[str, list[str]]:
        pattern = f"{self._nodes} MATCH (n)-[r:COVERS]->(s:Service) WHERE r.position IS NOT NULL"
        return _in_order(self._rows(pattern, ["n.id", "r.position", "s.id"]))

    def _targets(self) -> dict[str, list[Properties]]:
        pattern = f"{self._nodes} MATCH (n)-[r:HAS_TARGET]->(t:Target)"
        return _in_order(self._rows(pattern, ["n.id", "r.position", "properties(t)"]))

    def _suppliers(self) -> dict[str, list[tuple[str, int]]]:
        pattern = f"{self._nodes} MATCH (n)-[r:SUPPLIED_BY]->(p:Provider)"
        rows = self._rows(pattern, ["n.id", "r.position", "p.id", "r.rank"])
        return _in_order((owner, position, (provider, rank)) for owner, position, provider, rank in rows)


_USED = ("used:Step", "used.id", "properties(r)")


def _use(is_step: bool, id_: str, told: Properties) -> Use:
    return Use(NodeKey(STEP if is_step else SERVICE, id_), told)


def _in_order(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """What belongs to each owner, by position. Rows: owner, position, what."""
    found: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    for owner, position, each in rows:
        found[owner].append((position, each))
    for several in found.values():
        several.sort(key=_position)
    return {owner: [each for _, each in several] for owner, several in found.items()}


_position = itemgetter(0)
