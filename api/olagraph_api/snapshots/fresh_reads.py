"""Reads that many share: a hundred requests at once cost two queries, and none gets an answer older than itself."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import RLock
from typing import Generic, TypeAlias, TypeVar

from olagraph_api.snapshots.futures import copy_outcome, shared_future

T = TypeVar("T")

Start: TypeAlias = Callable[[Callable[[], None]], None]
"""Has something run in a thread."""


class FreshReads(Generic[T]):
    """Reads one thing again and again, one read at a time.

    Args:
        read: the read.
        start: has it run in a thread.
    """

    def __init__(self, read: Callable[[], T], start: Start) -> None:
        self._read = read
        self._start = start
        self._lock = RLock()
        self._running: Future[T] | None = None
        self._next: Future[T] | None = None

    def ask(self) -> "Future[T]":
        """What a read gives that begins after this call."""
        with self._lock:
            if self._next is None:
                self._next = shared_future()
            asked = self._next
            if self._running is None:
                self._begin()
            return asked

    @property
    def is_idle(self) -> bool:
        """Whether nothing is read and nobody waits."""
        with self._lock:
            return self._running is None

    def give_up(self, outcome: "Future[T]") -> None:
        """Answer whoever waits with another outcome, as the read under way does not come back."""
        with self._lock:
            for future in (self._running, self._next):
                if future is not None and not future.done():
                    copy_outcome(outcome, future)
            self._next = None

    def _begin(self) -> None:
        self._running, self._next = self._next, None
        self._start(self._run)

    def _run(self) -> None:
        outcome: Future[T] = Future()
        try:
            outcome.set_result(self._read())
        except Exception as error:
            outcome.set_exception(error)
        with self._lock:
            ended, self._running = self._running, None
            if self._next is not None:
                self._begin()
            if ended is not None and not ended.done():
                copy_outcome(outcome, ended)
