"""What a cell of a sheet spells: text as people type it <-> the values of the portfolio file.

A cell is text. A leading apostrophe says that the rest is text exactly as it stands, as it does in a spreadsheet; it is
written where a cell would read as something else, or would run as a formula. An empty cell states nothing.
"""

import re
from dataclasses import dataclass
from typing import Any

from olagraph.documents.calendars import Holidays
from olagraph.documents.codecs import Codec, DistinctNames, OneOrMore
from olagraph.documents.covers import CoverOf
from olagraph.documents.emit import one_line
from olagraph.documents.faults import shown
from olagraph.documents.quantities import Fee, QuantityOf, Share
from olagraph.documents.scalars import (
    Currency,
    Date,
    Identifier,
    Moment,
    OneOf,
    Refers,
    Text,
    Timezone,
    WindowOfTime,
)
from olagraph.documents.targets import Cases, Statistic
from olagraph.documents.tree import (
    Limits,
    ListNode,
    MappingNode,
    Node,
    ScalarNode,
    UnparsableError,
    scalar,
    spelled,
)
from olagraph.documents.workflows import WorkflowExpression
from olagraph.documents.yaml_tree import parse_yaml

EXACT = "'"
SEPARATOR = ";"

_FLOW = ("[", "{")
_FORMULA = ("=", "+", "-", "@")
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_NAMES = re.compile(r"[;,\r\n]")
_COMMA_IN_NUMBER = re.compile(r"[+-]?\d[\d.]*,\d")
_ERRORS = frozenset(
    [
        "#BLOCKED!",
        "#BUSY!",
        "#CALC!",
        "#CONNECT!",
        "#DIV/0!",
        "#FIELD!",
        "#GETTING_DATA",
        "#N/A",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#REF!",
        "#SPILL!",
        "#UNKNOWN!",
        "#VALUE!",
    ]
)
_ERROR_OF_CALC = re.compile(r"Err:\d{3}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A cell's place.

    Attributes:
        row, column: from 1.
        file: where its sheet is another than the one that its document is named by.
    """

    row: int
    column: int
    file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellStyle:
    """How the cells of a column spell their values.

    Attributes:
        flow: a cell that begins with [ or { is YAML.
        values: other cells spell numbers, true, false and null as YAML does; else all of them are text.
        names: `a; b` is a list, and so are `a, b` and lines.
        list_of_one: a single name is a list too, if it is none of `words`.
        words: what is no name.
        number: numbers, with a point before their decimals.
    """

    flow: bool = False
    values: bool = False
    names: bool = False
    list_of_one: bool = False
    words: frozenset[str] = frozenset()
    number: bool = False

    def write(self, value: object) -> str:
        """The cell that reads as `value`."""
        if isinstance(value, str):
            return self._text(value)
        if self.names and isinstance(value, list | tuple) and self._are_names(value):
            return f"{SEPARATOR} ".join(value)
        return one_line(value)

    def read(self, cell: str, spot: Spot, limits: Limits) -> Node:
        """The node that a cell spells, located at the cell; `cell` is not blank.

        Raises:
            UnparsableError: YAML that is none, a formula or its error, a number with a comma, or beyond the limits.
        """
        text = unmarked(cell, self)
        if text is not None:
            return node_of_text(text, spot, limits, plain=False)
        cell = cell.strip()
        refusal = self._refusal(cell)
        if refusal is not None:
            found, expected = refusal
            raise UnparsableError(found, line=spot.row, column=spot.column, expected=expected)
        if self.flow and cell.startswith(_FLOW):
            return _flow_node(cell, spot, limits)
        if self.names:
            names = [str(name).strip() for name in _NAMES.split(cell)]
            if len(names) > 1 or (self.list_of_one and cell not in self.words):
                items = tuple(node_of_text(name, spot, limits, plain=False) for name in names if name)
                return ListNode(items, spot.row, spot.column, spot.file)
        return node_of_text(cell, spot, limits, plain=self.values)

    def _refusal(self, cell: str) -> tuple[str, str] | None:
        """What was found in a cell that no text is meant by, and what was expected."""
        if cell.startswith("="):
            return f"a formula, {shown(cell)}", "its result (to keep it as text, an apostrophe before it)"
        if _is_error(cell):
            return f"the error {cell} of a formula", "a formula that works, or a value"
        if self.number and _COMMA_IN_NUMBER.match(cell):  # of decimals here, of thousands there
            return (
                f"a comma in the number {shown(cell)}",
                "a point before decimals and no thousands, such as 99.95%",
            )
        return None

    def _text(self, text: str) -> str:
        return EXACT + text if must_be_marked(text, self) else text

    def _are_names(self, items: list[object] | tuple[object, ...]) -> bool:
        """Whether items, joined, read as themselves."""
        return (
            len(items) > (0 if self.list_of_one else 1)
            and all(isinstance(item, str) and not must_be_marked(item, self) for item in items)
            and not (len(items) == 1 and items[0] in self.words)
        )


TEXT = CellStyle()
NUMBER = CellStyle(number=True)
_VALUE = CellStyle(flow=True, values=True)
_NAMES_OR_ONE = CellStyle(flow=True, names=True)
_NAMES_ONLY = CellStyle(flow=True, names=True, list_of_one=True)
_COVERS = CellStyle(flow=True, names=True, list_of_one=True, words=frozenset({"all"}))
EXTRA = _VALUE
"""Of `x-` columns."""


def style_of(codec: Codec[Any]) -> CellStyle:
    """How the cells of a column spell what a key of the portfolio file holds."""
    match codec:
        case DistinctNames():
            return _NAMES_ONLY
        case CoverOf():
            return _COVERS
        case OneOrMore() | WorkflowExpression() | Holidays():
            return _NAMES_OR_ONE
        case Cases():
            return CellStyle(flow=True, number=True)
        case QuantityOf() | Share() | Fee() | Statistic():
            return NUMBER
        case (
            Text()
            | Identifier()
            | Refers()
            | OneOf()
            | Date()
            | Moment()
            | WindowOfTime()
            | Currency()
            | Timezone()
        ):
            return TEXT
        case _:  # whatever a key may hold one day is spelled as in the file
            return _VALUE


def _is_error(cell: str) -> bool:
    return cell in _ERRORS or _ERROR_OF_CALC.fullmatch(cell) is not None


def must_be_marked(text: str, style: CellStyle) -> bool:
    """Whether `text` in a cell needs the apostrophe to be read as itself and to run nowhere."""
    rest = text.lstrip(EXACT)
    return (
        not rest
        or text != text.strip()
        or rest != rest.strip()
        or (rest.startswith(_FORMULA) and not _NUMBER.fullmatch(rest))
        or _is_error(rest)
        or (style.flow and rest.startswith(_FLOW))
        or (style.names and _NAMES.search(rest) is not None)
        or (style.values and not _spells_itself(rest))
    )


def unmarked(cell: str, style: CellStyle = TEXT) -> str | None:
    """The text behind an apostrophe; None if there is none, or if it belongs to the text ('s-Hertogenbosch)."""
    if cell.startswith(EXACT) and must_be_marked(cell[1:], style):
        return cell[1:]
    return None


def node_of_text(text: str, spot: Spot, limits: Limits, *, plain: bool) -> ScalarNode:
    """A scalar at a cell.

    Raises:
        UnparsableError: too long, or with a control character.
    """
    checked = scalar(text, plain=plain, escaped=True, limits=limits, line=spot.row, column=spot.column)
    return checked._replace(file=spot.file) if spot.file is not None else checked


def _spells_itself(text: str) -> bool:
    try:
        return spelled(text) == text
    except ValueError:
        return False


def _flow_node(cell: str, spot: Spot, limits: Limits) -> Node:
    try:
        return _moved(parse_yaml(cell, limits=limits), spot)
    except UnparsableError as error:
        inside = error.line <= cell.count("\n") + 1
        place = f"at character {error.column} of line {error.line}" if inside else "at the end"
        found = f"{error.found}, {place} of the cell"
        raise UnparsableError(found, line=spot.row, column=spot.column, expected=error.expected) from None


def _moved(node: Node, spot: Spot) -> Node:
    """A node with all below it at one cell: the path says where in the cell."""
    place = (spot.row, spot.column, spot.file)
    if isinstance(node, ScalarNode):
        return ScalarNode(node.text, node.plain, *place)
    if isinstance(node, ListNode):
        return ListNode(tuple(_moved(item, spot) for item in node.items), *place)
    entries = tuple(
        (ScalarNode(key.text, key.plain, *place), _moved(value, spot)) for key, value in node.entries
    )
    return MappingNode(entries, *place)
