"""The programme behind guaranteed and ceiling: the cheapest fractional cover of all minimal cuts.

min Σ c_i y_i subject to Σ_{i∈C} y_i >= 1 for every minimal cut C, y >= 0 (SEMANTICS §5; the dual of the 2^n
programme over all dependences, Hailperin 1965). There are too many cuts to write down: cuts are added as they
are violated, the most violated one through every input in each round, found as lightest ways through the
diagram.

The solver's tolerance never decides. Any y scaled by the weight of its lightest cut is feasible, so c·y /
lightest(y) is an upper bound; any weights π on cuts, reduced until no input carries more than its cost, give
the lower bound Σπ.
"""

from collections.abc import Sequence
from math import fsum

from olagraph.metrics.structure.certified import Certified
from olagraph.metrics.structure.diagram import Diagram

_ROUNDING = 4e-15
"""A relative gap that the rounding of doubles explains: the two bounds are one number."""

_MOST_PACKED = 64
_MOST_PACKED_LARGE = 6


def least_cover(diagram: Diagram, costs: Sequence[float], steps: int) -> Certified:
    """The optimum, capped at 1.

    Args:
        costs: of the diagram's inputs, each in [0, 1].
        steps: how many nodes and row entries may be looked at. If they do not suffice the bounds differ.
    """
    # One input of every cut: a feasible y of zeros and ones.
    cheapest, _ = diagram.mirrored.lightest_cut(costs)
    high = min(1.0, cheapest)
    low = _packing(diagram, costs, high)
    if low >= high * (1 - _ROUNDING):
        return Certified(high, high)
    from olagraph.metrics.structure.programme import solve_cover

    found = solve_cover(diagram, costs, high, steps)
    low, high = min(max(low, found.low), 1.0), min(high, found.high)
    return Certified(high, high) if low >= high * (1 - _ROUNDING) else Certified(low, high)


def _packing(diagram: Diagram, costs: Sequence[float], enough: float) -> float:
    """A lower bound: cuts taken greedily, the widest first, as heavy as what is left of the costs."""
    left = list(costs)
    taken: list[float] = []
    for _ in range(_MOST_PACKED_LARGE if diagram.large else _MOST_PACKED):
        cut = diagram.widest_cut(left)
        weight = min(left[i] for i in cut)
        if weight <= 0:
            break
        for i in cut:
            left[i] -= weight
        taken.append(weight)
        if fsum(taken) >= enough:
            break
    return fsum(taken)
