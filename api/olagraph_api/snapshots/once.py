"""Values that are computed once, by whoever asks first, while the others wait."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Value(NamedTuple, Generic[T]):
    """A value that is there."""

    value: T


class Once(Generic[T]):
    """A value that is computed at most once. Where computing raises, the next who asks computes again."""

    __slots__ = ("_known", "_lock")

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: Value[T] | None = None

    @property
    def known(self) -> Value[T] | None:
        """The value if it is there; nobody waits."""
        return self._known

    def get(self, compute: Callable[[], T]) -> T:
        """The value: known, awaited from another thread, or computed here and now."""
        known = self._known
        if known is None:
            with self._lock:
                known = self._known
                if known is None:
                    known = self._known = Value(compute())
        return known.value
