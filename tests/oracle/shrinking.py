"""A counterexample made small: whatever can be taken away while it stays one, is."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

Path = tuple[str | int, ...]


def shrunk(document: dict[str, Any], still_fails: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The smallest document that taking away list items and keys, one at a time, leads to."""
    while True:
        for candidate in _smaller(document):
            if still_fails(candidate):
                document = candidate
                break
        else:
            return document


def _smaller(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in sorted(_paths(document), key=len):
        if path[-1] in ("kind", "customer"):
            continue  # what follows from the parties is another question
        candidate = deepcopy(document)
        at: Any = candidate
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]
        yield candidate
    for path in _paths(document):
        below: Any = document
        for step in path:
            below = below[step]
        if "workflow" in path and isinstance(below, list | dict):
            for child in below if isinstance(below, list) else below.values():
                if isinstance(child, str | list | dict) and child:
                    candidate = deepcopy(document)
                    at = candidate
                    for step in path[:-1]:
                        at = at[step]
                    at[path[-1]] = child
                    yield candidate


def _paths(node: Any, above: Path = ()) -> Iterator[Path]:
    items: Any = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*above, key)
        yield from _paths(value, (*above, key))
