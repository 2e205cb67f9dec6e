"""Coroutines that wait for something to change, woken from any thread."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock


class Watchers:
    """Who waits for what, by name."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._wakes: dict[str, list[Callable[[], None]]] = defaultdict(list)

    @contextmanager
    def watching(self, name: str) -> Iterator[asyncio.Event]:
        """An event of the running loop that is set whenever the thing of this name changes."""
        loop = asyncio.get_running_loop()
        woken = asyncio.Event()

        def wake() -> None:
            with suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(woken.set)

        with self._lock:
            self._wakes[name].append(wake)
        try:
            yield woken
        finally:
            with self._lock:
                self._wakes[name].remove(wake)
                if not self._wakes[name]:
                    del self._wakes[name]

    def wake(self, name: str) -> None:
        """Wake those who watch the thing of this name."""
        with self._lock:
            wakes = tuple(self._wakes.get(name, ()))
        for wake in wakes:
            wake()

    def names(self) -> frozenset[str]:
        """What is watched."""
        with self._lock:
            return frozenset(self._wakes)
