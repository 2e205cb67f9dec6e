"""CSV by RFC 4180 <-> rows of text, as spreadsheets write and read it."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from olagraph.documents.foreign.tables import MOST_ROWS_TO_HEADERS, Row, headers_among
from olagraph.documents.tree import Limits, UnparsableError

_DELIMITERS = (",", ";", "\t")
_DELIMITER_STATED = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)
_SAVE_AS = 'a file saved as "CSV UTF-8", as the dialogue Save As of a spreadsheet calls it'


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """A file of CSV: commas, CRLF, and UTF-8 with the mark without which Excel takes it for another encoding."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return codecs.BOM_UTF8 + text.getvalue().encode()


def read_csv(content: bytes, limits: Limits) -> list[Row]:
    """The rows of a file of CSV: UTF-8, or UTF-16 with its mark; commas, semicolons or tabs.

    Which of the three separates is what makes most headers of the first rows known; a first line `sep=;` states it.

    Raises:
        UnparsableError: not CSV, or in another encoding.
    """
    text = _decoded(content)
    stated = _DELIMITER_STATED.match(text)
    delimiter = stated[1] if stated else max(_DELIMITERS, key=lambda each: _headers_with(text, each))
    rows: list[Row] = []
    reader = _reader(text, delimiter)
    try:
        for number, cells in enumerate(reader, start=1):
            if number > limits.nodes:
                raise UnparsableError(f"more than {limits.nodes} rows in one file", line=number, column=1)
            if not (stated and number == 1):
                rows.append(Row(number, cells))
    except csv.Error as error:
        found, expected = f"not CSV: {error}", "quotes in pairs, around whole cells"
        if "field limit" in str(error):
            found, expected = f"a cell of more than {csv.field_size_limit():,} characters", "a shorter one"
        raise UnparsableError(found, line=len(rows) + 1, column=1, expected=expected) from None
    return rows


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _headers_with(text: str, delimiter: str) -> int:
    filled = (cells for cells in _reader(text, delimiter) if any(map(str.strip, cells)))
    try:
        return sum(map(headers_among, islice(filled, MOST_ROWS_TO_HEADERS)))
    except csv.Error:
        return 0


def _decoded(content: bytes) -> str:
    encoding = "utf-8-sig"
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise UnparsableError("not UTF-8 but UTF-32, by its first bytes", line=1, column=1, expected=_SAVE_AS)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        name = "UTF-16" if encoding == "utf-16" else "UTF-8"
        line = content.count(b"\n", 0, error.start) + 1
        found = f"not {name}: byte 0x{content[error.start]:02X} at offset {error.start}"
        raise UnparsableError(found, line=line, column=1, expected=_SAVE_AS) from None
