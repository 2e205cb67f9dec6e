"""Tables of text, whatever file they come from -> located documents for `read_portfolio`."""

from collections.abc import Mapping, Sequence

from olagraph.documents.fields import FORMAT_VERSION
from olagraph.documents.foreign.sheets import Part
from olagraph.documents.foreign.table_reader import ReadSheet, Record, TableReader
from olagraph.documents.foreign.tables import Table
from olagraph.documents.portfolios import Document
from olagraph.documents.reading import Kind, Place, Reading
from olagraph.documents.tree import Limits, ListNode, MappingNode, ScalarNode


def documents_from(tables: Sequence[Table], *, reading: Reading, limits: Limits) -> tuple[Document, ...]:
    """The documents that tables spell: one a table of things with ids, in which rows of parts find their owners.

    Faults of tables are recorded in `reading`; a row or table that cannot be read is left out, and
    `reading.unreadable` has its kind.
    """
    read = [found for table in tables if (found := TableReader(table, reading, limits).read()) is not None]
    owners: dict[str | None, dict[str, Record]] = {}
    for found in read:
        if found.sheet.kind is not None:
            by_id = owners.setdefault(found.sheet.section, {})
            for record in found.records:
                by_id.setdefault(_id_of(record), record)
    for found in read:
        if found.sheet.part is not None:
            _hand_over(found, found.sheet.part, owners.get(found.sheet.section, {}), reading)
    return tuple(_document(found) for found in read if found.sheet.part is None)


def _id_of(record: Record) -> str:
    """The id that a row states; empty if it states none."""
    stated = (
        value.text for key, value in record.entries if key.text == "id" and isinstance(value, ScalarNode)
    )
    return next(stated, "")


def _hand_over(found: ReadSheet, part: Part, owners: Mapping[str, Record], reading: Reading) -> None:
    """Give every row of a sheet of parts to the record that it belongs to."""
    sheet = found.sheet
    for record in found.records:
        (_, named), *rest = record.entries
        assert isinstance(named, ScalarNode)
        if (owner := owners.get(named.text)) is not None:
            place = (record.spot.row, record.spot.column, found.file)
            owner.parts.setdefault(part.key, []).append(MappingNode(tuple(rest), *place))
        elif Kind(part.owner) not in reading.unreadable:
            expected = None if owners else f"its row in a sheet {sheet.section}, beside this one"
            reading.unknown(
                named.text,
                reading.names(f"{part.owner} in {sheet.section}", owners),
                named,
                Place(None, found.file).key(part.owner),
                what=part.owner,
                expected=expected,
            )


def _document(found: ReadSheet) -> Document:
    version = (ScalarNode("olagraph", False, 1, 1), ScalarNode(str(FORMAT_VERSION), True, 1, 1))
    if found.sheet.section is None:
        stated = [entry for record in found.records for entry in record.entries]
        if any(key.text == "olagraph" for key, _ in stated):
            return Document(found.file, MappingNode(tuple(stated), 1, 1))
        return Document(found.file, MappingNode((version, *stated), 1, 1))
    rows = ListNode(tuple(record.node() for record in found.records), 1, 1)
    section = (ScalarNode(found.sheet.section, False, 1, 1), rows)
    return Document(found.file, MappingNode((version, section), 1, 1))
