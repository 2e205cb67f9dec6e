"""Throughput and data rate: what the weakest part lets through (SEMANTICS §5; Lazowska et al. 1984, bottleneck bounds).

A component that is called v times a request, all its places together, lets through its rate divided by v.
`requires` bounds the rate as well; an optional step does not, though its calls use up what its components let
through.
"""

import math
from collections.abc import Callable

from olagraph.metrics.composition import (
    Alternative,
    Bases,
    Choice,
    KOfN,
    Limited,
    Node,
    Number,
    NumberType,
    Part,
    Values,
    Walk,
    favourable,
    fold,
    needed,
    number_type,
    quotient,
    worst,
)
from olagraph.metrics.families.occurrences import Between, sharing, visits, visits_per_use

Pick = Callable[[list[Number]], Number]


def rate(tree: Node, rates: Values) -> Bases[Number]:
    """The requests a second that a service serves, on the three bases (guaranteed and independent are one).

    Of `any_of` the weakest branch counts, the one that may be left; for the ceiling the strongest. Of an
    unknown choice each branch may take all requests; for the ceiling, the best one does.

    Args:
        tree: the service.
        rates: of each component, calls a second; a missing one is 0 at worst, infinite at best.
    """
    walk = needed(tree)
    number = number_type([*worst(rates), *favourable(rates)])
    slow = _rate(walk, worst(rates), pick=min, visits_of=component_visits(walk, unknown=max, number=number))
    fast = _rate(
        walk, favourable(rates), pick=max, visits_of=component_visits(walk, unknown=min, number=number)
    )
    return Bases(slow, slow, fast)


def _rate(walk: Walk, rates: list[Number], *, pick: Pick, visits_of: dict[int, Number]) -> Number:
    """The rate in requests a second.

    Args:
        pick: which branch counts where any of them may.
        visits_of: calls per request, by component.
    """

    def rule(place: int, below: list[Number]) -> Number:
        node = walk.nodes[place]
        match node:
            case Part():
                return _share(rates[node.component], visits_of[node.component])
            case Alternative():
                return max(below)
            case KOfN(load_shared=True):
                return shared_load(node.k, below)
            case KOfN():
                return pick(below) if node.race else sorted(below, reverse=True)[node.k - 1]
            case Choice(probabilities=None):
                return pick(below)
            case Limited(optional=True):
                return math.inf
            case _:
                return min(below, default=math.inf)

    return fold(walk, rule)


def _share(whole: Number, calls: Number) -> Number:
    if not calls or whole == math.inf:
        return math.inf
    return whole / calls


def shared_load(k: int, rates: list[Number]) -> Number:
    """What branches in use together let through if every request needs `k` of them: their sum, for k = 1.

    The largest R with Σ min(rᵢ, R) >= k·R, as no branch serves a request twice.
    """
    rising = sorted(rates)
    n = len(rising)
    return min(quotient(sum(rising[: n - m]), k - m) for m in range(k))


def component_visits(walk: Walk, *, unknown: Pick, number: NumberType) -> dict[int, Number]:
    """How often each component is called per request, all its places together.

    Args:
        unknown: `max` or `min`: which branch of an unknown choice is taken, for each component on its own. A
            component whose calls are all in one branch is counted as if that branch were taken.
    """
    between = sharing(walk).between
    total = visits(walk, number=number)
    uncertain = [kind is not None and Between.UNKNOWN_CHOICE in kind for kind in between]
    found: dict[int, Number] = {}
    for place in reversed(range(len(walk.nodes))):
        for child in walk.children[place]:
            uncertain[child] |= uncertain[place]
        node = walk.nodes[place]
        if isinstance(node, Part):
            found[node.component] = (
                _calls_of(walk, place, unknown=unknown, number=number) if uncertain[place] else total[place]
            )
    return found


def _calls_of(walk: Walk, part: int, *, unknown: Pick, number: NumberType) -> Number:
    """Calls of one component per request, by a pass over everything above it."""

    def rule(place: int, below: list[Number]) -> Number:
        if place == part:
            return number(1)
        weights = visits_per_use(walk, place, number=number)
        made = [weight * calls if calls else number(0) for weight, calls in zip(weights, below, strict=True)]
        node = walk.nodes[place]
        if isinstance(node, Choice) and node.probabilities is None:
            return unknown(made)
        return sum(made, start=number(0))

    return fold(walk, rule)
