"""Limits on what is sent in: lists and nesting in arguments and variables."""

from collections.abc import Mapping

from graphql import DocumentNode, GraphQLError, ListValueNode, Node, ObjectValueNode

from olagraph_api.limits.refusals import Code, refusal
from olagraph_api.limits.settings import Limits


def check_variables(variables: Mapping[str, object], limits: Limits) -> None:
    """Refuse variables with a list that is too long or nested too deeply.

    Raises:
        GraphQLError: which variable, and the limit.
    """
    stack = [(name, value, 1) for name, value in variables.items()]
    while stack:
        name, value, depth = stack.pop()
        if not isinstance(value, (dict, list)):
            continue
        if depth > limits.input_depth:
            raise _too_deep(f"Variable '${name}'", limits)
        if isinstance(value, dict):
            stack.extend((name, item, depth + 1) for item in value.values())
        elif len(value) > limits.input_items:
            raise _too_long(f"A list in variable '${name}'", len(value), limits)
        else:
            stack.extend((name, item, depth + 1) for item in value)


def check_literals(document: DocumentNode, limits: Limits) -> None:
    """Refuse a document with a literal list that is too long, or literals nested too deeply.

    Raises:
        GraphQLError: where, and the limit.
    """
    stack: list[tuple[Node, int]] = [(document, 0)]
    while stack:
        node, depth = stack.pop()
        if isinstance(node, (ListValueNode, ObjectValueNode)):
            depth += 1
            if depth > limits.input_depth:
                raise _too_deep("A literal", limits, node)
            if isinstance(node, ListValueNode) and len(node.values) > limits.input_items:
                raise _too_long("A list", len(node.values), limits, node)
        for key in node.keys:
            below = getattr(node, key, None)
            if isinstance(below, Node):
                stack.append((below, depth))
            elif isinstance(below, tuple):
                stack.extend((item, depth) for item in below)


def _too_long(what: str, items: int, limits: Limits, node: Node | None = None) -> GraphQLError:
    message = f"{what} has {items} items: {limits.input_items} are allowed"
    return refusal(message, Code.INPUT_TOO_LARGE, node=node, limit="input_items", allowed=limits.input_items)


def _too_deep(what: str, limits: Limits, node: Node | None = None) -> GraphQLError:
    message = f"{what} is nested too deeply: {limits.input_depth} levels are allowed"
    return refusal(message, Code.INPUT_TOO_LARGE, node=node, limit="input_depth", allowed=limits.input_depth)
