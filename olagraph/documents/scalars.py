"""Text, ids, yes or no, whole numbers, dates, windows and the like: one codec a kind of scalar."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Generic, TypeVar

from olagraph.documents.codecs import Definitions, Schema, define
from olagraph.documents.faults import shown
from olagraph.documents.reading import FaultRecordedError, Kind, Place, Reading, Reference, described
from olagraph.documents.tree import Node, ScalarNode, Value, is_nothing, value_of
from olagraph.model.entities import ROUND_THE_CLOCK, Trait
from olagraph.model.moment import moment_text, parse_moment
from olagraph.model.window import Window

W = TypeVar("W", bound=str)

ID_PATTERN = r"[A-Za-z0-9][A-Za-z0-9._:/-]*"
_ID = re.compile(ID_PATTERN)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")
_LARGEST_WHOLE = 10**9


def is_id(text: str) -> bool:
    """Whether `text` may be an id."""
    return _ID.fullmatch(text) is not None


def scalar_text(node: Node, place: Place, reading: Reading, *, expected: str) -> str:
    """The text of a scalar as written, quoted or not.

    Raises:
        FaultRecordedError: a list, a mapping or nothing.
    """
    if not isinstance(node, ScalarNode) or is_nothing(node):
        raise reading.fault(node, place, f"found {described(node)}", expected=expected)
    return node.text


def scalar_value(node: Node, place: Place, reading: Reading, *, expected: str) -> Value:
    """What a scalar spells.

    Raises:
        FaultRecordedError: a list, a mapping, or a number out of range.
    """
    if not isinstance(node, ScalarNode):
        raise reading.fault(node, place, f"found {described(node)}", expected=expected)
    try:
        return value_of(node)
    except ValueError as error:
        raise reading.fault(node, place, str(error), expected=expected) from None


class Text:
    """Any text."""

    def read(self, node: Node, place: Place, reading: Reading) -> str:
        return scalar_text(node, place, reading, expected="text")

    def write(self, value: str) -> object:
        return value

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": ["string", "number", "boolean"]}


class Identifier:
    """An id, read as text whatever it spells."""

    def read(self, node: Node, place: Place, reading: Reading) -> str:
        expected = "an id: letters, digits and . _ : / - after a letter or digit"
        text = scalar_text(node, place, reading, expected=expected)
        if not is_id(text):
            raise reading.fault(node, place, f"found {shown(text)}", expected=expected)
        return text

    def write(self, value: str) -> object:
        return value

    def schema(self, definitions: Definitions) -> Schema:
        schema = {"type": ["string", "number", "boolean"], "pattern": f"^{ID_PATTERN}$"}
        return define(definitions, "id", schema)


class Refers:
    """The id of something stated elsewhere, in any file of the portfolio.

    Args:
        kinds: what it may be, the preferred first.
    """

    def __init__(self, *kinds: Kind) -> None:
        self.kinds = kinds
        self.expected = f"the id of a {' or '.join(kinds)}"

    def read(self, node: Node, place: Place, reading: Reading) -> str:
        text = scalar_text(node, place, reading, expected=self.expected)
        assert isinstance(node, ScalarNode)
        if not is_id(text):
            raise reading.fault(node, place, f"found {shown(text)}", expected=self.expected)
        reading.references.append(Reference(self.kinds, text, node, place))
        return text

    def write(self, value: str) -> object:
        return value

    def schema(self, definitions: Definitions) -> Schema:
        return Identifier().schema(definitions)


class Hours(Refers):
    """`24x7` or the id of a calendar."""

    def __init__(self) -> None:
        super().__init__(Kind.CALENDAR)

    def read(self, node: Node, place: Place, reading: Reading) -> str:
        if isinstance(node, ScalarNode) and node.text == ROUND_THE_CLOCK:
            return ROUND_THE_CLOCK
        return super().read(node, place, reading)


class OneOf(Generic[W]):
    """One word of a fixed vocabulary."""

    def __init__(self, words: Iterable[W], *, what: str) -> None:
        self.what = what
        self.by_text = {str(word): word for word in words}
        self.expected = "one of " + ", ".join(self.by_text)

    def read(self, node: Node, place: Place, reading: Reading) -> W:
        text = scalar_text(node, place, reading, expected=self.expected)
        if text not in self.by_text:
            raise reading.unknown(text, self.by_text, node, place, what=self.what)
        return self.by_text[text]

    def write(self, value: W) -> object:
        return str(value)

    def schema(self, definitions: Definitions) -> Schema:
        return {"enum": list(self.by_text)}


class Flag:
    """`true` or `false`."""

    def read(self, node: Node, place: Place, reading: Reading) -> bool:
        value = scalar_value(node, place, reading, expected="true or false")
        if not isinstance(value, bool):
            raise reading.fault(node, place, f"found {described(node)}", expected="true or false")
        return value

    def write(self, value: bool) -> object:
        return value

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": "boolean"}


class Whole:
    """A whole number between two others."""

    def __init__(self, *, least: int, most: int = _LARGEST_WHOLE) -> None:
        self.least, self.most = least, most
        bounds = f", at least {least}" if most == _LARGEST_WHOLE else f" from {least} to {most}"
        self.expected = f"a whole number{bounds}"

    def read(self, node: Node, place: Place, reading: Reading) -> int:
        value = scalar_value(node, place, reading, expected=self.expected)
        if not isinstance(value, Decimal) or not self.least <= value <= self.most or value != int(value):
            raise reading.fault(node, place, f"found {described(node)}", expected=self.expected)
        return int(value)

    def write(self, value: int) -> object:
        return value

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Date:
    """A day, `2026-12-31`."""

    def read(self, node: Node, place: Place, reading: Reading) -> date:
        expected = "a date such as 2026-12-31"
        text = scalar_text(node, place, reading, expected=expected)
        try:
            if _DATE.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError as error:
            raise reading.fault(node, place, f"found {shown(text)}: {error}", expected=expected) from None
        raise reading.fault(node, place, f"found {shown(text)}", expected=expected)

    def write(self, value: date) -> object:
        return value.isoformat()

    def schema(self, definitions: Definitions) -> Schema:
        return define(definitions, "date", {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"})


class Moment:
    """A moment with its time zone, kept in UTC: `2026-12-01T09:00:00Z`, `2026-12-01 10:00+01:00`."""

    def read(self, node: Node, place: Place, reading: Reading) -> datetime:
        expected = "a moment with its time zone, such as 2026-12-01T09:00:00Z"
        text = scalar_text(node, place, reading, expected=expected)
        try:
            return parse_moment(text)
        except ValueError as error:
            raise reading.fault(node, place, str(error)) from None

    def write(self, value: datetime) -> object:
        return moment_text(value)

    def schema(self, definitions: Definitions) -> Schema:
        pattern = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$"
        return define(
            definitions,
            "moment",
            {"type": "string", "pattern": pattern, "examples": ["2026-12-01T09:00:00Z"]},
        )


class WindowOfTime:
    """A measuring window: `month`, `30d`, `rolling 28d`."""

    def read(self, node: Node, place: Place, reading: Reading) -> Window:
        expected = "day, week, month, quarter, year, blocks such as 30d, or rolling 28d"
        text = scalar_text(node, place, reading, expected=expected)
        try:
            return Window.parse(text)
        except ValueError:
            raise reading.fault(node, place, f"found {shown(text)}", expected=expected) from None

    def write(self, value: Window) -> object:
        return str(value)

    def schema(self, definitions: Definitions) -> Schema:
        pattern = r"^(day|week|month|quarter|year|(rolling\s+)?[1-9]\d{0,4}\s?d)$"
        examples = ["day", "week", "month", "quarter", "year", "30d", "rolling 28d"]
        return define(definitions, "window", {"type": "string", "pattern": pattern, "examples": examples})


class Currency:
    """A currency by its three letters of ISO 4217."""

    def read(self, node: Node, place: Place, reading: Reading) -> str:
        expected = "a currency in three capital letters, such as EUR"
        text = scalar_text(node, place, reading, expected=expected)
        if not _CURRENCY.fullmatch(text):
            raise reading.fault(node, place, f"found {shown(text)}", expected=expected)
        return text

    def write(self, value: str) -> object:
        return value

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": "string", "pattern": f"^{_CURRENCY.pattern}$", "examples": ["EUR", "GBP", "USD"]}


@cache
def _time_zones() -> frozenset[str]:
    import zoneinfo

    return frozenset(zoneinfo.available_timezones())


class Timezone:
    """A time zone by its IANA name."""

    def read(self, node: Node, place: Place, reading: Reading) -> str:
        import zoneinfo

        expected = "an IANA time zone such as Europe/London"
        text = scalar_text(node, place, reading, expected=expected)
        try:
            zoneinfo.ZoneInfo(text)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            raise reading.unknown(
                text, _time_zones(), node, place, what="time zone", expected=expected
            ) from None
        return text

    def write(self, value: str) -> object:
        return value

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": "string", "examples": ["Europe/London", "America/New_York", "UTC"]}


class Traits:
    """Traits of a service by name, each a text, a number, or yes or no."""

    def read(self, node: Node, place: Place, reading: Reading) -> tuple[tuple[str, Trait], ...]:
        traits: list[tuple[str, Trait]] = []
        faulty = False
        for name, (_, value_node) in reading.entries(
            node, place, expected="traits, such as {zones: 2}"
        ).items():
            expected = "text, a number, true or false"
            try:
                value = scalar_value(value_node, place.key(name), reading, expected=expected)
                if value is None:
                    raise reading.fault(value_node, place.key(name), "found nothing", expected=expected)
                traits.append((name, value))
            except FaultRecordedError:
                faulty = True
        if faulty:
            raise FaultRecordedError
        return tuple(traits)

    def write(self, value: tuple[tuple[str, Trait], ...]) -> object:
        return dict(value)

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}
