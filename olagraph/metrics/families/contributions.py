"""What each component contributes to a composed value: for the explanation and the weakest parts (SEMANTICS §4)."""

import math
from collections.abc import Callable, Sequence

from olagraph.metrics.composition import (
    Alternative,
    Choice,
    Delivery,
    KOfN,
    Limited,
    Node,
    Number,
    Part,
    Repeat,
    Walk,
    calls,
    needed,
)
from olagraph.metrics.composition import Sequence as InOrder
from olagraph.metrics.families.call_rules import independent_failure_share
from olagraph.metrics.families.hard_times import limited_time
from olagraph.metrics.families.k_of_n import independent_failure
from olagraph.metrics.families.occurrences import visits_per_use
from olagraph.metrics.families.rate import component_visits
from olagraph.model.entities import Family

Followed = list[tuple[int, float]]
"""Positions of the children that a node's value rests upon, each with its weight in that value."""


def contributions(family: Family, tree: Node, values: Sequence[Number]) -> list[float]:
    """Of each component its share of what limits the whole, at its worst value; the shares sum to 1.

    Success rates: its share of the independent failure share, to first order (slope × ε). Times and jitter:
    its share of the longest path. Restore times, RPO and RTO: its share of the chain that takes longest.
    Rates: 1 for the bottleneck. Cost: its share of the sum. Where terms are infinite they share equally, and
    everything else has 0. All are 0 where nothing limits, and for families without a fold of values.

    Args:
        family: of the metric.
        tree: the service.
        values: of each component: its failure share, time (of a percentile promise the one it reaches the
            target's fraction at), rate or cost.
    """
    match family:
        case Family.SUCCESS_RATE:
            return _of_failures(calls(tree), values)
        case Family.TIME | Family.JITTER:
            return _of_path(calls(tree), values, _time_step)
        case Family.RESTORE:
            return _of_path(needed(tree), values, _restore_step)
        case Family.MAXIMUM:
            return _of_path(needed(tree), values, _maximum_step)
        case Family.SUM:
            return _of_path(needed(tree), values, _total_step)
        case Family.RATE:
            return _of_bottleneck(needed(tree), values)
        case Family.STRUCTURE_FUNCTION | Family.FAILURE_REPAIR | Family.NONE:
            return [0.0] * len(values)


Step = Callable[[Walk, int, list[float]], tuple[float, Followed]]
"""The value of a node from those of its children, and the children that it rests upon."""


def _of_path(walk: Walk, values: Sequence[Number], step: Step) -> list[float]:
    weights = _weights(walk, values, step)
    terms = [
        weight * float(value) if weight and value else 0.0
        for weight, value in zip(weights, values, strict=True)
    ]
    return _shares(terms)


def _weights(walk: Walk, values: Sequence[Number], step: Step) -> list[float]:
    """How often each component's value enters the value of the root."""
    computed: list[float] = []
    followed: list[Followed] = []
    for place, node in enumerate(walk.nodes):
        if isinstance(node, Part):
            computed.append(float(values[node.component]))
            followed.append([])
        else:
            value, below = step(walk, place, [computed[child] for child in walk.children[place]])
            computed.append(value)
            followed.append(below)
    return _downwards(walk, followed, len(values))


def _downwards(walk: Walk, followed: list[Followed], components: int) -> list[float]:
    weight = [0.0] * len(walk.nodes)
    weight[walk.root] = 1.0
    found = [0.0] * components
    for place in reversed(range(len(walk.nodes))):
        node = walk.nodes[place]
        if isinstance(node, Part):
            found[node.component] = weight[place]
        elif weight[place]:
            for position, factor in followed[place]:
                weight[walk.children[place][position]] += weight[place] * factor
    return found


def _shares(terms: list[float]) -> list[float]:
    if any(term == math.inf for term in terms):
        terms = [float(term == math.inf) for term in terms]
    total = math.fsum(terms)  # whatever their order
    return [term / total if total else 0.0 for term in terms]


def _all(below: list[float]) -> tuple[float, Followed]:
    return float(sum(below)), [(position, 1.0) for position in range(len(below))]


def _ranked(below: list[float], rank: int) -> tuple[float, Followed]:
    """The child of this rank, 0 = the smallest value; the first one of equals."""
    if not below:
        return 0.0, []
    value = sorted(below)[rank]
    return value, [(below.index(value), 1.0)]


def _largest(below: list[float]) -> tuple[float, Followed]:
    return _ranked(below, -1)


def _time_step(walk: Walk, place: int, below: list[float]) -> tuple[float, Followed]:
    node = walk.nodes[place]
    match node:
        case InOrder() | Delivery():
            return _all(below)
        case Alternative():
            return _ranked(below, 0)
        case KOfN() if node.failover:
            waited = sum(float(timeout) for timeout in node.timeouts[:-1] if timeout is not None)
            return waited + below[-1], [(len(below) - 1, 1.0)]
        case KOfN():
            return _ranked(below, node.k - 1)
        case Repeat():
            times = float(visits_per_use(walk, place, number=float)[0])
            return times * below[0], [(0, times)]
        case Limited():
            value = float(limited_time(node, below[0]))
            return value, [(0, 1.0)] if value == below[0] else []
        case _:
            return _largest(below)


def _restore_step(walk: Walk, place: int, below: list[float]) -> tuple[float, Followed]:
    node = walk.nodes[place]
    match node:
        case Alternative():
            return _ranked(below, 0)
        case KOfN():
            return _ranked(below, node.k - 1)
        case Limited(optional=True):
            return 0.0, []
        case Delivery() if node.own is not None:
            value, chain = _largest(below[:-1])
            return value + below[-1], [*chain, (len(below) - 1, 1.0)]
        case _:
            return _largest(below)


def _maximum_step(walk: Walk, place: int, below: list[float]) -> tuple[float, Followed]:
    node = walk.nodes[place]
    match node:
        case Alternative():
            return _ranked(below, 0)
        case KOfN():
            return _ranked(below, node.k - 1)
        case Limited(optional=True):
            return 0.0, []
        case _:
            return _largest(below)


def _total_step(walk: Walk, place: int, below: list[float]) -> tuple[float, Followed]:
    node = walk.nodes[place]
    if isinstance(node, Choice) and node.probabilities is None:
        return _largest(below)
    if isinstance(node, Alternative):
        return _ranked(below, 0)
    weights = [float(weight) for weight in visits_per_use(walk, place, number=float)]
    value = sum(weight * term for weight, term in zip(weights, below, strict=True) if weight)
    return value, list(enumerate(weights))


def _of_bottleneck(walk: Walk, rates: Sequence[Number]) -> list[float]:
    visits = component_visits(walk, unknown=max, number=float)
    served = [
        float(rate) / float(visits[component]) if visits.get(component) else math.inf
        for component, rate in enumerate(rates)
    ]
    weights = _weights(walk, served, _rate_step)
    return _shares(
        [weight if rate != math.inf else 0.0 for weight, rate in zip(weights, served, strict=True)]
    )


def _rate_step(walk: Walk, place: int, below: list[float]) -> tuple[float, Followed]:
    node = walk.nodes[place]
    match node:
        case Alternative():
            return _ranked(below, -1)
        case KOfN(load_shared=True):
            return _all(below)
        case KOfN(race=False):
            return _ranked(below, len(below) - node.k)
        case Limited(optional=True):
            return math.inf, []
        case _:
            return _ranked(below, 0) if below else (math.inf, [])


def _of_failures(walk: Walk, failures: Sequence[Number]) -> list[float]:
    def step(walk: Walk, place: int, below: list[float]) -> tuple[float, Followed]:
        node = walk.nodes[place]
        value = float(independent_failure_share(node, list(below), number=float))
        return value, list(enumerate(_slopes(node, below)))

    return _of_path(walk, failures, step)


def _slopes(node: Node, below: list[float]) -> list[float]:
    """How fast the independent failure share of a node rises with that of each child."""
    match node:
        case Choice():
            if node.probabilities is not None:
                return [float(probability) for probability in node.probabilities]
            worst = below.index(max(below))
            return [float(position == worst) for position in range(len(below))]
        case Alternative():
            best = below.index(min(below))
            return [float(position == best) for position in range(len(below))]
        case KOfN():
            return _redundant_slopes(node.k, below)
        case Repeat():
            if node.max is not None:
                return [node.max * (1 - below[0]) ** (node.max - 1)]
            assert node.probability is not None
            p = float(node.probability)
            return [(1 - p) / (1 - p + p * below[0]) ** 2]
        case Limited():
            return [0.0 if node.optional else 1.0]
        case _:
            return _series_slopes(below)


def _series_slopes(below: list[float]) -> list[float]:
    """Of each child the product of the others' 1 − ε, from both ends."""
    before, slopes = 1.0, []
    for failure in below:
        slopes.append(before)
        before *= 1 - failure
    after = 1.0
    for position in reversed(range(len(below))):
        slopes[position] *= after
        after *= 1 - below[position]
    return slopes


def _redundant_slopes(k: int, below: list[float]) -> list[float]:
    """Of each child the difference that its failing for certain, or never, makes."""
    slopes = []
    for position in range(len(below)):
        others: list[Number] = [*below[:position], *below[position + 1 :]]
        failed = float(independent_failure(k, others)) if k <= len(others) else 1.0
        kept = float(independent_failure(k - 1, others)) if k > 1 else 0.0
        slopes.append(failed - kept)
    return slopes
