"""What is promised about times ("P % within t", several points), and the law of times composed from it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from olagraph.metrics.composition import Bases, KOfN, Limited, Number, Walk
from olagraph.metrics.families.step_function import NEVER, Steps, falling

Point: TypeAlias = tuple[Number, Number]
"""A time in seconds and the share of cases that take longer, 1 − F. Times that are Fractions are compared exactly."""

_TOLERANCE = 1e-12
"""By how much a share in floating point may exceed the asked-for one (SEMANTICS §4)."""


@dataclass(frozen=True, slots=True)
class TimePromise:
    """The points promised of one component, in any order (SEMANTICS §5, percentile times).

    Attributes:
        worst: after the worst conversion. Empty = nothing is ever promised; a time that always holds has
            share 0.
        favourable: after the most favourable one. A promise says nothing between its points and nothing past
            the last: there everything may be faster, and is for the ceiling. None = never in time, whatever
            happens.
    """

    worst: tuple[Point, ...]
    favourable: tuple[Point, ...] | None

    @classmethod
    def of(cls, *points: Point) -> "TimePromise":
        """The promise that no conversion changes."""
        return cls(points, points)

    def time_at(self, late: Number) -> Number:
        """The smallest promised time, in seconds, that at most the share `late` exceed; infinity if there is none."""
        return min((time for time, share in self.worst if _reached(share, late)), default=math.inf)


NEVER_IN_TIME = TimePromise(worst=(), favourable=None)
"""A missing promise at its worst."""
ALWAYS_IN_TIME = TimePromise.of((0, 0))
"""A missing promise at its best."""


@dataclass(frozen=True, slots=True)
class TimeLaw:
    """The composed law on the three bases.

    Attributes:
        guaranteed, independent, ceiling: the share of cases later than each time, in keys (`step_function`).
        ticks: ticks a second; a tick is two keys.
    """

    guaranteed: Steps
    independent: Steps
    ceiling: Steps
    ticks: int

    @property
    def exact(self) -> bool:
        """False where points were given up to bound the work; the values are then on the safe side."""
        return self.guaranteed.exact and self.independent.exact and self.ceiling.exact

    def late_at(self, time: Number) -> Bases[Number]:
        """The share of cases that take longer than `time`, 1 − F(time)."""
        key = _key_of(time, self.ticks)
        return Bases(self.guaranteed.at(key), self.independent.at(key), self.ceiling.at(key))

    def time_at(self, late: Number) -> Bases[Number]:
        """The smallest time, in seconds, that at most the share `late` of the cases exceed; infinity if none is.

        A ceiling reaches a share just after a promised time; the promised time is given.
        """
        return Bases(
            self._time_at(self.guaranteed, late),
            self._time_at(self.independent, late),
            self._time_at(self.ceiling, late),
        )

    def _time_at(self, law: Steps, late: Number) -> Number:
        if _reached(law.start, late):
            return Fraction(0)
        for key, share in zip(law.keys, law.late, strict=True):
            if _reached(share, late):
                return Fraction(key // 2, self.ticks)
        return math.inf


@dataclass(frozen=True, slots=True)
class Clock:
    """Turns seconds into keys.

    Attributes:
        ticks: ticks a second, so that every time of a tree is a whole number of them.
    """

    ticks: int

    @classmethod
    def of(cls, walk: Walk, promises: Sequence[TimePromise]) -> "Clock":
        """The coarsest clock on which all times of the tree are whole."""
        times: list[Number] = []
        for promise in promises:
            times.extend(time for time, _ in (*promise.worst, *(promise.favourable or ())))
        for node in walk.nodes:
            if isinstance(node, Limited) and node.timeout is not None:
                times.append(node.timeout)
            elif isinstance(node, KOfN):
                times.extend(timeout for timeout in node.timeouts if timeout is not None)
        return cls(math.lcm(*(Fraction(time).denominator for time in times if time != math.inf)))

    def key(self, time: Number) -> int:
        """The key of an instant; `time` is finite."""
        return _key_of(time, self.ticks)

    def promised(self, promise: TimePromise) -> Steps:
        """ε of the promise: nothing before the first point, after the last it stays."""
        return falling(self._points(promise.worst))

    def best_case(self, promise: TimePromise) -> Steps:
        """ε of the promise kept exactly, cases as early as that allows: F_up of SEMANTICS §5."""
        if promise.favourable is None:
            return NEVER
        steps = falling(self._points(promise.favourable))
        if not steps.keys:
            return Steps(start=0)
        return Steps(steps.late[0], tuple(key + 1 for key in steps.keys), (*steps.late[1:], 0))

    def _points(self, points: Iterable[Point]) -> list[tuple[int, Number]]:
        return sorted((self.key(time), late) for time, late in points if time != math.inf)


def _reached(share: Number, late: Number) -> bool:
    exact = not isinstance(share, float) and not isinstance(late, float)
    return share <= (late if exact else late + _TOLERANCE)


def _key_of(time: Number, ticks: int) -> int:
    if time == math.inf:
        raise ValueError("an instant is finite")
    exact = Fraction(time) * ticks
    return 2 * exact.numerator if exact.denominator == 1 else 2 * math.floor(exact) + 1
