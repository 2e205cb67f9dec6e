"""The command line: arguments in, reports out, exit codes. No arithmetic, no rules."""

import click

from olagraph.cli.assessing import assess, check, explain, validate
from olagraph.cli.concentrating import concentration
from olagraph.cli.importing import import_files
from olagraph.cli.keys import keys
from olagraph.cli.local_neo4j import neo4j
from olagraph.cli.outages import outage
from olagraph.cli.program import Program
from olagraph.cli.serving import demo, serve
from olagraph.cli.sources import show
from olagraph.cli.starting import completion, init, schema
from olagraph.cli.storing import db, export_portfolio, history
from olagraph.cli.version import version

__all__ = ["main"]


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="SOURCE is a portfolio: a file, a directory of files, the URL of a store (sqlite:///file.db,"
    " neo4j://host; ?portfolio=ID picks one of several), or - for standard input. Exit codes:"
    " 0 nothing as bad as --fail-on, 1 there is, 2 input or arguments are wrong, 3 another system failed.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, asked: print_version(context) if asked else None,
    help="Show the version and exit.",
)
def main() -> None:
    """Promises in a graph: which OLA and UC backs which SLA, with a verdict on every SLA."""


for command in (
    assess,
    explain,
    check,
    validate,
    outage,
    concentration,
    init,
    import_files,
    export_portfolio,
    history,
    db,
    neo4j,
    serve,
    demo,
    keys,
    schema,
    completion,
):
    main.add_command(command)


def print_version(context: click.Context) -> None:
    """Print the version and end."""
    show(f"olagraph {version() or '(not installed)'}\n", None)
    context.exit()
