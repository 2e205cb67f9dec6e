"""Pages of ordered lists, cut by the keys of their items and not by counting, so that what is added to a list or
removed from it between two pages makes no page repeat or skip what was there all along.
"""

import base64
import binascii
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any, Generic, TypeAlias, TypeVar

from graphql import GraphQLError

from olagraph_api.limits import Code, Limits, refusal

Item = TypeVar("Item")

Part: TypeAlias = str | int | float | bool | None
Key: TypeAlias = tuple[Part, ...]
"""What an item is ordered by: a value, or None where it states none, then what tells it from its equals."""

_DEFAULTS = Limits()
DEFAULT_PAGE = _DEFAULTS.page
MOST = _DEFAULTS.max_page


class _Descending:
    """A value that sorts the other way round."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: "_Descending") -> bool:
        less: bool = other.value < self.value
        return less

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and self.value == other.value

    __hash__ = None  # type: ignore[assignment]  # nobody looks it up


@dataclass(frozen=True, slots=True)
class Order(Generic[Item]):
    """An order of items.

    Attributes:
        name: cursors of other orders are refused.
        key: of an item; no two items have the same.
        descending: by the first part of the key; the others always ascend, and None comes last.
    """

    name: str
    key: Callable[[Item], Key]
    descending: bool = False

    def cursor(self, key: Key) -> str:
        """The cursor of an item: its place among others, whoever else there is."""
        text = json.dumps([self.name, *key], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def key_of(self, cursor: str) -> Key:
        """The key that a cursor was made of.

        Raises:
            GraphQLError: it is none of this order.
        """
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            decoded = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        except (binascii.Error, ValueError, RecursionError):
            raise _foreign_cursor() from None
        if not isinstance(decoded, list) or len(decoded) < 2 or decoded[0] != self.name:
            raise _foreign_cursor()
        return tuple(decoded[1:])

    def rank(self, key: Key) -> Any:
        """What compares as the keys are ordered."""
        first, *rest = key
        if first is None:
            return (True, *rest)
        return (False, _Descending(first) if self.descending else first, *rest)


@dataclass(frozen=True, slots=True)
class Ordered(Generic[Item]):
    """Items in their order, with their keys."""

    order: Order[Item]
    keys: Sequence[Key]
    items: Sequence[Item]

    @classmethod
    def of(cls, items: Iterable[Item], order: Order[Item]) -> "Ordered[Item]":
        """The items, sorted."""
        keyed = [(order.key(item), item) for item in items]
        if order.descending or any(key[0] is None for key, _ in keyed):
            keyed.sort(key=lambda each: order.rank(each[0]))
        else:
            keyed.sort(key=itemgetter(0))  # the same order, four times as fast
        return cls(order, [key for key, _ in keyed], [item for _, item in keyed])

    def cursor(self, index: int) -> str:
        """The cursor of an item."""
        return self.order.cursor(self.keys[index])

    def place(self, cursor: str, *, after: bool) -> int:
        """How many items lie before a cursor; with `after`, its own is one of them.

        Raises:
            GraphQLError: it is no cursor of a list in this order.
        """
        key, rank = self.order.key_of(cursor), self.order.rank
        bisect = bisect_right if after else bisect_left
        if self.keys and len(key) != len(self.keys[0]):
            raise _foreign_cursor()
        try:
            return bisect(self.keys, rank(key), key=rank)
        except TypeError:  # its parts do not compare with those of our keys
            raise _foreign_cursor() from None


def _foreign_cursor() -> GraphQLError:
    message = "the cursor is not one of this list in this order: page on with those of the page before"
    return refusal(message, Code.BAD_USER_INPUT)


class Lists:
    """Lists in their orders, each sorted when it is first asked for."""

    def __init__(self) -> None:
        self._sorted: dict[tuple[str, str], Ordered[Any]] = {}

    def ordered(self, name: str, items: Iterable[Item], order: Order[Item]) -> Ordered[Item]:
        """A list in an order.

        Args:
            name: of the list.
            items: what it holds, always the same.
            order: its name tells it from the list's other orders.
        """
        found = self._sorted.get((name, order.name))
        if found is None:
            found = self._sorted[name, order.name] = Ordered.of(items, order)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Which page of a list: Relay's arguments.

    Attributes:
        first, after: the first items after a cursor.
        last, before: the last items before a cursor; neither `first` nor `last` is the first hundred.
    """

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None


def page_size(asked: int | None, name: str = "first") -> int:
    """How many items to show.

    Raises:
        GraphQLError: negative, or more than a page may have.
    """
    if asked is None:
        return DEFAULT_PAGE
    if not 0 <= asked <= MOST:
        raise refusal(
            f"'{name}' must lie between 0 and {MOST}, not {asked}", Code.BAD_USER_INPUT, allowed=MOST
        )
    return asked


class Page(Generic[Item]):
    """A page of a list; what is around it is looked at only if asked for.

    Args:
        ordered: the whole list.
        paging: which part of it.
        matches: which items the list has; None = all.

    Raises:
        GraphQLError: arguments out of range, or a cursor of another list.
    """

    def __init__(
        self, ordered: Ordered[Item], paging: Paging, matches: Callable[[Item], bool] | None = None
    ) -> None:
        self._ordered = ordered
        self._matches = matches
        end = len(ordered.items)
        start = 0 if paging.after is None else ordered.place(paging.after, after=True)
        stop = end if paging.before is None else ordered.place(paging.before, after=False)
        self.indices = self._cut(start, max(start, stop), paging)

    def _cut(self, start: int, stop: int, paging: Paging) -> list[int]:
        """The indices on the page; sets where it begins and ends."""
        self._begin, self._end = start, stop
        if paging.last is None or paging.first is not None:
            first = page_size(paging.first)
            indices = list(islice(self._matching(range(start, stop)), first))
            if len(indices) == first:
                self._end = indices[-1] + 1 if indices else start
            if paging.last is None:
                return indices
            last = page_size(paging.last, "last")
            kept = indices[len(indices) - last :] if last < len(indices) else indices
        else:
            last = page_size(paging.last, "last")
            kept = list(islice(self._matching(range(stop - 1, start - 1, -1)), last))[::-1]
        if len(kept) == last:
            self._begin = kept[0] if kept else self._end
        return kept

    def _matching(self, indices: range) -> Iterator[int]:
        matches, items = self._matches, self._ordered.items
        return iter(indices) if matches is None else (i for i in indices if matches(items[i]))

    @property
    def items(self) -> list[Item]:
        """What is on the page."""
        items = self._ordered.items
        return [items[index] for index in self.indices]

    def cursor(self, index: int) -> str:
        """The cursor of the item at an index of `indices`."""
        return self._ordered.cursor(index)

    @property
    def has_next(self) -> bool:
        """Whether the list goes on after the page."""
        return any(True for _ in self._matching(range(self._end, len(self._ordered.items))))

    @property
    def has_previous(self) -> bool:
        """Whether the list begins before the page."""
        return any(True for _ in self._matching(range(self._begin - 1, -1, -1)))

    @property
    def total(self) -> int:
        """How many items the whole list has."""
        every = range(len(self._ordered.items))
        return len(every) if self._matches is None else sum(1 for _ in self._matching(every))
