"""Orders of lists, and conditions on their items."""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from olagraph_api.schema.enums import Direction
from olagraph_api.schema.paging import Key, Order
from olagraph_api.schema.search import folded

F = TypeVar("F", bound=Enum)
T = TypeVar("T")


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


def id_key(record: _Identified) -> Key:
    """By id alone."""
    return (record.id,)


BY_ID: Order[Any] = Order("ID", id_key)
"""The order of what says no other."""


class _Asked(Protocol[F]):
    field: F
    direction: Direction


class Orders(Generic[F, T]):
    """Every order that a list can have.

    Args:
        keys: by field, what its items are ordered by; no two items have the same. The first is the default.
    """

    def __init__(self, keys: Mapping[F, Callable[[T], Key]]) -> None:
        self._default = next(iter(keys))
        self._orders: Mapping[tuple[F, Direction], Order[T]] = {
            (field, direction): Order(
                f"{field.name} {direction.name}", key, descending=direction is Direction.DESC
            )
            for field, key in keys.items()
            for direction in Direction
        }

    def asked(self, order: "_Asked[F] | None") -> Order[T]:
        """The order that was asked for; else by the first field, ascending."""
        if order is None:
            return self._orders[self._default, Direction.ASC]
        return self._orders[order.field, order.direction]


Condition: TypeAlias = Callable[[T], bool]
"""What must hold of an item."""


def one_of(wanted: Iterable[Any] | None, attribute: Callable[[T], Any]) -> Condition[T] | None:
    """Whether an attribute is one of those wanted; None where nothing is said about it."""
    if wanted is None:
        return None
    known = frozenset(wanted)
    return lambda item: attribute(item) in known


def any_of(wanted: Iterable[Any] | None, attributes: Callable[[T], Iterable[Any]]) -> Condition[T] | None:
    """Whether any of several attributes is one of those wanted; None where nothing is said about them."""
    if wanted is None:
        return None
    known = frozenset(wanted)
    return lambda item: not known.isdisjoint(attributes(item))


def found_in(search: str | None, *texts: Callable[[T], str]) -> Condition[T] | None:
    """Whether a text is part of one of several, which are folded already; None where nothing is searched."""
    if search is None:
        return None
    needle = folded(search)
    if len(texts) == 1:
        (text,) = texts
        return lambda item: needle in text(item)
    return lambda item: any(needle in text(item) for text in texts)


def every(*conditions: Condition[T] | None) -> Condition[T] | None:
    """Whether all hold; None where there are none."""
    stated = [condition for condition in conditions if condition is not None]
    if len(stated) < 2:
        return stated[0] if stated else None
    return lambda item: all(condition(item) for condition in stated)
