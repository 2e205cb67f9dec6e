"""Every way in which a target's window may lie among the windows of the promise and of its exclusions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from olagraph.metrics.conversion import gregorian
from olagraph.metrics.conversion.overlap import Cut, Fixed, Overlaps, Sliding
from olagraph.model.window import Window, WindowKind

Term = tuple[date, date]
"""The first and the last day of an agreement."""

_DAY = "day"
_EQUAL_UNITS = {_DAY: 1, "week": 7}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A target window: its length in days, and how the windows asked for fall on it, in the order asked."""

    days: int
    overlaps: tuple[Overlaps, ...]


def tiles(small: Window, large: Window) -> bool:
    """Whether every window `large` is made of whole windows `small` (SEMANTICS §6)."""
    if small == large:
        return True
    if small.kind is WindowKind.ROLLING:
        assert small.days is not None
        return all(days % small.days == 0 for days in _lengths(large, None))
    if small.unit == _DAY or small.days == 1:
        return large.kind is not WindowKind.ROLLING
    return (small.unit, large.unit) in {("month", "quarter"), ("month", "year"), ("quarter", "year")}


@lru_cache(maxsize=512)
def placements(target: Window, others: tuple[Window, ...], term: Term | None) -> tuple[Placement, ...]:
    """Every way in which a window `target` may lie among the windows of each of the `others`.

    Where dates decide, every target window of a 400-year calendar counts, or every one that touches the
    `term`; each distinct pattern is listed once. Where they do not (blocks, rolling windows), every
    position counts.
    """
    if target.kind is WindowKind.CALENDAR and target.unit != _DAY:
        found = (_dated(target, index, others) for index in _dated_indexes(target, term))
    else:
        found = (
            Placement(days=days, overlaps=tuple(_undated(target, days, other, term) for other in others))
            for days in _lengths(target, None)
        )
    return tuple(dict.fromkeys(found))


def _dated_indexes(target: Window, term: Term | None) -> Iterator[int]:
    unit = _unit(target)
    if term is not None:
        first, last = map(gregorian.day_number, term)
        yield from gregorian.indexes_touching(unit, first=first, last=max(first, last))
    else:
        for days in gregorian.representative_years(following=1, weekdays=True):
            yield from gregorian.indexes_in(unit, days)


def _dated(target: Window, index: int, others: tuple[Window, ...]) -> Placement:
    """The target window of this index, with what is known of the others from its dates."""
    first, after = gregorian.start(_unit(target), index), gregorian.start(_unit(target), index + 1)
    overlaps: list[Overlaps] = []
    for other in others:
        if other.kind is WindowKind.CALENDAR:
            overlaps.append((_between(_unit(other), first=first, after=after),))
        else:
            overlaps.append(_by_length(other, days=after - first, midnight=True))
    return Placement(days=after - first, overlaps=tuple(overlaps))


def _between(unit: str, *, first: int, after: int) -> Fixed:
    """How calendar windows fall on the days from `first` to the one before `after`."""
    whole = days = 0
    cut: list[Cut] = []
    left, right = gregorian.index_at(unit, first), gregorian.index_at(unit, after - 1)
    for index in {left, right}:
        begin, end = gregorian.start(unit, index), gregorian.start(unit, index + 1)
        if begin < first or end > after:
            cut.append(Cut(days=end - begin, overlap=min(end, after) - max(begin, first)))
        else:
            whole, days = whole + 1, days + end - begin
    if right - left > 1:
        whole += right - left - 1
        days += gregorian.start(unit, right) - gregorian.start(unit, left + 1)
    return Fixed(whole_windows=whole, whole_days=days, cut=tuple(sorted(cut, key=_by_size)))


def _by_size(piece: Cut) -> tuple[int, int]:
    return piece.days, piece.overlap


def _undated(target: Window, days: int, other: Window, term: Term | None) -> Overlaps:
    """How windows `other` may fall on a day, a block or a rolling window, whose dates do not matter."""
    midnight = target.kind is not WindowKind.ROLLING
    if target == other:
        return (Fixed(whole_windows=1, whole_days=days),)
    if other.kind is not WindowKind.CALENDAR or other.unit in _EQUAL_UNITS:
        return _by_length(other, days=days, midnight=midnight)
    if target.unit == _DAY:
        return tuple(Fixed(cut=(Cut(days=length, overlap=1),)) for length in _lengths(other, term))
    return _among_calendar_windows(_unit(other), days=days, midnight=midnight, term=term)


@lru_cache(maxsize=512)
def _by_length(other: Window, *, days: int, midnight: bool) -> Overlaps:
    """How windows of one length, at an unknown distance, may fall on a stretch of days."""
    length = other.days if other.unit is None else _EQUAL_UNITS[other.unit]
    assert length is not None
    if other.kind is WindowKind.ROLLING:
        # Any interval may be counted off in whole windows from its start, and the rest lies in one more.
        whole, rest = divmod(days, length)
        cut = (Cut(days=length, overlap=rest),) if rest else ()
        return (Fixed(whole_windows=whole, whole_days=whole * length, cut=cut),)
    if midnight and length == 1:
        return (Fixed(whole_windows=days, whole_days=days),)
    return tuple(
        _sliding(0, days=days, midnight=midnight, start=length.__mul__, index_at=lambda day: day // length)
    )


@lru_cache(maxsize=512)
def _among_calendar_windows(unit: str, *, days: int, midnight: bool, term: Term | None) -> Overlaps:
    """How calendar windows may fall on a block or a rolling window of this many days."""
    start, index_at = partial(gregorian.start, unit), partial(gregorian.index_at, unit)
    if term is None:
        years = gregorian.representative_years(following=days // 365 + 2, weekdays=False)
        indexes = (index for year in years for index in gregorian.indexes_in(unit, year))
    else:
        # A block or a rolling window that touches the term may begin before it.
        first, last = map(gregorian.day_number, term)
        touching = gregorian.indexes_touching(unit, first=first - days + 1, last=max(first, last))
        indexes = (index for index in touching)
    found = (
        overlap
        for index in indexes
        for overlap in _sliding(index, days=days, midnight=midnight, start=start, index_at=index_at)
    )
    return tuple(dict.fromkeys(found))


def _sliding(
    index: int, *, days: int, midnight: bool, start: Callable[[int], int], index_at: Callable[[int], int]
) -> Iterator[Fixed | Sliding]:
    """The ways in which a stretch of days may lie that begins in the window of this index.

    Args:
        start: the first day of the window of an index.
        index_at: the index of the window that holds a day.
    """
    begin, end = start(index), start(index + 1)
    first = end - begin
    if days <= first:
        yield Fixed(cut=(Cut(days=first, overlap=days),))
    for last in range(max(index + 1, index_at(begin + days - 1)), index_at(end + days - 1) + 1):
        between = start(last) - end
        yield Sliding(
            whole_windows=last - index - 1,
            whole_days=between,
            first=first,
            last=start(last + 1) - start(last),
            rest=days - between,
            midnight=midnight,
        )


def _lengths(window: Window, term: Term | None) -> tuple[int, ...]:
    """The lengths in days that a window may have, shortest first."""
    if window.days is not None:
        return (window.days,)
    if window.unit == _DAY:
        return (1,)
    unit = _unit(window)
    lengths = {
        gregorian.start(unit, index + 1) - gregorian.start(unit, index)
        for index in _dated_indexes(window, term)
    }
    return tuple(sorted(lengths))


def _unit(window: Window) -> str:
    assert window.unit is not None
    return window.unit
