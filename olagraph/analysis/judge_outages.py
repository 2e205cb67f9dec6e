"""Verdicts on MTBF, MTTF and MTTR: means of a system's cycle of failure and repair (SEMANTICS §5)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from olagraph.analysis.availability import AvailabilityStructure
from olagraph.analysis.items import Item
from olagraph.analysis.judged import MOST_WEAKEST, SMALLEST_DIFFERENCE, Judged, target_loss, undecided_first
from olagraph.analysis.ladder import Met, climb
from olagraph.analysis.parts import ConvertedPromise, Part, Question, missing_part, own_terms
from olagraph.analysis.promises import Backing, Promise, Promises
from olagraph.analysis.results import Level, Missing, MissingReason, PartKind, View, ViewAssessment, WeakPart
from olagraph.graph import PortfolioGraph
from olagraph.metrics.conversion import Share
from olagraph.metrics.families.failure_repair import FailureRepair, UpAndDown, failure_repair
from olagraph.metrics.system import Component
from olagraph.metrics.table import metric_table
from olagraph.model.entities import Agreement, Better, Service, Target

_METRICS = ("mttr", "mtbf", "mttf")


class OutageStructure(AvailabilityStructure):
    """The structure of a service whose components fail and are repaired.

    A component is known if its promises state two of MTBF, MTTF and MTTR; its availability follows, MTTF/(MTTF+MTTR).

    Attributes:
        cycles: the mean times of each part that is known.
    """

    def __init__(self, graph: PortfolioGraph, promises: Promises, question: Question, view: View) -> None:
        super().__init__(graph, promises, question, view)
        self.cycles: dict[Part, UpAndDown] = {}

    def _agreement_part(self, backings: Iterable[Backing]) -> tuple[Part, Component]:
        backing = next(iter(backings))
        agreement = backing.promises[0].agreement
        stated = agreement.targets if agreement is not None else ()
        part = Part(
            kind=PartKind.AGREEMENT,
            service=backing.service,
            user=backing.user,
            promises=tuple(ConvertedPromise(promise=promise) for promise in backing.promises),
        )
        return self._known(part, stated)

    def _own_component(self, service: Service, targets: Iterable[Target]) -> tuple[Part, Component]:
        promises = tuple(
            ConvertedPromise(
                promise=Promise(
                    agreement=None, service=service.id, target=t, terms=own_terms(self._question, t)
                )
            )
            for t in targets
        )
        part = Part(kind=PartKind.OWN, service=service.id, promises=promises)
        return self._known(part, service.own)

    def _known(self, part: Part, stated: Iterable[Target]) -> tuple[Part, Component]:
        values = {t.metric: t.value.exact for t in stated if t.metric in _METRICS and t.population is None}
        cycle = _cycle(values)
        if cycle is None:
            missing = Missing(
                service=part.service,
                user=part.user,
                reason=MissingReason.METRIC_GAP,
                detail="two of mtbf, mttf and mttr are needed",
            )
            unknown, component = missing_part(missing)
            return replace(unknown, promises=part.promises), component
        up, down = cycle
        share = Share(worst=down / (up + down), favourable=down / (up + down))
        self.cycles[part] = UpAndDown(mttf=float(up), mttr=float(down))
        return part, Component(at_worst=share, at_best=share)


def _cycle(values: dict[str, Fraction]) -> tuple[Fraction, Fraction] | None:
    """Mean up and down time from any two of the three; None if less, or nothing sensible, is stated."""
    up, down, both = values.get("mttf"), values.get("mttr"), values.get("mtbf")
    if up is None and down is not None and both is not None:
        up = both - down
    if down is None and up is not None and both is not None:
        down = both - up
    if up is None or down is None or up < 0 or down < 0 or up + down == 0:
        return None
    return up, down


class OutageJudge:
    """Compares the cycles of one structure with targets; independent basis only, and unknown with anything missing."""

    converts = False

    def __init__(
        self, graph: PortfolioGraph, promises: Promises, question: Question, view: View, items: Iterable[Item]
    ) -> None:
        # Who backs a use is asked by what most contracts state; what else they state is read off the same agreement.
        asked = replace(question, metric=metric_table(graph.portfolio)["mttr"])
        structure = OutageStructure(graph, promises, asked, view)
        self._roots = {
            (item.agreement.id, item.service): structure.root(item.agreement, item.service) for item in items
        }
        self._written = structure.write()
        self._cycles = structure.cycles
        self.system = self._written.system

    def perfect_below(self, nodes: Iterable[int]) -> frozenset[str]:
        """The services below any of some nodes whose unstated own part was taken as perfect."""
        return self._written.perfect_below(nodes)

    def part(self, node: int) -> Part:
        """What a component stands for."""
        return self._written.parts[node]

    def cycle_of(self, node: int) -> UpAndDown | None:
        """The mean times of a component; None where they are not known."""
        return self._cycles.get(self.part(node))

    def parts_below(self, node: int) -> Iterator[Part]:
        """The parts that a node is composed of."""
        return (self.part(component) for component in self.system.components(node))

    def judge(self, item: Item) -> Judged:
        """The verdict on an item."""
        node = self._roots[item.agreement.id, item.service]
        unknown = [self.part(n) for n in self.system.missing(node)]
        found = self.values(node)
        level = None if found is None else _level(item, found)
        met = Met(guaranteed=None, independent=None if level is None else _meets(item, level), ceiling=None)
        decision = climb(at_worst=met, at_best=met)
        return Judged(
            view=ViewAssessment(
                verdict=decision.verdict,
                guaranteed=None,
                independent=level,
                ceiling=None,
                missing=tuple(part.missing for part in unknown if part.missing is not None),
                weakest=tuple(undecided_first(unknown, most=MOST_WEAKEST)) or self._weakest(item, node),
            ),
            at_worst=decision.at_worst,
            node=node,
            open_parts=tuple(unknown),
            parts=self.system.value(node).parts,
        )

    def values(self, node: int) -> FailureRepair | None:
        """The mean times of a node; None with anything missing."""
        value = self.system.value(node)
        if value.missing or not value.exact:
            return None
        importance = self.system.importance(node)
        cycles = {n: cycle for n in importance if (cycle := self.cycle_of(n)) is not None}
        return failure_repair(
            list(cycles.values()),
            birnbaum=[importance[n] for n in cycles],
            unavailability=value.at_best.independent,
        )

    def _weakest(self, item: Item, node: int) -> tuple[WeakPart, ...]:
        value = self.system.value(node)
        whole = value.at_best.independent
        return tuple(
            WeakPart(
                kind=self.part(n).kind,
                id=self.part(n).id,
                service=self.part(n).service,
                share=cost / whole,
                value=None if (cycle := self.cycle_of(n)) is None else _mean(item, cycle),
                ref=_ref(self.part(n)),
            )
            for cost, n in value.top[:MOST_WEAKEST]
            if whole > 0 and cost > 0
        )


def _ref(part: Part) -> str | None:
    agreement: Agreement | None = part.promises[0].promise.agreement if part.promises else None
    return agreement.ref if agreement is not None else None


def _level(item: Item, found: FailureRepair) -> Level:
    value = _mean(item, UpAndDown(mttf=found.mttf, mttr=found.mttr))
    return Level(at_worst=value, at_best=value)


def _mean(item: Item, cycle: UpAndDown) -> float:
    """The mean that the item asks for."""
    return {"mttf": cycle.mttf, "mttr": cycle.mttr}.get(item.metric.id, cycle.mttf + cycle.mttr)


def _meets(item: Item, level: Level) -> bool:
    loss = -level.at_worst if item.metric.better is Better.HIGHER else level.at_worst
    limit = target_loss(item)
    return loss <= limit + SMALLEST_DIFFERENCE * max(1.0, abs(limit))
