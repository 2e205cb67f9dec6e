"""The worst and the most favourable share of failure in a target's window (SEMANTICS §6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product

from olagraph.metrics.conversion.exclusion import Crossed, Excluded, Matching
from olagraph.metrics.conversion.overlap import Allowance, Overlaps, most_within, whole_windows
from olagraph.metrics.conversion.placement import Placement, Term, placements
from olagraph.model.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstCase:
    """The target window in which the promise means least.

    Attributes:
        share: the worst share of failure of the time that counts.
        days: the length of the window.
        downtime: the days of failure in it that count.
        counted: the days that count.
    """

    share: Fraction
    days: int
    downtime: Fraction
    counted: Fraction


@lru_cache(maxsize=4096)
def worst_case(
    share: Fraction, *, promise: Window, target: Window, exclusions: Matching, term: Term | None
) -> WorstCase:
    """The worst share of failure in a target window, over all target windows.

    Downtime in a target window I is at most Σ_w min(|I∩w|, u|w|) + (1−u)·h over the promise's windows w, h
    the hours that the promise excludes in I: with one window on both sides that is §6's h + u(|S|−h). What
    both sides exclude is subtracted, and the target's own exclusions leave the denominator.

    Args:
        share: u, the promised share of failure.
        promise, target: the windows of either side.
        exclusions: of either side, in days.
        term: the target windows to look at; None = all of a 400-year calendar.
    """
    windows = (promise, *exclusions.windows)
    cases = (
        _case(share, placement, dict(zip(windows, placement.overlaps, strict=True)), promise, exclusions)
        for placement in placements(target, windows, term)
    )
    return max(cases, key=_share)


def _share(case: WorstCase) -> Fraction:
    return case.share


def _case(
    share: Fraction,
    placement: Placement,
    overlaps: dict[Window, Overlaps],
    promise: Window,
    exclusions: Matching,
) -> WorstCase:
    days = Fraction(placement.days)
    allowed = most_within(overlaps[promise], Allowance(per_day=share))
    common = min(days, _most(exclusions.common, overlaps))
    ours, theirs = _most(exclusions.promise_only, overlaps), _most(exclusions.target_only, overlaps)
    found = []
    for extremes in product(*(_extremes(pair, overlaps) for pair in exclusions.crossed)):
        promised = ours + common + sum((promised for promised, _ in extremes), Fraction(0))
        coinciding = common + sum(map(min, extremes), Fraction(0))
        counted = days - common - theirs - sum((targeted for _, targeted in extremes), Fraction(0))
        downtime = allowed + (1 - share) * promised - coinciding
        found.append(_ratio(share, downtime, counted, days=placement.days, cut=allowed > share * days))
    return max(found, key=_share)


def _ratio(share: Fraction, downtime: Fraction, counted: Fraction, *, days: int, cut: bool) -> WorstCase:
    """The share of failure of the time that counts.

    Where the exclusions may take all of the window, all but an instant of it may be excluded. That instant
    may be down, unless failing and counted time vanish together and leave the promised share.

    Args:
        share: u, the promised share of failure.
        cut: more may fail in the window than this share of it.
    """
    if counted > 0:
        downtime = max(Fraction(0), min(downtime, counted))
        return WorstCase(share=downtime / counted, days=days, downtime=downtime, counted=counted)
    limit = Fraction(1) if cut or downtime > 0 else share
    return WorstCase(share=limit, days=days, downtime=Fraction(0), counted=Fraction(0))


def _most(excluded: Iterable[Excluded], overlaps: dict[Window, Overlaps]) -> Fraction:
    return sum((most_within(overlaps[part.per], part.allowance) for part in excluded), Fraction(0))


def _extremes(pair: Crossed, overlaps: dict[Window, Overlaps]) -> Iterable[tuple[Fraction, Fraction]]:
    """The extremes of the hours of one name in the target window: promise's, target's.

    Allowances count as used up, and coincide in the target window up to the smaller number of hours
    (SEMANTICS §6). The share of failure is quasi-convex in either, so a corner is worst. The least is what
    windows that lie wholly in the target window hold: the allowance of a window that reaches out of it may
    be used up outside.
    """
    sides: list[set[Fraction]] = []
    for side in (pair.promise, pair.target):
        least = (
            min(part.days * whole_windows(overlaps[part.per]), _most((part,), overlaps)) for part in side
        )
        sides.append({sum(least, Fraction(0)), _most(side, overlaps)})
    promised, targeted = sides
    return product(promised, targeted)


def favourable_share(share: Fraction, *, exclusions: Matching) -> Fraction:
    """The most favourable share of failure: as much as the promise allows, at the best moments.

    No target can do better in every window than on average, so windows drop out and exclusions enter by
    their share of all time. With one window it is §6's u(|S|−h) of what the target counts, less what the
    target alone excludes.

    Args:
        share: u, the promised share of failure.
        exclusions: of either side, in days.
    """
    common, ours, theirs = (
        sum((excluded.density for excluded in side), Fraction(0))
        for side in (exclusions.common, exclusions.promise_only, exclusions.target_only)
    )
    for pair in exclusions.crossed:
        promised = sum((excluded.density for excluded in pair.promise), Fraction(0))
        targeted = sum((excluded.density for excluded in pair.target), Fraction(0))
        common += min(promised, targeted)
        ours += promised - min(promised, targeted)
        theirs += targeted - min(promised, targeted)
    counted = 1 - common - theirs
    if counted <= 0:
        return Fraction(0)
    return max(Fraction(0), share * (1 - common - ours) - theirs) / counted
