"""keys create, list, revoke: API keys."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import click

from olagraph.cli.clock import now, user
from olagraph.cli.program import Program, day
from olagraph.cli.refusals import OK, Refusal, cannot
from olagraph.cli.serving import read_security
from olagraph.cli.sources import show
from olagraph.reports.visible import label as shown_label
from olagraph.reports.visible import visible

if TYPE_CHECKING:
    from olagraph_api.security.api_keys import ApiKey

file_option = click.option(
    "--file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file of keys; that of the security settings (OLAGRAPH_SECURITY, OLAGRAPH_KEYS_FILE) if not given.",
)


@click.group(cls=Program, short_help="API keys for serve.")
def keys() -> None:
    """Make, list and revoke API keys. A running server takes note at once."""


@keys.command(short_help="Make a key, and print it once.")
@file_option
@click.option(
    "--role",
    type=click.Choice(["viewer", "editor", "admin"]),
    required=True,
    help="What it may do: read; also change; also create and remove portfolios.",
)
@click.option(
    "--portfolio",
    "portfolios",
    multiple=True,
    required=True,
    metavar="ID",
    help="Where; several may be given, * grants all.",
)
@click.option("--label", required=True, metavar="TEXT", help="Whose it is, or what for.")
@click.option(
    "--expires",
    type=day,
    metavar="DATE",
    help="The last day on which it counts, in UTC; for ever if not given.",
)
def create(
    file: Path | None, role: str, portfolios: tuple[str, ...], label: str, expires: date | None
) -> int:
    """Make a key, and print it to standard output. It is shown this once: only a digest of it is kept."""
    from olagraph_api.security.key_file import create_key
    from olagraph_api.security.principals import Role

    path = key_file(file)
    end = None if expires is None else datetime.combine(expires + timedelta(days=1), datetime.min.time(), UTC)
    with refusing_keys():
        key, spelled = create_key(
            path, role=Role(role), portfolios=portfolios, label=label, now=now(), expires=end
        )
    note("create", key)
    show(f"{spelled}\n", None)
    click.echo(f"Made key {key.id} in {visible(str(path))}. It is shown this once.", err=True)
    return OK


@keys.command("list", short_help="The keys there are, without their secrets.")
@file_option
def list_(file: Path | None) -> int:
    """List the keys, the oldest first, revoked and expired ones too."""
    from olagraph_api.security.key_file import list_keys

    with refusing_keys():
        found = list_keys(key_file(file))
    show("\n".join(described(key, now()) for key in found) + "\n" if found else "There are no keys.\n", None)
    return OK


@keys.command(short_help="Have a key count no more.")
@click.argument("id", metavar="ID")
@file_option
def revoke(id: str, file: Path | None) -> int:
    """Revoke the key ID for good: the next request with it is refused, and open subscriptions end."""
    from olagraph_api.security.key_file import revoke_key

    with refusing_keys():
        key = revoke_key(key_file(file), id, now=now())
    note("revoke", key)
    show(f"Key {key.id} ({shown_label(key.label)}) is revoked.\n", None)
    return OK


def described(key: "ApiKey", moment: datetime) -> str:
    """A key in one line."""
    portfolios = (
        "every portfolio" if "*" in key.portfolios else ", ".join(map(shown_label, sorted(key.portfolios)))
    )
    return f"{key.id}  {state(key, moment):24}  {key.role:6}  {portfolios}  ({shown_label(key.label)})"


def state(key: "ApiKey", moment: datetime) -> str:
    """Whether a key counts at a moment."""
    if key.revoked is not None:
        return f"revoked {key.revoked:%Y-%m-%d}"
    if key.expires is None:
        return "valid"
    last = (key.expires - timedelta(microseconds=1)).date()
    return f"{'expired' if moment >= key.expires else 'valid until'} {last}"


def key_file(given: Path | None) -> Path:
    """The file of keys that is meant.

    Raises:
        Refusal: none is.
    """
    if given is not None:
        return given
    configured = read_security(None).keys
    if configured is None:
        raise Refusal("Which file? --file names it, or OLAGRAPH_KEYS_FILE")
    return configured.file


@contextmanager
def refusing_keys() -> Iterator[None]:
    """Turn what is wrong with a file of keys into the end of the command."""
    from olagraph_api.security.key_file import KeyFileError

    try:
        yield
    except KeyFileError as error:
        raise Refusal(str(error)) from None


def note(what: str, key: "ApiKey") -> None:
    """Have the audit log, if there is one, tell what was done to a key."""
    settings = read_security(None).audit
    if settings is None:
        return
    from olagraph_api.security.audit import AuditRecord, Kind, Outcome
    from olagraph_api.security.audit_log import AuditLog

    try:
        with closing(AuditLog(settings)) as log:
            log.write(
                AuditRecord(
                    at=now(),
                    request=token_hex(8),
                    kind=Kind.KEYS,
                    outcome=Outcome.DONE,
                    principal="local",
                    name=user(),
                    operation=what,
                    reason=f"key {key.id}, {key.role}",
                )
            )
    except OSError as error:
        raise cannot("write", str(settings.file), error) from None
