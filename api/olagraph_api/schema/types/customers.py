"""Customers: whoever an SLA is promised to."""

from enum import Enum

import strawberry

from olagraph.model import entities
from olagraph_api.schema import types
from olagraph_api.schema.arguments import After, Before, First, Last
from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.connections import Connection
from olagraph_api.schema.enums import Direction, described
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.node_ids import NodeKey
from olagraph_api.schema.ordering import BY_ID, Condition, Orders, every, found_in, id_key, one_of
from olagraph_api.schema.paging import Ordered, Page, Paging
from olagraph_api.schema.scalars import Json
from olagraph_api.schema.types.nodes import Node, Party
from olagraph_api.schema.types.references import AnAgreement


class CustomerOrderField(Enum):
    ID = "id"
    NAME = "name"


described(
    CustomerOrderField,
    "What customers can be ordered by.",
    {CustomerOrderField.ID: "The id.", CustomerOrderField.NAME: "The name."},
)

ORDERS: Orders[CustomerOrderField, entities.Customer] = Orders(
    {
        CustomerOrderField.ID: id_key,
        CustomerOrderField.NAME: lambda customer: (customer.name, customer.id),
    }
)


@strawberry.input(description="How customers are ordered.")
class CustomerOrder:
    field: CustomerOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which way.")


@strawberry.input(
    description="Which customers: all that is stated must hold, and of a list one of its items must."
)
class CustomerFilter:
    id: list[strawberry.ID] | None = strawberry.field(default=None, description="Ids.")
    search: str | None = strawberry.field(
        default=None, description="A part of the id, the name or the contact, in any case."
    )

    def condition(self, catalogue: Catalogue) -> Condition[entities.Customer] | None:
        """What must hold of a customer."""
        return every(
            one_of(self.id, lambda customer: customer.id),
            found_in(self.search, lambda customer: catalogue.customer_texts[customer.id]),
        )


@shows_record(description="Whoever an SLA is promised to: a customer or a business unit.")
class Customer(Node, Party):
    record: strawberry.Private[entities.Customer]
    catalogue: strawberry.Private[Catalogue]

    id: strawberry.ID = stated("The id in the portfolio file.")
    name: str | None = stated("For people.")
    contact: str | None = stated("Whom to call.")

    def node_key(self) -> NodeKey:
        return NodeKey("Customer", self.catalogue.id, (self.record.id,))

    @field("The customer that it is part of.")
    def parent(self) -> "Customer | None":
        parent = self.record.parent
        return None if parent is None else customer(self.catalogue, parent)

    @field("The agreements that are made to it.")
    def agreements(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[AnAgreement]:
        made = self.catalogue.promised_to.get((entities.Customer, self.record.id), ())
        paging = Paging(first=first, after=after, last=last, before=before)
        return types.agreement_page(self.catalogue, Ordered.of(made, BY_ID), paging)

    @field("Its `x-` keys: kept and exported, never interpreted.")
    def extra(self) -> Json:
        return Json(dict(self.record.extra))


def customer(catalogue: Catalogue, id: str) -> Customer:
    """The customer of an id that is known."""
    return Customer(catalogue.graph.customers[id], catalogue)


def all_customers(
    catalogue: Catalogue, paging: Paging, filter: CustomerFilter | None, order: CustomerOrder | None
) -> Connection[Customer]:
    """A page of all customers that a filter leaves."""
    condition = filter.condition(catalogue) if filter else None
    return Connection(
        page=Page(catalogue.customers(ORDERS.asked(order)), paging, condition),
        shown=lambda record: Customer(record, catalogue),
    )
