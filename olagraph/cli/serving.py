"""serve, demo: the API and the web interface."""

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from olagraph.cli.clock import now, user
from olagraph.cli.listening import listening_at
from olagraph.cli.refusals import OK, Refusal, cannot, faulty
from olagraph.cli.sources import opened, refusing

if TYPE_CHECKING:
    from olagraph.stores import Address
    from olagraph_api.security.settings import SecuritySettings

_LOOPBACK = "127.0.0.1"

port_option = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port; 0 = a free one.",
)


@click.command(short_help="The API and the web interface.")
@click.option(
    "--store",
    default="sqlite:///olagraph.db",
    show_default=True,
    metavar="STORE",
    help="Whose portfolios; it is made where there is none.",
)
@click.option(
    "--host",
    default=_LOOPBACK,
    show_default=True,
    help="The address to listen on, or unix: and a path. Any but this machine's takes accounts.",
)
@port_option
@click.option(
    "--security",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Accounts, limits, the audit log; OLAGRAPH_SECURITY if not given.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many processes serve, behind the one port.",
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="A proxy that is believed whom it speaks for (X-Forwarded-For); several may be given.",
)
@click.option(
    "--log-format",
    type=click.Choice(["auto", "json", "text"]),
    default="auto",
    show_default=True,
    help="Of the log on standard error; auto: text on a terminal, JSON elsewhere.",
)
@click.option("--telemetry", is_flag=True, help="Send traces to an OpenTelemetry collector.")
def serve(
    store: str,
    host: str,
    port: int,
    security: Path | None,
    workers: int,
    proxies: tuple[str, ...],
    log_format: str,
    telemetry: bool,
) -> int:
    """Serve the portfolios of STORE: GraphQL at /graphql, the web interface at /.

    Without accounts it serves this machine alone. When it is ready, it says where in one line on standard error; Ctrl-C
    ends it.
    """
    from olagraph.stores import parse_address
    from olagraph_api.security.exposure import UnsafeExposure, require_authentication

    with refusing(store):
        address = parse_address(store, os.environ)
    if address.chosen:
        raise Refusal(
            "serve serves every portfolio of a store: leave ?portfolio= out; keys grant single ones"
        )
    settings = read_security(security)
    try:
        checked = require_authentication(host, settings)
    except UnsafeExposure as unsafe:
        raise Refusal(str(unsafe)) from None
    run_server(
        address,
        settings,
        host=checked,
        port=port,
        workers=workers,
        proxies=proxies,
        log_format=log_format,
        telemetry=telemetry,
    )
    return OK


@click.command(short_help="The same with an example, to look around.")
@port_option
@click.pass_context
def demo(context: click.Context, port: int) -> int:
    """Serve an example, a bank's payment journey, from a store in a temporary folder.

    When it is ready, it says where in one line on standard error; Ctrl-C ends it, and everything is gone.
    """
    from olagraph.stores import parse_address
    from olagraph_api.security.settings import SecuritySettings

    chosen = context.get_parameter_source("port") is not ParameterSource.DEFAULT
    with TemporaryDirectory(prefix="olagraph-demo-") as folder:
        url = f"sqlite:///{Path(folder, 'demo.db')}"
        write_example(url)
        address = parse_address(url, {})
        run_server(address, SecuritySettings(), host=_LOOPBACK, port=port, other_port=not chosen, quiet=True)
    return OK


def write_example(url: str) -> None:
    """Make a store that holds the example."""
    from importlib.resources import files

    from olagraph.documents import load_text
    from olagraph.documents.changes import difference
    from olagraph.model.entities import Portfolio

    example = load_text(files("olagraph").joinpath("demo.yaml").read_text(encoding="utf-8"), "demo.yaml")
    with opened(url, create=True) as (store, address):
        edits = difference(Portfolio(), example)
        store.apply(address.portfolio, edits, expected=0, by=user(), at=now(), what="the example")


def read_security(file: Path | None) -> "SecuritySettings":
    """The security settings of a file, or the one that the environment names, and of the environment."""
    from olagraph_api.security.settings_file import InvalidSettings, read_settings

    try:
        return read_settings(file, os.environ)
    except InvalidSettings as invalid:
        raise faulty(invalid.faults) from None
    except OSError as error:
        raise cannot("read", str(error.filename or file), error) from None


def run_server(
    address: "Address",
    security: "SecuritySettings",
    *,
    host: str,
    port: int,
    other_port: bool = False,
    log_format: str = "auto",
    **more: Any,
) -> None:
    """Serve until told to end.

    Args:
        other_port: where the port is taken, take another one.
        more: further `ServerSettings`.
    """
    listening, url = listening_at(host, port, other_port=other_port)
    with listening:
        from olagraph_api.security.clock import Clock
        from olagraph_api.security.key_file import KeyFileError
        from olagraph_api.serving import ServerSettings
        from olagraph_api.serving import serve as serve_until_ended
        from olagraph_api.telemetry.logs import LogFormat

        settings = ServerSettings(
            store=address,
            security=security,
            clock=Clock(now=now, ticks=time.monotonic_ns),
            local=user(),
            log_format=LogFormat(log_format),
            **more,
        )
        with refusing(address.shown):
            try:
                serve_until_ended(
                    settings,
                    listening,
                    ready=lambda: click.echo(f"olagraph serves {address.shown} at {url}", err=True),
                )
            except KeyFileError as error:
                raise Refusal(str(error)) from None
            except ImportError as error:
                extra = "pip install 'olagraph[telemetry]'"
                raise Refusal(f"--telemetry takes an extra: {extra} ({error})") from None
            except OSError as error:
                raise cannot("open", str(error.filename or url), error) from None
