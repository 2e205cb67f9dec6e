"""Services: what one provider delivers."""

from collections.abc import Iterable
from enum import Enum

import strawberry

from olagraph.model import entities
from olagraph_api.schema import types
from olagraph_api.schema.arguments import After, AsOf, Before, First, Last, Transitive, Via
from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.connections import Connection
from olagraph_api.schema.enums import DependencyKind, Direction, described
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.info import Info
from olagraph_api.schema.judged import judged_on
from olagraph_api.schema.node_ids import NodeKey
from olagraph_api.schema.ordering import BY_ID, Condition, Orders, any_of, every, found_in, id_key, one_of
from olagraph_api.schema.paging import Ordered, Page, Paging
from olagraph_api.schema.scalars import Json, QuantityText
from olagraph_api.schema.types.expressions import Expression, required, worked
from olagraph_api.schema.types.nodes import Node
from olagraph_api.schema.types.references import (
    AFinding,
    AnAgreement,
    AnIncident,
    AProvider,
    ATargetAssessment,
)
from olagraph_api.schema.types.targets import Target


class ServiceOrderField(Enum):
    ID = "id"
    NAME = "name"
    PROVIDER = "provider"
    CRITICALITY = "criticality"


described(
    ServiceOrderField,
    "What services can be ordered by.",
    {
        ServiceOrderField.ID: "The id.",
        ServiceOrderField.NAME: "The name.",
        ServiceOrderField.PROVIDER: "The provider's id.",
        ServiceOrderField.CRITICALITY: "How critical it is, 1 being the most.",
    },
)

ORDERS: Orders[ServiceOrderField, entities.Service] = Orders(
    {
        ServiceOrderField.ID: id_key,
        ServiceOrderField.NAME: lambda service: (service.name, service.id),
        ServiceOrderField.PROVIDER: lambda service: (service.provider, service.id),
        ServiceOrderField.CRITICALITY: lambda service: (service.criticality, service.id),
    }
)


@strawberry.input(description="How services are ordered.")
class ServiceOrder:
    field: ServiceOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which way.")


@strawberry.input(
    description="Which services: all that is stated must hold, and of a list one of its items must."
)
class ServiceFilter:
    id: list[strawberry.ID] | None = strawberry.field(default=None, description="Ids.")
    provider: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of their providers."
    )
    region: list[str] | None = strawberry.field(default=None, description="Where they run.")
    zone: list[str] | None = strawberry.field(default=None, description="Where in the region they run.")
    tag: list[str] | None = strawberry.field(default=None, description="Tags, any of them.")
    criticality: list[int] | None = strawberry.field(default=None, description="1 (most) to 5.")
    owner: list[str] | None = strawberry.field(
        default=None, description="The persons or teams that own them."
    )
    search: str | None = strawberry.field(
        default=None,
        description="A part of the id, the name, the provider's id or name, the region, the zone, the owner or a tag,"
        " in any case.",
    )

    def among(self, catalogue: Catalogue) -> Iterable[entities.Service] | None:
        """The services that it may leave, if they are few and known; else None."""
        services = catalogue.graph.services
        if self.id is not None:
            return [services[id] for id in dict.fromkeys(self.id) if id in services]
        if self.provider is not None:
            provided = catalogue.provided_by
            return [service for id in dict.fromkeys(self.provider) for service in provided.get(id, ())]
        return None

    def condition(self, catalogue: Catalogue) -> Condition[entities.Service] | None:
        """What must hold of a service."""
        return every(
            one_of(self.id, lambda service: service.id),
            one_of(self.provider, lambda service: service.provider),
            one_of(self.region, lambda service: service.region),
            one_of(self.zone, lambda service: service.zone),
            any_of(self.tag, lambda service: service.tags),
            one_of(self.criticality, lambda service: service.criticality),
            one_of(self.owner, lambda service: service.owner),
            found_in(self.search, lambda service: catalogue.service_texts[service.id]),
        )


@strawberry.type(description="A fact about a service that a target's `when` may ask for.")
class Trait:
    name: str = strawberry.field(description="What it is called.")
    value: Json = strawberry.field(description="Text, a number, or yes or no.")


@shows_record(
    description="A link of the chain of suppliers behind a service that no agreement of ours covers."
)
class Supplier:
    record: strawberry.Private[entities.Supplier]
    catalogue: strawberry.Private[Catalogue]

    rank: int = stated(
        "How far it is from the service's provider: 1 supplies it directly, 2 supplies that one."
    )

    @field("The supplier.")
    def provider(self) -> AProvider:
        return types.provider(self.catalogue, self.record.provider)


@shows_record(description="What one provider delivers.")
class Service(Node):
    record: strawberry.Private[entities.Service]
    catalogue: strawberry.Private[Catalogue]

    id: strawberry.ID = stated("The id in the portfolio file.")
    name: str | None = stated("For people.")
    region: str | None = stated("Where it runs; if it is not stated, where its provider works from counts.")
    zone: str | None = stated("Where in the region it runs.")
    criticality: int | None = stated("1 (most) to 5.")
    owner: str | None = stated("A person or team; not a provider's `parent`.")
    tags: list[str] = stated("Agreements may cover services by tag.")
    demand: QuantityText | None = stated("How often it is called.")

    def node_key(self) -> NodeKey:
        return NodeKey("Service", self.catalogue.id, (self.record.id,))

    @field("Who delivers it.")
    def provider(self) -> AProvider:
        return types.provider(self.catalogue, self.record.provider)

    @field("What a target's `when` asks for.")
    def traits(self) -> list[Trait]:
        return [Trait(name=name, value=Json(value)) for name, value in self.record.traits]

    @field("How it is delivered from other services; null: not stated.")
    def workflow(self) -> Expression | None:
        return worked(self.catalogue, self.record.workflow)

    @field("The supporting services that must work as well; null: not stated.")
    def requires(self) -> Expression | None:
        return required(self.catalogue, self.record.requires)

    @field("The provider's own part in it, a target a metric.")
    def own(self) -> list[Target]:
        return [Target(target, self.catalogue) for target in self.record.own]

    @field(
        "Suppliers of its provider, behind this service, that no agreement of ours covers: they count in"
        " outages and in concentration, never in composition."
    )
    def supply_chain(self) -> list[Supplier]:
        return [Supplier(each, self.catalogue) for each in self.record.supply_chain]

    @field("The services that it uses.", heavy=True)
    def dependencies(
        self,
        via: Via = None,
        transitive: Transitive = False,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> "Connection[Service]":
        kinds = _words(via)
        used = (
            self.catalogue.graph.upstream(self.record.id, via=kinds)
            if transitive
            else {use.used for use in self.catalogue.graph.uses(self.record.id) if use.via in kinds}
        )
        paging = Paging(first=first, after=after, last=last, before=before)
        return services_by_id(self.catalogue, used, paging)

    @field("The services that use it.", heavy=True)
    def dependents(
        self,
        via: Via = None,
        transitive: Transitive = False,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> "Connection[Service]":
        kinds = _words(via)
        users = (
            self.catalogue.graph.downstream(self.record.id, via=kinds)
            if transitive
            else {use.user for use in self.catalogue.graph.used_by(self.record.id) if use.via in kinds}
        )
        paging = Paging(first=first, after=after, last=last, before=before)
        return services_by_id(self.catalogue, users, paging)

    @field("The agreements that cover it.")
    def agreements(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[AnAgreement]:
        covering = self.catalogue.graph.covering(self.record.id)
        paging = Paging(first=first, after=after, last=last, before=before)
        return types.agreement_page(self.catalogue, Ordered.of(covering, BY_ID), paging)

    @field("The assessed targets of the agreements that cover it, the worst verdict first.", heavy=True)
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
        found = judged.judgements.targets_of_service.get(self.record.id, ())
        return types.target_page(judged, Ordered.of(found, types.WORST_FIRST), paging)

    @field("The findings about it and those that speak of it, errors first.", heavy=True)
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
        found = judged.judgements.findings_of_service.get(self.record.id, ())
        return types.finding_page(judged, Ordered.of(found, types.ERRORS_FIRST), paging)

    @field("The times in which it was not available, the earliest first.")
    def incidents(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[AnIncident]:
        had = self.catalogue.incidents_of.get(self.record.id, ())
        paging = Paging(first=first, after=after, last=last, before=before)
        return types.incident_page(self.catalogue, Ordered.of(had, types.EARLIEST_FIRST), paging)

    @field("Its `x-` keys: kept and exported, never interpreted.")
    def extra(self) -> Json:
        return Json(dict(self.record.extra))


def _words(via: list[DependencyKind] | None) -> frozenset[str]:
    """The graph's words for kinds of dependency; null is all of them."""
    return frozenset(kind.value for kind in (DependencyKind if via is None else via))


def service(catalogue: Catalogue, id: str) -> Service:
    """The service of an id that is known."""
    return Service(catalogue.graph.services[id], catalogue)


def services_named(catalogue: Catalogue, ids: Iterable[str]) -> list[Service]:
    """The services of ids that are known, in their order."""
    return [service(catalogue, id) for id in ids]


def services_by_id(catalogue: Catalogue, ids: Iterable[str], paging: Paging) -> Connection[Service]:
    """A page of services, of which the ids are known."""
    known = catalogue.graph.services
    return service_page(catalogue, Ordered.of((known[id] for id in ids), BY_ID), paging)


def service_page(
    catalogue: Catalogue,
    ordered: Ordered[entities.Service],
    paging: Paging,
    condition: Condition[entities.Service] | None = None,
) -> Connection[Service]:
    """A page of a list of services."""
    return Connection(
        page=Page(ordered, paging, condition),
        shown=lambda record: Service(record, catalogue),
    )


def all_services(
    catalogue: Catalogue, paging: Paging, filter: ServiceFilter | None, order: ServiceOrder | None
) -> Connection[Service]:
    """A page of all services that a filter leaves."""
    wanted = ORDERS.asked(order)
    among = filter.among(catalogue) if filter else None
    ordered = catalogue.services(wanted) if among is None else Ordered.of(among, wanted)
    return service_page(catalogue, ordered, paging, filter.condition(catalogue) if filter else None)
