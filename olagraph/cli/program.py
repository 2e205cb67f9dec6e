"""The `olagraph` command itself, and the arguments and options that its commands share."""

import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

import click

from olagraph.cli import streams
from olagraph.cli.refusals import INTERRUPTED

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

Command = TypeVar("Command", bound=Callable[..., Any])


class Program(click.Group):
    """A group whose commands return their exit codes; mistakes of users end in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which they were added, which is that of their use."""
        return list(self.commands)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and exit unless called as a function."""
        streams.speak_utf8()
        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.ClickException as refused:
            if not standalone_mode:
                raise
            refused.show()
            code = refused.exit_code
        except click.Abort:
            if not standalone_mode:
                raise
            code = INTERRUPTED
        if standalone_mode:
            sys.exit(code)
        return code


def day(text: str) -> date:
    """The day of the calendar that `text` spells."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise click.BadParameter(f"{text!r} is not a day such as 2026-11-23.")


source_argument = click.argument("source")
store_argument = click.argument("store")
as_of_option = click.option(
    "--as-of",
    type=day,
    metavar="DATE",
    help="The day of assessment, 2026-11-23; today in UTC if not given.",
)
output_option = click.option(
    "--output", metavar="FILE", help="Write there instead of standard output, as a whole or not at all."
)
as_option = click.option(
    "--as", "by", metavar="WHO", help="Who changes it, for the log; the system's user if not given."
)


def format_option(formats: Sequence[str]) -> Callable[[Command], Command]:
    """`--format`, one of `formats`, the first by default."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="Of the report.",
    )
