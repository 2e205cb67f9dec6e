"""How laws of times compose, node by node, on each basis (SEMANTICS §5, percentile times).

`below` holds the laws of a node's children, the value is the node's law. All rules are sound for every joint
law of the children; what a promise at several places adds to that is the business of `percentile_times`.
Sources: Makarov 1981 (sums of dependent times); Frechet 1935 (the k-th of several); Barlow and Proschan 1975.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from operator import add

from olagraph.metrics.composition import (
    Alternative,
    Choice,
    Delivery,
    KOfN,
    Limited,
    Node,
    Number,
    NumberType,
    Parallel,
    Repeat,
    Sequence,
)
from olagraph.metrics.families.call_rules import either
from olagraph.metrics.families.k_of_n import best_failure, independent_failure, worst_failure
from olagraph.metrics.families.step_function import (
    AT_ONCE,
    Steps,
    affordable,
    cut,
    earlier,
    ended,
    falling,
    independent_sum,
    later,
    mapped,
    pointwise,
    pointwise_all,
    shifted,
    worst_sum,
)
from olagraph.metrics.families.time_law import Clock

Combine = Callable[[Number, Number], Number]

_NEGLIGIBLE = 1e-18
"""A repeat is not followed beyond rounds that so small a share of the requests reach; the rest counts as late."""
_MOST_ROUNDS = 4096


def guaranteed_time(
    node: Node, below: list[Steps], clock: Clock, *, number: NumberType, apart: bool
) -> Steps:
    """The law that holds whatever the dependence.

    Args:
        apart: no promise stands both in the branches of this choice and elsewhere.
    """
    match node:
        case Sequence() | Delivery():
            law = _sum(below, worst_sum)
        case Parallel():
            law = _all_of(below, _union, at_most=later)
        case KOfN() if node.race:
            law = _all_of(_started(node, below, clock), min, at_most=later)
        case KOfN():
            law = pointwise_all(below, lambda late: worst_failure(node.k, late))
        case Choice(probabilities=None):
            law = _all_of(below, max if apart else _union, at_most=later)
        case Choice():
            law = _mixture(node, below, number=number, at_most=later)
        case Repeat(max=int() as times):
            law = _times(below[0], times, worst_sum)
        case Repeat(probability=Fraction() as again):
            law = _again_at_worst(below[0], number(again))
        case Alternative():
            law = _all_of(below, min, at_most=later)
        case Limited():
            law = _limited(node, below[0], clock)
        case _:
            raise TypeError(f"takes no time: {node!r}")
    return later(law)


def independent_time(node: Node, below: list[Steps], clock: Clock, *, number: NumberType) -> Steps:
    """The law if all calls take independent times, as late as their promises allow."""
    match node:
        case Sequence() | Delivery():
            law = _sum(below, independent_sum)
        case Parallel():
            law = _all_of(below, either, at_most=later)
        case KOfN() if node.race:
            law = _all_of(_started(node, below, clock), _both, at_most=later)
        case KOfN():
            law = pointwise_all(below, lambda late: independent_failure(node.k, late))
        case Choice(probabilities=None):
            law = _all_of(below, max, at_most=later)
        case Choice():
            law = _mixture(node, below, number=number, at_most=later)
        case Repeat(max=int() as times):
            law = _times(below[0], times, independent_sum)
        case Repeat(probability=Fraction() as again):
            law = _again_independently(below[0], number(again))
        case Alternative():
            law = _all_of(below, min, at_most=later)
        case Limited():
            law = _limited(node, below[0], clock)
        case _:
            raise TypeError(f"takes no time: {node!r}")
    return later(law)


def ceiling_time(node: Node, below: list[Steps], clock: Clock, *, number: NumberType) -> Steps:
    """The law with every promise kept exactly and all else as favourable as it can be, unknown choices too."""
    match node:
        case Sequence() | Delivery() | Parallel():
            law = _all_of(below, max, at_most=earlier)
        case KOfN() if node.race:
            law = _all_of(_started(node, below, clock), _disjoint, at_most=earlier)
        case KOfN():
            law = pointwise_all(below, lambda late: best_failure(node.k, late))
        case Choice(probabilities=None):
            law = _all_of(below, min, at_most=earlier)
        case Choice():
            law = _mixture(node, below, number=number, at_most=earlier)
        case Repeat(max=int()):
            law = below[0]
        case Repeat(probability=Fraction() as again):
            p = number(again)
            law = mapped(below[0], lambda late: fewest_requests(late, p))
        case Alternative():
            law = _all_of(below, min, at_most=earlier)
        case Limited():
            law = _limited(node, below[0], clock)
        case _:
            raise TypeError(f"takes no time: {node!r}")
    return earlier(law)


def _union(first: Number, second: Number) -> Number:
    return min(1, first + second)


def _both(first: Number, second: Number) -> Number:
    return first * second


def _disjoint(first: Number, second: Number) -> Number:
    """Both late, when their punctual cases overlap as little as they can."""
    return max(0, first + second - 1)


def _all_of(below: list[Steps], combine: Combine, *, at_most: Callable[[Steps], Steps]) -> Steps:
    """Combined two by two, in rounds, so that many children cost their points times the rounds."""
    if not below:
        return AT_ONCE
    while len(below) > 1:
        pairs = zip(below[::2], below[1::2], strict=False)
        odd = below[-1:] if len(below) % 2 else []
        below = [at_most(pointwise(first, second, combine)) for first, second in pairs] + odd
    return below[0]


def _mixture(
    node: Choice, below: list[Steps], *, number: NumberType, at_most: Callable[[Steps], Steps]
) -> Steps:
    assert node.probabilities is not None
    weighted = []
    for probability, law in zip(node.probabilities, below, strict=True):
        share = number(probability)
        weighted.append(mapped(law, lambda late, share=share: share * late))  # type: ignore[misc]
    return _all_of(weighted, add, at_most=at_most)


def _sum(below: list[Steps], plus: Callable[[Steps, Steps], Steps]) -> Steps:
    if not below:
        return AT_ONCE
    return reduce(lambda first, second: later(plus(*affordable(first, second))), below)


def _times(law: Steps, times: int, plus: Callable[[Steps, Steps], Steps]) -> Steps:
    """The sum of `times` times of the same law, by doubling."""
    total: Steps | None = None
    while times:
        if times & 1:
            total = law if total is None else _sum([total, law], plus)
        times >>= 1
        if times:
            law = _sum([law, law], plus)
    return total if total is not None else AT_ONCE


def _started(node: KOfN, below: list[Steps], clock: Clock) -> list[Steps]:
    """The branches of a race; in failover each begins when the timeouts before it are over, and ends with its own."""
    if not node.failover:
        return below
    start = Fraction(0)
    laws = []
    for law, timeout in zip(below, node.timeouts, strict=True):
        if timeout is not None:
            law = cut(law, after=clock.key(timeout))
        laws.append(shifted(law, by=clock.key(start)))
        start += timeout or 0
    return laws


def _limited(node: Limited, law: Steps, clock: Clock) -> Steps:
    if node.timeout is None:
        return law
    key = clock.key(node.timeout)
    return ended(law, at=key) if node.optional else cut(law, after=key)


def _again_at_worst(law: Steps, again: Number) -> Steps:
    """ε(T) = min over m of pᵐ + ε₁(T/m)/(1 − p): more than m rounds, or one of the rounds slow."""
    points: list[tuple[int, Number]] = []
    more, rounds = again, 1
    while law.keys:
        points.extend(
            (rounds * key, more + late / (1 - again)) for key, late in zip(law.keys, law.late, strict=True)
        )
        if more <= _NEGLIGIBLE or rounds == _MOST_ROUNDS:
            break
        more *= again
        rounds += 1
        if len(points) > 16 * _MOST_ROUNDS:
            points = _lowest(points)
    return falling(sorted(points), exact=law.exact and (more <= _NEGLIGIBLE or not law.keys))


def _lowest(points: list[tuple[int, Number]]) -> list[tuple[int, Number]]:
    kept = later(falling(sorted(points)))
    return list(zip(kept.keys, kept.late, strict=True))


def _again_independently(law: Steps, again: Number) -> Steps:
    """Σ (1 − p)pⁿ⁻¹ F*ⁿ(T) over n rounds, by doubling the number of rounds followed; the tail counts as late.

    `rounds` is the law of N rounds, `mixed` that of at most N rounds given that there are no more. An endless
    sum has no exact value in finitely many digits: always in floating point.
    """
    mixed = rounds = mapped(law, float)
    more = float(again)  # the share of requests that go more than N rounds
    while mixed.keys and more > _NEGLIGIBLE:
        mixed = later(pointwise(mixed, _sum([rounds, mixed], independent_sum), _weighing(more)))
        more *= more
        if more > _NEGLIGIBLE:
            rounds = _sum([rounds, rounds], independent_sum)
    return mapped(mixed, lambda late: late + more * (1 - late))


def _weighing(weight: Number) -> Combine:
    """The mixture of two laws of which the second has `weight` for the first one's 1."""
    return lambda first, second: (first + weight * second) / (1 + weight)


def fewest_requests(late: Number, again: Number) -> Number:
    """The smallest share of requests that late visits can fall into, if a step is done again with a probability.

    A share `late` of all visits is late; at best they are the visits of the longest requests. A request goes
    at least k rounds with probability pᵏ⁻¹, and those requests hold pᵏ⁻¹·(k + p/(1 − p)) visits.

    Args:
        late: the share of visits that are late.
        again: the probability of another round.
    """
    if late >= 1 or not again:
        return late
    budget = late / (1 - again)

    def visits(rounds: int) -> Number:
        return again ** (rounds - 1) * (rounds + again / (1 - again))

    low, high = 1, 2  # visits(low) > budget >= visits(high)
    while visits(high) > budget:
        low, high = high, 2 * high
        if high > _MOST_ROUNDS:
            return 0
    while high - low > 1:
        middle = (low + high) // 2
        if visits(middle) > budget:
            low = middle
        else:
            high = middle
    return again ** (high - 1) + (budget - visits(high)) / (high - 1)
