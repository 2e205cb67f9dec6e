"""One step of composition: the values of a local structure from those of its leaves (SEMANTICS §5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from olagraph.metrics.basis import Bases, Basis
from olagraph.metrics.structure import closed_forms
from olagraph.metrics.system.local import Local
from olagraph.metrics.system.solver import Solver

_LARGEST_GAP = 1e-9
"""The largest certified gap of a programme that still decides a verdict (SEMANTICS §4)."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The values of a whole at one end of what is missing.

    Attributes:
        value: on the three bases.
        exact: False where the exact value was out of reach.
        gap: the certified gap of the programmes solved; `value` is on the safe side.
    """

    value: Bases[float]
    exact: bool = True
    gap: float = 0.0


def compose(
    solver: Solver,
    local: Local,
    parts: Sequence[Bases[float]],
    beta: Fraction | None,
    *,
    optimistic: bool,
) -> Composed:
    """The values of a local structure from those of its leaves."""
    if not parts:
        return Composed(Bases(0.0, 0.0, 0.0))
    guaranteed = [p.guaranteed for p in parts]
    independent = [p.independent for p in parts]
    ceiling = [p.ceiling for p in parts]
    cause = float(beta) * min(independent) if beta is not None else 0.0
    if cause:
        independent = [(u - cause) / (1 - cause) if cause < 1 else 1.0 for u in independent]
    if local.compiled is None:
        k = len(parts) if local.needed else 1
        value = Bases(
            closed_forms.guaranteed(k, guaranteed),
            cause + (1 - cause) * closed_forms.independent(k, independent),
            closed_forms.ceiling(k, ceiling),
        )
        return Composed(value)
    worst = solver.solve(local.compiled, Basis.GUARANTEED, guaranteed)
    exact = solver.solve(local.compiled, Basis.INDEPENDENT, independent)
    best = solver.solve(local.compiled, Basis.CEILING, ceiling)
    middle = exact.low if optimistic else exact.high
    value = Bases(
        _safe(worst.low, worst.high, safe=worst.high, optimistic=optimistic),
        cause + (1 - cause) * middle,
        _safe(best.low, best.high, safe=best.low, optimistic=optimistic),
    )
    gap = max(worst.high - worst.low, best.high - best.low)
    return Composed(value, exact=exact.low == exact.high and gap <= _LARGEST_GAP, gap=min(gap, _LARGEST_GAP))


def _safe(low: float, high: float, *, safe: float, optimistic: bool) -> float:
    """A programme's value: its safe end when the certified gap is small, else the end asked for."""
    if high - low <= _LARGEST_GAP:
        return safe
    return low if optimistic else high


def is_closed(local: Local) -> bool:
    """Whether the values of a local structure are closed forms of its leaves'."""
    return local.compiled is None or local.compiled.closed_form


def birnbaum_importance(local: Local, parts: Sequence[float]) -> list[float]:
    """How much one unit of each leaf's unavailability adds to the whole's."""
    if local.compiled is not None:
        return local.compiled.birnbaum(parts)
    return closed_forms.derivatives(len(parts) if local.needed else 1, parts)
