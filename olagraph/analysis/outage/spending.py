"""How much of an interval a supplier may be down without breaking his promise (SEMANTICS §6 and §9).

D(I) = Σ_w min(|I∩w|, b_w) over the promise's windows w that I touches, b_w what the promise allows in w: its share of
the time that counts, and all the time that it excludes.
"""

from fractions import Fraction

from olagraph.analysis.outage.budgets import ASSUMED_WINDOW, counted
from olagraph.analysis.parts import promised_unavailability
from olagraph.metrics.conversion import Terms, gregorian
from olagraph.model.entities import ROUND_THE_CLOCK, Target
from olagraph.model.window import Window, WindowKind

_DAY = 86_400


def spendable(
    target: Target, terms: Terms, *, window: Window | None, begin: Fraction, end: Fraction
) -> Fraction:
    """The share of the interval that a promise allows to be down, all of its budget spent there.

    Of a promise measured in opening hours only, nothing is known for an interval of elapsed time.

    Args:
        window: of the other side, for a promise that states none.
        begin, end: the interval, in seconds since the origin.
    """
    if terms.hours != ROUND_THE_CLOCK or any(exclusion.unlimited for exclusion in terms.exclusions):
        return Fraction(1)
    share = min(Fraction(1), promised_unavailability(target) * (terms.averaged_over or 1))
    chosen = terms.window or window or ASSUMED_WINDOW
    spent = _by_calendar if chosen.kind is WindowKind.CALENDAR else _by_length
    return min(Fraction(1), spent(share, terms, chosen, begin, end) / (end - begin))


def _by_calendar(share: Fraction, terms: Terms, window: Window, begin: Fraction, end: Fraction) -> Fraction:
    unit = window.unit
    assert unit is not None
    total = Fraction(0)
    index = gregorian.index_at(unit, int(begin // _DAY))
    while (first := Fraction(gregorian.start(unit, index) * _DAY)) < end:
        after = Fraction(gregorian.start(unit, index + 1) * _DAY)
        allowed = _allowed(share, terms, window, first, after)
        total += min(min(after, end) - max(first, begin), allowed)
        index += 1
    return total


def _by_length(share: Fraction, terms: Terms, window: Window, begin: Fraction, end: Fraction) -> Fraction:
    """Blocks at the worst offset; a rolling window counted off from the start of the interval."""
    assert window.days is not None
    length = Fraction(window.days * _DAY)
    allowed = _allowed(share, terms, window, begin, begin + length)
    whole, rest = divmod(end - begin, length)
    if window.kind is WindowKind.ROLLING:
        return whole * allowed + min(rest, allowed)
    most = whole * allowed + min(rest, 2 * allowed)
    if whole:
        most = max(most, (whole - 1) * allowed + min(length + rest, 2 * allowed))
    return most


def _allowed(share: Fraction, terms: Terms, window: Window, begin: Fraction, end: Fraction) -> Fraction:
    counts = counted(window, terms.exclusions, begin=begin, end=end)
    return share * counts + (end - begin - counts)
