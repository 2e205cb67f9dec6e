"""Windows: the period over which a promise is measured."""

import re
from dataclasses import dataclass
from enum import StrEnum

_CALENDAR_WINDOWS = ("day", "week", "month", "quarter", "year")
_DAYS = re.compile(r"(rolling\s+)?([1-9]\d{0,4})\s?d", re.ASCII)


class WindowKind(StrEnum):
    """How windows follow one another."""

    CALENDAR = "calendar"
    """Days, weeks (from Monday), months, quarters or years of the calendar."""
    BLOCKS = "blocks"
    """Consecutive blocks of equal length that begin at midnight, aligned only with an equal block."""
    ROLLING = "rolling"
    """Any interval of the length."""


@dataclass(frozen=True, slots=True)
class Window:
    """A measuring window (SEMANTICS §6).

    Attributes:
        kind: calendar windows, blocks or rolling.
        unit: `day`, `week`, `month`, `quarter` or `year` for a calendar window, else None.
        days: length in days for blocks and rolling windows, else None.
    """

    kind: WindowKind
    unit: str | None = None
    days: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Window":
        """`month`, `30d` or `rolling 28d`.

        Raises:
            ValueError: not a window.
        """
        text = text.strip()
        if text in _CALENDAR_WINDOWS:
            return cls(WindowKind.CALENDAR, unit=text)
        match = _DAYS.fullmatch(text)
        if match is None:
            raise ValueError(
                f"{text!r} is not a window: day, week, month, quarter, year, blocks such as 30d, or rolling 28d"
            )
        return cls(WindowKind.ROLLING if match[1] else WindowKind.BLOCKS, days=int(match[2]))

    def __str__(self) -> str:
        if self.kind is WindowKind.CALENDAR:
            return str(self.unit)
        return f"rolling {self.days}d" if self.kind is WindowKind.ROLLING else f"{self.days}d"
