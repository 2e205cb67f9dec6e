"""Workflow expressions <-> trees of `:Step` nodes, in the plain shape of the portfolio file.

    (:Service)-[:WORKFLOW|REQUIRES]->(:Step {pattern})-[:STEP {position}]->(:Step|:Service)

A leaf is the relationship to the service itself; what is said about one use lies on its relationship.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from olagraph.stores.neo4j.rows import NodeKey, Properties, RelationshipKey, Rows
from olagraph.stores.neo4j.schema import PATTERN_PROPERTIES, SERVICE, STEP, USE_PROPERTIES

_LISTS = {"workflow": "sequence", "requires": "all_of"}
"""What a plain list means."""

_GROUPS = ("any_of", "k_of_n")


class Use(NamedTuple):
    """The end of a relationship to a step, and what it says."""

    end: NodeKey
    properties: Mapping[str, Any]


def tree_rows(owner: str, key: str, relationship: str, expression: object) -> Rows:
    """The tree of an expression, and what it makes its owner depend on.

    Args:
        owner: the id of the service.
        key: `workflow` or `requires`.
        relationship: the type of the relationship to the root.
    """
    growing = _Growing(key)
    service = NodeKey(SERVICE, owner)
    growing.grow(service, relationship, expression, id_=f"{owner}/{key}", soft=False, said={})
    for used, soft in growing.optional.items():
        depends = RelationshipKey("DEPENDS_ON", service, NodeKey(SERVICE, used), key)
        growing.rows.relationships[depends] = {"via": key, "optional": soft}
    return growing.rows


class _Growing:
    """A tree as it grows.

    Attributes:
        optional: of each service found, whether every use of it is optional.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.rows = Rows()
        self.optional: dict[str, bool] = {}

    def grow(
        self, parent: NodeKey, relationship: str, expression: Any, *, id_: str, soft: bool, said: Properties
    ) -> None:
        """Add a step, and what is below it."""
        if isinstance(expression, dict) and "step" in expression:
            for each in USE_PROPERTIES:
                if each.key in expression:
                    said[each.key] = each.form.stored(expression[each.key])
            expression = expression["step"]
            soft = soft or said.get("optional", False)
        if isinstance(expression, str):
            self.rows.relationships[RelationshipKey(relationship, parent, NodeKey(SERVICE, expression))] = (
                said
            )
            self.optional[expression] = self.optional.get(expression, True) and soft
            return
        pattern, steps, properties = _pattern(expression, self.key)
        node = NodeKey(STEP, id_)
        self.rows.nodes[node] = {"pattern": pattern, **properties}
        self.rows.relationships[RelationshipKey(relationship, parent, node)] = said
        for position, step in enumerate(steps):
            self.grow(node, "STEP", step, id_=f"{id_}/{position}", soft=soft, said={"position": position})


def _pattern(expression: Any, key: str) -> tuple[str, list[Any], Properties]:
    """The name of a pattern, the steps in it, and its own properties."""
    if isinstance(expression, list):
        return _LISTS[key], expression, {}
    ((name, body),) = expression.items()
    if isinstance(body, list):
        return name, body, {}
    properties = {
        each.key: each.form.stored(body[each.key]) for each in PATTERN_PROPERTIES if each.key in body
    }
    if name in _GROUPS:
        return name, body["of"], properties
    step = {each: value for each, value in body.items() if each not in properties}
    return name, [step if len(step) > 1 else step["step"]], properties


def expression_of(use: Use, *, steps: Mapping[str, Properties], below: Mapping[str, list[Use]]) -> Any:
    """The expression that a tree states.

    Args:
        use: the relationship to its root.
        steps: what `:Step` nodes tell, by id.
        below: the relationships from them, by id, in their order.

    Raises:
        LookupError, TypeError, RecursionError: the tree is damaged.
    """
    of = use.end.id if use.end.label == SERVICE else _stated(use.end.id, steps, below)
    if not use.properties:
        return of
    said = {
        each.key: each.form.plain(use.properties[each.key])
        for each in USE_PROPERTIES
        if each.key in use.properties
    }
    return {"step": of, **said} if said else of


def _stated(id_: str, steps: Mapping[str, Properties], below: Mapping[str, list[Use]]) -> Any:
    node = steps[id_]
    inner = [expression_of(use, steps=steps, below=below) for use in below[id_]]
    stated = {each.key: each.form.plain(node[each.key]) for each in PATTERN_PROPERTIES if each.key in node}
    name = node["pattern"]
    if name == "all_of":
        return inner
    if name == "repeat":
        (step,) = inner
        return {name: {**(step if isinstance(step, dict) and "step" in step else {"step": step}), **stated}}
    if name == "k_of_n" or stated:
        return {name: {"of": inner, **stated}}
    return {name: inner}
