"""Outages: what fails takes along, until when which agreement holds, and whom to call."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

import strawberry

from olagraph.analysis.outage import results
from olagraph.analysis.outage.impact import outage_in
from olagraph.analysis.outage.still_up import StillUp as StillUpResult
from olagraph.analysis.outage.still_up import still_up
from olagraph.model import entities
from olagraph.model.entities import Metric
from olagraph.model.quantity import Quantity
from olagraph_api.schema import types
from olagraph_api.schema.arguments import After, Before, First, FirstOf, Last
from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.connections import Connection
from olagraph_api.schema.enums import AgreementKind, CauseKind, Remark, ServiceState
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.numbers import decimal_of
from olagraph_api.schema.ordering import Condition, one_of
from olagraph_api.schema.paging import Key, Order, Ordered, Page, Paging, page_size
from olagraph_api.schema.refusing import refusing
from olagraph_api.schema.scalars import Duration, MoneyText
from olagraph_api.schema.types.incidents import IncidentInput
from olagraph_api.schema.types.levels import Level, level_of
from olagraph_api.schema.types.nodes import Party
from olagraph_api.schema.types.references import ACustomer, AnAgreement, AProvider, AService
from olagraph_api.schema.types.targets import Target

States = Annotated[
    list[ServiceState] | None, strawberry.argument(description="Only in these states; all if it is not said.")
]
Kinds = Annotated[
    list[AgreementKind] | None,
    strawberry.argument(description="Only of these kinds; all if it is not said."),
]


@shows_record(description="What fails at once.")
class Failed:
    record: strawberry.Private[results.Failed]
    catalogue: strawberry.Private[Catalogue]

    regions: list[str] = stated("Regions, with everything that lies there.")
    zones: list[str] = stated("Zones, with everything that lies there.")

    @field("Providers, with everything that they own, provide or supply.")
    def providers(self) -> list[AProvider]:
        return [types.provider(self.catalogue, id) for id in self.record.providers]

    @field("Services.")
    def services(self) -> list[AService]:
        return types.services_named(self.catalogue, self.record.services)

    @field("Agreements: the services that they cover, as delivered under them.")
    def agreements(self) -> list[AnAgreement]:
        return types.agreements_named(self.catalogue, self.record.agreements)


@strawberry.type(description="How many services are in a state.")
class StateCount:
    state: ServiceState = strawberry.field(description="The state.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="The failure that strikes a service at first hand.")
class Cause:
    kind: CauseKind = strawberry.field(description="How it strikes.")
    id: strawberry.ID = strawberry.field(description="Of what fails, as it was asked for.")


@dataclass(frozen=True, slots=True)
class _Found:
    """An outage with what its parts are looked up in."""

    outage: results.Outage
    catalogue: Catalogue


@shows_record(description="What becomes of one service.")
class ServiceImpact:
    record: strawberry.Private[results.ServiceImpact]
    found: strawberry.Private[_Found]

    state: ServiceState = stated("Its state.")

    @field("The service.")
    def service(self) -> AService:
        return types.service(self.found.catalogue, self.record.service)

    @field("The chain of uses that carries the outage: from it down to one that has failed, both included.")
    def path(self) -> list[AService]:
        return types.services_named(self.found.catalogue, self.found.outage.path(self.record.service))

    @field("What strikes it at first hand; null where the outage comes from further down.")
    def cause(self) -> Cause | None:
        cause = self.record.cause
        return None if cause is None else Cause(kind=cause.kind, id=strawberry.ID(cause.id))


@shows_record(description="An availability target in the window in which the outage hurts it most.")
class BudgetImpact:
    record: strawberry.Private[results.Budget]
    catalogue: strawberry.Private[Catalogue]

    window_from: datetime = stated("When the window begins.", attribute="begins")
    window_to: datetime = stated("When the window ends.", attribute="ends")
    breach: bool = stated("Whether more than the allowed downtime is used up; equal is not.")
    breaches_at: datetime | None = stated(
        "The instant after which more than is allowed is used up; null: it does not breach."
    )
    holds_until: datetime | None = stated("The same if the outage went on; null: it never would.")
    remarks: list[Remark] = stated("What the figures leave out.")

    @field("The target.")
    def target(self) -> Target:
        return Target(self.record.target, self.catalogue)

    @field("The window that is counted in: month, 30d.")
    def window(self) -> str:
        return str(self.record.window)

    @field("The seconds of downtime that the target allows in the window.")
    def allowed(self) -> float:
        return float(self.record.allowed)

    @field("The seconds that incidents have used up.")
    def already(self) -> float:
        return float(self.record.already)

    @field("The seconds that this outage adds; null for an open-ended one.")
    def downtime(self) -> float | None:
        return None if self.record.downtime is None else float(self.record.downtime)

    @field(
        "The seconds that are left after the outage, negative if it is overdrawn; null for an open-ended one."
    )
    def left(self) -> float | None:
        left = self.record.left
        return None if left is None else float(left)


@shows_record(description="A target on restoring or on tickets that falls due.")
class Due:
    record: strawberry.Private[results.Due]
    catalogue: strawberry.Private[Catalogue]

    at: datetime = stated("When.")
    remarks: list[Remark] = stated("What the instant leaves out.")

    @field("The target.")
    def target(self) -> Target:
        return Target(self.record.target, self.catalogue)


@shows_record(description="Whom to call about an outage, and under which clause.")
class Escalation:
    record: strawberry.Private[results.Escalation]
    catalogue: strawberry.Private[Catalogue]

    contact: str | None = stated("The provider's contact, else its nearest owner's.")

    @field("The service at the end of the path, which has failed.")
    def service(self) -> AService:
        return types.service(self.catalogue, self.record.service)

    @field("Who delivers it.")
    def provider(self) -> AProvider:
        return types.provider(self.catalogue, self.record.provider)

    @field("What it is delivered under to the service before it on the path; none within one provider.")
    def agreements(self) -> list[AnAgreement]:
        return types.agreements_named(self.catalogue, self.record.agreements)


@shows_record(description="What becomes of one agreement on one covered service.")
class AgreementImpact:
    record: strawberry.Private[results.AgreementImpact]
    catalogue: strawberry.Private[Catalogue]

    state: ServiceState = stated("The state of the service as delivered under the agreement.")

    @field("The agreement.")
    def agreement(self) -> AnAgreement:
        return types.Agreement(self.record.agreement, self.catalogue)

    @field("Whom it is made to.")
    def customers(self) -> list[Party]:
        catalogue = self.catalogue
        return [types.party(catalogue, each) for each in catalogue.parties(self.record.agreement)]

    @field("The covered service.")
    def service(self) -> AService:
        return types.service(self.catalogue, self.record.service)

    @field(
        "The seconds of downtime that this outage adds in the window that breaches first; null for an"
        " open-ended outage, and without an availability target."
    )
    def downtime(self) -> float | None:
        budget = self.record.budget
        return None if budget is None or budget.downtime is None else float(budget.downtime)

    @field(
        "The seconds of downtime that the target allows in that window, exclusions taken off; null without"
        " an availability target."
    )
    def budget(self) -> float | None:
        budget = self.record.budget
        return None if budget is None else float(budget.allowed)

    @field("Whether more than that is used up; equal is not. Null without an availability target.")
    def breach(self) -> bool | None:
        budget = self.record.budget
        return None if budget is None else budget.breach

    @field("The instant after which it is breached; null: it is not.")
    def breaches_at(self) -> datetime | None:
        budget = self.record.budget
        return None if budget is None else budget.breaches_at

    @field("The instant until which it would hold if the outage went on; null: for ever.")
    def holds_until(self) -> datetime | None:
        budget = self.record.budget
        return None if budget is None else budget.holds_until

    @field("Its availability targets, the soonest breach first.")
    def budgets(self) -> list[BudgetImpact]:
        return [BudgetImpact(each, self.catalogue) for each in self.record.budgets]

    @field("Its targets on restoring and on tickets, the soonest due first; only while the service is down.")
    def due(self) -> list[Due]:
        return [Due(each, self.catalogue) for each in self.record.due]

    @field("Whom to call.")
    def call(self) -> Escalation:
        return Escalation(self.record.escalation, self.catalogue)

    @field("What is owed for it; null until credits are computed.")
    def credit_owed(self) -> MoneyText | None:
        return None

    @field("What suppliers owe for it; null until credits are computed.")
    def credit_recoverable(self) -> MoneyText | None:
        return None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A target with the row of its metric."""

    target: entities.Target
    metric: Metric


@shows_record(
    description="How available a service that is affected and still up is under an SLA, given the outage."
)
class StillUp:
    record: strawberry.Private[StillUpResult]
    catalogue: strawberry.Private[Catalogue]

    @field("The SLA.")
    def agreement(self) -> AnAgreement:
        return types.agreement(self.catalogue, self.record.agreement)

    @field("The covered service.")
    def service(self) -> AService:
        return types.service(self.catalogue, self.record.service)

    @field("The availability target.")
    def target(self) -> Target:
        return Target(self.record.target, self.catalogue)

    @field("If all that is left fails independently: the share of time in the long run; null: no value.")
    def independent(self) -> Level | None:
        return level_of(self.record.independent, self._asked, self.catalogue.wording.level)

    @field(
        "What the contracts guarantee of the outage itself, if everybody else spends his whole budget"
        " inside it; null for an open-ended outage, or no value."
    )
    def guaranteed(self) -> Level | None:
        return level_of(self.record.guaranteed, self._asked, self.catalogue.wording.level)

    @property
    def _asked(self) -> _Asked:
        target = self.record.target
        return _Asked(target, self.catalogue.metrics[target.metric])


def _soonest_breach_first(impact: results.AgreementImpact) -> Key:
    """The order of the analysis: SLAs, then by breach, state, and when it would breach."""
    budget = impact.budget
    breaches, holds = (budget.breaches_at, budget.holds_until) if budget else (None, None)
    return (
        impact.kind is not AgreementKind.SLA,
        *_soon(breaches),
        impact.state.rank,
        *_soon(holds),
        impact.agreement.id,
        impact.service,
    )


def _soon(moment: datetime | None) -> tuple[bool, float]:
    return (moment is None, 0.0 if moment is None else moment.timestamp())


@shows_record(description="What an outage takes along.")
class Outage:
    record: strawberry.Private[results.Outage]
    catalogue: strawberry.Private[Catalogue]

    from_: datetime = stated("When it begins.", name="from")
    for_: Duration | None = stated("How long it lasts; null: open-ended.", name="for")
    customers_count: int = strawberry.field(description="How many customers are affected.")
    not_known_count: int = strawberry.field(description="How many services are not known of.")

    @field("What fails.")
    def failed(self) -> Failed:
        return Failed(self.record.failed, self.catalogue)

    @field("The share of what failed that is lost, above 0 and at most 1.")
    def capacity_lost(self) -> Decimal:
        return decimal_of(self.record.capacity_lost)

    @field("How many services are in each state, the worst first, zeros too.")
    def states(self) -> list[StateCount]:
        counts = Counter(impact.state for impact in self.record.services.values())
        return [StateCount(state=state, count=counts[state]) for state in ServiceState]

    @field(
        "What becomes of every affected service: the worst states first, the nearest to the failure first."
        " Untouched services are not listed."
    )
    def services(
        self,
        state: States = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ServiceImpact]:
        found = _Found(self.record, self.catalogue)
        condition: Condition[results.ServiceImpact] | None = one_of(state, lambda impact: impact.state)
        paging = Paging(first=first, after=after, last=last, before=before)
        return Connection(
            page=Page(
                Ordered.of(self.record.services.values(), _worst_first(self.record)), paging, condition
            ),
            shown=lambda record: ServiceImpact(record, found),
        )

    @field(
        "What becomes of every agreement on every affected service: SLAs before the others, of either the"
        " soonest breach first."
    )
    def agreements(
        self,
        kind: Kinds = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[AgreementImpact]:
        catalogue = self.catalogue
        condition: Condition[results.AgreementImpact] | None = one_of(kind, lambda impact: impact.kind)
        paging = Paging(first=first, after=after, last=last, before=before)
        return Connection(
            page=Page(Ordered.of(self.record.agreements, _SOONEST_BREACH_FIRST), paging, condition),
            shown=lambda record: AgreementImpact(record, catalogue),
        )

    @field("The customers of the affected SLAs, the soonest hit first.")
    def customers(self, first: FirstOf = None) -> list[ACustomer]:
        return [types.customer(self.catalogue, id) for id in self.record.customers[: page_size(first)]]

    @field(
        "The services of which nobody says what they depend on, and that nothing known affects:"
        " silence does not mean that they are up."
    )
    def not_known(self, first: FirstOf = None) -> list[AService]:
        return types.services_named(self.catalogue, self.record.not_known[: page_size(first)])

    @field(
        "How available what is affected and still up is, given the outage: every availability target of an"
        " SLA.",
        heavy=True,
    )
    def still_up(self, first: FirstOf = None) -> list[StillUp]:
        most = page_size(first)
        index, slas = self.catalogue.snapshot.outage_index, _slas_with(self.record, targets=most)
        found = still_up(index, self.record, most=slas)
        return [StillUp(each, self.catalogue) for each in found[:most]]

    @field("What is owed less what suppliers owe, a currency each; empty until credits are computed.")
    def net_exposure(self) -> list[MoneyText]:
        return []


def _slas_with(outage: results.Outage, *, targets: int) -> int:
    """How many SLAs that are affected and up have so many availability targets together."""
    slas = 0
    for impact in outage.agreements:
        if impact.kind is AgreementKind.SLA and impact.state is not ServiceState.DOWN and targets > 0:
            slas += 1
            targets -= len(impact.budgets)
    return slas


def _worst_first(outage: results.Outage) -> Order[results.ServiceImpact]:
    """The order of the analysis: the worst states, then the shortest paths."""
    distances: dict[str, int] = {}
    for service in outage.services:
        chain = []
        at: str | None = service
        while at is not None and at not in distances:
            chain.append(at)
            impact = outage.services.get(at)
            at = None if impact is None or impact.cause is not None else impact.through
        distance = -1 if at is None else distances[at]
        for each in reversed(chain):
            distance += 1
            distances[each] = distance
    return Order("STATE", lambda impact: (impact.state.rank, distances[impact.service], impact.service))


_SOONEST_BREACH_FIRST: Order[results.AgreementImpact] = Order("BREACH", _soonest_breach_first)


def outage(
    catalogue: Catalogue,
    *,
    failed: results.Failed,
    from_: datetime,
    for_: Quantity | None,
    capacity_lost: Decimal | None,
    incidents: Iterable[IncidentInput],
) -> Outage:
    """What an outage takes along.

    Raises:
        GraphQLError: ids that are not there, nothing that fails, or a time or share out of range.
    """
    with refusing(values=True):
        had = [incident.had(catalogue) for incident in incidents]
        lasting = None if for_ is None else _span(for_)
        found = outage_in(
            catalogue.snapshot.outage_index,
            failed=failed,
            from_=from_,
            for_=lasting,
            capacity_lost=Fraction(1) if capacity_lost is None else Fraction(capacity_lost),
            incidents=had,
        )
    return Outage(
        record=found,
        catalogue=catalogue,
        customers_count=len(found.customers),
        not_known_count=len(found.not_known),
    )


def _span(duration: Quantity) -> timedelta:
    """A duration in whole microseconds.

    Raises:
        ValueError: it has finer parts, or is longer than the calendar.
    """
    microseconds = duration.exact * 1_000_000
    if microseconds.denominator != 1:
        raise ValueError(f"{duration} is finer than a microsecond")
    try:
        return timedelta(microseconds=microseconds.numerator)
    except OverflowError:
        raise ValueError(f"{duration} is longer than the calendar") from None
