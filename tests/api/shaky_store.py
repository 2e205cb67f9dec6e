"""A store that can be made to fail, to hang, and to tell how often it was asked."""

from collections import Counter
from threading import Event
from typing import Any

from olagraph.stores import Store, StoreError


class ShakyStore:
    """Everything that another store does, while it works.

    Args:
        marks: whether it tells on the spot that nobody has written; else it must be asked.

    Attributes:
        fails: whether every method raises StoreError.
        goes_on: methods wait until it is set; only the one that `waits` names, if it names one.
        calls: how often each method was called.
    """

    def __init__(self, store: Store, *, marks: bool = False) -> None:
        self.address = store.address
        self.fails = False
        self.goes_on = Event()
        self.goes_on.set()
        self.waits: str | None = None
        self.calls: Counter[str] = Counter()
        self._store = store
        self._marks = marks

    def mark(self) -> object:
        """What the other store tells, or nothing."""
        return self._store.mark() if self._marks else None

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        def called(*arguments: Any, **named: Any) -> Any:
            self.calls[name] += 1
            if self.waits in (None, name):
                self.goes_on.wait()
            if self.fails:
                raise StoreError(f"{self.address} is out of order")
            return method(*arguments, **named)

        return called
