"""The values of one node."""

from dataclasses import dataclass

from olagraph.metrics.basis import Bases
from olagraph.metrics.system.component import Component


@dataclass(frozen=True, slots=True)
class Valued:
    """A node's values.

    Attributes:
        at_worst: everything missing down, and every bound at its pessimistic end.
        at_best: everything missing up, and every bound at its optimistic end.
        missing: something below is missing.
        exact: False where the exact value was out of reach and the ends are certified bounds.
        gap: the certified gap of the programmes solved on the way; their values are on the safe side.
        closed: every step so far was a closed form.
        parts: how many components were composed.
        top: the most expensive components, (share of failure they cause, component), at the best end.
    """

    at_worst: Bases[float]
    at_best: Bases[float]
    missing: bool
    exact: bool
    gap: float
    closed: bool
    parts: int
    top: tuple[tuple[float, int], ...]


def component_value(node: int, component: Component) -> Valued:
    """The values of a component; `node` is its number."""
    worst, best = component.at_worst, component.at_best
    at_best = Bases(float(best.worst), float(best.worst), float(best.favourable))
    at_worst = (
        at_best if worst == best else Bases(float(worst.worst), float(worst.worst), float(worst.favourable))
    )
    return Valued(
        at_worst=at_worst,
        at_best=at_best,
        missing=worst != best,
        exact=True,
        gap=0.0,
        closed=True,
        parts=1,
        top=((at_best.independent, node),),
    )


def better(composed: Valued, promised: Valued) -> Valued:
    """Basis by basis the better of two descriptions of one event."""

    def at(one: Bases[float], other: Bases[float]) -> Bases[float]:
        return Bases(
            min(one.guaranteed, other.guaranteed),
            min(one.independent, other.independent),
            min(one.ceiling, other.ceiling),
        )

    chosen = composed if composed.at_best.independent <= promised.at_best.independent else promised
    return Valued(
        at_worst=at(composed.at_worst, promised.at_worst),
        at_best=at(composed.at_best, promised.at_best),
        missing=composed.missing or promised.missing,
        exact=composed.exact and promised.exact,
        gap=max(composed.gap, promised.gap),
        closed=composed.closed and promised.closed,
        parts=composed.parts + promised.parts,
        top=chosen.top,
    )
