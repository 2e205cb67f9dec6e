"""The agreements that an outage affects: budgets, what falls due, and whom to call (SEMANTICS §9)."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import overload

import numpy as np

from olagraph.analysis.outage.budgets import Hit, budget
from olagraph.analysis.outage.covered import CountingTarget, counting
from olagraph.analysis.outage.downtime import Span, instant, moment
from olagraph.analysis.outage.index import OutageIndex
from olagraph.analysis.outage.network import Nodes
from olagraph.analysis.outage.results import (
    AgreementImpact,
    Budget,
    CauseKind,
    Due,
    Escalation,
    Outage,
    Remark,
    ServiceState,
)
from olagraph.analysis.outage.states import STATES, ServiceImpacts
from olagraph.analysis.outage.strikes import Strikes
from olagraph.model.entities import MEAN, ROUND_THE_CLOCK, Agreement, Family, Incident, Service

_FAR = datetime.max.replace(tzinfo=UTC)


class AgreementImpacts(Sequence[AgreementImpact]):
    """What becomes of the affected agreements; each is put into words when it is asked for.

    Args:
        make: by place.
    """

    def __init__(self, make: Callable[[int], AgreementImpact], count: int) -> None:
        self._make = make
        self._made: list[AgreementImpact | None] = [None] * count

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, place: int) -> AgreementImpact: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[AgreementImpact, ...]: ...
    def __getitem__(self, place: int | slice) -> AgreementImpact | tuple[AgreementImpact, ...]:
        if isinstance(place, slice):
            return tuple(self[each] for each in range(len(self))[place])
        made = self._made[place]
        if made is None:
            made = self._made[place] = self._make(range(len(self))[place])
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Delivery:
    """A service as delivered under one agreement."""

    agreement: Agreement
    service: Service
    state: ServiceState
    lost_under: str | None


class Agreements:
    """Works out what becomes of the agreements in one outage."""

    def __init__(
        self,
        index: OutageIndex,
        strikes: Strikes,
        outage: Outage,
        services: ServiceImpacts,
        *,
        day: date,
        end: Fraction | None,
        incidents: Mapping[str, tuple[Incident, ...]],
    ) -> None:
        self._index = index
        self._graph = index.graph
        self._covered = index.covered
        self._strikes = strikes
        self._outage = outage
        self._services = services
        self._day = day
        self._begin = instant(outage.from_)
        self._end = end
        self._incidents = incidents
        self._budgets: dict[Hashable, Budget] = {}
        self._escalations: dict[tuple[str, str], Escalation] = {}
        rows = self._covered.rows(np.flatnonzero(services.affected), day=day)
        self._lost_under = self._lost(rows)
        self._rows = self._soonest_first(self._in_hand(rows))

    def impacts(self) -> AgreementImpacts:
        """SLAs first; of either the soonest breach first, then the worst state, then the soonest that would breach."""
        return AgreementImpacts(lambda place: self._impact(self._delivery(place)), len(self._rows))

    def customers(self) -> tuple[str, ...]:
        """The customers of the affected SLAs, the soonest hit first."""
        covered = self._covered
        agreement = covered.agreement[self._rows]
        agreement = agreement[covered.sla[agreement]]
        _, first = np.unique(agreement, return_index=True)
        found: dict[str, None] = {}
        for place in agreement[np.sort(first)].tolist():
            found |= dict.fromkeys(
                customer
                for customer in covered.agreements[place].customers
                if customer in self._graph.customers
            )
        return tuple(found)

    # Which, and in which order -----------------------------------------------------------------------------------

    def _lost(self, rows: Nodes) -> dict[int, str]:
        """By row, the failed agreement under which a service is lost that may be up for others."""
        deliveries, covered = self._strikes.deliveries, self._covered
        found: dict[int, str] = {}
        if not deliveries.failed:
            return found
        for row in rows.tolist():
            agreement = covered.agreements[covered.agreement[row]]
            if agreement.id in deliveries.failed:
                found[row] = agreement.id
            elif covered.resold[row]:
                service = self._index.network.services[covered.node[row]]
                lost_under = deliveries.failing(user=agreement.provider, service=service)
                if lost_under is not None:
                    found[row] = lost_under
        return found

    def _in_hand(self, rows: Nodes) -> Nodes:
        """The rows that the outage affects: a service that only some users have lost is whole for the others."""
        whole = self._services.whole_for_others
        if not len(whole):
            return rows
        lost = np.isin(rows, np.array(list(self._lost_under), dtype=np.int64))
        kept: Nodes = rows[lost | ~np.isin(self._covered.node[rows], whole)]
        return kept

    def _soonest_first(self, rows: Nodes) -> Nodes:
        covered = self._covered
        node, agreement = covered.node[rows], covered.agreement[rows]
        rank = self._services.rank[node]
        rank[np.isin(rows, np.array(list(self._lost_under), dtype=np.int64))] = ServiceState.DOWN.rank
        services = self._index.network.services
        hit = np.array([self._index.network.node[each] for each in self._incidents], dtype=np.int64)
        own = np.where(np.isin(node, hit), node, -1)
        shapes = (len(covered.promises), 2, len(services) + 1)
        is_down = (rank == ServiceState.DOWN.rank).astype(np.int64)
        cases, case = np.unique(
            np.ravel_multi_index((covered.promise[rows], is_down, own + 1), shapes), return_inverse=True
        )
        first = [
            self._first(covered.promises[promise], bool(down), services[place - 1] if place else None)
            for promise, down, place in zip(*np.unravel_index(cases, shapes), strict=True)
        ]
        breaches = _ranks([_or_far(found.breaches_at if found else None) for found in first])[case]
        holds = _ranks([_or_far(found.holds_until if found else None) for found in first])[case]
        # What is left in order has that of the rows: by agreement, then by service.
        ordered: Nodes = rows[np.lexsort((rows, holds, rank, breaches, ~covered.sla[agreement]))]
        return ordered

    def _first(self, promise: Sequence[CountingTarget], is_down: bool, service: str | None) -> Budget | None:
        """The budget that breaches first."""
        budgets = (self._budget(target, is_down=is_down, service=service) for target in promise)
        return min(budgets, key=_soonest_breach, default=None)

    # One agreement -------------------------------------------------------------------------------------------------

    def _delivery(self, place: int) -> _Delivery:
        row = int(self._rows[place])
        covered = self._covered
        lost_under = self._lost_under.get(row)
        node = covered.node[row]
        return _Delivery(
            agreement=covered.agreements[covered.agreement[row]],
            service=self._graph.services[self._index.network.services[node]],
            state=ServiceState.DOWN if lost_under is not None else STATES[self._services.rank[node]],
            lost_under=lost_under,
        )

    def _impact(self, delivery: _Delivery) -> AgreementImpact:
        agreement, service = delivery.agreement, delivery.service
        is_down = delivery.state is ServiceState.DOWN
        targets = tuple(counting(agreement, service, self._index.metrics))
        budgets = (
            self._own_budget(each, is_down=is_down, service=service.id)
            for each in targets
            if each.on_availability
        )
        due = self._due(targets) if is_down else ()
        return AgreementImpact(
            agreement=agreement,
            kind=self._graph.kind_of(agreement),
            service=service.id,
            state=delivery.state,
            budgets=tuple(sorted(budgets, key=_soonest_breach)),
            due=tuple(sorted(due, key=lambda each: (each.at, each.metric.id))),
            escalation=self._escalation(delivery),
        )

    # Budgets -------------------------------------------------------------------------------------------------

    def _own_budget(self, target: CountingTarget, *, is_down: bool, service: str) -> Budget:
        """The budget of a target that may differ from others of the same measure in what does not count here."""
        found = self._budget(target, is_down=is_down, service=service)
        return replace(found, target=replace(target.effective, window=found.window))

    def _budget(self, target: CountingTarget, *, is_down: bool, service: str | None) -> Budget:
        had = () if service is None else self._incidents.get(service, ())
        key = (target.measure, is_down, service if had else None)
        if key not in self._budgets:
            hit = Hit(
                begin=self._begin,
                end=self._end,
                share=self._outage.capacity_lost if is_down else Fraction(0),
                incidents=tuple(
                    Span(instant(each.from_), instant(each.to), Fraction(each.share)) for each in had
                ),
            )
            self._budgets[key] = budget(target.effective, target.terms, hit)
        return self._budgets[key]

    # What falls due --------------------------------------------------------------------------------------------

    def _due(self, targets: Sequence[CountingTarget]) -> Iterator[Due]:
        for target, metric, terms in targets:
            if target.for_ == MEAN or not (metric.ticket or metric.family is Family.RESTORE):
                continue
            at = moment(self._begin + target.value.exact)
            if at is not None:
                elapsed = (terms.clock or terms.hours) != ROUND_THE_CLOCK
                yield Due(target=target, metric=metric, at=at, remarks=(Remark.ELAPSED_TIME,) * elapsed)

    # Whom to call ----------------------------------------------------------------------------------------------

    def _escalation(self, delivery: _Delivery) -> Escalation:
        graph = self._graph
        if delivery.lost_under is not None:
            return self._under(delivery.service.id, (graph.agreements[delivery.lost_under],))
        path = self._outage.path(delivery.service.id)
        user, failed = delivery.agreement.provider, path[-1]
        if len(path) > 1:
            user = graph.services[path[-2]].provider
            cause = self._outage.services[path[-2]].cause
            if cause is not None and cause.kind is CauseKind.AGREEMENT:
                return self._under(failed, (graph.agreements[cause.id],))
        key = (user, failed)
        if key not in self._escalations:
            papers: tuple[Agreement, ...] = ()
            if user != graph.services[failed].provider:
                papers = next(graph.candidates(user=user, service=failed, day=self._day), ())
            self._escalations[key] = self._under(failed, papers)
        return self._escalations[key]

    def _under(self, service: str, papers: tuple[Agreement, ...]) -> Escalation:
        """Whom a service is delivered by: the other party of the contract, which may be a reseller."""
        graph = self._graph
        provider = papers[0].provider if papers else graph.services[service].provider
        parties = (graph.providers[each] for each in (provider, *graph.owners(provider)))
        return Escalation(
            service=service,
            provider=provider,
            contact=next((party.contact for party in parties if party.contact is not None), None),
            agreements=tuple(each.id for each in papers),
        )


def _soonest_breach(budget: Budget) -> tuple[datetime, datetime, Fraction]:
    return _or_far(budget.breaches_at), _or_far(budget.holds_until), budget.allowed


def _ranks(moments: Sequence[datetime]) -> Nodes:
    """The place of each moment among them all."""
    places = {moment: place for place, moment in enumerate(sorted(set(moments)))}
    return np.array([places[moment] for moment in moments], dtype=np.int64)


def _or_far(moment: datetime | None) -> datetime:
    return _FAR if moment is None else moment
