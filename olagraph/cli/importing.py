"""import: files into a store, as one change."""

import shlex
from collections.abc import Sequence

import click

from olagraph.cli.program import as_option, format_option
from olagraph.cli.refusals import OK, Refusal, faulty
from olagraph.cli.sources import (
    names_store,
    opened,
    refuse_address,
    refusing,
    show,
    store_name,
    stored_or_nothing,
)
from olagraph.cli.storing import dry_run_option, tell, written
from olagraph.documents.formats import IMPORT_FORMATS, foreign_format
from olagraph.documents.source import STANDARD_INPUT
from olagraph.model.entities import Portfolio
from olagraph.reports import CHANGES_FORMATS
from olagraph.reports.visible import visible

_MOST_FILES = 3  # named in the change log

into_option = click.option(
    "--into", "store", required=True, metavar="STORE", help="Where to: sqlite:///file.db or neo4j://host."
)


@click.command("import", short_help="Files into a store.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@into_option
@click.option(
    "--from",
    "from_format",
    type=click.Choice(IMPORT_FORMATS),
    default=IMPORT_FORMATS[0],
    show_default=True,
    help="What the files are.",
)
@click.option("--merge", is_flag=True, help="Leave what the files do not name; else it is removed.")
@dry_run_option
@as_option
@format_option(CHANGES_FORMATS)
def import_files(
    files: tuple[str, ...],
    store: str,
    from_format: str,
    merge: bool,
    dry_run: bool,
    by: str | None,
    format_: str,
) -> int:
    """Bring a store's portfolio to what the FILEs say, as one change, and show what changes.

    Several files, and directories of files, are one portfolio together. A store that does not exist is made.
    """
    from olagraph.documents.changes import difference

    for file in files:
        refuse_file(file, from_format)
    name = store_name(store)
    base, before = stored_or_nothing(store)
    wanted, ignored = read_imported(files, from_format, base=base, merge=merge, name=name)
    for left_out in ignored:
        click.echo(f"left out, empty or no kind of thing of a portfolio: {visible(left_out)}", err=True)
    edits = difference(base, wanted)
    revision = before
    # Where nothing changes, too: what an import that was stopped has left undone is done.
    if not dry_run and (edits or before):
        with opened(store, create=bool(edits)) as (writable, address):
            what = f"import of {listed(files)}{' (merged)' if merge else ''}"
            revision = written(writable, address, edits, expected=before, by=by, what=what)
    tell(edits, revision=revision, name=name, dry_run=dry_run, format_=format_)
    if format_ == "text" and revision and not before:
        show(f"Next: olagraph assess {shlex.quote(name)}\n", None)
    return OK


def refuse_file(file: str, from_format: str) -> None:
    """Refuse a FILE of an import that cannot be one, and say what would do."""
    if not file:
        raise Refusal("FILE is empty: name a file, a directory or - for standard input")
    if names_store(file):
        raise Refusal("FILE is a store: olagraph export STORE --to yaml --output FILE, then import the file")
    if file == STANDARD_INPUT and from_format != IMPORT_FORMATS[0]:
        raise Refusal(
            f"- is standard input, which holds a portfolio file: name the files of --from {from_format}"
        )
    refuse_address(file)
    spoken_of = foreign_format(file)
    if spoken_of not in (None, from_format):
        raise Refusal(f"{file}: a file of this name is read with --from {spoken_of}")


def read_imported(
    files: Sequence[str], from_format: str, *, base: Portfolio, merge: bool, name: str
) -> tuple[Portfolio, tuple[str, ...]]:
    """What files hold, with what they leave of a store's portfolio if they are merged; and what was left out."""
    from olagraph.documents import InvalidPortfolio
    from olagraph.documents.formats import read_files

    with refusing(files[0]):
        try:
            return read_files(files, from_format, base=base if merge else None, base_name=name)
        except InvalidPortfolio as alone:
            if merge or base == Portfolio() or STANDARD_INPUT in files:
                raise
            try:
                read_files(files, from_format, base=base, base_name=name)
            except InvalidPortfolio:
                raise alone from None
            raise Refusal(
                *faulty(alone.faults).lines,
                f"With --merge the files are read together with what {name} holds, and have no fault.",
            ) from None


def listed(files: Sequence[str]) -> str:
    """The files of an import, for the change log."""
    named = ["standard input" if file == STANDARD_INPUT else visible(file) for file in files[:_MOST_FILES]]
    more = len(files) - len(named)
    return ", ".join(named) + (f" and {more:,} more" if more else "")
