"""Calendars: weekly opening hours, public-holiday codes and single holidays."""

import re
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from olagraph.documents.codecs import Definitions, Schema
from olagraph.documents.faults import shown
from olagraph.documents.reading import FaultRecordedError, Kind, Place, Reading, described
from olagraph.documents.records import Field, Record, Stated
from olagraph.documents.scalars import Date, Identifier, Text, Timezone, scalar_text
from olagraph.documents.tree import ListNode, Node, ScalarNode
from olagraph.model.entities import ROUND_THE_CLOCK, Calendar, OpeningHours

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_WEEK = 7 * _DAY
_RANGE = re.compile(r"(\d{1,2}):([0-5]\d)\s*-\s*(\d{1,2}):([0-5]\d)", re.ASCII)
_HOLIDAY_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_DAYS_EXPECTED = "a weekday or a range of them: mon, tue, wed, thu, fri, sat, sun, mon-fri"
_RANGE_EXPECTED = 'opening hours such as "09:00-17:00"; "22:00-06:00" runs overnight'


class WeeklyHours:
    """Open ranges by weekday: `{mon-fri: "09:00-17:00", sat: ["10:00-12:00", "13:00-15:00"]}`."""

    def read(self, node: Node, place: Place, reading: Reading) -> tuple[OpeningHours, ...]:
        stated: list[tuple[OpeningHours, Node, Place]] = []
        faulty = False
        for key, (key_node, value) in reading.entries(node, place, expected=_RANGE_EXPECTED).items():
            here = place.key(key)
            try:
                weekdays = _weekdays(key, key_node, place, reading)
                for item in value.items if isinstance(value, ListNode) else (value,):
                    opens, closes = _range(item, here, reading)
                    for weekday in weekdays:
                        stated.append((OpeningHours(weekday=weekday, opens=opens, closes=closes), item, here))
            except FaultRecordedError:
                faulty = True
        if not stated and not faulty:
            raise reading.fault(node, place, "no opening hours", expected=_RANGE_EXPECTED)
        if _overlap(stated, reading) or faulty:
            raise FaultRecordedError
        return tuple(
            sorted((hours for hours, _, _ in stated), key=lambda hours: (hours.weekday, hours.opens))
        )

    def write(self, value: Iterable[OpeningHours]) -> object:
        ranges: list[list[str]] = [[] for _ in _WEEKDAYS]
        for hours in value:
            ranges[hours.weekday].append(f"{_clock(hours.opens)}-{_clock(hours.closes)}")
        written: dict[str, object] = {}
        for same, days in groupby(range(7), key=lambda weekday: ranges[weekday]):
            weekdays = list(days)
            if same:
                key = "-".join(_WEEKDAYS[weekday] for weekday in sorted({weekdays[0], weekdays[-1]}))
                written[key] = same[0] if len(same) == 1 else same
        return written

    def schema(self, definitions: Definitions) -> Schema:
        one = {
            "type": "string",
            "pattern": rf"^{_RANGE.pattern}$",
            "examples": ["09:00-17:00", "22:00-06:00"],
        }
        either = {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}
        weekday = "|".join(_WEEKDAYS)
        return {
            "type": "object",
            "properties": dict.fromkeys(("mon-fri", *_WEEKDAYS), either),
            "patternProperties": {f"^({weekday})-({weekday})$": either},
            "additionalProperties": False,
            "minProperties": 1,
        }


def _weekdays(key: str, node: Node, place: Place, reading: Reading) -> list[int]:
    """The weekdays that a key names; a range may run over the weekend (`fri-mon`)."""
    first, _, last = key.partition("-")
    last = last or first
    if first not in _WEEKDAYS or last not in _WEEKDAYS or key.endswith("-"):
        raise reading.unknown(key, _WEEKDAYS, node, place, what="weekday", expected=_DAYS_EXPECTED)
    start = _WEEKDAYS.index(first)
    return [(start + day) % 7 for day in range((_WEEKDAYS.index(last) - start) % 7 + 1)]


def _range(node: Node, place: Place, reading: Reading) -> tuple[int, int]:
    """Opening and closing in minutes after midnight; closing the next day lies past 1440."""
    text = scalar_text(node, place, reading, expected=_RANGE_EXPECTED)
    match = _RANGE.fullmatch(text)
    if match is None:
        raise reading.fault(node, place, f"found {shown(text)}", expected=_RANGE_EXPECTED)
    opens, closes = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if opens >= _DAY or closes > _DAY:
        raise reading.fault(node, place, f"no time of day in {shown(text)}", expected=_RANGE_EXPECTED)
    if opens == closes:
        raise reading.fault(
            node, place, f"{shown(text)} opens and closes at once", expected='"00:00-24:00" for all day'
        )
    return opens, closes if closes > opens else closes + _DAY


def _overlap(stated: list[tuple[OpeningHours, Node, Place]], reading: Reading) -> bool:
    """Record ranges that overlap, over midnight and the end of the week too."""
    ranges = sorted(stated, key=lambda entry: entry[0].weekday * _DAY + entry[0].opens)
    found = False
    for (earlier, _, _), (later, node, place) in zip(ranges, ranges[1:] + ranges[:1], strict=True):
        if earlier is later:
            continue
        start = later.weekday * _DAY + later.opens
        end = earlier.weekday * _DAY + earlier.closes
        begins = earlier.weekday * _DAY + earlier.opens
        if start < begins:
            start += _WEEK
        if start < end:
            found = True
            day = _WEEKDAYS[later.weekday]
            reading.fault(
                node, place, f"opening hours that overlap on {day}", expected="each open minute once"
            )
    return found


def _clock(minutes: int) -> str:
    minutes = minutes if minutes <= _DAY else minutes - _DAY
    return f"{minutes // 60:02}:{minutes % 60:02}"


class _Holidays(NamedTuple):
    codes: tuple[str, ...]
    days: tuple[date, ...]


class Holidays:
    """A public-holiday code, or a list of codes and dates."""

    def read(self, node: Node, place: Place, reading: Reading) -> _Holidays:
        expected = "a public-holiday code such as GB-ENG, a list of dates, or both in one list"
        if not isinstance(node, ListNode | ScalarNode):
            raise reading.fault(node, place, f"found {described(node)}", expected=expected)
        items = node.items if isinstance(node, ListNode) else (node,)
        codes: list[str] = []
        days: list[date] = []
        faulty = False
        for index, item in enumerate(items):
            here = Place(place, index, True) if isinstance(node, ListNode) else place
            try:
                text = scalar_text(item, here, reading, expected=expected)
                if _HOLIDAY_CODE.fullmatch(text):
                    codes.append(text)
                elif text[:1].isdigit():
                    days.append(Date().read(item, here, reading))
                else:
                    raise reading.fault(item, here, f"found {shown(text)}", expected=expected)
            except FaultRecordedError:
                faulty = True
        if faulty:
            raise FaultRecordedError
        return _Holidays(tuple(codes), tuple(days))

    def write(self, value: _Holidays) -> object:
        if len(value.codes) == 1 and not value.days:
            return value.codes[0]
        return [*value.codes, *map(date.isoformat, value.days)]

    def schema(self, definitions: Definitions) -> Schema:
        code = {
            "type": "string",
            "pattern": f"^{_HOLIDAY_CODE.pattern}$",
            "examples": ["GB-ENG", "DE-BY", "US"],
        }
        items = {"anyOf": [code, Date().schema(definitions)]}
        return {"anyOf": [code, {"type": "array", "items": items}]}


class CalendarRecord(Record[Calendar]):
    """A calendar; `24x7` is no calendar's id."""

    def attributes(self, stated: Stated, reading: Reading) -> dict[str, Any]:
        if stated.values["id"] == ROUND_THE_CLOCK:
            raise reading.fault(*stated.at("id"), "id '24x7', which needs no calendar", expected="another id")
        attributes = super().attributes(stated, reading)
        holidays: _Holidays = attributes.pop("holidays", _Holidays((), ()))
        return {**attributes, "holiday_codes": holidays.codes, "holidays": holidays.days}

    def stated(self, value: Calendar) -> dict[str, Any]:
        written = super().stated(value)
        written.pop("holidays", None)
        if value.holiday_codes or value.holidays:
            written["holidays"] = _Holidays(value.holiday_codes, value.holidays)
        return written


CALENDAR = CalendarRecord(
    "calendar",
    Calendar,
    (
        Field(key="id", codec=Identifier(), required=True, description="Unique among calendars."),
        Field(key="name", codec=Text(), description="For people."),
        Field(key="timezone", codec=Timezone(), required=True, description="An IANA name, Europe/London."),
        Field(
            key="hours",
            codec=WeeklyHours(),
            required=True,
            description='Open ranges by weekday, {mon-fri: "09:00-17:00"}; "22:00-06:00" runs overnight.',
        ),
        Field(
            key="holidays",
            codec=Holidays(),
            description="Closed days: a public-holiday code (GB-ENG), a list of dates, or both in one list.",
        ),
    ),
    description="Opening hours in a time zone with holidays.",
    kind=Kind.CALENDAR,
    extra=True,
)
