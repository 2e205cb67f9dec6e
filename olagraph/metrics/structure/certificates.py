"""What proves a bound on the cheapest fractional cover: feasible solutions of the programme and of its dual."""

from collections.abc import Collection, Sequence
from math import fsum, inf


def certified_high(costs: Sequence[float], y: Sequence[float], lightest: float) -> float:
    """The upper bound that `y` proves, given the weight of its lightest cut."""
    return fsum(c * v for c, v in zip(costs, y, strict=True)) / lightest if lightest > 0 else inf


def certified_low(costs: Sequence[float], cuts: Sequence[Collection[int]], weights: Sequence[float]) -> float:
    """The lower bound that weights on cuts prove once no input carries more than it costs."""
    carried: dict[int, list[float]] = {}
    for cut, weight in zip(cuts, weights, strict=True):
        if weight > 0:
            for i in cut:
                carried.setdefault(i, []).append(weight)
    share = {}
    for i, parts in carried.items():
        load = fsum(parts)
        share[i] = min(1.0, costs[i] / load)
    return fsum(w * min(share[i] for i in cut) for cut, w in zip(cuts, weights, strict=True) if w > 0)
