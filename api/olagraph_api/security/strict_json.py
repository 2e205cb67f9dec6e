"""JSON without two readings: duplicate names are refused, as two parsers may choose differently between them."""

import json
from typing import Any


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name occurs twice in one object")
    return members


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def parse_object(content: bytes) -> dict[str, Any]:
    """The JSON object that `content` spells.

    Raises:
        ValueError: it is none, is nested too deeply, holds NaN or an infinity, or names a member twice.
    """
    try:
        parsed = json.loads(content.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(parsed, dict):
        raise ValueError("not a JSON object")
    return parsed
