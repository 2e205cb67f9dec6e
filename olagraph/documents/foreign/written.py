"""A portfolio -> the rows of its sheets."""

from collections.abc import Iterable, Mapping
from typing import Any

from olagraph.documents.fields import PORTFOLIO
from olagraph.documents.foreign.cells import EXTRA, TEXT
from olagraph.documents.foreign.sheets import METRIC, SHEETS, VALUE, Sheet
from olagraph.documents.records import EXTRA_PREFIX
from olagraph.model.entities import Portfolio


def written_rows(portfolio: Portfolio) -> Mapping[str, list[list[str]]]:
    """By sheet, its header and its rows; a sheet without rows is left out, but for `portfolio`."""
    document = PORTFOLIO.write(portfolio)
    assert isinstance(document, dict)
    found = ((sheet, _records(sheet, document)) for sheet in SHEETS.values())
    return {sheet.name: _rows(sheet, records) for sheet, records in found if records}


def _records(sheet: Sheet, document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What the rows of a sheet state, by column."""
    if sheet.section is None:
        return [document]
    records = document.get(sheet.section, ())
    if sheet.part is None:
        return list(records)
    return [
        {sheet.part.owner: record["id"], **_target(target)}
        for record in records
        for target in record.get(sheet.part.key, ())
    ]


def _target(written: Mapping[str, Any]) -> Mapping[str, Any]:
    """A target with its metric and value apart: as written, the metric is its first key."""
    (metric, value), *rest = written.items()
    return {METRIC: metric, VALUE: value, **dict(rest)}


def _rows(sheet: Sheet, records: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    extra = dict.fromkeys(key for record in records for key in record if key.startswith(EXTRA_PREFIX))
    styles = {column.key: column.style for column in sheet.columns} | dict.fromkeys(extra, EXTRA)
    header = [TEXT.write(key) for key in styles]
    cells = (
        [style.write(record[key]) if key in record else "" for key, style in styles.items()]
        for record in records
    )
    return [header, *cells]
