"""Shares of time (availability) in the terms of the target (SEMANTICS §6)."""

from collections.abc import Iterable
from fractions import Fraction

from olagraph.metrics.conversion import exclusion as excluding
from olagraph.metrics.conversion.average import from_average
from olagraph.metrics.conversion.exclusion import Excluded, Matching
from olagraph.metrics.conversion.placement import Term, tiles
from olagraph.metrics.conversion.terms import (
    Conversion,
    ConversionKind,
    Converted,
    Incommensurable,
    Share,
    Terms,
)
from olagraph.metrics.conversion.wording import days, each, hours, kept, number, percent, worst
from olagraph.metrics.conversion.worst_case import WorstCase, favourable_share, worst_case
from olagraph.model.entities import ROUND_THE_CLOCK, Cause
from olagraph.model.window import Window

_NOTHING_KNOWN = Share(worst=Fraction(1), favourable=Fraction(0))
_NEVER_FAILS = Share(worst=Fraction(0), favourable=Fraction(0))
_SECONDS_A_DAY = 86_400
_SHORTFALL_OF_SECONDS = 60
_CAUSES = {Cause.CUSTOMER: "the customer", Cause.FORCE_MAJEURE: "force majeure"}


def convert_time_share(
    u: Fraction, *, promise: Terms, target: Terms, term: Term | None = None
) -> Converted | Incommensurable:
    """A promised share of failing time in the terms of the target.

    A population does not change a share of time. Exclusions of the cause `third_party` are not converted
    here: the promise speaks of its own part only, and what it uses adds.

    Args:
        u: 1 − the promised availability, 0 to 1.
        promise, target: the terms of either side.
        term: first and last day of the SLA, where both are known: the worst window is then one that touches
            it.

    Returns:
        The shares at both ends, equal where the texts leave nothing open, or why there is no conversion.
    """
    share, steps = from_average(Share(worst=u, favourable=u), promise=promise, target=target)
    steps += _cause_notes(share, promise=promise, target=target)
    unlimited = _without_limit(share, promise=promise, target=target)
    if unlimited is not None:
        return Converted(at_worst=_NOTHING_KNOWN, at_best=_NEVER_FAILS, steps=(*steps, unlimited))
    if promise.hours != target.hours:
        return _other_hours(share, steps, promise=promise, target=target)
    if promise.hours != ROUND_THE_CLOCK:
        return _same_calendar(share, steps, promise=promise, target=target)
    return _around_the_clock(share, steps, promise=promise, target=target, term=term)


def _cause_notes(share: Share, *, promise: Terms, target: Terms) -> tuple[Conversion, ...]:
    only = excluding.causes(promise.exclusions) - excluding.causes(target.exclusions)
    return tuple(
        Conversion(
            kind=ConversionKind.EXCLUSION,
            sentence=f"outages caused by {_CAUSES[cause]} count for the target but not for the promise; "
            f"the percentage is taken as it stands",
            before=share,
            after=share,
        )
        for cause in sorted(only)
    )


def _without_limit(share: Share, *, promise: Terms, target: Terms) -> Conversion | None:
    """The step that leaves nothing of a promise: one side alone excludes time without a limit."""
    ours, theirs = excluding.unlimited_on_one_side(promise.exclusions, target.exclusions)
    if ours:
        sentence = f"the promise excludes {_names(ours)} without a limit: nothing is left of it"
    elif theirs:
        sentence = (
            f"the target excludes {_names(theirs)} without a limit: all the rest of its window may fail"
        )
    else:
        return None
    return Conversion(kind=ConversionKind.EXCLUSION, sentence=sentence, before=share, after=_NOTHING_KNOWN)


def _names(names: Iterable[str | None]) -> str:
    return ", ".join(sorted(name or "some time" for name in names))


def _other_hours(share: Share, steps: tuple[Conversion, ...], *, promise: Terms, target: Terms) -> Converted:
    if share.worst == 0 and promise.hours == ROUND_THE_CLOCK and not _excludes_hours(promise):
        return Converted(at_worst=share, at_best=share, steps=steps)
    sentence = (
        f"{kept(share.worst)} is kept in the hours {promise.hours}, the target speaks of {target.hours}: "
        f"how much of either lies in the other is not known"
    )
    step = Conversion(kind=ConversionKind.HOURS, sentence=sentence, before=share, after=_NOTHING_KNOWN)
    # The hours of the promise may be just those of the target, and then the percentage carries over.
    at_best = Share(worst=share.worst, favourable=Fraction(0))
    return Converted(at_worst=_NOTHING_KNOWN, at_best=at_best, steps=(*steps, step))


def _excludes_hours(terms: Terms) -> bool:
    return any(exclusion.at_most is not None for exclusion in terms.exclusions)


def _same_calendar(
    share: Share, steps: tuple[Conversion, ...], *, promise: Terms, target: Terms
) -> Converted:
    """Both sides keep the hours of one calendar; as these are not counted, only like carries over."""
    ours, theirs = promise.window or target.window, target.window or promise.window
    unknown = f"the open hours of {promise.hours} in either are not known"
    at_worst, at_best, found = share, share, list(steps)
    if ours is not None and theirs is not None and tiles(ours, theirs):
        found.extend(_whole_windows(share, promise=ours, target=theirs))
    elif ours is not None and theirs is not None:
        at_worst = Share(worst=Fraction(1), favourable=share.favourable)
        sentence = f"{kept(share.worst)} {each(ours)} says nothing about {worst(theirs)}: {unknown}"
        found.append(Conversion(kind=ConversionKind.WINDOW, sentence=sentence, before=share, after=at_worst))
    if not excluding.alike(promise.exclusions, target.exclusions, promise_window=ours, target_window=theirs):
        at_worst, at_best = _NOTHING_KNOWN, Share(worst=share.worst, favourable=Fraction(0))
        sentence = f"the two sides exclude different time out of the hours {promise.hours}: {unknown}"
        found.append(
            Conversion(kind=ConversionKind.EXCLUSION, sentence=sentence, before=share, after=at_worst)
        )
    return Converted(at_worst=at_worst, at_best=at_best, steps=tuple(found))


def _around_the_clock(
    share: Share, steps: tuple[Conversion, ...], *, promise: Terms, target: Terms, term: Term | None
) -> Converted | Incommensurable:
    """Both sides count every hour: lengths are those of the calendar."""
    ours, theirs = promise.window or target.window, target.window or promise.window
    if ours is None or theirs is None:
        if excluding.alike(promise.exclusions, target.exclusions, promise_window=None, target_window=None):
            return Converted(at_worst=share, at_best=share, steps=steps)
        ours = theirs = excluding.shortest_window((*promise.exclusions, *target.exclusions))
        if ours is None or theirs is None:
            reason = "hours are excluded, and neither side states a window to take them from"
            return Incommensurable(kind=ConversionKind.EXCLUSION, reason=reason)
    matching = excluding.match(
        promise=promise.exclusions, target=target.exclusions, promise_window=ours, target_window=theirs
    )
    if matching.target_density >= 1:
        reason = "the target excludes the whole of its window"
        return Incommensurable(kind=ConversionKind.EXCLUSION, reason=reason)
    converted = share
    found = list(steps)
    if tiles(ours, theirs):
        found.extend(_whole_windows(share, promise=ours, target=theirs))
    else:
        case = worst_case(share.worst, promise=ours, target=theirs, exclusions=Matching(), term=term)
        converted = Share(worst=case.share, favourable=share.favourable)
        found.append(_cut_windows(share, converted, case, promise=ours, target=theirs))
    if matching.windows:
        case = worst_case(share.worst, promise=ours, target=theirs, exclusions=matching, term=term)
        before = converted
        favourable = favourable_share(share.favourable, exclusions=matching)
        converted = Share(worst=case.share, favourable=favourable)
        if matching.one_sided or before != converted:
            found.append(_excluded_time(before, converted, case, matching, target=theirs))
    return Converted(at_worst=converted, at_best=converted, steps=tuple(found))


def _whole_windows(share: Share, *, promise: Window, target: Window) -> tuple[Conversion, ...]:
    if promise == target:
        return ()
    sentence = (
        f"{kept(share.worst)} {each(promise)} carries over to {each(target)}, which is made of whole windows"
    )
    return (Conversion(kind=ConversionKind.WINDOW, sentence=sentence, before=share, after=share),)


def _cut_windows(
    before: Share, after: Share, case: WorstCase, *, promise: Window, target: Window
) -> Conversion:
    budget = f"{hours(case.downtime)} of {days(case.days)}"
    if before.worst > 0 and (windows := case.downtime / before.worst).denominator == 1:
        budget = f"{windows} × {percent(before.worst)} of {days(case.days)}"
    sentence = f"{kept(before.worst)} {each(promise)} is {kept(after.worst)} of {worst(target)} ({budget})"
    return Conversion(kind=ConversionKind.WINDOW, sentence=sentence, before=before, after=after)


def _excluded_time(
    before: Share, after: Share, case: WorstCase, matching: Matching, *, target: Window
) -> Conversion:
    crossed = [part for pair in matching.crossed for part in (*pair.promise, *pair.target)]
    sides = {
        "the promise alone": matching.promise_only,
        "the target alone": matching.target_only,
        "both": matching.common,
        "both, differently": tuple(crossed),
    }
    what = "; ".join(f"{_listed(parts)} excluded by {side}" for side, parts in sides.items() if parts)
    sentence = f"{what}: {kept(before.worst)} is {kept(after.worst)} of {worst(target)} ({days(case.days)})"
    missing = (after.worst - before.worst) * case.counted * _SECONDS_A_DAY
    if 0 < missing < _SHORTFALL_OF_SECONDS:
        sentence += f", {number(missing)} s short"
    return Conversion(kind=ConversionKind.EXCLUSION, sentence=sentence, before=before, after=after)


def _listed(parts: Iterable[Excluded]) -> str:
    return ", ".join(f"{part.name or 'some time'} ({hours(part.days)} {each(part.per)})" for part in parts)
