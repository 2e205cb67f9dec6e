"""The unavailability of k-of-n over disjoint parts, in closed form on each basis (SEMANTICS §5).

Every function takes `k`, how many parts must be up (all: len(values); redundancy: 1), and the parts'
unavailabilities, as floats or, where a tie must be decided exactly, as Fractions. The formulas are written in
unavailabilities throughout, in sums of positive terms wherever there are such, so that 1e-13 keeps its full
relative precision.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import accumulate
from math import prod
from operator import mul
from typing import TypeVar

Number = TypeVar("Number", float, Fraction)

ClosedForm = Callable[[int, Sequence[Number]], Number]


def guaranteed(k: int, values: Sequence[Number]) -> Number:
    """The worst case over all dependences: the sharp bound of SEMANTICS §5 (Rüger 1978), capped at 1.

    1 − max over m of (Σ_{j<=m} p_j − (k−1)) / (m−k+1), with p descending, is the least over m of the sum of
    the m smallest unavailabilities over m−k+1. All needed: their sum; redundancy: the smallest.
    """
    one = type(values[0])(1)
    n = len(values)
    if k == n:
        return min(one, sum(values, start=one - one))
    if k == 1:
        return min(values)
    sums = list(accumulate(sorted(values)))
    return min(one, min(sums[m - 1] / (m - k + 1) for m in range(k, n + 1)))


def independent(k: int, values: Sequence[Number]) -> Number:
    """The exact probability if the parts fail independently of one another."""
    one = type(values[0])(1)
    n = len(values)
    if k == n:
        down = one - one
        for u in values:
            down += u * (one - down)
        return down
    if k == 1:
        return prod(values, start=one)
    return _failed_counts(values, n - k + 1, one)[-1]


def ceiling(k: int, values: Sequence[Number]) -> Number:
    """The best case over all dependences with exactly these values: the mirror image of `guaranteed`.

    All needed: the largest; redundancy: what the parts' up times together cannot cover.
    """
    zero = type(values[0])(0)
    n = len(values)
    if k == n:
        return max(values)
    sums = list(accumulate(sorted(values, reverse=True)))
    return max(zero, max((sums[n - m - 1] - (n - k)) / (k - m) for m in range(k)))


def derivatives(k: int, values: Sequence[float]) -> list[float]:
    """d independent / d value, for every part: the probability that exactly n−k of the others are down."""
    n = len(values)
    if k == n or k == 1:
        factors = list(values) if k == 1 else [1 - u for u in values]
        before = list(accumulate(factors, mul, initial=1.0))
        after = list(accumulate(reversed(factors), mul, initial=1.0))
        return [before[i] * after[n - 1 - i] for i in range(n)]
    spare = n - k
    before_counts = _running_counts(values, spare)
    after_counts = _running_counts(values[::-1], spare)[::-1]
    return [
        sum(before_counts[i][down] * after_counts[i + 1][spare - down] for down in range(spare + 1))
        for i in range(n)
    ]


def _failed_counts(values: Sequence[Number], most: int, one: Number) -> list[Number]:
    """P(exactly j failed) for j < most, and last P(at least `most` failed)."""
    zero = one - one
    counts = [one] + [zero] * most
    for u in values:
        counts[most] += u * counts[most - 1]
        for j in range(most - 1, 0, -1):
            counts[j] = (one - u) * counts[j] + u * counts[j - 1]
        counts[0] *= one - u
    return counts


def _running_counts(values: Sequence[float], most: int) -> list[list[float]]:
    """[i][j] = P(exactly j of the first i failed), j <= most."""
    counts = [1.0] + [0.0] * most
    rows = [counts]
    for u in values:
        up = 1 - u
        counts = [up * counts[0], *(up * counts[j] + u * counts[j - 1] for j in range(1, most + 1))]
        rows.append(counts)
    return rows


CLOSED_FORMS = {"guaranteed": guaranteed, "independent": independent, "ceiling": ceiling}
