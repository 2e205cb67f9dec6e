"""One table of text -> the records that its rows state, every cell located."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple, TypeAlias

from olagraph.documents.faults import shown
from olagraph.documents.foreign.cells import EXTRA, CellStyle, Spot, unmarked
from olagraph.documents.foreign.sheets import METRIC, SHEETS, VALUE, Column, Part, Sheet, normalised
from olagraph.documents.foreign.tables import MOST_ROWS_TO_HEADERS, Row, Table, sheet_of
from olagraph.documents.reading import FaultRecordedError, Kind, Place, Reading
from olagraph.documents.records import EXTRA_PREFIX
from olagraph.documents.tree import Limits, ListNode, MappingNode, Node, ScalarNode, UnparsableError


class _Header(NamedTuple):
    """Where a column's header stands and what it means."""

    key: str
    style: CellStyle
    required: bool


Entry: TypeAlias = tuple[ScalarNode, Node]


@dataclass(slots=True)
class Record:
    """What one row states, to which parts of other sheets are added."""

    entries: list[Entry]
    spot: Spot
    parts: dict[str, list[MappingNode]] = field(default_factory=dict)

    def node(self) -> MappingNode:
        """The record with its parts; a list of parts is located at the first of them."""
        lists = []
        for key, nodes in self.parts.items():
            place = (nodes[0].line, nodes[0].column, nodes[0].file)
            lists.append((ScalarNode(key, False, *place), ListNode(tuple(nodes), *place)))
        return MappingNode((*self.entries, *lists), self.spot.row, self.spot.column, self.spot.file)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSheet:
    """A table whose kind is known, read."""

    sheet: Sheet
    file: str
    records: list[Record]


class TableReader:
    """Reads one table."""

    def __init__(self, table: Table, reading: Reading, limits: Limits) -> None:
        self._table, self._reading, self._limits = table, reading, limits
        self._place = Place(None, table.file)

    def read(self) -> ReadSheet | None:
        """The table's records; None, with the faults recorded, if it cannot be told what they are."""
        filled = iter(row for row in self._table.rows if any(cell.strip() for cell in row.cells))
        first = list(islice(filled, MOST_ROWS_TO_HEADERS))
        if not first:
            self._fault(Row(1, ()), 1, "no rows at all", expected="a row of headers, such as id, name, kind")
            self._reading.unreadable.update(Kind)
            return None
        title = [cell for cell in first[0].cells if cell.strip()]
        sheet = (sheet_of(title) if len(title) == 1 else None) or sheet_of(self._table.names)
        if sheet is None:
            expected = f"a name such as providers, or a first row that says so: one of {', '.join(SHEETS)}"
            self._fault(first[0], 1, "nothing that says what the rows are", expected=expected)
            self._reading.unreadable.update(Kind)
            return None
        above = _rows_above_headers(sheet, first)
        headers = self._headers(sheet, first[above])
        if headers is None:
            self._unreadable(sheet)
            return None
        rows = chain(first[above + 1 :], filled)
        return ReadSheet(
            sheet=sheet, file=self._table.file, records=list(self._records(sheet, headers, rows))
        )

    def _fault(
        self, row: Row, column: int, found: str, *, key: str = "", expected: str | None = None
    ) -> FaultRecordedError:
        place = self._place.key(key) if key else self._place
        node = ScalarNode("", False, row.number, column)
        return self._reading.fault(node, place, found, expected=expected)

    def _unreadable(self, sheet: Sheet) -> None:
        if sheet.kind is not None:
            self._reading.unreadable.add(sheet.kind)

    def _headers(self, sheet: Sheet, row: Row) -> Mapping[int, _Header | None] | None:
        """The columns by number, None for those that are none; None if a required one is missing."""
        headers: dict[int, _Header | None] = {}
        first: dict[str, int] = {}
        by_header = sheet.by_header
        for number, cell in enumerate(row.cells, start=1):
            if not cell.strip():
                continue
            exact = unmarked(cell)
            text = cell.strip() if exact is None else exact
            header = self._header(sheet, by_header, text, row, number)
            headers[number] = header
            if header is None:
                continue
            earlier = first.setdefault(header.key, number)
            if earlier != number:
                headers[number] = None
                self._fault(
                    row,
                    number,
                    f"column `{header.key}` stands in column {earlier} already",
                    expected="each column once",
                )
        missing = [column.key for column in sheet.columns if column.required and column.key not in first]
        for key in missing:
            self._fault(row, 1, f"no column `{key}` in {sheet.name}", expected=_required(sheet))
        return None if missing else headers

    def _header(
        self, sheet: Sheet, by_header: Mapping[str, Column], text: str, row: Row, number: int
    ) -> _Header | None:
        column = by_header.get(normalised(text))
        if column is not None:
            return _Header(column.key, column.style, column.required)
        if sheet.extra and text.startswith(EXTRA_PREFIX):
            return _Header(text, EXTRA, False)
        self._reading.unknown(
            text,
            self._reading.names(f"column of {sheet.name}", (column.key for column in sheet.columns)),
            ScalarNode(text, False, row.number, number),
            self._place,
            what=f"column of {sheet.name}",
            expected=f"one of {', '.join(column.key for column in sheet.columns)}"
            + (f", or one of your own that begins with {EXTRA_PREFIX}" if sheet.extra else ""),
        )
        return None

    def _records(
        self, sheet: Sheet, headers: Mapping[int, _Header | None], rows: Iterable[Row]
    ) -> Iterator[Record]:
        room = self._limits.nodes
        for index, row in enumerate(rows):
            if sheet.section is None and index:
                self._fault(row, 1, "a second row", expected="one row for the whole portfolio")
                return
            room -= len(headers)
            if room < 0:
                self._fault(row, 1, f"more than {self._limits.nodes} cells in one sheet")
                self._unreadable(sheet)
                return
            try:
                yield self._record(sheet, headers, row)
            except FaultRecordedError:
                self._unreadable(sheet)

    def _record(self, sheet: Sheet, headers: Mapping[int, _Header | None], row: Row) -> Record:
        """What a row states.

        Raises:
            FaultRecordedError: a cell that the row cannot do without cannot be read.
        """
        nodes: dict[str, tuple[Spot, Node]] = {}
        faulty = False
        for number, cell in enumerate(row.cells, start=1):
            if not cell.strip():
                continue
            header = headers.get(number)
            if header is None:
                if number not in headers:
                    self._fault(
                        row, number, "a value in a column without a header", expected="a header, or nothing"
                    )
                continue
            spot = self._spot(sheet, row, number)
            try:
                nodes[header.key] = spot, header.style.read(cell, spot, self._limits)
            except UnparsableError as error:
                self._fault(row, number, error.found, key=header.key, expected=error.expected)
                faulty = faulty or header.required
        if faulty:
            raise FaultRecordedError
        place = self._spot(sheet, row, 1)
        if sheet.part is not None:
            return Record(self._part_entries(sheet, sheet.part, nodes, row), place)
        return Record([_entry(key, *found) for key, found in nodes.items()], place)

    def _part_entries(
        self, sheet: Sheet, part: Part, nodes: dict[str, tuple[Spot, Node]], row: Row
    ) -> list[Entry]:
        """The entries of a target: first its owner, then the metric as the key of its value.

        Raises:
            FaultRecordedError: the row does not say whose it is, which metric it is on, or the value.
        """
        required = [column.key for column in sheet.columns if column.required]
        missing = [key for key in required if key not in nodes]
        for key in missing:
            self._fault(row, 1, f"a row without `{key}`", expected=_required(sheet))
        if missing:
            raise FaultRecordedError
        owner, (_, metric), value = nodes.pop(part.owner), nodes.pop(METRIC), nodes.pop(VALUE)
        assert isinstance(metric, ScalarNode)
        keys = {column.key for column in sheet.columns}
        if metric.text in keys or metric.text.startswith(EXTRA_PREFIX):
            raise self._reading.fault(
                metric,
                self._place.key(METRIC),
                f"unknown metric {shown(metric.text)}",
                expected="a metric, such as availability or latency",
            )
        rest = (_entry(key, *found) for key, found in nodes.items())
        return [_entry(part.owner, *owner), (metric, value[1]), *rest]

    def _spot(self, sheet: Sheet, row: Row, column: int) -> Spot:
        """The place of a cell, with the file if its record goes into another sheet's document."""
        return Spot(row=row.number, column=column, file=self._table.file if sheet.part is not None else None)


def _rows_above_headers(sheet: Sheet, first: Sequence[Row]) -> int:
    """How many of the first rows are titles: the first with the most headers of the sheet is that of the headers."""
    known = sheet.by_header
    counts = [sum(normalised(cell) in known for cell in row.cells) for row in first]
    return counts.index(max(counts))


def _required(sheet: Sheet) -> str:
    keys = ", ".join(column.key for column in sheet.columns if column.required)
    return f"every row of {sheet.name} to state {keys}"


def _entry(key: str, spot: Spot, node: Node) -> Entry:
    return ScalarNode(key, False, spot.row, spot.column, spot.file), node
