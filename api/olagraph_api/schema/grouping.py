"""Groups of things by what they belong to."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")
K = TypeVar("K")


def grouped(items: Iterable[T], keys: Callable[[T], Iterable[K | None]]) -> Mapping[K, Sequence[T]]:
    """Items by each of their keys, in their order; None is no key."""
    groups: dict[K, list[T]] = defaultdict(list)
    for item in items:
        for key in keys(item):
            if key is not None:
                groups[key].append(item)
    return dict(groups)
