"""The formats of files by their names on the command line: what comes in, what goes out."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from olagraph.documents.collector import collector_paused
from olagraph.documents.dump import dump
from olagraph.documents.faults import InvalidPortfolio
from olagraph.documents.merging import left_by
from olagraph.documents.portfolios import read_portfolio
from olagraph.documents.reading import Reading
from olagraph.documents.source import parsed_documents
from olagraph.model.entities import Portfolio

IMPORT_FORMATS = ("portfolio", "csv", "excel")
"""What files can be read from; `portfolio` is the portfolio file, YAML or JSON."""

FILE_FORMATS = ("yaml", "json", "graphml", "mermaid", "csv", "excel")
"""What a portfolio can be written as."""

FOLDER_FORMATS = frozenset({"csv"})
"""Those that are several files."""

BINARY_FORMATS = frozenset({"excel"})
"""Those that are no text."""


class TooLargeError(ValueError):
    """A format cannot hold a portfolio; says what of it."""


def read_files(
    files: Sequence[str], format: str, *, base: Portfolio | None = None, base_name: str = ""
) -> tuple[Portfolio, tuple[str, ...]]:
    """The one portfolio that files hold together, merged into another if one is given.

    Args:
        files: files or folders; `-` for standard input, if it is a portfolio file.
        format: one of `IMPORT_FORMATS`.
        base: what the files state is new, the rest of it stays.
        base_name: what it is called in faults.

    Returns:
        The portfolio, and what was left out of it: sheets that are none of a portfolio.

    Raises:
        InvalidPortfolio: with everything that is wrong, in the files or with what they leave of the other.
    """
    reading = Reading()
    ignored: tuple[str, ...] = ()
    with collector_paused():
        match format:
            case "csv" | "excel":
                from olagraph.documents.foreign import documents_of

                documents, ignored = documents_of(files, from_format=format, reading=reading)
            case _:
                documents = tuple(parsed_documents(files, reading=reading))
        if base is not None:
            documents = (left_by(documents, base, source=base_name), *documents)
        return read_portfolio(documents, reading), ignored


_SUFFIXES = {"portfolio": ".yaml", "csv": ".csv", "excel": ".xlsx"}
_FOREIGN = {".csv": "csv", **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), "excel")}


def foreign_format(file: str) -> str | None:
    """The one of `IMPORT_FORMATS` that the name of a file speaks of; None of a portfolio file's or a folder's."""
    return None if os.path.isdir(file) else _FOREIGN.get(os.path.splitext(file)[1].lower())


def read_content(
    content: bytes, format: str, *, name: str, base: Portfolio | None = None, base_name: str = ""
) -> tuple[Portfolio, tuple[str, ...]]:
    """The portfolio that the content of one file holds; see `read_files`.

    Args:
        name: what the file is called in faults, without folder and ending; of CSV the kind of thing it lists.

    Raises:
        InvalidPortfolio: with everything that is wrong.
    """
    with TemporaryDirectory() as folder:  # workbooks are read from files
        path = Path(folder, Path(name).name + _SUFFIXES[format])
        path.write_bytes(content)
        try:
            return read_files([str(path)], format, base=base, base_name=base_name)
        except InvalidPortfolio as error:
            faults = (replace(f, file=f.file.removeprefix(f"{folder}/")) for f in error.faults)
            raise InvalidPortfolio(tuple(faults)) from None


def exported(portfolio: Portfolio, format: str) -> str | bytes:
    """The one file that a portfolio is in a format: a text, or one of `BINARY_FORMATS`.

    Raises:
        TooLargeError: the format cannot hold it.
        ValueError: one of `FOLDER_FORMATS`.
    """
    match format:
        case "yaml" | "json":
            return dump(portfolio, format=format)
        case "graphml":
            from olagraph.documents.foreign import write_graphml

            return write_graphml(portfolio)
        case "mermaid":
            from olagraph.documents.foreign import write_mermaid

            return write_mermaid(portfolio)
        case "excel":
            from olagraph.documents.foreign.excel_book import write_workbook

            return write_workbook(portfolio)
    raise ValueError(f"{format!r} is no format of one file")


def write_folder(portfolio: Portfolio, format: str, folder: Path) -> tuple[Path, ...]:
    """Write a portfolio as the files of a format into a folder, which is made if it is not there.

    Returns:
        The files written.

    Raises:
        OSError: they cannot be written.
        ValueError: not one of `FOLDER_FORMATS`.
    """
    if format not in FOLDER_FORMATS:
        raise ValueError(f"{format!r} is no format of several files")
    from olagraph.documents.foreign import write_csv_folder

    return write_csv_folder(portfolio, folder)
