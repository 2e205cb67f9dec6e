"""Percentile times: which share of the cases is served within t (SEMANTICS §5).

`requires` takes no time; an own part adds in series; an optional step counts up to its timeout, without one
wholly. Where one promise stands at several places it speaks of all its calls together, and its slow calls may
all fall on one of the places: place by place the rules hold only where the places are weighed alike
(`occurrences`), and elsewhere a place is taken at the worst, or for the ceiling at the best, that the others
leave it.
"""

from collections import abc

from olagraph.metrics.composition import (
    Node,
    Number,
    NumberType,
    Part,
    Walk,
    calls,
    fold,
    number_type,
)
from olagraph.metrics.families.occurrences import (
    Between,
    Places,
    Sharing,
    burden,
    sharing,
    visits,
)
from olagraph.metrics.families.percentile_rules import ceiling_time, guaranteed_time, independent_time
from olagraph.metrics.families.shared_calls import MOST_BURDENS
from olagraph.metrics.families.step_function import Steps, earlier, later, mapped, pointwise
from olagraph.metrics.families.time_law import Clock, TimeLaw, TimePromise

_DEADLINES = 4
"""How many deadlines are tried for promises that stand at several places."""
_MOST_WORK = 2000
"""The most nodes that are composed again for deadlines; one is always tried."""

_WHOLE = Between.SEQUENCE | Between.OPTIONAL
"""Nothing but sums: slow calls may be exchanged between the places."""
_AT_ONCE = Between.PARALLEL | Between.OPTIONAL
"""Nothing but waiting for all: every place has the same time."""
_ALL_RELIED_ON = Between.SEQUENCE | Between.PARALLEL | Between.AGAIN | Between.TIMEOUT | Between.OPTIONAL
"""A single point is relied on at all places or at none."""
_SAME_TIME = Between.SEQUENCE | Between.PARALLEL | Between.OPTIONAL
"""The ceiling asks for the same time at every place."""


def percentile_times(tree: Node, promises: abc.Sequence[TimePromise]) -> TimeLaw:
    """The law of the time of a service.

    Args:
        tree: the service.
        promises: of each component; shares that are all Fractions give an exact answer.
    """
    walk = calls(tree)
    clock = Clock.of(walk, promises)
    number = number_type(
        late for promise in promises for _, late in (*promise.worst, *(promise.favourable or ()))
    )
    shared = sharing(walk)
    guaranteed = _guaranteed(walk, [clock.promised(p) for p in promises], clock, shared, number=number)
    independent = _independent(walk, [clock.promised(p) for p in promises], clock, number=number)
    return TimeLaw(
        guaranteed=guaranteed,
        independent=pointwise(guaranteed, independent, min),  # a coarsened law may fall behind
        ceiling=_ceiling(walk, [clock.best_case(p) for p in promises], clock, shared, number=number),
        ticks=clock.ticks,
    )


def _independent(walk: Walk, laws: list[Steps], clock: Clock, *, number: NumberType) -> Steps:
    def rule(place: int, below: list[Steps]) -> Steps:
        node = walk.nodes[place]
        if isinstance(node, Part):
            return laws[node.component]
        return independent_time(node, below, clock, number=number)

    return fold(walk, rule)


def _guaranteed(walk: Walk, laws: list[Steps], clock: Clock, shared: Sharing, *, number: NumberType) -> Steps:
    """The best of several bounds: place by place, and by deadlines common to all places."""
    places = Places(walk, shared, number=number)
    unsafe: set[int] = set()
    touched: set[int] = set()  # a promise below stands elsewhere too

    def rule(place: int, below: list[Steps]) -> Steps:
        node = walk.nodes[place]
        if isinstance(node, Part):
            law = laws[node.component]
        else:
            children = walk.children[place]
            here = [
                mapped(law, places.calls(place, position).most_late) if children[position] in unsafe else law
                for position, law in enumerate(below)
            ]
            apart = not any(child in unsafe or child in touched for child in children)
            if not apart:
                touched.add(place)
            law = guaranteed_time(node, here, clock, number=number, apart=apart)
        between = shared.between[place]
        if between is not None and not _safe(between, law):
            unsafe.add(place)
        return law

    best = fold(walk, rule)
    if unsafe:
        calls_made = visits(walk, number=number)
        for rank in range(max(1, min(_DEADLINES, _MOST_WORK // len(walk.nodes)))):
            bound = _by_deadlines(walk, laws, clock, unsafe, calls_made, rank=rank, number=number)
            best = later(pointwise(best, bound, min))
    return best


def _by_deadlines(
    walk: Walk,
    laws: list[Steps],
    clock: Clock,
    shared: set[int],
    calls_made: list[Number],
    *,
    rank: int,
    number: NumberType,
) -> Steps:
    """The bound in which each node of `shared` has one deadline for all its calls.

    Of its v calls a request v·ε miss it; in all other requests the node takes as long as the deadline,
    everywhere.

    Args:
        calls_made: how often each node is visited per request.
        rank: which point of a node's law is its deadline, 0 = the last.
    """
    missed: list[Number] = []

    def rule(place: int, below: list[Steps]) -> Steps:
        node = walk.nodes[place]
        if isinstance(node, Part):
            law = laws[node.component]
        else:
            law = guaranteed_time(node, below, clock, number=number, apart=True)
        if place not in shared or not law.keys:
            return law
        deadline = max(0, len(law.keys) - 1 - rank)
        if law.late[deadline]:
            missed.append(calls_made[place] * law.late[deadline])
        return Steps(1, law.keys[deadline : deadline + 1], (0,), law.exact)

    rest = fold(walk, rule)
    total = sum(missed)
    return mapped(rest, lambda late: min(1, total + late))


def _safe(between: Between, law: Steps) -> bool:
    """Whether the shares at all places may be added as if each place kept the promise on its own.

    Yes among mere sums (exchange the places in the split of T, and take the mean of the bounds), at the same
    time, and where a single point is relied on everywhere. Not in parallel[t, sequence[t, a]]: t's slow calls
    may all be those before a.
    """
    if between in _WHOLE or between in _AT_ONCE:
        return True
    return between in _ALL_RELIED_ON and len(law.keys) <= 1


def _ceiling(walk: Walk, laws: list[Steps], clock: Clock, shared: Sharing, *, number: NumberType) -> Steps:
    unsafe = {
        place
        for place, between in enumerate(shared.between)
        if between is not None and between not in _SAME_TIME
    }
    places = Places(walk, shared, number=number)
    bounds: list[Steps] = []

    def rule(place: int, below: list[Steps]) -> Steps:
        node = walk.nodes[place]
        if isinstance(node, Part):
            law = laws[node.component]
        else:
            children = walk.children[place]
            below = [
                mapped(law, places.calls(place, position).least_late) if children[position] in unsafe else law
                for position, law in enumerate(below)
            ]
            law = ceiling_time(node, below, clock, number=number)
        if place in unsafe and len(bounds) < MOST_BURDENS:
            share = burden(walk, place, number=number)
            if share is not None:
                bounds.append(mapped(law, share.least_late))
        return law

    whole = fold(walk, rule)
    for bound in bounds:
        whole = earlier(pointwise(whole, bound, max))
    return whole
