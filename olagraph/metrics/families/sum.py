"""The sum of several values: cost (SEMANTICS §5; Cardoso et al. 2004)."""

from olagraph.metrics.composition import (
    Alternative,
    Bases,
    Choice,
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
    worst,
)
from olagraph.metrics.families.occurrences import visits_per_use
from olagraph.metrics.families.rate import Pick


def total(tree: Node, values: Values) -> Bases[Number]:
    """The sum over everything that is paid: every visit, every redundant branch, optional steps, `requires`.

    Of a choice the probable cost; of an unknown one the dearest branch, for the ceiling the cheapest.

    Args:
        tree: the service.
        values: of each component, per visit; a missing one is infinite at worst, 0 at best.
    """
    walk = needed(tree)
    number = number_type([*worst(values), *favourable(values)])
    dear = _total(walk, worst(values), unknown=max, number=number)
    return Bases(dear, dear, _total(walk, favourable(values), unknown=min, number=number))


def _total(walk: Walk, values: list[Number], *, unknown: Pick, number: NumberType) -> Number:
    def rule(place: int, below: list[Number]) -> Number:
        node = walk.nodes[place]
        if isinstance(node, Part):
            return values[node.component]
        if isinstance(node, Choice) and node.probabilities is None:
            return unknown(below)
        if isinstance(node, Alternative):
            return min(below)
        weights = visits_per_use(walk, place, number=number)
        return sum(weight * value for weight, value in zip(weights, below, strict=True) if weight)

    return fold(walk, rule)
