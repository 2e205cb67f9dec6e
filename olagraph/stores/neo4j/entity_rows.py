"""Entities in the shape of the portfolio file <-> nodes and relationships, by the table in `schema`."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from olagraph.documents.entities import HEADER, Key, id_of
from olagraph.documents.plain import Plain
from olagraph.documents.reading import Kind
from olagraph.documents.records import EXTRA_PREFIX
from olagraph.metrics.table import DIMENSIONS
from olagraph.model.quantity import Dimension, Quantity
from olagraph.stores.neo4j.rows import NodeKey, Properties, RelationshipKey, Rows
from olagraph.stores.neo4j.schema import (
    EXACT,
    EXTRA,
    JSON,
    KIND_STATED,
    PROVIDER,
    SERVICE,
    TARGET,
    TARGET_PROPERTIES,
    TYPE_OF,
    Property,
)
from olagraph.stores.neo4j.trees import Use, expression_of, tree_rows

MEANS = "mean"
_NEAREST = 1  # the rank of a supplier that states none
ALL, TAGS, SERVICES = "all", "tags", "services"


class Child(NamedTuple):
    """A child node with its place among its siblings."""

    position: int
    properties: Mapping[str, Any]


class Around(NamedTuple):
    """What lies around the nodes of the entities of one kind, by their ids.

    Attributes:
        references: by key, the id of the other entity.
        roots: by key, the relationship to the root of a tree.
        steps, below: see `trees.expression_of`.
        covered: the services that an agreement lists, in their order.
        targets: of agreements, in their order.
        suppliers: of services, in their order: [provider, rank].
    """

    references: Mapping[str, Mapping[str, str]]
    roots: Mapping[str, Mapping[str, Use]]
    steps: Mapping[str, Properties]
    below: Mapping[str, list[Use]]
    covered: Mapping[str, list[str]]
    targets: Mapping[str, list[Properties]]
    suppliers: Mapping[str, list[tuple[str, int]]]


NOTHING_AROUND = Around({}, {}, {}, {}, {}, {}, {})


_KNOWN = {kind: {each.key: each for each in type_.properties} for kind, type_ in TYPE_OF.items()}
_KNOWN_OF_TARGETS = {each.key: each for each in TARGET_PROPERTIES}


def node_key(key: Key) -> NodeKey:
    """The node of an entity; the header's has no id of its own."""
    return NodeKey(TYPE_OF[key.kind].label, key.id)


def entity_rows(key: Key, plain: Plain, *, units: Mapping[str, str]) -> Rows:
    """What an entity lies in; the header is a node without relationships.

    What depends on other entities is not here: who a customer's id names, the kind of an agreement that states none,
    and which services `covers: all`, tags and inheritance stand for (see `following`).

    Args:
        units: of every metric, by its id.
    """
    kind = TYPE_OF[key.kind]
    node = node_key(key)
    rows = Rows({node: _properties(kind.properties, plain)})
    if extra := {name: value for name, value in plain.items() if name.startswith(EXTRA_PREFIX)}:
        rows.nodes[node][EXTRA] = JSON.stored(extra)
    for reference in kind.references:
        if (other := plain.get(reference.key)) is not None:
            end = NodeKey(reference.label, other)
            start, end = (node, end) if reference.outgoing else (end, node)
            rows.relationships[RelationshipKey(reference.type, start, end)] = {}
    for tree, relationship in kind.trees:
        if tree in plain:
            rows.update(tree_rows(key.id, tree, relationship, plain[tree]))
    match key.kind:
        case Kind.AGREEMENT:
            _agreement(node, plain, rows, units)
        case Kind.SERVICE:
            _suppliers(node, plain, rows)
        case Kind.INCIDENT:
            rows.nodes[node] |= _share(plain)
    return rows


def _properties(properties: Iterable[Property], plain: Plain) -> Properties:
    stored: Properties = {}
    for each in properties:
        if each.key in plain:
            stored[each.key] = each.form.stored(plain[each.key])
        elif each.default is not None:
            stored[each.key] = each.default
    return stored


def customers_of(plain: Plain) -> list[str]:
    """The ids of those who are promised what an agreement states."""
    customers: str | list[str] = plain.get("customer", [])
    return [customers] if isinstance(customers, str) else customers


def _agreement(node: NodeKey, plain: Plain, rows: Rows, units: Mapping[str, str]) -> None:
    own = rows.nodes[node]
    if "kind" not in plain:
        own[KIND_STATED] = False  # the kind follows from the parties (see `following`)
    if customers := customers_of(plain):
        own["customer"] = customers
    match plain.get("covers"):
        case None:
            pass
        case "all":
            own["covers"] = ALL
        case {"tags": tags}:
            own["covers"], own["covered_tags"] = TAGS, tags
        case services:
            own["covers"] = SERVICES
            for position, service in enumerate(services):
                covers = RelationshipKey("COVERS", node, NodeKey(SERVICE, service))
                rows.relationships[covers] = {"position": position}
    for position, target in enumerate(plain.get("targets", ())):
        child = NodeKey(TARGET, f"{node.id}/targets/{position}")
        rows.nodes[child] = _target(target, units)
        rows.relationships[RelationshipKey("HAS_TARGET", node, child)] = {"position": position}


def _suppliers(node: NodeKey, plain: Plain, rows: Rows) -> None:
    for position, supplier in enumerate(plain.get("supply_chain", ())):
        supplied = RelationshipKey("SUPPLIED_BY", node, NodeKey(PROVIDER, supplier["provider"]))
        rows.relationships[supplied] = {"position": position, "rank": supplier.get("rank", _NEAREST)}


def _share(plain: Plain) -> Properties:
    """The share of an incident as a number to compute with, and as it was stated."""
    share = plain.get("share")
    if share is None:
        return {"share": 1.0}
    return {"share": _si(EXACT.stored(share), Dimension.RATIO), "stated_share": EXACT.stored(share)}


_NAMED = frozenset(each.key for each in TARGET_PROPERTIES) | {"for", "priority"}


def _target(plain: Plain, units: Mapping[str, str]) -> Properties:
    ((metric, value),) = (
        (key, each) for key, each in plain.items() if key not in _NAMED and not key.startswith(EXTRA_PREFIX)
    )
    unit = units[metric]
    stated = EXACT.stored(value)
    stored: Properties = {
        "metric": metric,
        "value": _si(stated, DIMENSIONS[unit]),
        "unit": unit,
        "stated": stated,
        **_properties(TARGET_PROPERTIES, plain),
    }
    if (statistic := plain.get("for")) is not None:
        stored["for"] = MEANS if statistic == MEANS else _si(statistic, Dimension.RATIO)
        stored["stated_for"] = statistic
    match plain.get("priority"):
        case None:
            pass
        case {"name": name, "share": share}:
            stored["priority"], stored["priority_share"] = name, EXACT.stored(share)
        case name:
            stored["priority"] = name
    if extra := {key: value for key, value in plain.items() if key.startswith(EXTRA_PREFIX)}:
        stored[EXTRA] = JSON.stored(extra)
    return stored


@lru_cache(maxsize=4096)
def _si(text: str, dimension: Dimension) -> float:
    """A quantity as a double in its SI unit; many targets state the same."""
    return Quantity.parse(text, dimension).si


def plain_entity(key: Key, node: Mapping[str, Any], around: Around) -> Plain:
    """The entity that lies in a node and what is around it: `entity_rows` taken back.

    Raises:
        LookupError, TypeError, ValueError, RecursionError: it is damaged.
    """
    kind = TYPE_OF[key.kind]
    plain: Plain = {} if key.kind == HEADER else {"id": key.id}
    plain.update(_stated(_KNOWN[key.kind], node))
    if node.get(KIND_STATED) is False:
        plain.pop("kind", None)
    if EXTRA in node:
        plain.update(JSON.plain(node[EXTRA]))
    for reference in kind.references:
        if (other := around.references[reference.key].get(key.id)) is not None:
            plain[reference.key] = other
    for tree, _ in kind.trees:
        if (root := around.roots[tree].get(key.id)) is not None:
            plain[tree] = expression_of(root, steps=around.steps, below=around.below)
    match key.kind:
        case Kind.AGREEMENT:
            plain.update(_agreed(key.id, node, around))
        case Kind.SERVICE if key.id in around.suppliers:
            plain["supply_chain"] = [
                {"provider": provider, **({} if rank == _NEAREST else {"rank": rank})}
                for provider, rank in around.suppliers[key.id]
            ]
        case Kind.INCIDENT:
            if "stated_share" in node:
                plain["share"] = EXACT.plain(node["stated_share"])
            if id_of(key.kind, {each: plain[each] for each in plain if each != "id"}) == key.id:
                del plain["id"]
    return plain


def _stated(known: Mapping[str, Property], node: Mapping[str, Any]) -> Plain:
    plain: Plain = {}
    for key, value in node.items():
        if key in known and value != (each := known[key]).default:
            plain[key] = each.form.plain(value)
    return plain


def _agreed(id_: str, node: Mapping[str, Any], around: Around) -> Plain:
    plain: Plain = {}
    if (customers := node.get("customer")) is not None:
        plain["customer"] = customers[0] if len(customers) == 1 else customers
    match node.get("covers"):
        case "all":
            plain["covers"] = ALL
        case "tags":
            plain["covers"] = {TAGS: node["covered_tags"]}
        case "services":
            plain["covers"] = around.covered[id_]
    if id_ in around.targets:
        plain["targets"] = [_plain_target(target) for target in around.targets[id_]]
    return plain


def _plain_target(node: Mapping[str, Any]) -> Plain:
    plain: Plain = {node["metric"]: EXACT.plain(node["stated"])}
    if "stated_for" in node:
        plain["for"] = node["stated_for"]
    if (name := node.get("priority")) is not None:
        share = node.get("priority_share")
        plain["priority"] = name if share is None else {"name": name, "share": EXACT.plain(share)}
    plain.update(_stated(_KNOWN_OF_TARGETS, node))
    if EXTRA in node:
        plain.update(JSON.plain(node[EXTRA]))
    return plain
