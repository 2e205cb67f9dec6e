"""The clock that a server is given; nothing here reads one of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Two ways to ask for the time.

    Attributes:
        now: the date and time, with a time zone.
        ticks: nanoseconds that never go back, from any beginning (`time.monotonic_ns`).
    """

    now: Callable[[], datetime]
    ticks: Callable[[], int]
