"""Keeping up with a portfolio that changes faster than what is derived from it can be computed."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Semaphore, Thread
from typing import TYPE_CHECKING

from olagraph_api.snapshots.futures import copy_outcome, shared_future

if TYPE_CHECKING:
    from olagraph_api.snapshots.snapshot import Snapshot


class Pursuit:
    """Computes one thing for the newest snapshot that was asked for, again and again; the others are passed over.

    Args:
        name: of its threads.
        compute: has a snapshot compute it; called by one thread at a time.
        turns: how many pursuits may compute at once; those that share it take turns.
    """

    def __init__(self, name: str, compute: "Callable[[Snapshot], object]", turns: Semaphore) -> None:
        self._name = name
        self._compute = compute
        self._turns = turns
        self._lock = Lock()
        self._wanted: Snapshot | None = None
        self._wanted_by: list[tuple[int, Future[Snapshot]]] = []
        self._thread: Thread | None = None

    def ask(self, snapshot: "Snapshot") -> "Future[Snapshot]":
        """The snapshot itself or a newer one, when it has been computed for it."""
        asked: Future[Snapshot] = shared_future()
        with self._lock:
            if self._wanted is None or snapshot.revision > self._wanted.revision:
                self._wanted = snapshot
            self._wanted_by.append((snapshot.revision, asked))
            if self._thread is None:
                self._thread = Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
        return asked

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to compute."""
        with self._lock:
            return self._thread is None

    def join(self, seconds: float) -> None:
        """Wait for what is being computed, for so long at most."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _run(self) -> None:
        while self._step():
            pass

    def _step(self) -> bool:
        """Compute once; False where there was nothing to do any more."""
        with self._turns:
            with self._lock:
                snapshot = self._wanted
                if snapshot is None:
                    self._thread = None
                    return False
            outcome: Future[Snapshot] = Future()
            try:
                self._compute(snapshot)
                outcome.set_result(snapshot)
            except Exception as error:
                outcome.set_exception(error)
        for asked in self._answered_by(snapshot):
            copy_outcome(outcome, asked)
        return True

    def _answered_by(self, snapshot: "Snapshot") -> "list[Future[Snapshot]]":
        """Those who asked for this snapshot or an older one, also while it was being computed for."""
        with self._lock:
            if self._wanted is not None and self._wanted.revision <= snapshot.revision:
                self._wanted = None
            answered = [asked for revision, asked in self._wanted_by if revision <= snapshot.revision]
            self._wanted_by = [waiting for waiting in self._wanted_by if waiting[0] > snapshot.revision]
        return answered
