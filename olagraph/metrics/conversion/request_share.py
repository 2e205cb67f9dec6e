"""Shares of requests and tickets (success rates, "95 % within t") in the target's terms (SEMANTICS §6)."""

from fractions import Fraction

from olagraph.metrics.conversion import exclusion as excluding
from olagraph.metrics.conversion.average import from_average
from olagraph.metrics.conversion.hard_value import clock_step
from olagraph.metrics.conversion.placement import tiles
from olagraph.metrics.conversion.terms import (
    Conversion,
    ConversionKind,
    Converted,
    Incommensurable,
    Share,
    Terms,
)
from olagraph.metrics.conversion.wording import each, kept, percent, worst
from olagraph.model.entities import ROUND_THE_CLOCK

_NOTHING_KNOWN = Share(worst=Fraction(1), favourable=Fraction(0))


def convert_request_share(epsilon: Fraction, *, promise: Terms, target: Terms) -> Converted | Incommensurable:
    """A promised share of failing requests, or of late tickets, in the terms of the target.

    Which requests fall into which hours and windows is not known, so a conversion that would need their
    counts is none. A promise that never fails needs no counts.

    Args:
        epsilon: 1 − the promised fraction, 0 to 1.
        promise, target: the terms of either side; `clock` is stated on a ticket's time only.

    Returns:
        The shares at both ends, equal where the texts leave nothing open, or why there is no conversion.
    """
    obstacle = _needs_counts(epsilon, promise=promise, target=target)
    if obstacle is not None:
        return obstacle
    share, steps = from_average(Share(worst=epsilon, favourable=epsilon), promise=promise, target=target)
    steps += _whole_windows(share, promise=promise, target=target)
    at_worst, at_best, about = _of_population(share, promise=promise, target=target)
    steps += about
    ticking = clock_step(promise=promise, target=target, before=at_worst, after=_NOTHING_KNOWN)
    if ticking is not None:
        at_worst, at_best = _NOTHING_KNOWN, Share(worst=at_best.worst, favourable=Fraction(0))
        steps = (*steps, ticking)
    return Converted(at_worst=at_worst, at_best=at_best, steps=steps)


def _needs_counts(epsilon: Fraction, *, promise: Terms, target: Terms) -> Incommensurable | None:
    """Why request counts are needed; None if they are not."""
    ticket = promise.clock is not None or target.clock is not None
    never_fails = epsilon == 0
    same_hours = promise.hours == target.hours or (never_fails and promise.hours == ROUND_THE_CLOCK)
    if not ticket and not same_hours:
        reason = (
            f"the promise speaks of requests in the hours {promise.hours}, the target of those in "
            f"{target.hours}: request counts by hour are needed to compare them"
        )
        return Incommensurable(kind=ConversionKind.HOURS, reason=reason)
    ours, theirs = promise.window or target.window, target.window or promise.window
    if not (never_fails or ours is None or theirs is None or tiles(ours, theirs)):
        reason = f"{kept(epsilon)} {each(ours)} says nothing about {worst(theirs)} without request counts"
        return Incommensurable(kind=ConversionKind.WINDOW, reason=reason)
    free = never_fails and not any(stated.at_most or stated.unlimited for stated in promise.exclusions)
    alike = excluding.alike(promise.exclusions, target.exclusions, promise_window=ours, target_window=theirs)
    unlimited = any(excluding.unlimited_on_one_side(promise.exclusions, target.exclusions))
    if not free and (unlimited or not alike):
        reason = "the two sides exclude different time: the requests made in it are needed to compare them"
        return Incommensurable(kind=ConversionKind.EXCLUSION, reason=reason)
    return None


def _whole_windows(share: Share, *, promise: Terms, target: Terms) -> tuple[Conversion, ...]:
    if promise.window is None or target.window is None or promise.window == target.window:
        return ()
    sentence = f"{kept(share.worst)} {each(promise.window)} carries over to {each(target.window)}"
    return (Conversion(kind=ConversionKind.WINDOW, sentence=sentence, before=share, after=share),)


def _of_population(
    share: Share, *, promise: Terms, target: Terms
) -> tuple[Share, Share, tuple[Conversion, ...]]:
    """What a promise over all cases says about a share s of them: ε/s, favourably max(0, ε − (1−s))/s.

    All failures may fall into the population, or as many as fit outside it.
    """
    meant = target.population
    if promise.population is not None or meant is None or share.worst == 0:
        return share, share, ()
    stated = meant.share.exact if meant.share is not None else Fraction(0)
    if stated > 0:
        after = Share(
            worst=min(Fraction(1), share.worst / stated),
            favourable=max(Fraction(0), share.favourable - (1 - stated)) / stated,
        )
        sentence = (
            f"{kept(share.worst)} of all cases is {kept(after.worst)} of {meant.name}, "
            f"{percent(stated)} of them"
        )
        at_best = after
    else:
        # The population may be all cases, or a few: then all of it may fail, or none.
        after, at_best = _NOTHING_KNOWN, Share(worst=share.worst, favourable=Fraction(0))
        sentence = (
            f"{kept(share.worst)} of all cases leaves {meant.name} open: its share of them is not stated"
        )
    step = Conversion(kind=ConversionKind.POPULATION, sentence=sentence, before=share, after=after)
    return after, at_best, (step,)
