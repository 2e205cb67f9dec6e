"""How much every component, agreement and provider matters to a service; what takes it down together."""

from typing import Annotated

import strawberry

from olagraph.analysis.concentration import results
from olagraph.analysis.concentration.cutting import cut_sets
from olagraph.analysis.concentration.importance import importance
from olagraph.analysis.settings import Settings
from olagraph_api.schema import types
from olagraph_api.schema.arguments import After, Before, First, FirstOf, Last
from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.connections import Connection
from olagraph_api.schema.enums import CutBy, ElementKind
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.numbers import finite
from olagraph_api.schema.ordering import Condition, one_of
from olagraph_api.schema.paging import Key, Order, Ordered, Page, Paging, page_size
from olagraph_api.schema.refusing import refusing
from olagraph_api.schema.scalars import BigInt
from olagraph_api.schema.types.missing import Missing, first_missing
from olagraph_api.schema.types.references import AnAgreement, AService

Kinds = Annotated[
    list[ElementKind] | None, strawberry.argument(description="Only of these kinds; all if it is not said.")
]


@shows_record(
    description="How much one element matters to a service, failures being independent. Q is the unavailability of the"
    " service; `failed` and `perfect` put the unavailability of every component of the element to 1 and to 0."
)
class Importance:
    record: strawberry.Private[results.Importance]
    catalogue: strawberry.Private[Catalogue]

    kind: ElementKind = stated("What it is.")
    id: strawberry.ID = stated(
        "Of the agreement or provider; of a component, of the service that it is a part of; of a common cause, the"
        " sorted ids of the branches, joined by `+`."
    )
    missing: bool = stated(
        "Nothing stands for it: it is taken as perfect, Q and all measures are those at best."
    )
    components: int = stated("How many components it holds.")
    unavailability: float | None = stated("That of a single component or common cause.")
    birnbaum: float = stated("Q(failed) - Q(perfect): Birnbaum's importance.")
    criticality: float | None = stated("(Q - Q(perfect)) / Q; null where Q is 0.")
    fussell_vesely: float | None = stated(
        "P(some failed minimal cut set holds one of its components) / Q, exact; null where Q is 0 or the number is"
        " out of reach."
    )
    raw: float | None = stated("Risk achievement worth, Q(failed) / Q; null where Q is 0.")

    @field("Risk reduction worth, Q / Q(perfect); null where Q is 0, and where nothing is left of it.")
    def rrw(self) -> float | None:
        return finite(self.record.rrw)

    @field("Of a component, the agreement that bounds it; the agreement itself of one.")
    def agreement(self) -> AnAgreement | None:
        record = self.record
        id = record.id if record.kind is ElementKind.AGREEMENT else record.agreement
        return None if id is None else types.agreement(self.catalogue, id)


def _by_kind(importance: results.Importance) -> Key:
    """The order of the analysis: by kind, then the most critical; a component twice is told apart by its agreement."""
    return (
        _KIND_RANKS[importance.kind],
        -(importance.criticality or 0.0),
        -importance.birnbaum,
        importance.id,
        importance.agreement or "",
        importance.missing,
        importance.unavailability or 0.0,
    )


_KIND_RANKS = {kind: rank for rank, kind in enumerate(ElementKind)}
_BY_KIND: Order[results.Importance] = Order("KIND", _by_kind)


@shows_record(
    description="The importances in one service, of what is achievable if failures are independent, in the terms of the"
    " SLA that promises the highest availability on it."
)
class ServiceImportance:
    record: strawberry.Private[results.ServiceImportance]
    catalogue: strawberry.Private[Catalogue]

    low: float = stated(
        "The unavailability of the service, at the best end of what is missing: its lower bound."
    )
    high: float = stated("Its upper bound; equal where it is exact.")
    exact: bool = stated("Whether the unavailability itself is known.")

    @field("The service.")
    def service(self) -> AService:
        return types.service(self.catalogue, self.record.service)

    @field("The SLA in whose terms it was asked; null: round the clock, as no SLA on it is in force.")
    def agreement(self) -> AnAgreement | None:
        agreement = self.record.agreement
        return None if agreement is None else types.agreement(self.catalogue, agreement)

    @field("What nothing stands for.")
    def missing(self, first: FirstOf = None) -> list[Missing]:
        return first_missing(self.catalogue, self.record.missing, first)

    @field("How many parts nothing stands for.")
    def missing_count(self) -> int:
        return len(self.record.missing)

    @field("By kind, then the most critical first; empty where the unavailability is out of reach.")
    def elements(
        self,
        kind: Kinds = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Importance]:
        catalogue = self.catalogue
        condition: Condition[results.Importance] | None = one_of(kind, lambda element: element.kind)
        paging = Paging(first=first, after=after, last=last, before=before)
        return Connection(
            page=Page(Ordered.of(self.record.elements, _BY_KIND), paging, condition),
            shown=lambda record: Importance(record, catalogue),
        )


def service_importance(catalogue: Catalogue, settings: Settings, service: str) -> ServiceImportance | None:
    """The importances in a service; None where there is no such service."""
    if service not in catalogue.graph.services:
        return None
    (found,) = importance(catalogue.portfolio, settings, service=service, graph=catalogue.graph)
    return ServiceImportance(found, catalogue)


@strawberry.type(description="How many minimal cut sets have so many members.")
class OrderCount:
    order: int = strawberry.field(description="The number of members.")
    count: BigInt = strawberry.field(description="How many, exact.")


@shows_record(
    description="The minimal cut sets of a service: the smallest sets whose joint failure takes it down. Structure"
    " alone decides, no number and no promise."
)
class CutSets:
    record: strawberry.Private[results.CutSets]
    catalogue: strawberry.Private[Catalogue]

    by: CutBy = stated("What the members are.")
    count: BigInt | None = stated("How many there are, exact; null where that is out of reach.")
    smallest: list[list[strawberry.ID]] = stated(
        "The first of them, ids sorted within: those with fewer members first, then by id."
    )

    @field("The service.")
    def service(self) -> AService:
        return types.service(self.catalogue, self.record.service)

    @field("How many have how many members, where there are any; null where that is out of reach.")
    def orders(self) -> list[OrderCount] | None:
        if self.record.orders is None:
            return None
        return [
            OrderCount(order=order, count=BigInt(count))
            for order, count in enumerate(self.record.orders)
            if count
        ]


def service_cut_sets(
    catalogue: Catalogue, settings: Settings, service: str, *, by: CutBy, smallest: int
) -> CutSets:
    """The minimal cut sets of a service.

    Raises:
        GraphQLError: a service that is not there, or more sets than a page may have.
    """
    limit = page_size(smallest, "smallest")
    with refusing():
        found = cut_sets(
            catalogue.portfolio, settings, service=service, by=by, limit=limit, graph=catalogue.graph
        )
    return CutSets(found, catalogue)
