"""The rows of a portfolio as they lie in the graph, beside those that should."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from neo4j import ManagedTransaction

from olagraph.stores.neo4j.cypher import columns
from olagraph.stores.neo4j.reading import CHUNK
from olagraph.stores.neo4j.rows import NodeKey, Properties, RelationshipKey, Rows
from olagraph.stores.neo4j.schema import (
    AGREEMENT,
    DISTINGUISHED_BY,
    KIND_LABELS,
    RELATIONSHIP_TYPES,
    TOLD,
)

_KINDS = frozenset(KIND_LABELS)


class Lying(NamedTuple):
    """What was found; what is there twice counts twice.

    Attributes:
        kinds: of agreements, their second labels.
    """

    rows: Rows
    nodes: Counter[NodeKey]
    relationships: Counter[RelationshipKey]
    kinds: dict[NodeKey, frozenset[str]]


def lying_rows(transaction: ManagedTransaction, portfolio: str) -> Lying:
    """The nodes and relationships of ours, but the portfolio's own node, its log and its findings."""
    lying = Lying(Rows(), Counter(), Counter(), {})

    def found(pattern: str, expressions: list[str]) -> Iterator[tuple[Any, ...]]:
        parameters = {"portfolio": portfolio, "chunk": CHUNK, "types": list(RELATIONSHIP_TYPES)}
        for record in transaction.run(columns(pattern, expressions), parameters):
            yield from zip(*record, strict=True)

    for label, told in TOLD.items():
        nodes = f"MATCH (n:{label} {{portfolio: $portfolio}})"
        for id_, properties, labels in found(nodes, ["n.id", "properties(n)", "labels(n)"]):
            node = NodeKey(label, str(id_))
            lying.nodes[node] += 1
            lying.rows.nodes[node] = {key: value for key, value in properties.items() if key in told}
            lying.kinds[node] = _KINDS.intersection(labels)
        pattern = f"{nodes}-[r]->(other) WHERE type(r) IN $types"
        expressions = ["n.id", "type(r)", "properties(r)", "labels(other)", "other.id"]
        for start, type_, properties, labels, end in found(pattern, expressions):
            via = properties.get(DISTINGUISHED_BY[type_]) if type_ in DISTINGUISHED_BY else None
            other = NodeKey(next((one for one in labels if one in TOLD), "?"), str(end))
            relationship = RelationshipKey(type_, NodeKey(label, str(start)), other, via)
            lying.relationships[relationship] += 1
            lying.rows.relationships[relationship] = properties
    return lying


def differences(lying: Lying, expected: Rows) -> Iterator[str]:
    """How what lies there differs from what should, one sentence each."""
    for node, stated in expected.nodes.items():
        if node not in lying.nodes:
            yield f"{_shown(node)} is missing"
            continue
        yield from _told_wrong(_shown(node), lying.rows.nodes[node], stated)
        if node.label == AGREEMENT and lying.kinds[node] != _KINDS.intersection({stated.get("kind")}):
            labels = ", ".join(sorted(lying.kinds[node])) or "none"
            yield f"{_shown(node)} has of the labels of its kind {labels}, and is of kind {stated.get('kind')}"
    for relationship, stated in expected.relationships.items():
        if relationship not in lying.relationships:
            yield f"{_drawn(relationship)} is missing"
        else:
            yield from _told_wrong(_drawn(relationship), lying.rows.relationships[relationship], stated)
    for node, count in lying.nodes.items():
        if node not in expected.nodes:
            yield f"{_shown(node)} belongs to nothing"
        elif count > 1:
            yield f"{_shown(node)} is there {count} times"
    for relationship, count in lying.relationships.items():
        if relationship not in expected.relationships:
            yield f"{_drawn(relationship)} follows from nothing"
        elif count > 1:
            yield f"{_drawn(relationship)} is there {count} times"


def _told_wrong(what: str, found: Properties, stated: Properties) -> Iterator[str]:
    for key in sorted(found.keys() | stated.keys()):
        if found.get(key) != stated.get(key):
            yield f"{what} has {key} {found.get(key)!r}, and should have {stated.get(key)!r}"


def _shown(node: NodeKey) -> str:
    return f"{node.label} {node.id}"


def _drawn(relationship: RelationshipKey) -> str:
    start, end = _shown(relationship.start), _shown(relationship.end)
    return f"({start})-[:{relationship.type}]->({end})"
