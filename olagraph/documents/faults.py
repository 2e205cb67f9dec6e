"""What is wrong in a portfolio file, and where."""

from dataclasses import dataclass

_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: place, cause, remedy.

    Attributes:
        file: the file's name as the user gave it, `<stdin>` for standard input.
        line, column: from 1; None or 0 where the fault has no place in the text.
        path: the place in the document, `services[web-shop].workflow.sequence[1]`; empty for all of it.
        found: what was found.
        expected: what was expected in its place; None where `found` says it all.
        nearest: the nearest valid name.
    """

    file: str
    line: int | None = None
    column: int | None = None
    path: str = ""
    found: str
    expected: str | None = None
    nearest: str | None = None

    def __str__(self) -> str:
        position = "" if not self.line else f":{self.line}:{self.column}"
        path = f" {self.path}:" if self.path else ""
        remedy = f"; expected {self.expected}" if self.expected else ""
        if self.nearest is not None:
            remedy = f"; did you mean {self.nearest!r}?"
        file = self.file if self.file.isprintable() else repr(self.file)
        return f"{file}{position}:{path} {self.found}{remedy}"


class InvalidPortfolio(ValueError):  # noqa: N818 - the API's word for it; its faults are the errors
    """A portfolio that cannot be read. It carries every fault, in the order of the files and their lines."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


def shown(text: str) -> str:
    """`text` in quotes on one line, shortened: hostile input must not flood or steer a terminal."""
    return repr(text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…")
