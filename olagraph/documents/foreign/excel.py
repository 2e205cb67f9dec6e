"""Workbooks of Excel (.xlsx, .xlsm) -> tables of text. Formulas are never evaluated: what counts is what was saved."""

import io
import re
import warnings
from bisect import bisect_right
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Any, NamedTuple, TypeAlias
from xml.etree.ElementTree import Element

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS_MAX_SIZE, builtin_format_code
from openpyxl.styles.stylesheet import Stylesheet

# The rows of openpyxl's own sheets leave out what is merged, and which formulas have no result.
from openpyxl.worksheet._reader import FORMULA_TAG, MERGE_TAG, ROW_TAG, WorkSheetParser
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.xml.constants import ARC_STYLE
from openpyxl.xml.functions import fromstring, iterparse

from olagraph.documents.faults import shown
from olagraph.documents.foreign.excel_bounds import SAVE_AS, check_bounds, workbook_fault
from olagraph.documents.foreign.excel_text import unescaped
from olagraph.documents.foreign.tables import Row, Table, sheet_of
from olagraph.documents.tree import Limits, UnparsableError

Value: TypeAlias = int | float | str | bool | date | datetime | time | timedelta
"""What a cell of a workbook holds."""

_WORKSHEET = "/relationships/worksheet"
_MERGED_CELL_TAG = MERGE_TAG.removesuffix("s")
_DURATIONS = (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000), ("ms", 1))
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # in the format of a cell: text, a character, a colour
_DIGITS = 15  # what spreadsheets calculate with and show: 0.9995, not 0.9995000000000001


class Workbook(NamedTuple):
    """The sheets of a workbook that hold things of a portfolio, and the names of its other and its empty sheets."""

    tables: tuple[Table, ...]
    ignored: tuple[str, ...]


def read_workbook(file: str, content: bytes, limits: Limits) -> Workbook:
    """The tables of a workbook: of its sheets those with the name of a kind; a single sheet whatever its name.

    Args:
        file: what faults call the workbook.
        content: of the file.
        limits: how large it may be, unpacked, and how many cells it may have.

    Raises:
        UnparsableError: not a workbook of Excel, damaged, with a password, beyond a limit, or without a sheet of a
            known name.
    """
    with _openpyxl_at_work():
        check_bounds(content, limits)
        sheets = _Sheets(content, limits)
        wanted = [name for name in sheets.parts if len(sheets.parts) == 1 or sheet_of((name,)) is not None]
        if not wanted:
            raise workbook_fault(
                "a workbook in which no sheet has the name of a kind",
                expected="sheets named providers, services, agreements …",
            )
        rows = {name: sheets.rows(name) for name in wanted}
    tables = tuple(
        Table(file=_called(file, name), names=(name, PurePath(file).stem), rows=found)
        for name, found in rows.items()
        if found
    )
    return Workbook(tables, tuple(_called(file, name) for name in sheets.parts if not rows.get(name)))


def _called(file: str, sheet: str) -> str:
    return f"{file}, sheet {sheet}"


@contextmanager
def _openpyxl_at_work() -> Iterator[None]:
    """What openpyxl says of a workbook that it cannot read; all else that it says is nobody's matter.

    Raises:
        UnparsableError: it cannot.
    """
    try:
        with warnings.catch_warnings(), redirect_stdout(None):
            warnings.simplefilter("ignore")
            yield
    except UnparsableError:
        raise
    except Exception as error:  # of a damaged workbook openpyxl raises whatever it stumbles over
        reason = shown(str(error).partition("\n")[0])
        raise workbook_fault(f"a workbook that cannot be read, {reason}: {SAVE_AS}") from None


class _Sheets:
    """The sheets of a workbook.

    Attributes:
        parts: of the workbook that hold its sheets, by the sheet's name.
    """

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._reader = ExcelReader(io.BytesIO(content), keep_links=False)
        self._reader.read_manifest()
        self._reader.read_strings()
        self._reader.read_workbook()
        self._date_formats, self._length_formats, self._percentages = self._formats()
        self._most_cells, self._cells = limits.nodes, 0
        self.parts: Mapping[str, str] = {
            sheet.name: part.target
            for sheet, part in self._reader.parser.find_sheets()
            if part.Type.endswith(_WORKSHEET)
        }
        if not self.parts:
            raise workbook_fault('a workbook without sheets, or a "Strict Open XML Spreadsheet": ' + SAVE_AS)
        if len(set(self.parts.values())) < len(self.parts):  # read again and again, a part knows no bounds
            raise workbook_fault(f"a workbook of which two sheets are one: {SAVE_AS}")

    def _formats(self) -> tuple[Container[int], Container[int], Container[int]]:
        """The styles of cells that hold dates, of those among them that hold lengths of time, and of percentages."""
        if ARC_STYLE not in self._reader.valid_files:
            return (), (), ()
        root: Any = fromstring(self._reader.archive.read(ARC_STYLE))
        styles: Any = Stylesheet.from_tree(root)  # the published types leave out what formats it found
        own = dict(enumerate(styles.number_formats, start=BUILTIN_FORMATS_MAX_SIZE))
        codes = (
            own.get(style.numFmtId) or builtin_format_code(style.numFmtId) for style in styles.cell_styles
        )
        percentages = {number for number, code in enumerate(codes) if "%" in _LITERAL.sub("", code or "")}
        return styles.date_formats, styles.timedelta_formats, percentages

    def rows(self, sheet: str) -> Sequence[Row]:
        """The rows of a sheet that hold something, with what cells say that are merged over several of them.

        Raises:
            UnparsableError: the sheets read so far have more cells than a file may have values.
        """
        grid = _Grid(most_cells=self._most_cells, cells=self._cells)
        merged: list[str] = []
        with self._reader.archive.open(self.parts[sheet]) as part:
            parser = _RowParser(
                part,
                self._reader.shared_strings,
                data_only=True,
                epoch=self._reader.wb.epoch,
                date_formats=self._date_formats,
                timedelta_formats=self._length_formats,
            )
            parser.percentages = self._percentages
            for _, element in iterparse(part):
                if element.tag == ROW_TAG:
                    grid.add(*parser.parse_row(element))
                elif element.tag == _MERGED_CELL_TAG:
                    merged.append(element.get("ref", ""))
                else:
                    continue
                element.clear()  # or the whole sheet stays in memory
        grid.fill(merged)
        self._cells = grid.cells
        return [Row(number, cells) for number, cells in sorted(grid.rows.items())]


class _RowParser(WorkSheetParser):
    """Reads rows: of cells that show a percentage, that; of cells that hold no more than a formula, the formula.

    Attributes:
        percentages: the styles of cells that show a percentage.
    """

    percentages: Container[int] = ()

    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None:
            formula = element.find(FORMULA_TAG)
            if cell["data_type"] == "e":
                cell["value"] = "#VALUE!"
            elif (
                formula is not None and cell["data_type"] != "str"
            ):  # the result of one of text may be no text
                cell["value"] = f"={formula.text or ''}"
        elif cell["data_type"] == "n" and cell["style_id"] in self.percentages:
            cell["value"] = f"{_number(_rounded(cell['value'] * 100))}%"
        return cell


@dataclass(slots=True, kw_only=True)
class _Grid:
    """The text of a sheet.

    Attributes:
        most_cells: how many there may be in a workbook.
        cells: how many there are so far, counting those that are empty before the last of a row.
        rows: by number from 1; those that hold something.
    """

    most_cells: int
    cells: int
    rows: dict[int, list[str]] = field(default_factory=dict)

    def add(self, row: int, cells: Sequence[Mapping[str, Any]]) -> None:
        """Add what cells of a row say."""
        for cell in cells:
            text = "" if cell["value"] is None else text_of(cell["value"])
            if text.strip():
                self._put(row, cell["column"], text)

    def fill(self, merged: Sequence[str]) -> None:
        """Give every row that a merged cell, such as `B2:B4`, reaches over what people see in it, if it holds any."""
        numbers = sorted(self.rows)
        for cells in map(CellRange, merged):
            first = self.rows.get(cells.min_row, [])[cells.min_col - 1 : cells.min_col]
            for text in filter(str.strip, first):
                reached = slice(bisect_right(numbers, cells.min_row), bisect_right(numbers, cells.max_row))
                for row in numbers[reached]:
                    self._put(row, cells.min_col, text)

    def _put(self, row: int, column: int, text: str) -> None:
        cells = self.rows.setdefault(row, [])
        missing = column - len(cells)
        self.cells += max(1, missing)
        if self.cells > self.most_cells:
            raise workbook_fault(
                f"more than {self.most_cells} cells in a workbook",
                expected="a smaller one; empty cells count up to the last of a row",
            )
        cells.extend([""] * missing)
        cells[column - 1] = text


def text_of(value: Value) -> str:
    """What a cell of a workbook says, as it would be typed into a portfolio.

    Times of day are lengths of time: a portfolio knows no other.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return _number(_rounded(value))
        case datetime() if value.time() != time():
            return value.isoformat(sep=" ")
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case time():
            return _duration(
                timedelta(
                    hours=value.hour,
                    minutes=value.minute,
                    seconds=value.second,
                    microseconds=value.microsecond,
                )
            )
        case timedelta():
            return _duration(value)
        case str():
            return unescaped(value)
        case _:
            return str(value)


def _rounded(value: float) -> Decimal:
    return Decimal(format(value, f".{_DIGITS}g"))


def _number(number: Decimal) -> str:
    return format(number, "f") if abs(number.adjusted()) < 16 else str(number)


def _duration(length: timedelta) -> str:
    """A length of time in the largest unit in which it is whole; spreadsheets know milliseconds."""
    milliseconds = round(length / timedelta(milliseconds=1))
    unit, factor = next(each for each in _DURATIONS if milliseconds % each[1] == 0)
    return f"{milliseconds // factor} {unit}"
