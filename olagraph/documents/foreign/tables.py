"""Tables of text, as the files of spreadsheets hold them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from olagraph.documents.foreign.sheets import SHEETS, Sheet, normalised

MOST_ROWS_TO_HEADERS = 10
"""Among how many rows that hold anything the headers are looked for: people write titles above them."""

_HEADERS = frozenset(chain.from_iterable(sheet.by_header for sheet in SHEETS.values()))


class Row(NamedTuple):
    """One row of a table: its number from 1, and the text of its cells."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file of CSV or a sheet of a workbook.

    Attributes:
        file: what faults call it.
        names: which may say what its rows are, the first that does.
        rows: all of them.
    """

    file: str
    names: tuple[str, ...]
    rows: Sequence[Row]


def sheet_of(names: Sequence[str]) -> Sheet | None:
    """The sheet that the first of some names means."""
    return next((SHEETS[name] for name in map(normalised, names) if name in SHEETS), None)


def headers_among(cells: Sequence[str]) -> int:
    """How many cells are headers of some sheet, or name one."""
    known = (normalised(cell) in _HEADERS or normalised(cell) in SHEETS for cell in cells)
    return sum(known)
