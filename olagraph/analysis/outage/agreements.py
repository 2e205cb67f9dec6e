"""The agreements that an outage affects: budgets, what falls due, and whom to call (SEMANTICS §9)."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction

from olagraph.analysis.outage.budgets import Hit, budget
from olagraph.analysis.outage.downtime import Span, instant, moment
from olagraph.analysis.outage.index import OutageIndex
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
from olagraph.analysis.outage.strikes import Strikes
from olagraph.analysis.promises import BACKING_STRENGTHS, conditions_met, terms_of
from olagraph.model.entities import (
    MEAN,
    ROUND_THE_CLOCK,
    Agreement,
    AgreementKind,
    Family,
    Incident,
    Metric,
    Service,
    Target,
)

_FAR = datetime.max.replace(tzinfo=UTC)


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
        *,
        day: date,
        end: Fraction | None,
        incidents: Mapping[str, tuple[Incident, ...]],
    ) -> None:
        self._index = index
        self._graph = index.graph
        self._strikes = strikes
        self._outage = outage
        self._day = day
        self._begin = instant(outage.from_)
        self._end = end
        self._incidents = incidents
        self._budgets: dict[Hashable, Budget] = {}
        self._escalations: dict[tuple[str, str], Escalation] = {}

    def impacts(self) -> tuple[AgreementImpact, ...]:
        """SLAs first; of either the soonest breach first, then the worst state, then the soonest that would breach."""
        found = [self._impact(delivery) for delivery in self._deliveries()]
        return tuple(sorted(found, key=_soonest_first))

    def _deliveries(self) -> Iterator[_Delivery]:
        graph, deliveries = self._graph, self._strikes.deliveries
        for name, impact in self._outage.services.items():
            service = graph.services[name]
            # A service that only some users have lost is whole for the others.
            partly = name in self._strikes.partly and impact.through is None
            for agreement in self._index.covering(name, day=self._day):
                lost_under = agreement.id if agreement.id in deliveries.failed else None
                if lost_under is None and agreement.provider != service.provider:
                    lost_under = deliveries.failing(user=agreement.provider, service=name)
                state = ServiceState.DOWN if lost_under is not None else impact.state
                if lost_under is not None or not partly:
                    yield _Delivery(agreement=agreement, service=service, state=state, lost_under=lost_under)

    def _impact(self, delivery: _Delivery) -> AgreementImpact:
        agreement, service = delivery.agreement, delivery.service
        counted = [
            (target, self._index.metrics[target.metric])
            for target in agreement.targets
            if target.strength in BACKING_STRENGTHS and conditions_met(target, service)
        ]
        budgets = (
            self._budget(delivery, target, metric)
            for target, metric in counted
            if metric.family is Family.STRUCTURE_FUNCTION
        )
        due = self._due(agreement, counted) if delivery.state is ServiceState.DOWN else ()
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

    def _budget(self, delivery: _Delivery, target: Target, metric: Metric) -> Budget:
        terms = terms_of(delivery.agreement, target, metric)
        had = self._incidents.get(delivery.service.id, ())
        is_down = delivery.state is ServiceState.DOWN
        # Many agreements promise the same in the same terms.
        key = (target, terms, is_down, delivery.service.id if had else None)
        if key not in self._budgets:
            hit = Hit(
                begin=self._begin,
                end=self._end,
                share=self._outage.capacity_lost if is_down else Fraction(0),
                incidents=tuple(
                    Span(instant(each.from_), instant(each.to), Fraction(each.share)) for each in had
                ),
            )
            effective = replace(target, window=terms.window, hours=terms.hours, exclusions=terms.exclusions)
            self._budgets[key] = budget(effective, terms, hit)
        return self._budgets[key]

    # What falls due --------------------------------------------------------------------------------------------

    def _due(self, agreement: Agreement, counted: list[tuple[Target, Metric]]) -> Iterator[Due]:
        for target, metric in counted:
            if target.for_ == MEAN or not (metric.ticket or metric.family is Family.RESTORE):
                continue
            terms = terms_of(agreement, target, metric)
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


def _soonest_first(impact: AgreementImpact) -> tuple[object, ...]:
    breaches = impact.budget.breaches_at if impact.budget is not None else None
    holds = impact.budget.holds_until if impact.budget is not None else None
    return (
        impact.kind is not AgreementKind.SLA,
        _or_far(breaches),
        impact.state.rank,
        _or_far(holds),
        impact.agreement.id,
        impact.service,
    )


def _or_far(moment: datetime | None) -> datetime:
    return _FAR if moment is None else moment
