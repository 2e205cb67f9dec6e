"""Promises that always hold ("every request within 2 s") in the terms of the target (SEMANTICS §6)."""

from olagraph.metrics.conversion.terms import Conversion, ConversionKind, ConvertedHard, Share, Terms
from olagraph.model.entities import ROUND_THE_CLOCK


def convert_hard(*, promise: Terms, target: Terms) -> ConvertedHard:
    """Whether a value that always holds carries over to the target.

    Always, at every hour, holds in every window, in a calendar's hours and for every population. A promise
    kept in a calendar's hours says nothing about other hours, and a value averaged over several members
    nothing about one.

    Args:
        promise, target: the terms of either side; `clock` is stated on a ticket's time only.
    """
    found = (
        clock_step(promise=promise, target=target) or _hours_step(promise=promise, target=target),
        _average_step(promise=promise, target=target),
    )
    steps = tuple(step for step in found if step is not None)
    return ConvertedHard(carries_over=not steps, steps=steps)


def clock_step(
    *, promise: Terms, target: Terms, before: Share | None = None, after: Share | None = None
) -> Conversion | None:
    """The step that leaves a ticket's time open, where it runs on another clock; None where it does not.

    A calendar's clock never runs faster than the one that never stops, so a time kept on `24x7` is kept on
    any clock.
    """
    if promise.clock is None and target.clock is None:
        return None
    ours, theirs = promise.clock or promise.hours, target.clock or target.hours
    if ours in (theirs, ROUND_THE_CLOCK):
        return None
    sentence = (
        f"the promised time runs on the clock {ours}, the target's on {theirs}: how they compare is not known"
    )
    return Conversion(kind=ConversionKind.CLOCK, sentence=sentence, before=before, after=after)


def _hours_step(*, promise: Terms, target: Terms) -> Conversion | None:
    if (
        promise.clock is not None
        or target.clock is not None
        or promise.hours in (target.hours, ROUND_THE_CLOCK)
    ):
        return None
    sentence = f"the promise is kept in the hours {promise.hours}, the target speaks of {target.hours}"
    return Conversion(kind=ConversionKind.HOURS, sentence=sentence)


def _average_step(*, promise: Terms, target: Terms) -> Conversion | None:
    if (promise.averaged_over or 1) in (1, target.averaged_over or 1):
        return None
    sentence = f"the promise speaks of an average over {promise.averaged_over} members, not of each of them"
    return Conversion(kind=ConversionKind.AVERAGE, sentence=sentence)
