"""Row generation with HiGHS, warm-started from round to round."""

from collections.abc import Iterator, Sequence
from itertools import islice

import highspy
import numpy as np

from olagraph.metrics.structure.certificates import certified_high, certified_low
from olagraph.metrics.structure.certified import Certified
from olagraph.metrics.structure.diagram import Diagram

_NUDGE = 1e-10
"""Added to every weight when cuts are looked for: of equally violated cuts the shorter is the better row."""

_VIOLATED = 1 - 1e-9
_MOST_CUTS = 400
"""A round. More would be found again in the next if they still matter."""

_ENTRY_STEPS = 4
"""What the solver's work on one entry of a row costs, in steps."""

_MOST_RATIO = 1e9
"""Costs beyond this many times the optimum are never worth paying; the solver need not see their full size.
"""


def solve_cover(diagram: Diagram, costs: Sequence[float], high: float, steps: int) -> Certified:
    """Bounds on the cheapest fractional cover of the minimal cuts.

    Args:
        high: an upper bound that is known already; the programme is scaled by it.
        steps: how many nodes and row entries may be looked at.
    """
    if high <= 0:
        return Certified(0.0, 0.0)
    size = len(costs)
    solver = _solver(costs, high)
    cuts: dict[tuple[int, ...], None] = {}
    entries = 0
    y = [0.0] * size
    low = 0.0
    while steps > 0:
        new = {cut: None for cut in _violated(diagram, y) if cut not in cuts}
        if not new:
            break
        for cut in new:
            cuts[cut] = None
            entries += len(cut)
            solver.addRow(1.0, highspy.kHighsInf, len(cut), np.array(cut, dtype=np.int32), np.ones(len(cut)))
        solver.run()
        solution = solver.getSolution()
        y = [max(value, 0.0) for value in solution.col_value]
        lightest, _ = diagram.lightest_cut(y)
        high = min(high, certified_high(costs, y, lightest))
        low = max(low, certified_low(costs, tuple(cuts), solution.row_dual))
        if low >= high * (1 - 1e-15):
            break
        steps -= len(diagram) + len(new) * size + _ENTRY_STEPS * entries
    return Certified(low, high)


def _solver(costs: Sequence[float], scale: float) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("presolve", "off")  # a warm start is worth more
    solver.setOptionValue("primal_feasibility_tolerance", 1e-10)
    solver.setOptionValue("dual_feasibility_tolerance", 1e-10)
    size = len(costs)
    solver.addVars(size, np.zeros(size), np.full(size, highspy.kHighsInf))
    scaled = np.minimum(np.array(costs) / scale, _MOST_RATIO)
    solver.changeColsCost(size, np.arange(size, dtype=np.int32), scaled)
    return solver


def _violated(diagram: Diagram, y: Sequence[float]) -> Iterator[tuple[int, ...]]:
    """Cuts that `y` does not cover: of the lightest through every input the most violated ones."""
    weights = [value + _NUDGE for value in y]
    sweeps = diagram.sweeps
    below = sweeps.lightest(weights)
    limit = _VIOLATED + _NUDGE * len(weights)
    for above, rest in islice(sweeps.cuts_through(weights, below, limit), _MOST_CUTS):
        cut = tuple(sorted([*above, *diagram.trace_cut(weights, below, rest)]))
        if sum(y[i] for i in cut) < _VIOLATED:
            yield cut
