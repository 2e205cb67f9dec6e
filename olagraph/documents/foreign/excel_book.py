"""A portfolio as a workbook of Excel: the sheets that the files of CSV are, every cell a text."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from olagraph.documents.foreign.excel_text import escaped
from olagraph.documents.foreign.written import written_rows
from olagraph.documents.formats import TooLargeError
from olagraph.model.entities import Portfolio

LONGEST_CELL = 32_767
"""Characters that a cell of Excel holds; openpyxl cuts what is longer."""

MOST_ROWS = 1_048_576
"""Rows that a sheet of Excel has."""

_HEADER = Font(bold=True)
_WIDEST = 60  # characters of a column


def write_workbook(portfolio: Portfolio) -> bytes:
    """The workbook that reads as `portfolio`; kinds of which there are none get no sheet.

    Raises:
        TooLargeError: a kind has more rows than a sheet has, or a text is longer than a cell.
    """
    sheets = written_rows(portfolio)
    for name, rows in sheets.items():
        _check_size(name, rows)
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number, texts in enumerate(zip(*rows, strict=True), start=1):
            sheet.column_dimensions[get_column_letter(number)].width = min(max(map(len, texts)) + 2, _WIDEST)
        header, *rest = rows
        cells = [WriteOnlyCell(sheet, escaped(text)) for text in header]
        for cell in cells:
            cell.font = _HEADER
        sheet.append(cells)
        for row in rest:
            sheet.append([escaped(text) or None for text in row])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _check_size(name: str, rows: Sequence[Sequence[str]]) -> None:
    if len(rows) > MOST_ROWS:
        raise TooLargeError(f"{len(rows):,} rows of {name}; a sheet of Excel has {MOST_ROWS:,}")
    longest = max(len(escaped(text)) for row in rows for text in row)
    if longest > LONGEST_CELL:
        raise TooLargeError(
            f"a cell of {longest:,} characters in {name}; one of Excel holds {LONGEST_CELL:,}"
        )
