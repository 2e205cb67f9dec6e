"""The independent basis where every visit counts (§5): success over call trees, times in sequence."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import product
from math import inf, prod
from typing import Any, Generic, TypeVar

from tests.oracle.expression import Expression, composed_ratio, ratio, seconds
from tests.oracle.reading import Counts, Promise, Reading

Time = Fraction | float
"""Seconds; infinity where there is no bound."""

Law = tuple[tuple[Time, Fraction], ...]
"""A step law: P(X <= t) >= F at each point (t, F), rising in both; below the first point 0."""

V = TypeVar("V")


ASSESSED: dict[str, Counts] = {
    "success_rate": lambda target: "success_rate" in target,
    "latency": lambda target: "latency" in target and "for" not in target,
    "percentile": lambda target: "latency" in target and "for" in target,
}
"""The targets that are assessed here, by kind of promise."""


@dataclass(frozen=True)
class Algebra(Generic[V]):
    """How the values of one kind of promise compose.

    Attributes:
        counts: which targets speak of it.
        promised: the value of several targets that hold together.
        better: the better of a composition and a promise on the same service.
        missing: the value of a missing promise, at worst or at best.
        compose: the value of an expression from those of its steps.
        cut: what an optional step adds, given its timeout; None = optional steps are left out.
    """

    counts: Counts
    promised: Callable[[Sequence[dict[str, Any]]], V]
    better: Callable[[V, V], V]
    missing: V
    compose: Callable[[Expression, list[V]], V]
    cut: Callable[[V, Fraction | None], V] | None


class _MissingError(Exception):
    """A composition has something missing, so that it does not count against a promise."""


@dataclass(frozen=True)
class _View(Generic[V]):
    reading: Reading
    algebra: Algebra[V]
    provider: str
    achievable: bool
    tolerant: bool = True

    def use(self, user: str, service: str) -> V:
        """What stands for a use (§4)."""
        reading, counts = self.reading, self.algebra.counts
        within = reading.provider(service) == user
        if not self.achievable and not within:
            return self._promise(reading.backing(user, service, counts))
        promises = reading.trail(user, service, counts)
        if reading.is_leaf(service, counts):
            return self._promise(promises)
        if not (promises and reading.external(service)):
            return self.body(service, promises)
        promise = self._promise(promises)
        try:
            composed = _View(reading, self.algebra, self.provider, self.achievable, tolerant=False).body(
                service, promises
            )
        except _MissingError:
            return promise
        return self.algebra.better(composed, promise)

    def body(self, service: str, promises: list[Promise]) -> V:
        """A service's workflow and own part; `requires` adds nothing to a request."""
        parts: list[V] = []
        workflow = self.reading.workflow.get(service)
        own = self.reading.own(service, self.algebra.counts)
        composed = None if workflow is None else self._expression(self.reading.provider(service), workflow)
        if composed is not None:
            parts.append(composed)
        if own:
            parts.append(self.algebra.promised(own))
        elif workflow is None:
            parts.append(self._promise(promises))
        elif composed is None:
            parts.append(self._promise([]))  # all steps are optional: no structure
        return self.algebra.compose(Expression("sequence"), parts)

    def _promise(self, promises: list[Promise]) -> V:
        if promises:
            return self.algebra.promised([target for promise in promises for target in promise.targets])
        if not self.tolerant:
            raise _MissingError
        return self.algebra.missing

    def _expression(self, user: str, expression: Expression) -> V | None:
        cut = self.algebra.cut
        if expression.optional and cut is None:
            return None
        if expression.pattern == "use":
            value = self.use(user, expression.service)
        else:
            below = [self._expression(user, step) for step in expression.steps]
            value = self.algebra.compose(expression, [step for step in below if step is not None])
        return cut(value, expression.timeout) if expression.optional and cut is not None else value


def success_rate(*, missing: Fraction) -> Algebra[Fraction]:
    """Success rates: every call is a trial of its own."""
    return Algebra(
        counts=ASSESSED["success_rate"],
        promised=lambda targets: max(composed_ratio(target, "success_rate") for target in targets),
        better=max,
        missing=missing,
        compose=_succeed,
        cut=None,
    )


def _succeed(expression: Expression, below: list[Fraction]) -> Fraction:
    if expression.pattern == "k_of_n":
        return sum(
            (
                prod(
                    (up if works else 1 - up for up, works in zip(below, state, strict=True)),
                    start=Fraction(1),
                )
                for state in product((False, True), repeat=len(below))
                if sum(state) >= expression.k
            ),
            start=Fraction(0),
        )
    if expression.pattern == "choice":
        if expression.probabilities is None:
            return min(below)
        return sum(
            (share * up for share, up in zip(expression.probabilities, below, strict=True)), start=Fraction(0)
        )
    if expression.pattern == "repeat":
        (up,) = below
        if expression.again is None:
            return Fraction(up ** (expression.times or 1))
        return (1 - expression.again) * up / (1 - expression.again * up)
    return prod(below, start=Fraction(1))


def hard_time(*, missing: Time) -> Algebra[Time]:
    """Hard times along a sequence add; only hard promises count."""
    return Algebra(
        counts=ASSESSED["latency"],
        promised=lambda targets: min(seconds(target["latency"]) for target in targets),
        better=min,
        missing=missing,
        compose=lambda expression, below: sum(below, start=Fraction(0)),
        cut=lambda value, timeout: value if timeout is None else min(value, timeout),
    )


def percentile_time(*, missing: Law) -> Algebra[Law]:
    """Step laws along a sequence are convolved, the rest of the mass at ∞; a hard promise has F = 1."""
    return Algebra(
        counts=lambda target: "latency" in target,
        promised=lambda targets: _law(
            (seconds(target["latency"]), ratio(target.get("for", 1))) for target in targets
        ),
        better=lambda composed, promise: _law((*composed, *promise)),
        missing=missing,
        compose=lambda expression, below: _convolve(below),
        cut=lambda law, timeout: law if timeout is None else _law((*law, (timeout, Fraction(1)))),
    )


def _law(points: Any) -> Law:
    risen: list[tuple[Time, Fraction]] = []
    for at, share in sorted(points):
        if not risen or share > risen[-1][1]:
            risen.append((at, share))
    return tuple(risen)


def reached(law: Law, at: Time) -> Fraction:
    """F(at)."""
    return max((share for time, share in law if time <= at), default=Fraction(0))


def _masses(law: Law) -> Iterator[tuple[Time, Fraction]]:
    before = Fraction(0)
    for at, share in law:
        yield at, share - before
        before = share


def _convolve(laws: list[Law]) -> Law:
    total: dict[Time, Fraction] = {Fraction(0): Fraction(1)}
    for law in laws:
        after: dict[Time, Fraction] = {}
        for (start, mass), (at, share) in product(total.items(), _masses(law)):
            after[start + at] = after.get(start + at, Fraction(0)) + mass * share
        total = after
    risen, points = Fraction(0), []
    for at in sorted(total):
        risen += total[at]
        points.append((at, risen))
    return _law(points)


@dataclass(frozen=True)
class Independent:
    """The independent value of one assessed target in both views, each at worst and at best.

    Attributes:
        target: the target's value in SI units.
        for_: its fraction of cases; None = none stated.
    """

    agreement: str
    service: str
    target: float
    for_: float | None
    contracted: tuple[float, float]
    achievable: tuple[float, float]


def assess(document: dict[str, Any], day: date, metric: str) -> Iterator[Independent]:
    """The independent values of every SLA in force on `success_rate`, `latency` (hard) or `percentile`."""
    reading = Reading(document, day)
    for agreement in reading.agreements.values():
        if reading.kind(agreement) != "SLA" or not reading.in_force(agreement):
            continue
        for service in reading.covered(agreement):
            for target in reading.applying(agreement, service, ASSESSED[metric]):
                yield _assess(reading, agreement, service, target, metric)


def _assess(
    reading: Reading, agreement: dict[str, Any], service: str, target: dict[str, Any], metric: str
) -> Independent:
    provider, views = agreement["provider"], []
    resold = reading.provider(service) != provider
    for deep in (False, True):

        def value(algebra: Algebra[V], deep: bool = deep) -> V:
            view = _View(reading, algebra, provider, deep)
            if resold or reading.is_leaf(service, algebra.counts):
                return view.use(provider, service)
            return view.body(service, [])

        if metric == "success_rate":
            ends = [float(value(success_rate(missing=Fraction(end)))) for end in (0, 1)]
        elif metric == "latency":
            ends = [float(value(hard_time(missing=end))) for end in (inf, Fraction(0))]
        else:
            at = seconds(target["latency"])
            laws = [value(percentile_time(missing=law)) for law in ((), ((Fraction(0), Fraction(1)),))]
            ends = [float(reached(law, at)) for law in laws]
        views.append((ends[0], ends[1]))
    stated = target["success_rate"] if metric == "success_rate" else target["latency"]
    return Independent(
        agreement["id"],
        service,
        float(ratio(stated) if metric == "success_rate" else seconds(stated)),
        float(ratio(target["for"])) if "for" in target else None,
        views[0],
        views[1],
    )
