"""Certified bounds on a knot whose diagram is out of reach: gate by gate, in linear time, without a diagram.

* Every gate's inputs may depend on one another in any way, shared or not: the sharp k-of-n bounds of
  `closed_forms` hold for any dependence, so composing them bounds every basis from both sides.
* All inputs failing together as far as their values allow (nested events) is one dependence among all: its
  value lies between ceiling and guaranteed, and is computed exactly, gate by gate, as an order statistic.
* On the independent basis gates are increasing functions of independent components and thus associated
  (Esary, Proschan and Walkup 1967): all of them are up with at least, all of them down with at least the
  product of their probabilities. Operands that share no input are independent, and k-of-n over them is exact.
"""

from collections.abc import Sequence

from olagraph.metrics.structure import closed_forms
from olagraph.metrics.structure.certified import Certified
from olagraph.metrics.structure.dag import Dag


def independent_bounds(dag: Dag, low: Sequence[float], high: Sequence[float]) -> Certified:
    """Bounds on the failure of independent inputs with unavailabilities between `low` and `high`."""
    lows: list[float] = []
    highs: list[float] = []
    supports: list[int] = []
    for k, operands in zip(dag.thresholds, dag.operands, strict=True):
        below = [low[o] if o >= 0 else lows[~o] for o in operands]
        above = [high[o] if o >= 0 else highs[~o] for o in operands]
        support, disjoint = 0, True
        for operand in operands:
            bits = 1 << operand if operand >= 0 else supports[~operand]
            disjoint = disjoint and not support & bits
            support |= bits
        supports.append(support)
        best = closed_forms.independent(k, below) if disjoint or k == 1 else closed_forms.ceiling(k, below)
        worst = (
            closed_forms.independent(k, above)
            if disjoint or k == len(operands)
            else closed_forms.guaranteed(k, above)
        )
        lows.append(best)
        highs.append(worst)
    return Certified(lows[-1], max(lows[-1], highs[-1]))


def guaranteed_bounds(dag: Dag, low: Sequence[float], high: Sequence[float]) -> Certified:
    """Bounds on the worst case over all dependences."""
    nested = _nested(dag, low)
    return Certified(nested, max(nested, _composed(closed_forms.guaranteed, dag, high)))


def ceiling_bounds(dag: Dag, low: Sequence[float], high: Sequence[float]) -> Certified:
    """Bounds on the best case over all dependences."""
    nested = _nested(dag, high)
    return Certified(min(nested, _composed(closed_forms.ceiling, dag, low)), nested)


def _composed(form: closed_forms.ClosedForm[float], dag: Dag, values: Sequence[float]) -> float:
    found: list[float] = []
    for k, operands in zip(dag.thresholds, dag.operands, strict=True):
        found.append(form(k, [values[o] if o >= 0 else found[~o] for o in operands]))
    return found[-1]


def _nested(dag: Dag, values: Sequence[float]) -> float:
    """The probability of failure if whatever fails, everything more likely to fail has failed too."""
    found: list[float] = []
    for k, operands in zip(dag.thresholds, dag.operands, strict=True):
        parts = sorted((values[o] if o >= 0 else found[~o] for o in operands), reverse=True)
        found.append(parts[len(parts) - k])
    return found[-1]
