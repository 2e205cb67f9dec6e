"""Excluded time on the two sides of a promise: what coincides, and what does not (SEMANTICS §6)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from olagraph.metrics.conversion import gregorian
from olagraph.metrics.conversion.overlap import Allowance
from olagraph.model.entities import Cause, Exclusion
from olagraph.model.window import Window, WindowKind

_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """Time that does not count: at most so many days in each window `per`.

    Attributes:
        name: what people call it; None = not named.
    """

    name: str | None
    per: Window
    days: Fraction

    @property
    def allowance(self) -> Allowance:
        """What one window `per` may hold."""
        return Allowance(per_window=self.days)

    @property
    def density(self) -> Fraction:
        """The share of all time that may be excluded in the long run, at most 1."""
        return min(Fraction(1), self.days / mean_days(self.per))


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """Exclusions of one name whose allowances are stated per different windows."""

    promise: tuple[Excluded, ...]
    target: tuple[Excluded, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """The exclusions of the two sides, told apart by what coincides.

    Exclusions of the same name coincide up to the smaller number of hours; others share none.

    Attributes:
        common: excluded by both, the same time.
        promise_only, target_only: excluded by one side alone.
        crossed: of the same name, but per different windows: how much coincides depends on the target's
            window.
    """

    common: tuple[Excluded, ...] = ()
    promise_only: tuple[Excluded, ...] = ()
    target_only: tuple[Excluded, ...] = ()
    crossed: tuple[Crossed, ...] = ()

    @property
    def one_sided(self) -> bool:
        """Whether the two sides differ at all."""
        return bool(self.promise_only or self.target_only or self.crossed)

    @property
    def target_density(self) -> Fraction:
        """The share of all time that the target may exclude in the long run."""
        crossed = (excluded for pair in self.crossed for excluded in pair.target)
        parts = (*self.common, *self.target_only, *crossed)
        return sum((excluded.density for excluded in parts), Fraction(0))

    @property
    def windows(self) -> tuple[Window, ...]:
        """Every window that an allowance is stated for, each once."""
        crossed = (excluded for pair in self.crossed for excluded in (*pair.promise, *pair.target))
        everything = (*self.common, *self.promise_only, *self.target_only, *crossed)
        return tuple(dict.fromkeys(excluded.per for excluded in everything))


def unlimited_on_one_side(
    promise: Iterable[Exclusion], target: Iterable[Exclusion]
) -> tuple[frozenset[str | None], frozenset[str | None]]:
    """The names excluded without a limit by the promise alone, and by the target alone.

    What both exclude without a limit under one name is the same time, and leaves the percentage as it stands.
    """
    ours, theirs = (frozenset(part.name for part in side if part.unlimited) for side in (promise, target))
    both = (ours & theirs) - {None}
    return ours - both, theirs - both


def causes(exclusions: Iterable[Exclusion]) -> frozenset[Cause]:
    """The causes excluded, third parties apart: what those cause is added where the promise is composed."""
    found = {exclusion.cause for exclusion in exclusions if exclusion.cause is not None}
    return frozenset(found - {Cause.THIRD_PARTY})


def shortest_window(exclusions: Iterable[Exclusion]) -> Window | None:
    """The shortest window an allowance is stated for, which the percentages are of if no side states one."""
    windows = {
        exclusion.per
        for exclusion in exclusions
        if exclusion.at_most is not None and exclusion.per is not None
    }
    return min(windows, key=lambda window: (mean_days(window), str(window)), default=None)


def alike(
    promise: Iterable[Exclusion],
    target: Iterable[Exclusion],
    *,
    promise_window: Window | None,
    target_window: Window | None,
) -> bool:
    """Whether the two sides exclude the same hours under the same names: then they change nothing."""
    ours, theirs = _totals(promise, promise_window), _totals(target, target_window)
    return ours == theirs and all(name is not None for name, _ in ours)


def mean_days(window: Window) -> Fraction:
    """The mean length of a window in the long run."""
    if window.kind is WindowKind.CALENDAR:
        assert window.unit is not None
        return gregorian.mean_days(window.unit)
    assert window.days is not None
    return Fraction(window.days)


def match(
    *,
    promise: Iterable[Exclusion],
    target: Iterable[Exclusion],
    promise_window: Window,
    target_window: Window,
) -> Matching:
    """Tell apart what coincides.

    Args:
        promise, target: exclusions of either side; those without a number of hours are left out.
        promise_window, target_window: what an allowance without a window of its own is stated for.
    """
    ours, theirs = _totals(promise, promise_window), _totals(target, target_window)
    common: list[Excluded] = []
    for key in ours.keys() & theirs.keys():
        if key[0] is None:
            continue
        shared = min(ours[key], theirs[key])
        common.append(Excluded(name=key[0], per=key[1], days=shared))
        for side in (ours, theirs):
            side[key] -= shared
    rest_ours, rest_theirs = _excluded(ours), _excluded(theirs)
    both = {excluded.name for excluded in rest_ours} & {excluded.name for excluded in rest_theirs} - {None}
    return Matching(
        common=tuple(sorted(common, key=_order)),
        promise_only=tuple(excluded for excluded in rest_ours if excluded.name not in both),
        target_only=tuple(excluded for excluded in rest_theirs if excluded.name not in both),
        crossed=tuple(
            Crossed(
                promise=tuple(excluded for excluded in rest_ours if excluded.name == name),
                target=tuple(excluded for excluded in rest_theirs if excluded.name == name),
            )
            for name in sorted(name for name in both if name is not None)
        ),
    )


_OwnWindow = TypeVar("_OwnWindow", Window, Window | None)


def _totals(
    exclusions: Iterable[Exclusion], own: _OwnWindow
) -> dict[tuple[str | None, Window | _OwnWindow], Fraction]:
    """The hours excluded, in days, by name and window."""
    totals: dict[tuple[str | None, Window | _OwnWindow], Fraction] = defaultdict(Fraction)
    for exclusion in exclusions:
        if exclusion.at_most is not None:
            totals[exclusion.name, exclusion.per or own] += exclusion.at_most.exact / _SECONDS_A_DAY
    return totals


def _excluded(totals: dict[tuple[str | None, Window], Fraction]) -> tuple[Excluded, ...]:
    found = (Excluded(name=name, per=per, days=days) for (name, per), days in totals.items() if days > 0)
    return tuple(sorted(found, key=_order))


def _order(excluded: Excluded) -> tuple[str, str]:
    return excluded.name or "", str(excluded.per)
