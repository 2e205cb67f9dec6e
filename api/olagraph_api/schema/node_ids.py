"""Relay's global ids: opaque, and of one portfolio each."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date

import strawberry


class NoNodeIdError(ValueError):
    """A text that no node has for its id."""


@dataclass(frozen=True, slots=True)
class NodeKey:
    """What a node's id stands for.

    Attributes:
        type: the name of its type in the schema.
        portfolio: the id of the portfolio that it belongs to.
        parts: what tells it from others of its type there.
        day: of assessment; None = it has none, or whatever day it is.
    """

    type: str
    portfolio: str
    parts: tuple[str | None, ...] = ()
    day: date | None = None


def node_id(key: NodeKey) -> strawberry.ID:
    """The id of a node."""
    day = None if key.day is None else key.day.isoformat()
    text = json.dumps([key.type, key.portfolio, day, *key.parts], separators=(",", ":"))
    return strawberry.ID(base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))


def node_key(id: str) -> NodeKey:
    """What the id of a node stands for.

    Raises:
        NoNodeIdError: it is none.
    """
    try:
        decoded = json.loads(base64.b64decode(id + "=" * (-len(id) % 4), altchars=b"-_", validate=True))
        match decoded:
            case [str(type), str(portfolio), str() | None as day, *parts] if all(
                part is None or isinstance(part, str) for part in parts
            ):
                stated = None if day is None else date.fromisoformat(day)
                return NodeKey(type, portfolio, tuple(parts), stated)
    except (binascii.Error, ValueError, RecursionError):
        pass
    raise NoNodeIdError(id)
