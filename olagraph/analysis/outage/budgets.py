"""Downtime against the budget of an availability target, in its own window (SEMANTICS §6 and §9)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from olagraph.analysis.outage.downtime import Downtime, Span, moment
from olagraph.analysis.outage.results import Budget, Remark
from olagraph.metrics.conversion import gregorian
from olagraph.metrics.conversion.overlap import Allowance, most_within
from olagraph.metrics.conversion.placement import placements
from olagraph.metrics.conversion.terms import Terms
from olagraph.model.entities import ROUND_THE_CLOCK, Exclusion, Target
from olagraph.model.window import Window, WindowKind

ASSUMED_WINDOW = Window(WindowKind.CALENDAR, unit="month")
"""What is counted in where neither target nor agreement states a window."""

_DAY = 86_400
_FIRST_DAY = date(2000, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What happens to a service, as one agreement sees it.

    Attributes:
        begin: when the outage begins, in seconds since the origin.
        end: when it ends; None = open-ended.
        share: the share of the service that it takes; 0 where the service stays up.
        incidents: what has been lost besides.
    """

    begin: Fraction
    end: Fraction | None
    share: Fraction
    incidents: tuple[Span, ...] = ()

    def downtime(self, *, end: Fraction) -> Downtime:
        """The time lost if the outage goes on until `end`; what comes after the outage has not been had."""
        known = end if self.end is None else self.end
        had = (Span(span.begin, min(span.end, known), span.share) for span in self.incidents)
        return Downtime((Span(self.begin, end, self.share), *had))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One window, with what it allows and when more than that is used up if the outage goes on."""

    begin: Fraction
    end: Fraction
    allowed: Fraction
    exceeded: Fraction | None


def budget(target: Target, terms: Terms, hit: Hit) -> Budget:
    """A target's budget in the window in which it breaches first, else in the one in which least is left."""
    window = terms.window or ASSUMED_WINDOW
    share = 1 - target.value.exact
    cases = tuple(_cases(window, share, terms.exclusions, hit))
    stop = hit.end if hit.end is not None else max(case.end for case in cases)
    so_far = hit.downtime(end=stop)
    exceeded = min((case.exceeded for case in cases if case.exceeded is not None), default=None)
    breached = exceeded is not None and (hit.end is None or exceeded < hit.end)
    if breached:
        shown = min((c for c in cases if c.exceeded is not None), key=lambda c: (c.exceeded, c.begin))
    else:
        touched = [case for case in cases if case.begin < stop]
        shown = min(touched, key=lambda c: c.allowed - so_far.within(c.begin, c.end))
    added = hit.share * max(Fraction(0), min(stop, shown.end) - max(hit.begin, shown.begin))
    holds_until = moment(exceeded) if exceeded is not None else None
    begins, ends = moment(shown.begin), moment(shown.end)
    assert begins is not None
    assert ends is not None
    return Budget(
        target=target,
        window=window,
        begins=begins,
        ends=ends,
        allowed=shown.allowed,
        already=so_far.within(shown.begin, shown.end) - added,
        downtime=None if hit.end is None else added,
        breaches_at=holds_until if breached else None,
        holds_until=holds_until,
        remarks=tuple(_remarks(terms)),
    )


def _remarks(terms: Terms) -> Iterator[Remark]:
    if terms.hours != ROUND_THE_CLOCK:
        yield Remark.ELAPSED_TIME
    if terms.window is None:
        yield Remark.WINDOW_ASSUMED
    elif terms.window.kind is WindowKind.BLOCKS:
        yield Remark.BLOCKS
    if any(exclusion.unlimited for exclusion in terms.exclusions):
        yield Remark.UNLIMITED_EXCLUSION
    if any(exclusion.cause is not None for exclusion in terms.exclusions):
        yield Remark.CAUSE_EXCLUDED


def _cases(window: Window, share: Fraction, exclusions: Sequence[Exclusion], hit: Hit) -> Iterator[_Case]:
    """The windows that matter: those that hold the start, and the first that the outage may fill from its beginning.

    Later ones look like that one, only shorter.
    """
    if window.kind is WindowKind.ROLLING:
        yield _rolling(window, share, exclusions, hit)
        return
    spans = tuple(_calendar(window, hit) if window.kind is WindowKind.CALENDAR else _blocks(window, hit))
    going_on = hit.downtime(end=max(end for _, end in spans))
    for begin, end in spans:
        allowed = share * counted(window, exclusions, begin=begin, end=end)
        exceeded = going_on.exceeds(going_on.until(begin) + allowed)
        if exceeded is not None and exceeded >= end:
            exceeded = None
        yield _Case(begin=begin, end=end, allowed=allowed, exceeded=exceeded)


def _calendar(window: Window, hit: Hit) -> Iterator[tuple[Fraction, Fraction]]:
    unit = window.unit
    assert unit is not None
    index = gregorian.index_at(unit, int(hit.begin // _DAY))
    for each in (index, index + 1):
        yield Fraction(gregorian.start(unit, each) * _DAY), Fraction(gregorian.start(unit, each + 1) * _DAY)


def _blocks(window: Window, hit: Hit) -> Iterator[tuple[Fraction, Fraction]]:
    """Every block that holds the start, and the next one that begins at a midnight after it."""
    assert window.days is not None
    day = int(hit.begin // _DAY)
    for first in range(day - window.days + 1, day + 2):
        yield Fraction(first * _DAY), Fraction((first + window.days) * _DAY)


def _rolling(window: Window, share: Fraction, exclusions: Sequence[Exclusion], hit: Hit) -> _Case:
    """The rolling window that is first to exceed what it allows, else the one that comes nearest to it."""
    assert window.days is not None
    length = Fraction(window.days * _DAY)
    allowed = share * counted(window, exclusions, begin=hit.begin - length, end=hit.begin)
    going_on = hit.downtime(end=hit.begin + length)
    last = hit.begin + length
    instants = {hit.begin, last, *going_on.points, *(point + length for point in going_on.points)}
    lost = [(t, going_on.within(t - length, t)) for t in sorted(instants) if t <= last]
    exceeded: Fraction | None = None
    for (t, before), (later, after) in pairwise(lost):
        if t >= hit.begin and exceeded is not None:
            break
        if before <= allowed < after:
            exceeded = t + (allowed - before) * (later - t) / (after - before)
        elif after <= allowed:
            exceeded = None
    stop = last if hit.end is None else min(hit.end, last)
    so_far = hit.downtime(end=stop)
    ends = [t for t in {stop, *instants} if hit.begin <= t <= stop]
    worst = max(sorted(ends), key=lambda t: so_far.within(t - length, t))
    return _Case(begin=worst - length, end=worst, allowed=allowed, exceeded=exceeded)


def counted(window: Window, exclusions: Iterable[Exclusion], *, begin: Fraction, end: Fraction) -> Fraction:
    """The seconds of one window, from `begin` to `end`, that count: without what may be excluded at most."""
    parts = [
        (each.per or window, each.at_most.exact / _DAY) for each in exclusions if each.at_most is not None
    ]
    length = end - begin
    if not parts:
        return length
    day = date.fromordinal(_FIRST_DAY + int(begin // _DAY))
    term = (day, day) if window.kind is WindowKind.CALENDAR else None
    pers = tuple(per for per, _ in parts)
    excluded = max(
        sum(
            (
                most_within(overlaps, Allowance(per_window=days))
                for overlaps, (_, days) in zip(placement.overlaps, parts, strict=True)
            ),
            Fraction(0),
        )
        for placement in placements(window, pers, term)
    )
    return max(Fraction(0), length - excluded * _DAY)
