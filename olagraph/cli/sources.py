"""SOURCE and STORE, as the commands take them, and where reports go."""

import os
import shlex
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from olagraph.cli import streams
from olagraph.cli.refusals import Refusal, SystemFailure, cannot, faulty
from olagraph.model.entities import Portfolio

if TYPE_CHECKING:
    from olagraph.stores import Address, Store

Found = TypeVar("Found")


def read_portfolio(source: str) -> Portfolio:
    """The portfolio of a file, a directory, standard input or a store."""
    return read_snapshot(source)[0]


def read_snapshot(source: str) -> "tuple[Portfolio, int | None]":
    """The portfolio of a SOURCE with its revision; None where it is no store."""
    if not source:
        raise Refusal("SOURCE is empty: name a file, a directory, a store or - for standard input")
    if names_store(source):
        with opened(source) as (store, address):
            snapshot = store.load(address.portfolio)
        return snapshot.portfolio, snapshot.revision
    from olagraph.documents import load

    refuse_address(source)
    refuse_sheets(source)
    with refusing(source):
        return load(source), None


def names_store(source: str) -> bool:
    """Whether a SOURCE is the URL of a store."""
    from olagraph.stores.address import is_store

    return is_store(source)


def refuse_address(file: str) -> None:
    """Refuse what is meant as an address on the network, and is the URL of no store: its password must not show."""
    from olagraph.stores import parse_address

    if "://" in file and not os.path.exists(file):
        with refusing(file):
            parse_address(file, os.environ)


def refuse_sheets(source: str) -> None:
    """Refuse a SOURCE that an import reads, and say how."""
    from olagraph.documents.formats import foreign_format

    if (format_ := foreign_format(source)) is not None:
        name = shlex.quote(source)
        raise Refusal(
            f"{source} is no portfolio file: `olagraph import {name} --from {format_} --into sqlite:///olagraph.db`"
            " brings it into a store, which every command reads"
        )


@contextmanager
def opened(url: str, *, create: bool = False) -> "Iterator[tuple[Store, Address]]":
    """The store of a URL, closed in the end; what it refuses ends the command in one line."""
    from olagraph.stores import open_store, parse_address

    with refusing(url):
        address = parse_address(url, os.environ)
        with closing(open_store(address, create=create)) as store:
            yield store, address


def stored_or_nothing(url: str) -> tuple[Portfolio, int]:
    """A store's portfolio with its revision; an empty one at revision 0 where there is none yet."""
    from olagraph.stores import NoStore, UnknownPortfolio, open_store, parse_address

    with refusing(url):
        address = parse_address(url, os.environ)
        try:
            with closing(open_store(address)) as store:
                snapshot = store.load(address.portfolio)
        except (NoStore, UnknownPortfolio):
            return Portfolio(), 0
    return snapshot.portfolio, snapshot.revision


def store_name(url: str) -> str:
    """The URL of a store without a password, for messages."""
    from olagraph.stores import parse_address

    with refusing(url):
        return parse_address(url, os.environ).shown


@contextmanager
def refusing(source: str) -> Iterator[None]:
    """Turn what reading or writing a SOURCE raises into the end of the command."""
    from olagraph.documents import InvalidPortfolio
    from olagraph.stores.errors import (
        StoreError,
        UnknownPortfolio,
        UnknownRevision,
        WrongAddress,
        WrongSetting,
    )

    try:
        yield
    except InvalidPortfolio as invalid:
        raise faulty(invalid.faults) from None
    except (WrongAddress, WrongSetting, UnknownPortfolio, UnknownRevision) as wrong:
        raise Refusal(str(wrong)) from None
    except StoreError as error:
        raise SystemFailure(str(error)) from None
    except OSError as error:
        raise cannot("read", source, error) from None


def read_baseline(file: str) -> frozenset[str]:
    """The fingerprints in an earlier report."""
    from olagraph.reports.baseline import fingerprints

    try:
        return fingerprints(Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise cannot("read", file, error) from None
    except ValueError as error:
        why = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error
        raise Refusal(f"--baseline {file}: expected an earlier `assess --format json`; {why}") from None


def asking(question: Callable[[], Found]) -> Found:
    """The answer to a question that names things; names that nobody has are refused with the nearest ones."""
    from olagraph.analysis.names import UnknownName

    try:
        return question()
    except UnknownName as unknown:
        raise Refusal(*map(str, unknown.each)) from None


def show(content: str | bytes, output: str | None) -> None:
    """Write a report, or what was exported."""
    if output == "":
        raise Refusal("--output is empty: name a file, or - for standard output")
    try:
        streams.write(content, output)
    except OSError as error:
        raise cannot("write", output or "standard output", error) from None
