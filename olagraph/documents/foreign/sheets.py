"""The sheets of a workbook, or the files of a folder of CSV, as data: one a kind, a column a key of the portfolio file.

The columns come from the field tables: a new key of the file is a new column here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from olagraph.documents.codecs import ListOf
from olagraph.documents.fields import PORTFOLIO, SECTIONS
from olagraph.documents.foreign.cells import NUMBER, TEXT, CellStyle, style_of
from olagraph.documents.reading import Kind
from olagraph.documents.records import Field, Record

_BETWEEN_WORDS = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a sheet.

    Attributes:
        key: its header, a key of the portfolio file.
        style: how its cells spell their values.
        required: whether every row states it.
        description: for people.
    """

    key: str
    style: CellStyle
    required: bool
    description: str


class Part(NamedTuple):
    """How rows belong to others.

    Attributes:
        key: of the list in the owner that they are in.
        owner: the column that names the owner.
    """

    key: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One kind of rows.

    Attributes:
        name: of the file without `.csv`, and of the sheet of a workbook.
        columns: in the order in which they are written.
        section: the list of the portfolio file that its rows are in, or belong to; None: the top of the file.
        kind: of the things with ids that its rows are; None if they are none.
        part: for rows that belong to rows of the section's own sheet.
        extra: whether it takes `x-` columns.
    """

    name: str
    columns: tuple[Column, ...]
    section: str | None = None
    kind: Kind | None = None
    part: Part | None = None
    extra: bool = True

    @property
    def by_header(self) -> Mapping[str, Column]:
        """The columns by their headers as `normalised`."""
        return {normalised(column.key): column for column in self.columns}


METRIC, VALUE = "metric", "value"
"""The two columns of a target that are one key in the file: `availability: 99.9%`."""


def normalised(name: str) -> str:
    """A header or a sheet's name without what people vary: case, spaces, underscores and hyphens."""
    return _BETWEEN_WORDS.sub("_", name.strip()).casefold()


def _column(field: Field) -> Column:
    return Column(
        key=field.key,
        style=style_of(field.codec),
        required=field.required,
        description=field.description,
    )


def _record(section: Record[Any], key: str) -> Record[Any]:
    """The record that the list under `key` holds."""
    codec = section.by_key[key].codec
    assert isinstance(codec, ListOf)
    assert isinstance(codec.codec, Record)
    return codec.codec


_LISTS = {section for section, _ in SECTIONS}
_PARTS = {"agreements": Part("targets", "agreement"), "services": Part("own", "service")}
"""By section: what its records hold that has a sheet of its own."""

_PART_SHEETS = {"targets": "targets", "own": "own_parts"}
"""The sheets of parts by their keys."""


def _top() -> Sheet:
    fields = (field for field in PORTFOLIO.fields if field.key not in _LISTS)
    # That they are sheets of olagraph their names say: none of them need state the version.
    columns = (replace(_column(field), required=False) for field in fields)
    return Sheet(name="portfolio", columns=tuple(columns))


def _section(section: str, kind: Kind) -> Sheet:
    record = _record(PORTFOLIO, section)
    return Sheet(
        name=section,
        columns=tuple(_column(field) for field in record.fields if field.key not in _PART_SHEETS),
        section=section,
        kind=kind,
        extra=record.extra,
    )


def _part(section: str) -> Sheet:
    part = _PARTS[section]
    record = _record(_record(PORTFOLIO, section), part.key)
    own = (
        Column(key=part.owner, style=TEXT, required=True, description=f"The id of its {part.owner}."),
        Column(
            key=METRIC, style=TEXT, required=True, description="What it is about: availability, latency …"
        ),
        Column(
            key=VALUE, style=NUMBER, required=True, description="In the metric's unit: 99.9%, 2 s, 200/s."
        ),
    )
    return Sheet(
        name=_PART_SHEETS[part.key],
        columns=(*own, *map(_column, record.fields)),
        section=section,
        part=part,
        extra=record.extra,
    )


SHEETS: Mapping[str, Sheet] = MappingProxyType(
    {
        sheet.name: sheet
        for sheet in (
            _top(),
            *(_section(section, kind) for section, kind in SECTIONS),
            *(_part(section) for section in _PARTS),
        )
    }
)
"""All sheets by name."""
