"""How a command ends: exit codes, and the lines that a user gets who asked for what cannot be done."""

from collections.abc import Sequence
from typing import Any

import click

from olagraph.reports.visible import visible

OK, FOUND, WRONG_INPUT, FAILED_SYSTEM, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes: nothing as bad as --fail-on, something is, wrong input, a failing system, Ctrl-C."""

_MOST_FAULTS = 50
_WRONG_NAMES = (
    FileNotFoundError,
    IsADirectoryError,
    NotADirectoryError,
    PermissionError,
    FileExistsError,
)


class Refusal(click.ClickException):
    """The end of a command that cannot do what it was asked: lines for people."""

    exit_code = WRONG_INPUT

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines

    def show(self, file: Any = None) -> None:
        """Print the lines to standard error."""
        for line in self.lines:
            click.echo(visible(line), err=True)


class SystemFailure(Refusal):
    """The same, where the system is to blame and not the arguments."""

    exit_code = FAILED_SYSTEM


class Interruption(Refusal):
    """The same, where somebody stopped the command in the middle of something."""

    exit_code = INTERRUPTED


def faulty(faults: Sequence[object]) -> Refusal:
    """The refusal of a portfolio with these faults, one a line, capped."""
    lines = [str(fault) for fault in faults[:_MOST_FAULTS]]
    rest = len(faults) - len(lines)
    return Refusal(*lines, *([f"… and {rest:,} more"] if rest else []))


def cannot(verb: str, file: str, error: OSError) -> Refusal:
    """The refusal for a file that the system does not give."""
    refusal = Refusal if isinstance(error, _WRONG_NAMES) else SystemFailure
    return refusal(f"cannot {verb} {file}: {error.strerror or error}")
