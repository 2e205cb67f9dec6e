"""One view of one item with what the checks need to know beyond the verdict."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from olagraph.analysis.items import Item
from olagraph.analysis.parts import Part
from olagraph.analysis.results import Level, PartKind, TargetAssessment, View, ViewAssessment, WeakPart
from olagraph.model.entities import Better

SMALLEST_DIFFERENCE = 1e-12
"""Values closer than this are the same, unless a closed form can be compared exactly (SEMANTICS §4)."""

MOST_WEAKEST = 3
"""How many of the weakest parts a view names."""


class Source(Protocol):
    """What composed a view, asked again by some checks.

    Attributes:
        converts: whether any promise had to be converted at all.
    """

    @property
    def converts(self) -> bool: ...

    def parts_below(self, node: int) -> Iterator[Part]:
        """The parts that a node is composed of."""
        ...

    def perfect_below(self, nodes: Iterable[int]) -> frozenset[str]:
        """The services below any of some nodes whose unstated own part was taken as perfect."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededPart:
    """A part that the whole cannot do without.

    Attributes:
        value, complement: what it promises under the terms of the question, in SI units.
    """

    part: Part
    value: float
    complement: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One view of one item.

    Attributes:
        view: what is published.
        at_worst: the end of what is missing that decided the verdict; None = not decided.
        node: which node is the whole in what composed it (`Judge.source`).
        open_parts: parts that are missing or known only as an interval.
        weaker: parts that the whole cannot do without and that promise less than the target itself.
        parts: how many parts were composed.
    """

    view: ViewAssessment
    at_worst: bool | None
    node: int
    open_parts: tuple[Part, ...] = ()
    weaker: tuple[NeededPart, ...] = ()
    parts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """An item, its published assessment and both views' inside.

    Attributes:
        limit: the target as a number of which more is worse, see `target_loss`.
    """

    item: Item
    limit: float
    target: TargetAssessment
    contracted: Judged
    achievable: Judged

    def judged(self, view: View) -> Judged:
        """One of the two views."""
        return self.contracted if view is View.CONTRACTED else self.achievable

    @property
    def deciding(self) -> Judged:
        """The worse view."""
        return self.judged(self.target.worse)


def deciding_value(judged: Judged, *, higher: bool) -> float | None:
    """The independent value, else the guaranteed one, at the end that decided; as a loss, so that more is worse."""
    level = judged.view.independent or judged.view.guaranteed or judged.view.ceiling
    return None if level is None else loss(level, at_worst=judged.at_worst is not False, higher=higher)


def loss(level: Level, *, at_worst: bool, higher: bool) -> float:
    """A value as a number of which more is worse: 1 - value for ratios, -value where higher is better, else
    the value.
    """
    if level.complement_at_worst is not None and level.complement_at_best is not None:
        return level.complement_at_worst if at_worst else level.complement_at_best
    value = level.at_worst if at_worst else level.at_best
    return -value if higher else value


def target_loss(item: Item) -> float:
    """The target as a number of which more is worse, on the scale of the values it is compared with."""
    return float(exact_target_loss(item))


def exact_target_loss(item: Item) -> Fraction:
    """`target_loss`, exactly."""
    if isinstance(item.target.for_, Decimal):
        return 1 - Fraction(item.target.for_)
    value = item.target.value.exact
    if item.metric.unit == "ratio":
        return 1 - value if item.metric.better is Better.HIGHER else value
    return -value if item.metric.better is Better.HIGHER else value


def meets(item: Item, level: Level) -> bool:
    """Whether a single value meets the item's target, up to the smallest difference."""
    higher = item.metric.better is Better.HIGHER
    return loss(level, at_worst=True, higher=higher) <= target_loss(item) + SMALLEST_DIFFERENCE


def undecided_first(parts: Sequence[Part], *, most: int) -> list[WeakPart]:
    """What is missing, then what is known only as an interval: they decide everything."""
    ordered = sorted(parts, key=lambda part: part.kind is not PartKind.MISSING)
    found: dict[tuple[PartKind, str], WeakPart] = {}
    for part in ordered:
        agreement = part.promises[0].promise.agreement if part.promises else None
        ref = agreement.ref if agreement is not None else None
        weak = WeakPart(kind=part.kind, id=part.id, service=part.service, share=1.0, ref=ref, converted=True)
        found.setdefault((part.kind, part.id), weak)
    return list(found.values())[:most]


def costliest_first(part: WeakPart) -> tuple[float, str, str]:
    """Equals by name, so that the order of a file decides nothing."""
    return -round(part.share, 12), part.service, part.id


def kept(loss: float) -> float:
    """1 - `loss`, subtracted in decimals: 0.07 leaves 0.93, not 0.9299999999999999."""
    return float(1 - Decimal(repr(loss)))


def ratio_level(worst: float, best: float, *, exact: bool = True) -> Level:
    """A ratio from its complement at both ends."""
    return Level(
        at_worst=kept(worst),
        at_best=kept(best),
        complement_at_worst=worst,
        complement_at_best=best,
        certified=exact,
    )
