"""A process that locks a whole database and is killed or stopped: python -m tests.stores.holding URL SIGNAL"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGKILL, Signals

from olagraph.stores import parse_address
from tests.stores.places import Neo4jPlace, Place, SqlitePlace

ROOT = Path(__file__).parents[2]


def place_at(url: str) -> Place:
    """The database at a URL."""
    file = parse_address(url, os.environ).file
    return SqlitePlace(file) if file is not None else Neo4jPlace(url, os.environ)


@contextmanager
def held_by_another_process(place: Place, signal: Signals) -> Iterator[None]:
    """While a process has changed everything, and got a signal before it could commit; killed at the end."""
    command = [sys.executable, "-m", "tests.stores.holding", place.url, str(int(signal))]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **place.environment}, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            if signal == SIGKILL:
                process.wait()
            yield
        finally:
            process.kill()


if __name__ == "__main__":
    with place_at(sys.argv[1]).halfway():
        print("held", flush=True)
        os.kill(os.getpid(), int(sys.argv[2]))
