"""What hangs on every provider, owner, region and zone, the most first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from olagraph.analysis.concentration.deliveries import Deliveries
from olagraph.analysis.concentration.reach import Reach
from olagraph.analysis.concentration.redundancy import at_risk
from olagraph.analysis.concentration.results import Concentration, LossImpact, Promised
from olagraph.analysis.losses import Loss, LossKind
from olagraph.analysis.promises import BACKING_STRENGTHS, conditions_met, terms_of
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph.metrics.table import metric_table
from olagraph.model.entities import Agreement, AgreementKind, Family, Metric, Portfolio, Service, Target


def concentration(portfolio: Portfolio, settings: Settings) -> Concentration:
    """Every provider, owner, region and zone with what its loss takes along, ranked.

    Structure alone decides, no number. A loss is open-ended and strikes everything that the thing lost holds: services,
    services that have it in their supply chain, and deliveries that it resells.
    """
    graph = PortfolioGraph(portfolio)
    deliveries = Deliveries(graph, settings.as_of)
    holding = list(deliveries.holding())
    return _Ranking(graph, Reach(graph, deliveries), holding, settings).result()


class _Ranking:
    """Turns sets of losses by service into sets of services by loss."""

    def __init__(
        self, graph: PortfolioGraph, reach: Reach, holding: Sequence[Agreement], settings: Settings
    ) -> None:
        self._graph = graph
        self._reach = reach
        self._settings = settings
        self._at_risk, self._proven = at_risk(graph, reach)
        self._holding = {a.id: a for a in holding}
        self._promised = _highest_availabilities(graph, holding)
        self._slas = [a for a in holding if graph.kind_of(a) is AgreementKind.SLA and graph.covered_by(a)]

    def result(self) -> Concentration:
        """The answer."""
        graph, reach = self._graph, self._reach
        down = _by_loss(reach, reach.down)
        at_risk = _by_loss(reach, self._at_risk)
        provided = _by_loss(reach, reach.provided)
        supplied = _by_loss(reach, {s: bits & ~reach.provided[s] for s, bits in reach.supplied.items()})
        slas_down = _by_loss(reach, {a.id: self._lost(a) for a in self._slas})
        slas_at_risk = _by_loss(reach, {a.id: self._shaken(a) for a in self._slas})
        agreements = self._agreements(provided)
        found = [
            LossImpact(
                loss=loss,
                provider_kind=graph.providers[loss.id].kind
                if loss.id in graph.providers and _is_party(loss)
                else None,
                provides=provided[i],
                supplies=supplied[i],
                agreements=agreements[i],
                tightest_promise=self._tightest(agreements[i]),
                down=down[i],
                at_risk=at_risk[i],
                slas_down=slas_down[i],
                slas_at_risk=slas_at_risk[i],
                customers=self._customers(slas_down[i]),
                tightest_sla=self._tightest(slas_down[i]),
                share_of_slas=len(slas_down[i]) / len(self._slas) if self._slas else 0.0,
            )
            for i, loss in enumerate(reach.losses)
        ]
        return Concentration(
            portfolio=graph.portfolio.name,
            as_of=self._settings.as_of,
            losses=tuple(sorted(found, key=_most_first)),
            services=len(graph.services),
            slas=len(self._slas),
            proven=self._proven,
            not_known=tuple(sorted(s.id for s in graph.portfolio.services if self._is_silent(s))),
        )

    def _lost(self, sla: Agreement) -> int:
        """The losses with which something that an SLA promises is down or not delivered."""
        bits = 0
        for service in self._graph.covered_by(sla):
            bits |= self._reach.down[service] | self._reach.undelivered(sla, service)
        return bits

    def _shaken(self, sla: Agreement) -> int:
        """The losses with which something that an SLA promises is at risk, and nothing lost."""
        bits = 0
        for service in self._graph.covered_by(sla):
            bits |= self._at_risk[service]
        return bits & ~self._lost(sla)

    def _agreements(self, provided: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """By loss: what a provider makes, what an owner and all it owns make, what covers a region or zone."""
        made: dict[Loss, set[str]] = defaultdict(set)
        covering: dict[str, list[str]] = defaultdict(list)
        for agreement in self._holding.values():
            covered = self._graph.covered_by(agreement)
            if not covered:
                continue
            made[Loss(LossKind.PROVIDER, agreement.provider)].add(agreement.id)
            for owner in (agreement.provider, *self._graph.owners(agreement.provider)):
                made[Loss(LossKind.OWNER, owner)].add(agreement.id)
            for service in covered:
                covering[service].append(agreement.id)
        found = []
        for i, loss in enumerate(self._reach.losses):
            ids: Iterable[str] = made[loss]
            if not _is_party(loss):
                ids = {a for service in provided[i] for a in covering[service]}
            found.append(tuple(sorted(ids)))
        return found

    def _tightest(self, agreements: Iterable[str]) -> Promised | None:
        """The highest availability promised in any of these."""
        promised = [self._promised[a] for a in agreements if a in self._promised]
        return min(promised, key=_highest_first, default=None)

    def _customers(self, slas: Iterable[str]) -> tuple[str, ...]:
        customers = {c for sla in slas for c in self._holding[sla].customers}
        return tuple(sorted(customers & self._graph.customers.keys()))

    def _is_silent(self, service: Service) -> bool:
        """Whether nobody says what a service is made of: neither itself, nor a promise to somebody who uses it."""
        stated = service.workflow, service.requires, *service.own, *service.supply_chain
        return not any(stated) and all(
            self._graph.kind_of(a) is AgreementKind.SLA or a.id not in self._holding
            for a in self._graph.covering(service.id)
        )


def _is_party(loss: Loss) -> bool:
    return loss.kind in (LossKind.PROVIDER, LossKind.OWNER)


def _by_loss(reach: Reach, sets: Mapping[str, int]) -> list[tuple[str, ...]]:
    """For each loss the names of the sets that it is in, sorted."""
    names = np.array(sorted(sets), dtype=np.object_)
    width = len(reach.losses) // 8 + 1
    packed = b"".join(sets[name].to_bytes(width, "little") for name in names)
    rows: NDArray[np.uint8] = np.frombuffer(packed, dtype=np.uint8).reshape(len(names), width)
    held = np.unpackbits(rows, axis=1, bitorder="little")
    return [tuple(names[np.flatnonzero(held[:, i])]) for i in range(len(reach.losses))]


def _highest_availabilities(graph: PortfolioGraph, agreements: Iterable[Agreement]) -> dict[str, Promised]:
    """By agreement the highest share of time that it promises on anything it covers."""
    metrics = metric_table(graph.portfolio)
    found = {}
    for agreement in agreements:
        counted = [
            _promised(agreement, target, metrics[target.metric])
            for target in agreement.targets
            if metrics[target.metric].family is Family.STRUCTURE_FUNCTION
            and target.strength in BACKING_STRENGTHS
            and any(conditions_met(target, graph.services[s]) for s in graph.covered_by(agreement))
        ]
        if counted:
            found[agreement.id] = min(counted, key=_highest_first)
    return found


def _promised(agreement: Agreement, target: Target, metric: Metric) -> Promised:
    terms = terms_of(agreement, target, metric)
    return Promised(agreement=agreement, target=replace(target, window=terms.window, hours=terms.hours))


def _highest_first(promised: Promised) -> tuple[object, ...]:
    return -promised.target.value.exact, promised.agreement.id


def _most_first(impact: LossImpact) -> tuple[object, ...]:
    return (
        -len(impact.slas_down),
        -len(impact.customers),
        -len(impact.down),
        impact.loss.id,
        list(LossKind).index(impact.loss.kind),
    )
