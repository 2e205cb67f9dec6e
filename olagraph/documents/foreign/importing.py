"""Files of a foreign format -> documents that are read with the others of a portfolio."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from olagraph.documents.faults import Fault
from olagraph.documents.foreign.csv_folder import SUFFIX
from olagraph.documents.foreign.csv_text import read_csv
from olagraph.documents.foreign.table_documents import documents_from
from olagraph.documents.foreign.tables import Table, sheet_of
from olagraph.documents.portfolios import Document
from olagraph.documents.reading import Kind, Reading
from olagraph.documents.tree import Limits, UnparsableError

Format: TypeAlias = Literal["csv", "excel"]

_DEFAULT_LIMITS = Limits()


class Imported(NamedTuple):
    """What files of a foreign format hold.

    Attributes:
        documents: for `read_portfolio`, alone or together with others.
        ignored: the sheets of workbooks and the files of folders that hold no kind of thing of a portfolio.
    """

    documents: tuple[Document, ...]
    ignored: tuple[str, ...]


def documents_of(
    files: Sequence[str | Path], *, from_format: Format, reading: Reading, limits: Limits = _DEFAULT_LIMITS
) -> Imported:
    """The documents that files of a foreign format spell.

    Faults are recorded in `reading` with file, row and column, as those of `read_portfolio` are, which raises them
    all together: call it with the same `reading`, whatever is returned here.

    Args:
        files: for CSV also folders, of which every `*.csv` that has the name of a kind is read.
        from_format: `csv` (providers.csv, agreements.csv …) or `excel` (.xlsx, .xlsm; a sheet a kind).
        reading: in which ids and faults are collected.
        limits: how much the files may ask for, workbooks when they are unpacked.
    """
    return _Import(from_format, reading, limits).run(files)


class _Import:
    """One import."""

    def __init__(self, from_format: Format, reading: Reading, limits: Limits) -> None:
        self._format, self._reading, self._limits = from_format, reading, limits
        self._room = limits.size
        self._ignored: list[str] = []

    def run(self, files: Sequence[str | Path]) -> Imported:
        tables = [table for file in files for path in self._paths(Path(file)) for table in self._tables(path)]
        documents = documents_from(tables, reading=self._reading, limits=self._limits)
        return Imported(documents, tuple(self._ignored))

    def _paths(self, path: Path) -> Iterator[Path]:
        """A file itself; of a folder those whose names say what they hold."""
        if self._format != "csv" or not path.is_dir():
            yield path
            return
        try:
            found = sorted(
                each
                for each in path.iterdir()
                if each.suffix.lower() == SUFFIX and not each.name.startswith(".")
            )
        except OSError as error:
            self._cannot_be_read(path, error)
            return
        known = [each for each in found if sheet_of((each.stem,)) is not None]
        self._ignored += (str(each) for each in found if each not in known)
        if not known:
            self._reading.faults.append(
                Fault(
                    file=str(path),
                    found="a folder without sheets of a portfolio",
                    expected="files named providers.csv, services.csv, agreements.csv …",
                )
            )
        yield from known

    def _tables(self, path: Path) -> Sequence[Table]:
        """The tables of one file; none, with the fault recorded, if it cannot be read."""
        name = str(path)
        self._reading.files.append(name)
        if path.is_dir():
            self._reading.faults.append(
                Fault(file=name, found="a folder", expected="the files in it, by name")
            )
            self._reading.unreadable.update(Kind)
            return ()
        try:
            with path.open("rb") as file:
                content = file.read(self._room + 1)
        except (OSError, ValueError) as error:  # a name that no file can have is a ValueError
            self._cannot_be_read(path, error)
            return ()
        self._room -= len(content)
        try:
            if self._room < 0:
                raise UnparsableError(
                    f"more than {self._limits.size} bytes in all", line=1, column=1, expected="smaller files"
                )
            if self._format == "csv":
                return (Table(file=name, names=(path.stem,), rows=read_csv(content, self._limits)),)
            return self._sheets(name, content)
        except UnparsableError as error:
            self._reading.unparsable(error, file=name)
            self._reading.unreadable.update(Kind)
            return ()

    def _sheets(self, name: str, content: bytes) -> Sequence[Table]:
        from olagraph.documents.foreign.excel import read_workbook  # not at start: few import workbooks

        workbook = read_workbook(name, content, self._limits)
        self._reading.files += (table.file for table in workbook.tables)
        self._ignored += workbook.ignored
        return workbook.tables

    def _cannot_be_read(self, path: Path, error: OSError | ValueError) -> None:
        reason = getattr(error, "strerror", None) or error
        self._reading.faults.append(Fault(file=str(path), found=f"cannot be read: {reason}"))
        self._reading.unreadable.update(Kind)
