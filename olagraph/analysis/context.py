"""What every check may look at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from olagraph.analysis.judged import Assessed, Judged, Source
from olagraph.analysis.judging import Judge
from olagraph.analysis.ladder import HOLDS
from olagraph.analysis.losses import Losses
from olagraph.analysis.memory import Memory
from olagraph.analysis.promises import Promises
from olagraph.analysis.results import View
from olagraph.analysis.settings import Settings
from olagraph.analysis.visits import demands
from olagraph.graph import PortfolioGraph, Use
from olagraph.metrics.table import metric_table
from olagraph.model.entities import Agreement, AgreementKind, Metric

MOST_NAMED = 20
"""How many SLAs a finding names."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """One assessment, before its findings.

    What is the same object in two assessments is the same in both: checks need not look at it again.

    Attributes:
        judge: has judged what is assessed, and judges further items, for what-if questions.
        shape: stands for how services are delivered, by whom and where, and for their names.
        restated: the services that were stated otherwise in the assessment before.
        memory: of what was worked out, for the next assessment.
    """

    graph: PortfolioGraph
    promises: Promises
    settings: Settings
    assessed: tuple[Assessed, ...]
    judge: Judge
    shape: object
    restated: frozenset[str]
    memory: Memory

    @cached_property
    def parties(self) -> tuple[object, object]:
        """Stands for everything about providers and customers."""
        return self.graph.providers, self.graph.customers

    @cached_property
    def metrics(self) -> Mapping[str, Metric]:
        """The metric table."""
        return metric_table(self.graph.portfolio)

    # What was judged ----------------------------------------------------------------------------------------

    def source(self, assessed: Assessed, view: View) -> Source:
        """What composed one of the views."""
        return self.judge.source(assessed.item, view)

    @cached_property
    def by_source(self) -> tuple[tuple[Source, tuple[tuple[Assessed, Judged], ...]], ...]:
        """Everything that composed a view of anything, with what it composed."""
        found: dict[int, tuple[Source, list[tuple[Assessed, Judged]]]] = {}
        for assessed in self.assessed:
            for view in View:
                source = self.source(assessed, view)
                found.setdefault(id(source), (source, []))[1].append((assessed, assessed.judged(view)))
        return tuple((source, tuple(group)) for source, group in found.values())

    @cached_property
    def by_agreement(self) -> Mapping[str, Sequence[Assessed]]:
        """What is assessed, agreement by agreement."""
        found: dict[str, list[Assessed]] = defaultdict(list)
        for assessed in self.assessed:
            found[assessed.item.agreement.id].append(assessed)
        return found

    @cached_property
    def promised(self) -> Mapping[tuple[str, str, str], Sequence[Assessed]]:
        """What is assessed, by agreement, service and metric."""
        found: dict[tuple[str, str, str], list[Assessed]] = defaultdict(list)
        for assessed in self.assessed:
            item = assessed.item
            found[item.agreement.id, item.service, item.metric.id].append(assessed)
        return found

    @cached_property
    def passing_raw(self) -> frozenset[tuple[int, View]]:
        """The targets, by identity, and views that fail and would hold if every number were taken as it stands."""
        failing = [
            assessed
            for assessed in self.assessed
            if any(
                assessed.judged(view).view.verdict not in HOLDS and self.source(assessed, view).converts
                for view in View
            )
        ]
        raw = [replace(a.item, question=replace(a.item.question, raw=True)) for a in failing]
        return frozenset(
            (id(judged.item.target), view)
            for judged in self.judge.judge(raw)
            for view in View
            if judged.judged(view).view.verdict in HOLDS
        )

    @cached_property
    def roots(self) -> tuple[tuple[Agreement, str], ...]:
        """The assessed agreements and services, each pair once."""
        pairs = {
            (a.item.agreement.id, a.item.service): (a.item.agreement, a.item.service) for a in self.assessed
        }
        return tuple(pairs.values())

    @cached_property
    def sold(self) -> tuple[tuple[str, str, str], ...]:
        """The same by id, and who promises."""
        return self.memory.same("sold", tuple((a.id, a.provider, service) for a, service in self.roots))

    @cached_property
    def sla_roots(self) -> tuple[tuple[str, str], ...]:
        """The ids of the assessed SLAs and services, each pair once."""
        kind_of = self.graph.kind_of
        pairs = tuple((a.id, service) for a, service in self.roots if kind_of(a) is AgreementKind.SLA)
        return self.memory.same("sla_roots", pairs)

    @cached_property
    def slas(self) -> tuple[str, ...]:
        """The ids of the assessed SLAs."""
        return tuple(dict.fromkeys(agreement for agreement, _ in self.sla_roots))

    # What it rests on ---------------------------------------------------------------------------------------

    @cached_property
    def agreements(self) -> tuple[Agreement, ...]:
        """All agreements, with what they inherit filled in."""
        return tuple(self.graph.agreements.values())

    @cached_property
    def supporting(self) -> tuple[Agreement, ...]:
        """The OLAs and UCs in force on the day that cover something."""
        day, kind_of = self.settings.as_of, self.graph.kind_of
        found = self.memory.where(
            "supporting",
            self.agreements,
            lambda a: a.covers is not None and a.in_force(day) and kind_of(a) is not AgreementKind.SLA,
            *self.parties,
        )
        return tuple(found)

    @cached_property
    def demands(self) -> Mapping[str, Fraction]:
        """How often each service is called, as far as it is known."""
        return self.memory.recall("demands", (self.graph.services,), lambda: demands(self.graph))

    @cached_property
    def losses(self) -> Losses:
        """What single losses take down."""
        looked_at = (self.shape, *self.parties)
        return self.memory.revise("losses", looked_at, self._find_losses)

    def _find_losses(self, before: tuple[tuple[object, ...], Losses] | None) -> Losses:
        if before is None or before[0][1:] != self.parties:
            return Losses(self.graph)
        return Losses(self.graph, earlier=before[1], restated=self.restated)

    @cached_property
    def reached_by(self) -> Mapping[str, int]:
        """By service, who reaches it: bit 0 = any assessed agreement, bit 1 + i = the i-th of `slas`.

        What an external supplier uses inside a service that is promised to its user is the supplier's affair and is not
        reached.
        """
        looked_at = (self.shape, self.sold, self.sla_roots, self.closed)
        return self.memory.recall("reached_by", looked_at, self._reach)

    def _reach(self) -> Mapping[str, int]:
        places = {sla: 1 + place for place, sla in enumerate(self.slas)}
        bits = dict.fromkeys(self.graph.services, 0)
        for agreement, service in self.roots:
            bits[service] |= 1 | (1 << places[agreement.id] if agreement.id in places else 0)
        users_first = self.graph.used_first()[::-1]
        changed = True
        while changed:  # once, and once more for every circle
            changed = False
            for service in users_first:
                above = bits[service]
                if above and service not in self.closed:
                    for use in self.graph.uses(service):
                        if bits[use.used] | above != bits[use.used]:
                            bits[use.used] |= above
                            changed = True
            changed = changed and bool(self.graph.cycles())
        return bits

    @cached_property
    def closed(self) -> frozenset[str]:
        """The services whose inside is their supplier's affair: it promises them to somebody."""
        graph, day = self.graph, self.settings.as_of
        bought = self.memory.where(
            "bought",
            graph.portfolio.services,
            lambda service: graph.is_external(service.provider) and bool(graph.uses(service.id)),
            *self.parties,
        )
        found = (
            service.id
            for service in bought
            if any(a.provider == service.provider and a.in_force(day) for a in graph.covering(service.id))
        )
        return self.memory.same("closed", frozenset(found))

    def slas_in(self, bits: int) -> list[str]:
        """The ids of the SLAs in a set of `reached_by`, the first few of them."""
        found: list[str] = []
        bits >>= 1
        while bits and len(found) < MOST_NAMED:
            lowest = bits & -bits
            found.append(self.slas[lowest.bit_length() - 1])
            bits ^= lowest
        return found

    def entered_uses(self, service: str) -> tuple[Use, ...]:
        """The uses inside a service that are ours to look at."""
        return () if service in self.closed else self.graph.uses(service)
