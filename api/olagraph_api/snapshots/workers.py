"""Threads for what waits for a database. They are daemons: a query that hangs does not keep the process alive."""

import time
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TypeAlias

Task: TypeAlias = Callable[[], None]


class Workers:
    """A few threads, started when they are first needed, that run tasks in the order in which they came.

    Args:
        most: threads at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._lock = Lock()
        self._threads: list[Thread] = []

    def start(self, task: Task) -> None:
        """Have a task run, which does not raise."""
        with self._lock:
            if len(self._threads) < self._most:
                thread = Thread(target=self._run, name="store reader", daemon=True)
                self._threads.append(thread)
                thread.start()
        self._tasks.put(task)

    def close(self, *, patience: float) -> None:
        """Let the threads end once they have run what they were given; what they read from may then be closed.

        Args:
            patience: seconds to wait for them, all together.
        """
        with self._lock:
            threads = tuple(self._threads)
        for _ in threads:
            self._tasks.put(None)
        until = time.monotonic() + patience
        for thread in threads:
            thread.join(max(until - time.monotonic(), 0))

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()
