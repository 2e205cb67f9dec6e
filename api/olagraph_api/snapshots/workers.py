"""Threads for what waits for a database. They are daemons: a query that hangs does not keep the process alive."""

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
        self._started = 0

    def start(self, task: Task) -> None:
        """Have a task run, which does not raise."""
        with self._lock:
            if self._started < self._most:
                self._started += 1
                Thread(target=self._run, name="store reader", daemon=True).start()
        self._tasks.put(task)

    def close(self) -> None:
        """Let the threads end once they have run what they were given."""
        with self._lock:
            for _ in range(self._started):
                self._tasks.put(None)

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()
