"""Verdicts on availability targets from the values of a system."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from olagraph.analysis.items import Item
from olagraph.analysis.judged import (
    MOST_WEAKEST,
    SMALLEST_DIFFERENCE,
    Judged,
    NeededPart,
    costliest_first,
    kept,
    ratio_level,
    undecided_first,
)
from olagraph.analysis.ladder import Met, climb
from olagraph.analysis.parts import Part
from olagraph.analysis.results import Basis, PartKind, Verdict, ViewAssessment, WeakPart
from olagraph.analysis.written import Outline, Written
from olagraph.metrics.system import System, Valued


class AvailabilityJudge:
    """Compares the nodes of one structure with targets.

    Attributes:
        written: the structure.
    """

    def __init__(self, written: Written) -> None:
        self.written = written
        self._system = written.system
        self._parts = written.parts

    @property
    def converts(self) -> bool:
        """Whether any promise had to be converted."""
        return bool(self.written.converted)

    @property
    def system(self) -> System:
        """The values."""
        return self._system

    def part(self, node: int) -> Part:
        """What a component stands for."""
        return self._parts[node]

    def outline(self, node: int) -> Outline | None:
        """How a composed node came about."""
        return self.written.outline(node)

    def is_perfect(self, node: int) -> bool:
        """Whether a node is a service whose unstated own part was taken as perfect."""
        return node in self.written.perfect

    def perfect_below(self, nodes: Iterable[int]) -> frozenset[str]:
        """The services below any of some nodes whose unstated own part was taken as perfect."""
        return self.written.perfect_below(nodes)

    def parts_below(self, node: int) -> Iterator[Part]:
        """The parts that a node is composed of."""
        return (self._parts[component] for component in self._system.components(node))

    def judge(self, node: int, item: Item, *, back_to_back: bool) -> Judged:
        """The verdict on `item`, whose structure is `node`.

        Args:
            back_to_back: also compare every part that the whole cannot do without with the target itself.
        """
        target = 1 - item.target.value.exact
        value = self._system.value(node)
        decision = climb(
            at_worst=self._met(node, value, target, at_best=False),
            at_best=self._met(node, value, target, at_best=True),
        )
        undecided = [self._parts[n] for n in self._system.missing(node)] if value.missing else []
        missing = tuple(part.missing for part in undecided if part.missing is not None)
        worst, best = value.at_worst, value.at_best
        view = ViewAssessment(
            verdict=decision.verdict,
            guaranteed=ratio_level(worst.guaranteed, best.guaranteed, exact=value.exact),
            independent=ratio_level(worst.independent, best.independent, exact=value.exact),
            ceiling=ratio_level(worst.ceiling, best.ceiling, exact=value.exact),
            missing=missing,
            weakest=self._weakest(value, undecided, decision.verdict),
        )
        return Judged(
            view=view,
            at_worst=decision.at_worst,
            node=node,
            open_parts=tuple(undecided),
            weaker=self._weaker(node, target) if back_to_back else (),
            parts=value.parts,
        )

    def _met(self, node: int, value: Valued, target: Fraction, *, at_best: bool) -> Met:
        end = value.at_best if at_best else value.at_worst
        return Met.of(
            {
                basis: self._meets(node, value, end.on(basis), target, basis, at_best=at_best)
                for basis in Basis
            }
        )

    def _meets(
        self, node: int, value: Valued, loss: float, target: Fraction, basis: Basis, *, at_best: bool
    ) -> bool:
        limit = float(target)
        tolerance = SMALLEST_DIFFERENCE
        if basis is not Basis.INDEPENDENT:
            tolerance = max(tolerance, value.gap)
        if abs(loss - limit) > tolerance:
            return loss < limit
        exact = self._system.exact(node, basis, at_best=at_best)
        return True if exact is None else exact <= target

    def _weakest(self, value: Valued, undecided: list[Part], verdict: Verdict) -> tuple[WeakPart, ...]:
        missing = undecided_first(undecided, most=MOST_WEAKEST)
        whole = value.at_best.independent
        stated: dict[tuple[PartKind, str], WeakPart] = {}
        for cost, node in value.top:
            if cost > 0 and whole > 0:
                part = self._weak_part(node, min(1.0, cost / whole))
                # One agreement may stand for several components; its share is theirs together.
                same = stated.get((part.kind, part.id))
                if same is not None:
                    share = min(1.0, same.share + part.share)  # redundant parts each cost the whole
                    part = replace(same, share=share, components=same.components + 1)
                stated[part.kind, part.id] = part
        ranked = sorted(stated.values(), key=costliest_first)
        decided = {(part.kind, part.id) for part in missing}
        ranked = [part for part in ranked if (part.kind, part.id) not in decided]
        weakest = [*missing, *ranked] if verdict is Verdict.UNKNOWN or not ranked else ranked
        return tuple(weakest[:MOST_WEAKEST])

    def _weak_part(self, node: int, share: float) -> WeakPart:
        part = self._parts[node]
        unavailability = self._system.value(node).at_best.independent
        agreement = part.promises[0].promise.agreement if part.promises else None
        return WeakPart(
            kind=part.kind,
            id=part.id,
            service=part.service,
            share=share,
            value=None if part.kind is PartKind.MISSING else kept(unavailability),
            complement=None if part.kind is PartKind.MISSING else unavailability,
            ref=agreement.ref if agreement is not None else None,
            converted=part.converted,
        )

    def _weaker(self, node: int, target: Fraction) -> tuple[NeededPart, ...]:
        found = []
        # A tie in doubles is decided exactly below.
        for cut in self._system.cuts(node, above=float(target) * (1 - 1e-9)):
            part = self._parts[cut]
            if part.kind is PartKind.MISSING:
                continue
            unavailability = self._system.exact(cut, Basis.GUARANTEED, at_best=True)
            assert unavailability is not None, "a component is a closed form"
            loss = float(unavailability)
            if unavailability > target:
                found.append(NeededPart(part=part, value=kept(loss), complement=loss))
        return tuple(found)
