"""Agreements: promises between two parties about services."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated

import strawberry

from olagraph.documents.quantities import percentage
from olagraph.model import entities
from olagraph.model.entities import ROUND_THE_CLOCK
from olagraph.model.quantity import Dimension, Quantity
from olagraph_api.schema import types
from olagraph_api.schema.arguments import After, AsOf, Before, First, Last
from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.connections import Connection
from olagraph_api.schema.enums import AgreementKind, AgreementStatus, Direction, Verdict, described
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.info import Info
from olagraph_api.schema.judged import judged_on
from olagraph_api.schema.node_ids import NodeKey
from olagraph_api.schema.ordering import BY_ID, Condition, Orders, any_of, every, found_in, id_key, one_of
from olagraph_api.schema.paging import Ordered, Page, Paging
from olagraph_api.schema.scalars import Duration, Json, MoneyText, QuantityText
from olagraph_api.schema.types.nodes import Node, Party
from olagraph_api.schema.types.references import AFinding, AProvider, AService, ATargetAssessment
from olagraph_api.schema.types.targets import Exclusion, Target

_KIND_RANKS = {kind: rank for rank, kind in enumerate(AgreementKind)}


class AgreementOrderField(Enum):
    ID = "id"
    KIND = "kind"
    PROVIDER = "provider"
    FROM = "from"
    TO = "to"


described(
    AgreementOrderField,
    "What agreements can be ordered by.",
    {
        AgreementOrderField.ID: "The id.",
        AgreementOrderField.KIND: "The kind: SLAs, OLAs, UCs.",
        AgreementOrderField.PROVIDER: "The id of the provider that makes it.",
        AgreementOrderField.FROM: "The first day in force.",
        AgreementOrderField.TO: "The last day in force.",
    },
)


def _orders(catalogue: Catalogue) -> Orders[AgreementOrderField, entities.Agreement]:
    kind_of = catalogue.graph.kind_of
    return Orders(
        {
            AgreementOrderField.ID: id_key,
            AgreementOrderField.KIND: lambda agreement: (_KIND_RANKS[kind_of(agreement)], agreement.id),
            AgreementOrderField.PROVIDER: lambda agreement: (agreement.provider, agreement.id),
            AgreementOrderField.FROM: lambda agreement: (_iso(agreement.from_), agreement.id),
            AgreementOrderField.TO: lambda agreement: (_iso(agreement.to), agreement.id),
        }
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


@strawberry.input(description="How agreements are ordered.")
class AgreementOrder:
    field: AgreementOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which way.")


@strawberry.input(
    description="Which agreements: all that is stated must hold, and of a list one of its items must."
)
class AgreementFilter:
    id: list[strawberry.ID] | None = strawberry.field(default=None, description="Ids.")
    kind: list[AgreementKind] | None = strawberry.field(default=None, description="SLAs, OLAs or UCs.")
    status: list[AgreementStatus] | None = strawberry.field(
        default=None, description="Drafts or signed ones."
    )
    provider: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of the providers that make them."
    )
    customer: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of those whom they are made to."
    )
    service: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of services that they cover."
    )
    in_force: date | None = strawberry.field(
        default=None, description="A day that lies between `from` and `to`, both inclusive."
    )
    search: str | None = strawberry.field(
        default=None,
        description="A part of the id, the name, the clause, the kind, or an id or name of a party, in any case.",
    )

    def among(self, catalogue: Catalogue) -> Iterable[entities.Agreement] | None:
        """The agreements that it may leave, if they are few and known; else None."""
        graph = catalogue.graph
        if self.id is not None:
            return [graph.agreements[id] for id in dict.fromkeys(self.id) if id in graph.agreements]
        if self.service is not None:
            covering = {a.id: a for service in self.service for a in graph.covering(service)}
            return covering.values()
        if self.provider is not None:
            made = catalogue.committed_by
            return [agreement for id in dict.fromkeys(self.provider) for agreement in made.get(id, ())]
        return None

    def condition(self, catalogue: Catalogue) -> Condition[entities.Agreement] | None:
        """What must hold of an agreement."""
        graph, day = catalogue.graph, self.in_force
        return every(
            one_of(self.id, lambda agreement: agreement.id),
            one_of(self.kind, graph.kind_of),
            one_of(self.status, lambda agreement: agreement.status),
            one_of(self.provider, lambda agreement: agreement.provider),
            any_of(self.customer, lambda agreement: agreement.customers),
            any_of(self.service, graph.covered_by),
            None if day is None else lambda agreement: agreement.in_force(day),
            found_in(self.search, lambda agreement: catalogue.agreement_texts[agreement.id]),
        )


@shows_record(
    description="A step of a credit schedule: at a value below, or above, the threshold a share of the fee."
)
class CreditTier:
    record: strawberry.Private[entities.CreditTier]

    below: QuantityText | None = stated("The threshold, of a metric of which more is better.")
    above: QuantityText | None = stated("The threshold, of a metric of which less is better.")

    @field("The share of the fee that is owed.")
    def credit(self) -> QuantityText:
        return _share(self.record.credit)


@shows_record(description="What is owed when a metric misses its target.")
class Credit:
    record: strawberry.Private[entities.Credit]
    catalogue: strawberry.Private[Catalogue]

    metric: str = stated("The id of the metric.")

    @field("The fee of one window.")
    def fee(self) -> MoneyText | None:
        fee = self.record.fee
        if fee is None:
            return None
        return Quantity(fee, self.catalogue.portfolio.currency or "", Dimension.MONEY)  # type: ignore[return-value]

    @field("The steps of the schedule.")
    def tiers(self) -> list[CreditTier]:
        return [CreditTier(each) for each in self.record.tiers]

    @field("The most that is owed, a share of the fee; null: no cap.")
    def cap(self) -> QuantityText | None:
        return None if self.record.cap is None else _share(self.record.cap)


def _share(share: Decimal) -> QuantityText:
    return Quantity.parse(percentage(share), Dimension.RATIO)  # type: ignore[return-value]  # the scalar writes it


@shows_record(description="Within which time after what a credit must be claimed.")
class Claim:
    record: strawberry.Private[entities.Claim]

    within: Duration = stated("How long.")

    @field("From when: incident, window, ticket_closed or invoice.")
    def after(self) -> str:
        return self.record.after.value


@shows_record(description="A promise between two parties about services, with what it inherits.")
class Agreement(Node):
    record: strawberry.Private[entities.Agreement]
    catalogue: strawberry.Private[Catalogue]

    id: strawberry.ID = stated("The id in the portfolio file.")
    stated_kind: AgreementKind | None = stated(
        "The kind as stated; null: it follows from the parties.", attribute="kind"
    )
    name: str | None = stated("For people.")
    status: AgreementStatus = stated("Whether it counts.")
    from_: date | None = stated("The first day in force; null: unbounded.", name="from")
    to: date | None = stated("The last day in force; null: unbounded.")
    renews: bool = stated("Whether it goes on after `to` unless somebody gives notice.")
    review: date | None = stated("The day of the next review.")
    notice: Duration | None = stated("The period of notice.")
    ref: str | None = stated("The clause; printed with every finding about it.")
    link: str | None = stated("The document.")

    def node_key(self) -> NodeKey:
        return NodeKey("Agreement", self.catalogue.id, (self.record.id,))

    @field("The kind as stated, else as it follows from the parties.")
    def kind(self) -> AgreementKind:
        return self.catalogue.graph.kind_of(self.record)

    @field("Who promises.")
    def provider(self) -> AProvider:
        return types.provider(self.catalogue, self.record.provider)

    @field(
        "Who is promised: customers for an SLA, providers for an OLA or UC; empty: standard terms, open to"
        " all."
    )
    def customers(self) -> list[Party]:
        catalogue = self.catalogue
        return [types.party(catalogue, record) for record in catalogue.parties(self.record)]

    @field("The services that it covers, each promised on its own.")
    def covers(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[AService]:
        paging = Paging(first=first, after=after, last=last, before=before)
        return types.services_by_id(self.catalogue, self.catalogue.covered(self.record), paging)

    @field("Whether it covers every service of its provider.")
    def covers_all(self) -> bool:
        return self.record.covers is not None and self.record.covers.all

    @field("It covers every service of its provider with any of these tags.")
    def covers_tags(self) -> list[str]:
        return [] if self.record.covers is None else list(self.record.covers.tags)

    @field("What is promised, inherited targets included.")
    def targets(self) -> list[Target]:
        return [Target(each, self.catalogue) for each in self.record.targets]

    @field("24x7, or the id of a calendar.")
    def hours(self) -> str:
        return self.record.hours or ROUND_THE_CLOCK

    @field("The window that it is measured over; null: the other side's.")
    def window(self) -> str | None:
        return None if self.record.window is None else str(self.record.window)

    @field("Time that does not count.")
    def exclusions(self) -> list[Exclusion]:
        return [Exclusion(each) for each in self.record.exclusions or ()]

    @field("Whether a day lies between `from` and `to`, both inclusive.")
    def in_force(
        self,
        info: Info,
        on: Annotated[
            date | None, strawberry.argument(description="The day; today in UTC if it is not said.")
        ] = None,
    ) -> bool:
        return self.record.in_force(on or info.context.today())

    @field("What is owed when a target is missed, each on one metric.")
    def credits(self) -> list[Credit]:
        return [Credit(each, self.catalogue) for each in self.record.credits or ()]

    @field("Within which time after what a credit must be claimed.")
    def claim(self) -> Claim | None:
        return None if self.record.claim is None else Claim(self.record.claim)

    @field("The agreement that it inherits from; it states what differs.")
    def inherits(self) -> "Agreement | None":
        parent = self.record.inherits
        return None if parent is None else agreement(self.catalogue, parent)

    @field("The agreements that inherit from it.")
    def heirs(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> "Connection[Agreement]":
        heirs = self.catalogue.heirs.get(self.record.id, ())
        paging = Paging(first=first, after=after, last=last, before=before)
        return agreement_page(self.catalogue, Ordered.of(heirs, BY_ID), paging)

    @field("Its assessed targets, one a covered service and target, the worst verdict first.", heavy=True)
    def assessments(
        self,
        info: Info,
        as_of: AsOf = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ATargetAssessment]:
        paging = Paging(first=first, after=after, last=last, before=before)
        judged = judged_on(self.catalogue, as_of, info)
        found = judged.judgements.targets_of_agreement.get(self.record.id, ())
        return types.target_page(judged, Ordered.of(found, types.WORST_FIRST), paging)

    @field("The findings about it, errors first.", heavy=True)
    def findings(
        self,
        info: Info,
        as_of: AsOf = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[AFinding]:
        paging = Paging(first=first, after=after, last=last, before=before)
        judged = judged_on(self.catalogue, as_of, info)
        found = judged.judgements.findings_of_agreement.get(self.record.id, ())
        return types.finding_page(judged, Ordered.of(found, types.ERRORS_FIRST), paging)

    @field("The worst verdict on any of its targets; null: none of them is assessed.", heavy=True)
    def verdict(self, info: Info, as_of: AsOf = None) -> Verdict | None:
        return judged_on(self.catalogue, as_of, info).judgements.worst(self.record.id)

    @field("Its `x-` keys: kept and exported, never interpreted.")
    def extra(self) -> Json:
        return Json(dict(self.record.extra))


def agreement(catalogue: Catalogue, id: str) -> Agreement:
    """The agreement of an id that is known."""
    return Agreement(catalogue.graph.agreements[id], catalogue)


def agreements_named(catalogue: Catalogue, ids: Iterable[str]) -> list[Agreement]:
    """The agreements of ids that are known, in their order."""
    return [agreement(catalogue, id) for id in ids]


def agreement_page(
    catalogue: Catalogue,
    ordered: Ordered[entities.Agreement],
    paging: Paging,
    condition: Condition[entities.Agreement] | None = None,
) -> Connection[Agreement]:
    """A page of a list of agreements."""
    return Connection(
        page=Page(ordered, paging, condition),
        shown=lambda record: Agreement(record, catalogue),
    )


def all_agreements(
    catalogue: Catalogue, paging: Paging, filter: AgreementFilter | None, order: AgreementOrder | None
) -> Connection[Agreement]:
    """A page of all agreements that a filter leaves."""
    wanted = _orders(catalogue).asked(order)
    among = filter.among(catalogue) if filter else None
    ordered = catalogue.agreements(wanted) if among is None else Ordered.of(among, wanted)
    return agreement_page(catalogue, ordered, paging, filter.condition(catalogue) if filter else None)
