"""Lines of text in a given width: wrapping, colour on terminals, columns that fit wide characters."""

import re
import textwrap
import unicodedata
from dataclasses import dataclass
from enum import Enum

from olagraph.analysis.results import Severity, Verdict


class Ink(Enum):
    """What a colour says; never the only thing that says it. Values are ANSI SGR parameters."""

    GOOD = "32"
    DOUBTFUL = "33"
    BAD = "31"
    WORST = "1;31"
    UNKNOWN = "35"
    HEADING = "1"
    QUIET = "2"


VERDICT_INKS = {
    Verdict.SUPPORTED: Ink.GOOD,
    Verdict.CONDITIONAL: Ink.DOUBTFUL,
    Verdict.UNSUPPORTED: Ink.BAD,
    Verdict.INFEASIBLE: Ink.WORST,
    Verdict.UNKNOWN: Ink.UNKNOWN,
}
SEVERITY_INKS = {Severity.ERROR: Ink.BAD, Severity.WARNING: Ink.DOUBTFUL, Severity.INFO: Ink.QUIET}

VERDICT_ICONS = {
    Verdict.SUPPORTED: "✔",
    Verdict.CONDITIONAL: "◐",
    Verdict.UNSUPPORTED: "✘",
    Verdict.INFEASIBLE: "⊘",
    Verdict.UNKNOWN: "?",
}
SEVERITY_ICONS = {Severity.ERROR: "✘", Severity.WARNING: "▲", Severity.INFO: "ℹ"}

_NO_BREAK = "\u00a0"
# A number and its unit stay on one line, and so do hours with their minutes.
_BEFORE_UNIT = re.compile(
    r"(?<=\d) (?=(?:us|ms|s|min|h|d)\b|%)|(?<=\d h) (?=\d+ min\b)|(?<=\d min) (?=\d+ s\b)", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How text is laid out.

    Attributes:
        width: columns; at least 40 are used.
        colour: whether ANSI colours are written.
    """

    width: int = 100
    colour: bool = False

    def paint(self, text: str, ink: Ink) -> str:
        """`text` in a colour, where there is colour."""
        return f"\x1b[{ink.value}m{text}\x1b[0m" if self.colour and text else text

    def wrap(self, text: str, *, indent: int, first: str = "") -> list[str]:
        """`text` in lines that begin in column `indent`; `first` stands before it on the first line."""
        return _wrapped(text, max(self.width, 40), first=f"{first:<{indent}}", following=" " * indent)

    @staticmethod
    def within(text: str, width: int) -> list[str]:
        """`text` in lines of at most `width` columns."""
        return _wrapped(text, max(width, 12))


def _wrapped(text: str, width: int, *, first: str = "", following: str = "") -> list[str]:
    lines = textwrap.wrap(
        _BEFORE_UNIT.sub(_NO_BREAK, text),
        width=width,
        initial_indent=first,
        subsequent_indent=following,
        break_on_hyphens=False,
    )
    return [line.replace(_NO_BREAK, " ") for line in lines]


def columns(text: str) -> int:
    """How many columns of a terminal `text` takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def padded(text: str, width: int) -> str:
    """`text` filled, or cut with an ellipsis, to `width` columns."""
    if columns(text) > width:
        while columns(text) > width - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (width - columns(text))
