"""Step functions of time: the share of cases that take longer, and how they combine (SEMANTICS §5, percentile times).

A `Steps` holds ε(T) = 1 − F(T), which never rises. Times are integers ("keys"): exact, so that a time that
equals its target is never judged missed by a rounded sum. Two keys make one tick of time, the even one the
instant itself and the odd one the moment just after it: a ceiling changes just after a promised time, a
guarantee at it.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from operator import add

from olagraph.metrics.composition import Number

MOST_POINTS = 512
"""A step function of more points is coarsened to half as many: a chain of thousands of services stays affordable."""

_MOST_PRODUCTS = 1 << 14
"""Two functions whose points make more pairs are coarsened before they are combined pair by pair."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The share of cases later than each time.

    Attributes:
        start: the share before the first key.
        keys: rising.
        late: the share from each key on, up to the next one; falling.
        exact: False once points were given up; the function is then still a sound bound.
    """

    start: Number
    keys: tuple[int, ...] = ()
    late: tuple[Number, ...] = ()
    exact: bool = True

    def at(self, key: int) -> Number:
        """The share later than `key`."""
        found = bisect_right(self.keys, key)
        return self.late[found - 1] if found else self.start

    @property
    def end(self) -> Number:
        """The share that stays late for ever."""
        return self.late[-1] if self.late else self.start


NEVER = Steps(start=1)
"""Nothing is ever finished."""
AT_ONCE = Steps(start=1, keys=(0,), late=(0,))
"""Everything is finished at once."""


def falling(points: Iterable[tuple[int, Number]], *, start: Number = 1, exact: bool = True) -> Steps:
    """The step function through `points` (key, share), rising in key; those that do not lower the share are dropped."""
    keys: list[int] = []
    late: list[Number] = []
    lowest = start
    for key, share in points:
        if share < lowest:
            lowest = share
            if keys and keys[-1] == key:
                late[-1] = share
            else:
                keys.append(key)
                late.append(share)
    return Steps(start, tuple(keys), tuple(late), exact)


def pointwise(first: Steps, second: Steps, combine: Callable[[Number, Number], Number]) -> Steps:
    """At each time, `combine` of the two shares; it must not fall as they rise."""
    keys: list[int] = []
    late: list[Number] = []
    a, b = first.start, second.start
    start = lowest = combine(a, b)
    i = j = 0
    n, m = len(first.keys), len(second.keys)
    while i < n or j < m:
        from_first = j == m or (i < n and first.keys[i] <= second.keys[j])
        key = first.keys[i] if from_first else second.keys[j]
        if i < n and first.keys[i] == key:
            a = first.late[i]
            i += 1
        if j < m and second.keys[j] == key:
            b = second.late[j]
            j += 1
        share = combine(a, b)
        if share < lowest:
            lowest = share
            keys.append(key)
            late.append(share)
    return Steps(start, tuple(keys), tuple(late), first.exact and second.exact)


def pointwise_all(functions: list[Steps], combine: Callable[[list[Number]], Number]) -> Steps:
    """At each time, `combine` of all shares; it must not fall as any of them rises."""
    events = sorted(
        (key, which, share)
        for which, function in enumerate(functions)
        for key, share in zip(function.keys, function.late, strict=True)
    )
    shares = [function.start for function in functions]
    start = combine(shares)
    points: list[tuple[int, Number]] = []
    for position, (key, which, share) in enumerate(events):
        shares[which] = share
        if position + 1 == len(events) or events[position + 1][0] != key:
            points.append((key, combine(shares)))
    return falling(points, start=start, exact=all(function.exact for function in functions))


def mapped(function: Steps, change: Callable[[Number], Number]) -> Steps:
    """`change` of each share; it must not fall as the share rises."""
    points = zip(function.keys, map(change, function.late), strict=True)
    return falling(points, start=change(function.start), exact=function.exact)


def shifted(function: Steps, *, by: int, before: Number = 1) -> Steps:
    """The same cases begun `by` later, with the share `before` until then."""
    if not by:
        return function
    keys = tuple(key + by for key in function.keys)
    if function.start < before:
        return Steps(before, (by, *keys), (function.start, *function.late), function.exact)
    return Steps(before, keys, function.late, function.exact)


def cut(function: Steps, *, after: int) -> Steps:
    """Cases later than `after` are never finished."""
    kept = bisect_right(function.keys, after)
    return Steps(function.start, function.keys[:kept], function.late[:kept], function.exact)


def ended(function: Steps, *, at: int) -> Steps:
    """Every case is over by `at`."""
    before = cut(function, after=at - 1)
    if before.end <= 0:
        return before
    return Steps(before.start, (*before.keys, at), (*before.late, 0), before.exact)


def worst_sum(first: Steps, second: Steps) -> Steps:
    """The sum of two times whatever their dependence: min over splits of ε₁(x) + ε₂(T − x) (Makarov 1981)."""
    pairs = _pairs(first, second, first.late, second.late, add)
    pairs.sort()
    return falling(pairs, exact=first.exact and second.exact)


def independent_sum(first: Steps, second: Steps) -> Steps:
    """The sum of two independent times that take their laws' points as values, the rest for ever."""
    masses: dict[int, Number] = {}
    for key, mass in _pairs(first, second, _masses(first), _masses(second), _product):
        masses[key] = masses.get(key, 0) + mass
    never = first.end + (1 - first.end) * second.end
    return _from_masses(masses, never=never, exact=first.exact and second.exact)


def _product(first: Number, second: Number) -> Number:
    return first * second


def _masses(function: Steps) -> tuple[Number, ...]:
    """The share of cases at each key."""
    return tuple(
        before - after for before, after in zip((function.start, *function.late), function.late, strict=False)
    )


def _from_masses(masses: dict[int, Number], *, never: Number, exact: bool) -> Steps:
    """Summed up from the end, so that small shares keep their precision."""
    late: Number = never
    points: list[tuple[int, Number]] = []
    for key in sorted(masses, reverse=True):
        points.append((key, late))
        late += masses[key]
    points.reverse()
    return falling(points, exact=exact)


def _pairs(
    first: Steps,
    second: Steps,
    of_first: tuple[Number, ...],
    of_second: tuple[Number, ...],
    combine: Callable[[Number, Number], Number],
) -> list[tuple[int, Number]]:
    """All sums of keys, each with `combine` of what stands at them; both functions start at 1."""
    short, long = sorted(
        ((first.keys, of_first), (second.keys, of_second)), key=lambda function: len(function[0])
    )
    return [
        (key + other, combine(value, others))
        for key, value in zip(*short, strict=True)
        for other, others in zip(*long, strict=True)
    ]


def affordable(first: Steps, second: Steps) -> tuple[Steps, Steps]:
    """The two functions, coarsened (mass later) if their points would make too many pairs."""
    if len(first.keys) * len(second.keys) <= _MOST_PRODUCTS:
        return first, second
    side = int(_MOST_PRODUCTS**0.5)
    if len(first.keys) > len(second.keys):
        few, many = affordable(second, first)
        return many, few
    first = later(first, most=side)
    return first, later(second, most=_MOST_PRODUCTS // len(first.keys))


def later(function: Steps, *, most: int = MOST_POINTS) -> Steps:
    """At most `most` points; cases at the points given up count as later: sound for a guarantee."""
    if len(function.keys) <= most:
        return function
    kept = _kept(function, most // 2)
    return Steps(
        function.start,
        tuple(function.keys[i] for i in kept),
        tuple(function.late[i] for i in kept),
        exact=False,
    )


def earlier(function: Steps, *, most: int = MOST_POINTS) -> Steps:
    """At most `most` points; cases at the points given up count as earlier: sound for a ceiling."""
    if len(function.keys) <= most:
        return function
    kept = _kept(function, most // 2)
    ends = [*(i - 1 for i in kept[1:]), len(function.keys) - 1]
    return Steps(
        function.start,
        tuple(function.keys[i] for i in kept),
        tuple(function.late[i] for i in ends),
        exact=False,
    )


def _kept(function: Steps, most: int) -> list[int]:
    """Which points to keep, at most `most`: evenly over their number and over the orders of magnitude of ε."""
    n = len(function.keys)
    shares = [float(function.start), *map(float, function.late)]
    drops = [1 - after / before if before else 0.0 for before, after in pairwise(shares)]
    evenly, scale = (most - 2) / (2 * n), (most - 2) / (2 * sum(drops))
    kept = [0]
    reached, taken = 0.0, 0
    for i, drop in enumerate(drops):
        reached += evenly + drop * scale
        if reached >= taken + 1:
            taken = int(reached)
            if i:
                kept.append(i)
    if kept[-1] != n - 1:
        kept.append(n - 1)
    return kept
