"""Hard times: promises that always hold, without `for` (SEMANTICS §5).

`requires` takes no time. A promise may stand anywhere any number of times: a time that always holds holds at
every place.
"""

import math
from fractions import Fraction

from olagraph.metrics.composition import (
    AllOf,
    Alternative,
    Bases,
    Choice,
    Delivery,
    KOfN,
    Limited,
    Node,
    Number,
    Parallel,
    Part,
    Repeat,
    Sequence,
    Values,
    calls,
    favourable,
    fold,
    worst,
)


def hard_times(tree: Node, times: Values, *, at_best: bool = False) -> Bases[Number]:
    """The time within which every request is served, in seconds; infinity where there is none.

    The bases differ where conversions do, and in failover: guaranteed and independent wait out every timeout
    before the last branch, the ceiling takes the first branch that answers within its own.

    Args:
        tree: the service.
        times: of each component, in seconds; a missing one is infinite at worst, 0 at best.
        at_best: how often a step is repeated with a probability has no bound, which is as unknown as a
            missing promise: infinite at worst, a single visit at best.
    """
    walk = calls(tree)

    def rule(values: list[Number], place: int, below: list[Number], *, patient: bool) -> Number:
        node = walk.nodes[place]
        if isinstance(node, Part):
            return values[node.component]
        return _time(node, below, patient=patient, at_best=at_best)

    at_worst, at_favourable = worst(times), favourable(times)
    slow = fold(walk, lambda place, below: rule(at_worst, place, below, patient=True))
    fast = fold(walk, lambda place, below: rule(at_favourable, place, below, patient=False))
    return Bases(slow, slow, fast)


def _time(node: Node, below: list[Number], *, patient: bool, at_best: bool) -> Number:
    match node:
        case Sequence() | Delivery():
            return sum(below)
        case Parallel() | AllOf():
            return max(below, default=0)
        case KOfN():
            return failover_time(node, below, patient=patient) if node.failover else sorted(below)[node.k - 1]
        case Choice():
            return max(reachable(node, below))
        case Repeat(max=int() as times):
            return times * below[0]
        case Repeat():
            return below[0] if at_best or not node.probability else math.inf
        case Limited():
            return limited_time(node, below[0])
        case Alternative():
            return min(below)
        case Part():
            raise TypeError(f"a component has a time of its own: {node!r}")


def failover_time(node: KOfN, below: list[Number], *, patient: bool) -> Number:
    """When the call is answered if branches are tried in order.

    Args:
        patient: every timeout before the last branch is waited out; else the first branch to answer does.
    """
    start: Number = Fraction(0)
    answers: list[Number] = []
    for time, timeout in zip(below, node.timeouts, strict=True):
        answers.append(start + time if timeout is None or time <= timeout else math.inf)
        start += timeout or 0
    return answers[-1] if patient else min(answers)


def reachable(node: Choice, below: list[Number]) -> list[Number]:
    """The values of the branches that can be taken."""
    if node.probabilities is None:
        return below
    return [value for value, probability in zip(below, node.probabilities, strict=True) if probability]


def limited_time(node: Limited, time: Number) -> Number:
    """A step cut by its timeout: an optional one is over by then, another one is never finished after it."""
    if node.timeout is None or time <= node.timeout:
        return time
    return node.timeout if node.optional else math.inf
