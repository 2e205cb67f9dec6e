"""export, history, db: portfolios out of stores, and what stores are made of."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from olagraph.cli import streams
from olagraph.cli.clock import now, user
from olagraph.cli.program import (
    Program,
    as_option,
    format_option,
    output_option,
    source_argument,
    store_argument,
)
from olagraph.cli.refusals import FOUND, OK, Interruption, Refusal, cannot
from olagraph.cli.sources import names_store, opened, read_portfolio, show
from olagraph.documents.formats import FILE_FORMATS
from olagraph.model.entities import Portfolio
from olagraph.reports import HISTORY_FORMATS, ChangesReport, HistoryReport, render
from olagraph.reports.visible import visible

if TYPE_CHECKING:
    from olagraph.documents.changes import ChangeSet
    from olagraph.stores import Address, Store, Tenant

_LONGEST_HISTORY = 20
_LATEST_REVISION = 2**31 - 1
"""That one may ask for: nobody gets there, and every database can hold it."""

dry_run_option = click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")


@click.command("export", short_help="A portfolio into a file of another format.")
@source_argument
@click.option("--to", "format_", type=click.Choice(FILE_FORMATS), required=True, help="The format.")
@click.option(
    "--revision", type=click.IntRange(0, _LATEST_REVISION), metavar="N", help="Of a store: as it was then."
)
@output_option
def export_portfolio(source: str, format_: str, revision: int | None, output: str | None) -> int:
    """Write SOURCE as a portfolio file (yaml, json), for graph tools (graphml, mermaid), or as sheets (csv, excel).

    csv writes a folder, --output FOLDER, with a file for each kind of thing; excel a workbook, --output FILE.
    """
    from olagraph.documents.formats import (
        BINARY_FORMATS,
        FOLDER_FORMATS,
        TooLargeError,
        exported,
        write_folder,
    )

    file = None if output in ("", "-") else output
    if file is None and format_ in FOLDER_FORMATS:
        raise Refusal(f"--to {format_} writes several files: --output names a folder for them")
    if file is None and format_ in BINARY_FORMATS:
        raise Refusal(f"--to {format_} writes what is no text: --output names a file for it")
    portfolio = read_revision(source, revision)
    if file is None or format_ not in FOLDER_FORMATS:
        try:
            content = exported(portfolio, format_)
        except TooLargeError as error:
            raise Refusal(f"--to {format_} cannot hold this portfolio: {error}") from None
        show(content, output)
        return OK
    try:
        paths = write_folder(portfolio, format_, Path(file))
    except OSError as error:
        raise cannot("write", str(error.filename or file), error) from None
    show(f"Wrote {', '.join(path.name for path in paths)} in {visible(file)}.\n", None)
    return OK


@click.command(short_help="Who changed what, when.")
@store_argument
@click.option(
    "--revision", type=click.IntRange(1, _LATEST_REVISION), metavar="N", help="What one change did, in full."
)
@click.option(
    "--limit",
    type=click.IntRange(1, _LATEST_REVISION),
    default=_LONGEST_HISTORY,
    show_default=True,
    metavar="N",
    help="How many changes to list.",
)
@click.option(
    "--restore",
    type=click.IntRange(0, _LATEST_REVISION),
    metavar="N",
    help="Bring the portfolio back to revision N.",
)
@dry_run_option
@as_option
@format_option(HISTORY_FORMATS)
def history(
    store: str,
    revision: int | None,
    limit: int,
    restore: int | None,
    dry_run: bool,
    by: str | None,
    format_: str,
) -> int:
    """List the changes of STORE's portfolio, the latest first; or bring a past revision back.

    A restoration is a change like any other: nothing of the history is lost.
    """
    if restore is not None:
        if revision is not None:
            raise Refusal("--revision shows one change, --restore brings a revision back: give one of them")
        return restored(store, restore, dry_run=dry_run, by=by, format_=format_)
    if dry_run:
        raise Refusal("--dry-run goes with --restore: listing never writes")
    with opened(store) as (readable, address):
        if revision is not None:
            logged = readable.changes(address.portfolio, since=revision - 1, until=revision)
            if not logged:
                readable.load(address.portfolio, revision=revision)  # says which revisions there are
            report = HistoryReport(
                portfolio=address.portfolio, changes=(logged[0].change,), edits=logged[0].edits
            )
        else:
            changes = readable.history(address.portfolio, limit=limit + 1)
            report = HistoryReport(
                portfolio=address.portfolio, changes=changes[:limit], more=len(changes) > limit
            )
    show(render(report, format_, layout=streams.layout_for(None)), None)
    return OK


@click.group(cls=Program, short_help="Make, check or empty a store.")
def db() -> None:
    """Make, check or empty a store."""


@db.command("init", short_help="Make a store, or bring its schema up to date.")
@store_argument
def db_init(store: str) -> int:
    """Make STORE, or bring its schema up to date. What is in it stays."""
    with opened(store, create=True) as (ready, _):
        show(f"{ready.address} is ready.\n", None)
    return OK


@db.command("check", short_help="Whether everything in a store is whole.")
@store_argument
def db_check(store: str) -> int:
    """Check every portfolio in STORE: entities, references and the change log. Exits with 1 if something is wrong.

    With ?portfolio=ID in the URL, only that portfolio.
    """
    with opened(store) as (readable, address):
        tenants = meant(readable, address)
        if address.chosen and not tenants:
            readable.load(address.portfolio)  # says which there are
        wrong = [(tenant, problem) for tenant in tenants for problem in readable.check(tenant.id)]
        lines = [f"{visible(tenant.id)}: {visible(problem)}" for tenant, problem in wrong]
        bad = {tenant.id for tenant, _ in wrong}
        lines += [
            f"{visible(tenant.id)}: revision {tenant.revision}, whole"
            for tenant in tenants
            if tenant.id not in bad
        ]
        show("\n".join(lines or [f"{readable.address} holds no portfolio yet"]) + "\n", None)
    return FOUND if wrong else OK


@db.command("wipe", short_help="Remove everything, the history too.")
@store_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
def db_wipe(store: str, yes: bool) -> int:
    """Remove everything that is olagraph's from STORE, history included; nothing else in the database is touched.

    With ?portfolio=ID in the URL, only that portfolio.
    """
    with opened(store) as (writable, address):
        doomed = meant(writable, address)
        if address.chosen and not doomed:
            # Says which there are, unless a removal was stopped on its way.
            writable.remove(address.portfolio)
            show(f"Removed what was left of {visible(address.portfolio)} from {writable.address}.\n", None)
            return OK
        named = (
            ", ".join(f"{visible(tenant.id)} (revision {tenant.revision})" for tenant in doomed) or "nothing"
        )
        if not yes and not confirmed(f"Remove {named} from {writable.address} for good?"):
            raise Refusal("Nothing was removed.")
        try:
            if address.chosen:
                writable.remove(address.portfolio)
            else:
                writable.wipe()
        except KeyboardInterrupt:
            raise Interruption("interrupted: some of it may be gone; repeat the command") from None
        show(f"Removed {named} from {writable.address}.\n", None)
    return OK


def meant(store: "Store", address: "Address") -> "Sequence[Tenant]":
    """The portfolios that the URL of a store means: all, or the one that it names, if that is there."""
    return [each for each in store.tenants() if not address.chosen or each.id == address.portfolio]


def confirmed(question: str) -> bool:
    """Whether somebody says yes."""
    try:
        return click.confirm(question, err=True)
    except click.Abort as aborted:
        if isinstance(aborted.__context__, KeyboardInterrupt):
            raise
        click.echo(err=True)
        raise Refusal("Nothing was removed: nobody answered. --yes does not ask.") from None


def restored(store: str, revision: int, *, dry_run: bool, by: str | None, format_: str) -> int:
    """Bring a portfolio back to a past revision, as a change of its own."""
    from olagraph.documents.changes import difference

    with opened(store) as (writable, address):
        latest = writable.load(address.portfolio)
        wanted = writable.load(address.portfolio, revision=revision)
        edits = difference(latest.portfolio, wanted.portfolio)
        after, name = latest.revision, address.shown
        if not dry_run:
            what = f"restoration of revision {revision}"
            after = written(writable, address, edits, expected=after, by=by, what=what)
    tell(edits, revision=after, name=name, dry_run=dry_run, format_=format_)
    return OK


def written(
    store: "Store", address: "Address", edits: "ChangeSet", *, expected: int, by: str | None, what: str
) -> int:
    """The revision after edits."""
    try:
        return store.apply(address.portfolio, edits, expected=expected, by=by or user(), at=now(), what=what)
    except KeyboardInterrupt:
        raise Interruption(
            f"interrupted: `olagraph history {shlex.quote(address.shown)}` tells whether the change was written;"
            " repeating the command does what is left of it"
        ) from None


def read_revision(source: str, revision: int | None) -> Portfolio:
    """The portfolio of a SOURCE; of a store perhaps as it was."""
    if revision is None:
        return read_portfolio(source)
    if not names_store(source):
        raise Refusal(f"--revision goes with a store: {visible(source)} has no revisions")
    with opened(source) as (store, address):
        return store.load(address.portfolio, revision=revision).portfolio


def tell(edits: "ChangeSet", *, revision: int, name: str, dry_run: bool, format_: str) -> None:
    """Show what has changed, or would."""
    report = ChangesReport(edits=edits, revision=None if dry_run else revision)
    text = render(report, format_, layout=streams.layout_for(None))
    if format_ == "text":
        at = "Nothing was written (--dry-run)" if dry_run and edits else f"{name} is at revision {revision}"
        text += f"{at}.\n"
    show(text, None)
