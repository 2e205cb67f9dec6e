"""Restore time of a service after a failure: the part that failed decides, one part at a time (SEMANTICS §5).

Over what is needed, `requires` included, the slowest part may be the one that failed: min Fᵢ(T); at best it
was the fastest. Redundant branches were all down, and the first one back suffices: at the moment of failure n
− k + 1 of n are down, at worst the slowest of them, of which the fastest is the k-th fastest of all. Every
branch of a choice is needed (availability asks whether every request would be served). An own part adds: it
comes up once the others have; when it failed alone, it alone is restored, which is the ceiling. Timeouts and
repeats have no part in it, and optional steps are not needed.
"""

from collections import abc
from collections.abc import Callable
from typing import TypeVar

from olagraph.metrics.composition import (
    Alternative,
    Bases,
    Delivery,
    KOfN,
    Limited,
    Node,
    Number,
    Part,
    Values,
    Walk,
    favourable,
    fold,
    needed,
    worst,
)
from olagraph.metrics.families.step_function import (
    AT_ONCE,
    Steps,
    affordable,
    earlier,
    independent_sum,
    later,
    pointwise_all,
    worst_sum,
)
from olagraph.metrics.families.time_law import Clock, TimeLaw, TimePromise

V = TypeVar("V")


def restore_law(tree: Node, promises: abc.Sequence[TimePromise]) -> TimeLaw:
    """The law of the restore time, from promises "P % within t".

    Args:
        tree: the service.
        promises: of each component.
    """
    walk = needed(tree)
    clock = Clock.of(walk, promises)
    promised = [clock.promised(promise) for promise in promises]
    best = [clock.best_case(promise) for promise in promises]

    def slowest(plus: Callable[[Steps, Steps], Steps]) -> Steps:
        return _fold(
            walk,
            promised,
            needed_all=lambda laws: later(pointwise_all(laws, max)),
            redundant=lambda k, laws: later(pointwise_all(laws, lambda late: sorted(late)[k - 1])),
            own_adds=lambda own, others: later(plus(*affordable(own, others))),
            nothing=AT_ONCE,
        )

    fastest = _fold(
        walk,
        best,
        needed_all=lambda laws: earlier(pointwise_all(laws, min)),
        redundant=lambda k, laws: earlier(pointwise_all(laws, _any_in_time)),
        own_adds=lambda own, others: own,
        nothing=Steps(start=0),
    )
    return TimeLaw(slowest(worst_sum), slowest(independent_sum), fastest, clock.ticks)


def _any_in_time(late: list[Number]) -> Number:
    """All late, when the punctual cases overlap as little as they can."""
    return max(0, sum(late) - (len(late) - 1))


def restore_times(tree: Node, times: Values, *, mean: bool = False) -> Bases[Number]:
    """The restore time from hard promises or from means, in seconds.

    Args:
        tree: the service.
        times: of each component; a missing one is infinite at worst, 0 at best.
        mean: the times are means; the first of several to be restored may then take almost no time on
            average.
    """
    walk = needed(tree)
    slow = _fold(
        walk,
        worst(times),
        needed_all=max,
        redundant=lambda k, values: sorted(values)[k - 1],
        own_adds=lambda own, others: own + others,
        nothing=0,
    )
    fast = _fold(
        walk,
        favourable(times),
        needed_all=min,
        redundant=lambda k, values: 0 if mean and len(values) > 1 else min(values),
        own_adds=lambda own, others: own,
        nothing=0,
    )
    return Bases(slow, slow, fast)


def _fold(
    walk: Walk,
    components: abc.Sequence[V],
    *,
    needed_all: Callable[[list[V]], V],
    redundant: Callable[[int, list[V]], V],
    own_adds: Callable[[V, V], V],
    nothing: V,
) -> V:
    """The value of the root, by how needed parts, redundant branches and own parts compose.

    Args:
        nothing: the value where nothing can fail.
    """

    def rule(place: int, below: list[V | None]) -> V | None:
        node = walk.nodes[place]
        if isinstance(node, Part):
            return components[node.component]
        if isinstance(node, Limited) and node.optional:
            return None
        if isinstance(node, Alternative):
            return redundant(1, [nothing if value is None else value for value in below])
        if isinstance(node, KOfN):
            return redundant(node.k, [nothing if value is None else value for value in below])
        parts = [value for value in below if value is not None]
        if isinstance(node, Delivery) and node.own is not None and below[-1] is not None:
            own, others = parts[-1], parts[:-1]
            return own_adds(own, needed_all(others)) if others else own
        return needed_all(parts) if parts else None

    value = fold(walk, rule)
    return nothing if value is None else value
