"""Calendar windows as whole days of the proleptic Gregorian calendar (SEMANTICS §6).

Days are numbered from 1 January 2000. 400 years are 146,097 days, exactly 20,871 weeks, so days, weeks (from
Monday), months, quarters and years all repeat with the cycle.
"""

from bisect import bisect_right
from calendar import isleap, monthrange
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from itertools import accumulate

CYCLE_DAYS = 146_097
"""The days of 400 years."""

_FIRST_YEAR = 2000
_CYCLE_YEARS = 400
_ORIGIN = date(_FIRST_YEAR, 1, 1).toordinal()
_FIRST_MONDAY = 2
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}


def day_number(day: date) -> int:
    """Days since 1 January 2000, negative before it."""
    return day.toordinal() - _ORIGIN


@cache
def starts(unit: str) -> Sequence[int]:
    """The first days of the windows `unit` that begin within the cycle, ascending."""
    if unit == "day":
        return range(CYCLE_DAYS)
    if unit == "week":
        return range(_FIRST_MONDAY, CYCLE_DAYS, 7)
    years = range(_FIRST_YEAR, _FIRST_YEAR + _CYCLE_YEARS)
    lengths = (monthrange(year, month)[1] for year in years for month in range(1, 13))
    months = tuple(accumulate(lengths, initial=0))[:-1]
    return months[:: _MONTHS_IN[unit]]


def start(unit: str, index: int) -> int:
    """The first day of the window with this index; index 0 is the first that begins on or after day 0."""
    cycle, position = divmod(index, len(starts(unit)))
    return cycle * CYCLE_DAYS + starts(unit)[position]


def index_at(unit: str, day: int) -> int:
    """The index of the window that holds a day."""
    cycle, rest = divmod(day, CYCLE_DAYS)
    return cycle * len(starts(unit)) + bisect_right(starts(unit), rest) - 1


def mean_days(unit: str) -> Fraction:
    """The mean length of the windows over the cycle, in days."""
    return Fraction(CYCLE_DAYS, len(starts(unit)))


@lru_cache(maxsize=64)
def representative_years(*, following: int, weekdays: bool) -> tuple[range, ...]:
    """The days of the fewest years between which all patterns of windows that begin in one year occur.

    What a stretch of the calendar looks like depends on which of the years it touches are leap years and,
    if weeks matter, on the weekday of its first New Year: a handful of years stands for all 400.

    Args:
        following: how many years after the first one the stretch may touch.
        weekdays: whether weeks matter.
    """
    found: dict[tuple[object, ...], range] = {}
    for index, first in enumerate(starts("year")):
        years = range(_FIRST_YEAR + index, _FIRST_YEAR + index + following + 1)
        pattern = (first % 7 if weekdays else None, *map(isleap, years))
        found.setdefault(pattern, range(first, start("year", index + 1)))
    return tuple(found.values())


def indexes_in(unit: str, days: range) -> range:
    """The indexes of the windows that begin on one of the days."""
    first = index_at(unit, days.start)
    return range(first + (start(unit, first) < days.start), index_at(unit, days.stop - 1) + 1)


def indexes_touching(unit: str, *, first: int, last: int) -> range:
    """The indexes of the windows that hold a day from `first` to `last`, at most one cycle of them."""
    begin, end = index_at(unit, first), index_at(unit, last) + 1
    return range(begin, min(end, begin + len(starts(unit))))
