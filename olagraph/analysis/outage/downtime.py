"""How long something is down in total: from spans of time with the share that is lost in each.

Instants are seconds since 1 January 2000, 00:00 UTC, as exact fractions; a moment belongs to the largest share that
any span gives it, so that an incident and the outage it is a part of count once.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

_ORIGIN = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def seconds(span: timedelta) -> Fraction:
    """A span of time in seconds, exactly."""
    return Fraction(span // _MICROSECOND, 10**6)


def instant(moment: datetime) -> Fraction:
    """A moment in seconds since the origin."""
    return seconds(moment - _ORIGIN)


def moment(instant: Fraction) -> datetime | None:
    """The moment of an instant, down to the microsecond; None beyond the year 9999."""
    try:
        return _ORIGIN + timedelta(microseconds=instant * 10**6 // 1)
    except OverflowError:
        return None


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which a share of something is lost."""

    begin: Fraction
    end: Fraction
    share: Fraction


class Downtime:
    """Time lost, cumulatively; all instants and amounts in seconds."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._points, self._shares = _largest(sorted((s for s in spans if s.begin < s.end), key=_begin))
        self._totals = [Fraction(0)]
        for (begin, end), share in zip(pairwise(self._points), self._shares, strict=True):
            self._totals.append(self._totals[-1] + (end - begin) * share)

    @property
    def points(self) -> tuple[Fraction, ...]:
        """The instants at which the lost share changes."""
        return tuple(self._points)

    def until(self, instant: Fraction) -> Fraction:
        """The time lost before an instant."""
        place = bisect_right(self._points, instant) - 1
        if place < 0:
            return Fraction(0)
        if place >= len(self._shares):
            return self._totals[-1]
        return self._totals[place] + (instant - self._points[place]) * self._shares[place]

    def within(self, begin: Fraction, end: Fraction) -> Fraction:
        """The time lost between two instants."""
        return self.until(end) - self.until(begin)

    def exceeds(self, total: Fraction) -> Fraction | None:
        """The instant after which more than `total` has been lost since the beginning; None = never."""
        place = bisect_right(self._totals, total)
        if place == len(self._totals):
            return None
        return self._points[place - 1] + (total - self._totals[place - 1]) / self._shares[place - 1]


def _begin(span: Span) -> Fraction:
    return span.begin


def _largest(spans: list[Span]) -> tuple[list[Fraction], list[Fraction]]:
    """The instants at which the largest share changes, and that share between each two of them."""
    points = sorted({instant for span in spans for instant in (span.begin, span.end)})
    shares = [Fraction(0)] * max(len(points) - 1, 0)
    for span in spans:
        for place in range(bisect_left(points, span.begin), bisect_left(points, span.end)):
            shares[place] = max(shares[place], span.share)
    return points, shares
