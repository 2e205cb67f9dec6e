"""Providers: whoever delivers."""

from enum import Enum

import strawberry

from olagraph.model import entities
from olagraph_api.schema import types
from olagraph_api.schema.arguments import After, Before, First, Last
from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.connections import Connection
from olagraph_api.schema.enums import Direction, ProviderKind, described
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.node_ids import NodeKey
from olagraph_api.schema.ordering import BY_ID, Condition, Orders, every, found_in, id_key, one_of
from olagraph_api.schema.paging import Ordered, Page, Paging
from olagraph_api.schema.scalars import Json
from olagraph_api.schema.types.nodes import Node, Party
from olagraph_api.schema.types.references import AnAgreement, AService


class ProviderOrderField(Enum):
    ID = "id"
    NAME = "name"


described(
    ProviderOrderField,
    "What providers can be ordered by.",
    {ProviderOrderField.ID: "The id.", ProviderOrderField.NAME: "The name."},
)

ORDERS: Orders[ProviderOrderField, entities.Provider] = Orders(
    {
        ProviderOrderField.ID: id_key,
        ProviderOrderField.NAME: lambda provider: (provider.name, provider.id),
    }
)


@strawberry.input(description="How providers are ordered.")
class ProviderOrder:
    field: ProviderOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which way.")


@strawberry.input(
    description="Which providers: all that is stated must hold, and of a list one of its items must."
)
class ProviderFilter:
    id: list[strawberry.ID] | None = strawberry.field(default=None, description="Ids.")
    kind: list[ProviderKind] | None = strawberry.field(
        default=None, description="Our own teams or suppliers."
    )
    region: list[str] | None = strawberry.field(default=None, description="Where they work from.")
    parent: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of the providers that own them directly."
    )
    search: str | None = strawberry.field(
        default=None, description="A part of the id, the name, the region or the contact, in any case."
    )

    def condition(self, catalogue: Catalogue) -> Condition[entities.Provider] | None:
        """What must hold of a provider."""
        return every(
            one_of(self.id, lambda provider: provider.id),
            one_of(self.kind, lambda provider: provider.kind),
            one_of(self.region, lambda provider: provider.region),
            one_of(self.parent, lambda provider: provider.parent),
            found_in(self.search, lambda provider: catalogue.provider_texts[provider.id]),
        )


@shows_record(description="Whoever delivers: an internal team or an external supplier.")
class Provider(Node, Party):
    record: strawberry.Private[entities.Provider]
    catalogue: strawberry.Private[Catalogue]

    id: strawberry.ID = stated("The id in the portfolio file.")
    name: str | None = stated("For people.")
    kind: ProviderKind = stated("One of our own teams, or a supplier.")
    region: str | None = stated("Where it works from.")
    contact: str | None = stated("Whom to call.")

    def node_key(self) -> NodeKey:
        return NodeKey("Provider", self.catalogue.id, (self.record.id,))

    @field("Who owns it: mergers, groups.")
    def parent(self) -> "Provider | None":
        parent = self.record.parent
        return None if parent is None else provider(self.catalogue, parent)

    @field("The providers that it owns directly.")
    def owns(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> "Connection[Provider]":
        owned = self.catalogue.owned_by.get(self.record.id, ())
        paging = Paging(first=first, after=after, last=last, before=before)
        return provider_page(self.catalogue, Ordered.of(owned, BY_ID), paging)

    @field("The services that it delivers.")
    def services(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[AService]:
        provided = self.catalogue.provided_by.get(self.record.id, ())
        paging = Paging(first=first, after=after, last=last, before=before)
        return types.service_page(self.catalogue, Ordered.of(provided, BY_ID), paging)

    @field("The agreements that it makes.")
    def commits_to(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[AnAgreement]:
        made = self.catalogue.committed_by.get(self.record.id, ())
        paging = Paging(first=first, after=after, last=last, before=before)
        return types.agreement_page(self.catalogue, Ordered.of(made, BY_ID), paging)

    @field("The agreements that are made to it.")
    def promised_to(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[AnAgreement]:
        made = self.catalogue.promised_to.get((entities.Provider, self.record.id), ())
        paging = Paging(first=first, after=after, last=last, before=before)
        return types.agreement_page(self.catalogue, Ordered.of(made, BY_ID), paging)

    @field("Its `x-` keys: kept and exported, never interpreted.")
    def extra(self) -> Json:
        return Json(dict(self.record.extra))


def provider(catalogue: Catalogue, id: str) -> Provider:
    """The provider of an id that is known."""
    return Provider(catalogue.graph.providers[id], catalogue)


def provider_page(
    catalogue: Catalogue,
    ordered: Ordered[entities.Provider],
    paging: Paging,
    condition: Condition[entities.Provider] | None = None,
) -> Connection[Provider]:
    """A page of a list of providers."""
    return Connection(
        page=Page(ordered, paging, condition),
        shown=lambda record: Provider(record, catalogue),
    )


def all_providers(
    catalogue: Catalogue, paging: Paging, filter: ProviderFilter | None, order: ProviderOrder | None
) -> Connection[Provider]:
    """A page of all providers that a filter leaves."""
    condition = filter.condition(catalogue) if filter else None
    return provider_page(catalogue, catalogue.providers(ORDERS.asked(order)), paging, condition)
