"""Small call trees and an independent oracle for them: a linear programme over everything that could happen.

What could happen in one request: which branch every choice takes, how often a repeat goes round, and how long
every call takes (a failed call takes for ever). The programme looks for the joint law of all that, with the
choices' probabilities and the promises as its only constraints, under which a share of requests is largest or
smallest.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from olagraph.metrics import composition as c

Times = tuple[float, ...]


@dataclass(frozen=True)
class Outcome:
    """One way a request can go: branches taken, components called, and when it is finished, given the calls' times."""

    taken: tuple[tuple[tuple[int, ...], int], ...]
    called: tuple[int, ...]
    finish: Callable[[Times], float]


def outcomes(
    node: c.Node,
    probabilities: dict[tuple[int, ...], tuple[Fraction, ...] | None],
    *,
    failing: bool,
    place: tuple[int, ...] = (),
    most_repeats: int = 3,
) -> list[Outcome]:
    """All ways `node` can go; choices are noted in `probabilities`.

    Args:
        failing: times are 0 (works) or infinite (fails): optional steps always work and timeouts do not
            matter.
    """

    def below(child: c.Node, position: int) -> list[Outcome]:
        return outcomes(
            child, probabilities, failing=failing, place=(*place, position), most_repeats=most_repeats
        )

    def joined(children: Sequence[c.Node], combine: Callable[[list[float]], float]) -> list[Outcome]:
        return _joined([below(child, position) for position, child in enumerate(children)], combine)

    match node:
        case c.Part():
            return [Outcome((), (node.component,), lambda times: times[0])]
        case c.Sequence():
            return joined(node.steps, sum)
        case c.Delivery():
            return joined([part for part in (node.workflow, node.own) if part is not None], sum)
        case c.Parallel():
            return joined(node.steps, max)
        case c.KOfN() if node.failover and not failing:
            return joined(node.steps, lambda times: _failover(times, node.timeouts))
        case c.KOfN():
            return joined(node.steps, lambda times: sorted(times)[node.k - 1])
        case c.Limited():
            limit = math.inf if node.timeout is None else float(node.timeout)

            def limited(times: list[float]) -> float:
                if failing:
                    return 0 if node.optional else times[0]
                return min(times[0], limit) if node.optional else times[0] if times[0] <= limit else math.inf

            return joined([node.step], limited)
        case c.Choice():
            probabilities[place] = node.probabilities
            return [
                Outcome(((place, branch), *o.taken), o.called, o.finish)
                for branch, step in enumerate(node.steps)
                for o in below(step, branch)
            ]
        case c.Repeat(max=int() as times):
            return joined([node.step] * times, sum)
        case c.Repeat(probability=Fraction() as again):
            most = most_repeats
            probabilities[place] = (*((1 - again) * again**n for n in range(most - 1)), again ** (most - 1))
            return [
                Outcome(((place, n), *o.taken), o.called, o.finish)
                for n in range(most)
                for o in _joined([below(node.step, visit) for visit in range(n + 1)], sum)
            ]
        case _:
            raise AssertionError(node)


def _joined(children: list[list[Outcome]], combine: Callable[[list[float]], float]) -> list[Outcome]:
    found = []
    for choice in itertools.product(*children):
        ends = list(itertools.accumulate(len(outcome.called) for outcome in choice))
        starts = [0, *ends[:-1]]

        def finish(times: Times, choice=choice, starts=starts, ends=ends) -> float:
            parts = [o.finish(times[a:b]) for o, a, b in zip(choice, starts, ends, strict=True)]
            return combine(parts)

        taken = tuple(itertools.chain.from_iterable(outcome.taken for outcome in choice))
        called = tuple(itertools.chain.from_iterable(outcome.called for outcome in choice))
        found.append(Outcome(taken, called, finish))
    return found


def _failover(times: list[float], timeouts: tuple[Fraction | None, ...]) -> float:
    start = 0.0
    for time, timeout in zip(times, timeouts, strict=True):
        if timeout is None or time <= timeout:
            return start + time
        start += float(timeout)
    return math.inf


Law = tuple[tuple[float, float], ...]
"""Points (time, share of calls that are later), times rising."""


def extreme_share(
    tree: c.Node,
    laws: Sequence[Law],
    *,
    later_than: float,
    worst: bool,
    failing: bool = False,
    most_repeats: int = 3,
) -> float:
    """The largest (or smallest) share of requests that finish later than `later_than`.

    Each call falls between two points of its component's law. Worst: it takes as long as it can there, and
    over all calls of a component at most the stated shares are later. Best: as short as it can, and exactly
    the shares are.
    """

    def slots(component: int) -> list[float]:
        law = laws[component]
        return [_time(law, slot, worst=worst or failing) for slot in range(len(law) + 1)]

    def promised(component: int, slots_of_calls: list[int]) -> list[float]:
        return [
            sum(slot > point for slot in slots_of_calls) - late * len(slots_of_calls)
            for point, (_, late) in enumerate(laws[component])
        ]

    return _extreme(
        _Ways.of(tree, failing=failing, most_repeats=most_repeats),
        len(laws),
        slots,
        promised,
        objective=lambda finish: float(finish > later_than),
        exactly=not worst,
        largest=worst,
    )


def extreme_mean(
    tree: c.Node, means: Sequence[float], *, times: Sequence[float], largest: bool, most_repeats: int = 3
) -> float:
    """The largest (or smallest) mean time of a request if every call takes one of `times`.

    Over all calls of a component the mean is exactly the stated one.
    """

    def promised(component: int, slots_of_calls: list[int]) -> list[float]:
        return [sum(times[slot] - means[component] for slot in slots_of_calls)]

    return _extreme(
        _Ways.of(tree, failing=False, most_repeats=most_repeats),
        len(means),
        lambda component: list(times),
        promised,
        objective=lambda finish: finish,
        exactly=True,
        largest=largest,
    )


@dataclass(frozen=True)
class _Ways:
    """All ways a request can go, and the probabilities of what chance decides on them."""

    outcomes: list[Outcome]
    probabilities: dict[tuple[int, ...], tuple[Fraction, ...] | None]

    @classmethod
    def of(cls, tree: c.Node, *, failing: bool, most_repeats: int) -> "_Ways":
        probabilities: dict[tuple[int, ...], tuple[Fraction, ...] | None] = {}
        return cls(outcomes(tree, probabilities, failing=failing, most_repeats=most_repeats), probabilities)


def _extreme(
    ways: _Ways,
    components: int,
    slots: Callable[[int], list[float]],
    promised: Callable[[int, list[int]], list[float]],
    *,
    objective: Callable[[float], float],
    exactly: bool,
    largest: bool,
) -> float:
    """The extreme expectation of `objective` of the time a request takes.

    Args:
        slots: the times a call of a component can take.
        promised: of a component, quantities whose expectations are at most 0 (0 if `exactly`), given the
            slots of its calls in one request.
    """
    gains: list[float] = []
    variables: list[tuple[Outcome, tuple[int, ...]]] = []
    for way in ways.outcomes:
        choices = [slots(component) for component in way.called]
        for slot in itertools.product(*(range(len(choice)) for choice in choices)):
            times = tuple(choice[j] for choice, j in zip(choices, slot, strict=True))
            gains.append(objective(way.finish(times)))
            variables.append((way, slot))
    equal, equal_to = [[1.0] * len(variables)], [1.0]
    for place, shares in ways.probabilities.items():
        for branch, share in enumerate(shares or ()):
            row = []
            for way, _ in variables:
                taken = dict(way.taken)
                row.append((taken[place] == branch) - float(share) if place in taken else 0.0)
            equal.append(row)
            equal_to.append(0.0)
    limits: list[tuple[float, ...]] = []
    for component in range(components):
        columns = [
            promised(component, [j for i, j in zip(way.called, slot, strict=True) if i == component])
            for way, slot in variables
        ]
        limits.extend(zip(*columns, strict=True))
    if exactly:
        equal, equal_to = [*equal, *map(list, limits)], equal_to + [0.0] * len(limits)
        limits = []
    sign = -1 if largest else 1
    result = linprog(
        sign * np.array(gains),
        A_eq=np.array(equal),
        b_eq=np.array(equal_to),
        A_ub=np.array(limits) if limits else None,
        b_ub=np.zeros(len(limits)) if limits else None,
        method="highs",
    )
    assert result.status == 0, result.message
    return float(sign * result.fun)


def _time(law: Law, slot: int, *, worst: bool) -> float:
    if worst:
        return law[slot][0] if slot < len(law) else math.inf
    return law[slot - 1][0] + 1e-6 if slot else 0.0


TENTHS = [Fraction(n, 10) for n in range(11)]


@st.composite
def trees(
    draw: st.DrawFn,
    *,
    components: int = 3,
    most_calls: int = 5,
    timeouts: bool = False,
    again: bool = False,
    unknown: bool = True,
) -> c.Node:
    """Random trees of at most `most_calls` calls, with promises at several places."""
    parts = [c.Part(i) for i in range(components)]
    budget = [most_calls]

    def step(depth: int) -> c.Node:
        made = node(depth)
        if draw(st.integers(0, 7)) == 0:
            limit = Fraction(draw(st.integers(1, 6))) if timeouts and draw(st.booleans()) else None
            return c.Limited(step=made, timeout=limit, optional=limit is None or draw(st.booleans()))
        return made

    def node(depth: int) -> c.Node:
        kind = draw(st.integers(0, 8))
        if depth == 0 or budget[0] <= 1 or kind <= 1:
            budget[0] -= 1
            return parts[draw(st.integers(0, components - 1))]
        if kind == 8:
            before = budget[0]
            budget[0] = max(1, before // 2)
            inner = step(depth - 1)
            budget[0] = before - 2 * (max(1, before // 2) - budget[0])
            if again and draw(st.booleans()):
                return c.Repeat(step=inner, probability=Fraction(draw(st.integers(1, 4)), 5))
            return c.Repeat(step=inner, max=2)
        n = draw(st.integers(2, 3))
        steps: list[c.Node] = []
        for _ in range(n):
            if steps and budget[0] <= 0:
                break
            steps.append(step(depth - 1) if kind not in (4, 5) else node(depth - 1))
        below = tuple(steps)
        if kind == 2:
            return c.Sequence(below)
        if kind == 3:
            return c.Parallel(below)
        if kind == 4:
            limits: tuple[Fraction | None, ...] = ()
            if timeouts and draw(st.booleans()):
                limits = tuple(Fraction(draw(st.integers(1, 4))) for _ in below[1:])
                limits = (*limits, Fraction(draw(st.integers(1, 4))) if draw(st.booleans()) else None)
            return c.KOfN(k=1, steps=below, race=True, timeouts=limits)
        if kind == 5:
            return c.KOfN(k=draw(st.integers(1, len(below))), steps=below)
        if kind == 6:
            return c.Delivery(
                service="s", workflow=c.Sequence(below), own=parts[draw(st.integers(0, components - 1))]
            )
        if unknown and draw(st.integers(0, 3)) == 0:
            return c.Choice(below)
        weights = [draw(st.integers(1, 4)) for _ in below]
        return c.Choice(below, tuple(Fraction(w, sum(weights)) for w in weights))

    return step(3)
