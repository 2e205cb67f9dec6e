"""Values that are computed once, by whoever asks first, while the others wait."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """A value that is computed at most once. If computing raises, the next who asks computes again.

    Args:
        compute: called by one thread at a time.
    """

    __slots__ = ("_compute", "_lock", "_value")

    def __init__(self, compute: Callable[[], T]) -> None:
        self._compute = compute
        self._lock = Lock()
        self._value: tuple[T] | None = None

    @property
    def known(self) -> tuple[T] | None:
        """The value if it is there, in a tuple of its own; nobody waits."""
        return self._value

    def get(self) -> T:
        """The value, computed here and now or awaited."""
        value = self._value
        if value is None:
            with self._lock:
                value = self._value
                if value is None:
                    value = self._value = (self._compute(),)
        return value[0]
