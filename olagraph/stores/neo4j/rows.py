"""What an entity lies in: nodes and relationships, and what differs between two such sets."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

Properties: TypeAlias = dict[str, Any]
"""What a node or a relationship tells; without `portfolio` and `id`."""


class NodeKey(NamedTuple):
    """Which node of a portfolio."""

    label: str
    id: str


class RelationshipKey(NamedTuple):
    """Which relationship of a portfolio; `via` tells several between the same nodes apart."""

    type: str
    start: NodeKey
    end: NodeKey
    via: str | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Nodes and relationships with their properties."""

    nodes: dict[NodeKey, Properties] = field(default_factory=dict)
    relationships: dict[RelationshipKey, Properties] = field(default_factory=dict)

    def update(self, other: "Rows") -> None:
        """Take in those of another set too."""
        self.nodes.update(other.nodes)
        self.relationships.update(other.relationships)


@dataclass(frozen=True, slots=True)
class Writes:
    """What must be written to turn some rows into others.

    Attributes:
        new: nodes with all of their properties.
        changed: nodes with what differs; None = the property goes.
        related: relationships that are new, or changed, with all of their properties.
        unrelated, gone: relationships and nodes to delete.
    """

    new: dict[NodeKey, Properties] = field(default_factory=dict)
    changed: dict[NodeKey, Properties] = field(default_factory=dict)
    related: dict[RelationshipKey, Properties] = field(default_factory=dict)
    unrelated: list[RelationshipKey] = field(default_factory=list)
    gone: list[NodeKey] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.new) + len(self.changed) + len(self.related) + len(self.unrelated) + len(self.gone)


def differing(pairs: Iterable[tuple[Rows, Rows]]) -> Writes:
    """What turns the first of each pair into the second."""
    writes = Writes()
    for before, after in pairs:
        if not before.nodes:  # of something new all is new
            writes.new.update(after.nodes)
            writes.related.update(after.relationships)
            continue
        for node, properties in after.nodes.items():
            known = before.nodes.get(node)
            if known is None:
                writes.new[node] = properties
            elif known != properties:
                writes.changed[node] = {
                    key: properties.get(key)
                    for key in known.keys() | properties.keys()
                    if known.get(key) != properties.get(key)
                }
        writes.gone.extend(node for node in before.nodes if node not in after.nodes)
        for relationship, properties in after.relationships.items():
            if before.relationships.get(relationship) != properties:
                writes.related[relationship] = properties
        writes.unrelated.extend(each for each in before.relationships if each not in after.relationships)
    return writes
