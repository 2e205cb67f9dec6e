"""Independent oracles: adversaries that keep a promise and hurt the target as much as they can."""

from datetime import date
from fractions import Fraction

import numpy as np
from scipy.optimize import linprog

from olagraph.metrics.conversion import Converted, Share, Terms, convert_request_share, convert_time_share
from olagraph.model.entities import Exclusion
from olagraph.model.quantity import Dimension, Quantity
from olagraph.model.window import Window

CELLS = 4
"""Cells a day into which an adversary places outages."""


def window(text):
    return None if text is None else Window.parse(text)


def hours(name, at_most, per=None):
    quantity = Quantity.parse(f"{at_most} h", Dimension.DURATION)
    return Exclusion(name=name, at_most=quantity, per=window(per))


def time_share(u, *, promise, target, term=None) -> Converted:
    """A share of time that has a conversion."""
    found = convert_time_share(Fraction(u), promise=promise, target=target, term=term)
    assert isinstance(found, Converted)
    return found


def request_share(epsilon, *, promise, target) -> Converted:
    """A share of requests that has a conversion."""
    found = convert_request_share(Fraction(epsilon), promise=promise, target=target)
    assert isinstance(found, Converted)
    return found


def convert(u, promise, target, *, ours=(), theirs=(), term=None) -> Converted:
    """The time share u converted from window to window, around the clock."""
    converted = time_share(
        u,
        promise=Terms(window=window(promise), exclusions=tuple(ours)),
        target=Terms(window=window(target), exclusions=tuple(theirs)),
        term=term,
    )
    assert converted.at_worst == converted.at_best
    return converted


def share(u, promise, target, **terms) -> Share:
    return convert(u, promise, target, **terms).at_worst


def blocks(length, offset, days):
    """Windows of a length from an offset on that cover the days 0 to `days`: (begin, end), in days."""
    return [(begin, begin + length) for begin in range(offset - length, days, length)]


def worst_downtime(u, windows, interval):
    """The most downtime in [begin, end) of any outage pattern that keeps to u|w| in every window w.

    A linear programme over cells: how long each cell is down. Windows and interval are in days; their ends
    must lie on cells.
    """
    first = min(begin for begin, _ in windows)
    last = max(end for _, end in windows)
    cells = round((last - first) * CELLS)

    def indicator(begin, end):
        row = np.zeros(cells)
        row[max(0, round((begin - first) * CELLS)) : round((end - first) * CELLS)] = 1.0
        return row

    solution = linprog(
        -indicator(*interval),
        A_ub=np.array([indicator(*window) for window in windows]),
        b_ub=[float(u * (end - begin)) for begin, end in windows],
        bounds=(0, 1 / CELLS),
    )
    assert solution.status == 0
    return -solution.fun


def worst_counted_share(u, days, *, promise_windows, ours, theirs, common):
    """The worst share of failure of the time that counts in the target window [0, days).

    A linear-fractional programme over cells, made linear by Charnes and Cooper (1962): each cell is split
    into time that is down and counts for both, down and excluded by the promise alone, excluded by both,
    excluded by the target alone.

    Args:
        promise_windows: (begin, end) of each, in days; together they cover [0, days).
        ours, theirs, common: lists of (windows, days excluded in each of them).
    """
    first = min(begin for begin, _ in promise_windows)
    last = max(end for _, end in promise_windows)
    cells = (last - first) * CELLS
    down, forgiven, both, forgone, total = 0, cells, 2 * cells, 3 * cells, 4 * cells
    rows = []

    def row(parts, constant):
        """Σ coefficient · (kind of time in [begin, end)) − constant · scale ≤ 0."""
        found = np.zeros(total + 1)
        for kind, begin, end, coefficient in parts:
            low, high = max(0, (begin - first) * CELLS), min(cells, (end - first) * CELLS)
            found[kind + low : kind + max(low, high)] += coefficient
        found[total] = -float(constant)
        rows.append(found)

    for begin, end in promise_windows:
        excluded = [(kind, begin, end, float(u)) for kind in (forgiven, both)]
        row([(down, begin, end, 1.0), *excluded], u * (end - begin))
    for kind, allowances in ((forgiven, ours), (forgone, theirs), (both, common)):
        if not allowances:
            row([(kind, first, last, 1.0)], 0)
        for windows, allowed in allowances:
            for begin, end in windows:
                row([(kind, begin, end, 1.0)], allowed)
    for cell in range(cells):
        found = np.zeros(total + 1)
        found[[kind + cell for kind in (down, forgiven, both, forgone)]] = 1.0
        found[total] = -1 / CELLS
        rows.append(found)
    inside = slice(-first * CELLS, (days - first) * CELLS)
    counted = np.zeros(total + 1)
    counted[total] = days
    failing = np.zeros(total + 1)
    for kind in (both, forgone):
        counted[kind:][inside] = -1.0
    for kind in (down, forgiven):
        failing[kind:][inside] = 1.0
    solution = linprog(
        -failing,
        A_ub=np.array(rows),
        b_ub=np.zeros(len(rows)),
        A_eq=counted[None, :],
        b_eq=[1.0],
        bounds=(0, None),
    )
    assert solution.status == 0, solution.message
    return -solution.fun


def calendar_key(unit):
    """A key that is equal for two days of one calendar window."""
    return {
        "day": date.toordinal,
        "week": lambda day: (day.toordinal() - 1) // 7,  # 1 January of the year 1 was a Monday
        "month": lambda day: (day.year, day.month),
        "quarter": lambda day: (day.year, (day.month - 1) // 3),
        "year": lambda day: day.year,
    }[unit]


def calendar_lengths(unit, days):
    """The number of each day's window, and the windows' lengths (those at the ends may be partial)."""
    key = calendar_key(unit)
    numbers, lengths = [], []
    previous = None
    for day in days:
        if key(day) != previous:
            lengths.append(0)
            previous = key(day)
        lengths[-1] += 1
        numbers.append(len(lengths) - 1)
    return numbers, lengths
