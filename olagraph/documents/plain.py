"""Plain values (text, Decimal, int, bool, None, lists, dicts) <-> compact JSON text and trees without places.

This is how entities lie in stores and change logs: the shape of the portfolio file, one entity at a time.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from olagraph.documents.tree import ListNode, MappingNode, Node, ScalarNode

Plain: TypeAlias = dict[str, Any]
"""An entity in the shape of the portfolio file."""


_DECODER = json.JSONDecoder(parse_float=Decimal)


def encode(value: object) -> str:
    """Compact JSON; decimals as numbers with all their digits."""
    import orjson  # not with the module: reading a file needs none of it

    def exact(number: object) -> object:
        if not isinstance(number, Decimal):
            raise TypeError(f"{type(number).__name__} has no place in a portfolio")
        return orjson.Fragment(str(number))

    return orjson.dumps(value, default=exact).decode()


def decode(text: str) -> Any:
    """The value that `encode` wrote.

    Raises:
        ValueError: not JSON.
    """
    return _DECODER.decode(text)


def node_of(value: object) -> Node:
    """The tree of a plain value. What is wrong in it is named by its path: its lines and columns are 0."""
    if isinstance(value, Mapping):
        return MappingNode(
            tuple((ScalarNode(str(key), False, 0, 0), node_of(item)) for key, item in value.items()), 0, 0
        )
    if isinstance(value, list | tuple):
        return ListNode(tuple(node_of(item) for item in value), 0, 0)
    if isinstance(value, str):
        return ScalarNode(value, False, 0, 0)
    return ScalarNode(json.dumps(value) if isinstance(value, bool | None) else str(value), True, 0, 0)
