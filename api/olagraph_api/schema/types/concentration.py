"""Concentration: what hangs on every provider, owner, region and zone."""

from datetime import date
from typing import Annotated

import strawberry

from olagraph.analysis.concentration import results
from olagraph_api.schema import types
from olagraph_api.schema.arguments import After, Before, First, FirstOf, Last
from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.connections import Connection
from olagraph_api.schema.enums import LossKind, ProviderKind
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.ordering import Condition, one_of
from olagraph_api.schema.paging import Key, Order, Ordered, Page, Paging, page_size
from olagraph_api.schema.types.references import ACustomer, AnAgreement, AProvider, AService
from olagraph_api.schema.types.targets import Target

Kinds = Annotated[
    list[LossKind] | None, strawberry.argument(description="Only of these kinds; all if it is not said.")
]


@shows_record(
    description="What one loss takes along. Ids are sorted; beside each list stands how many there are."
)
class LossImpact:
    record: strawberry.Private[results.LossImpact]
    catalogue: strawberry.Private[Catalogue]

    id: strawberry.ID = stated("Of what is lost: a provider's id, or a region or zone.", attribute="loss.id")
    provider_kind: ProviderKind | None = stated(
        "Of a provider or owner: one of our own teams, or a supplier."
    )
    share_of_slas: float = stated(
        "The SLAs of which a service is down, as a ratio of all in force; 0 where there are none."
    )

    @field("What is lost.")
    def kind(self) -> LossKind:
        return LossKind(self.record.loss.kind)

    @field("The provider or owner; null for a region or zone.")
    def provider(self) -> AProvider | None:
        if self.kind() not in (LossKind.PROVIDER, LossKind.OWNER):
            return None
        return types.provider(self.catalogue, self.record.loss.id)

    @field("The services that are down without it.")
    def down(self, first: FirstOf = None) -> list[AService]:
        return types.services_named(self.catalogue, self.record.down[: page_size(first)])

    @field("How many services are down without it.")
    def down_count(self) -> int:
        return len(self.record.down)

    @field(
        "The services that are up without it, but some further failure takes them down that would not have"
        " before."
    )
    def at_risk(self, first: FirstOf = None) -> list[AService]:
        return types.services_named(self.catalogue, self.record.at_risk[: page_size(first)])

    @field("How many services are at risk without it.")
    def at_risk_count(self) -> int:
        return len(self.record.at_risk)

    @field("The SLAs of which a service is down, or no longer delivered.")
    def slas_down(self, first: FirstOf = None) -> list[AnAgreement]:
        return types.agreements_named(self.catalogue, self.record.slas_down[: page_size(first)])

    @field("How many SLAs those are.")
    def slas_down_count(self) -> int:
        return len(self.record.slas_down)

    @field("The other SLAs of which a service is at risk.")
    def slas_at_risk(self, first: FirstOf = None) -> list[AnAgreement]:
        return types.agreements_named(self.catalogue, self.record.slas_at_risk[: page_size(first)])

    @field("How many SLAs those are.")
    def slas_at_risk_count(self) -> int:
        return len(self.record.slas_at_risk)

    @field("The customers of the SLAs of which a service is down.")
    def customers(self, first: FirstOf = None) -> list[ACustomer]:
        return [types.customer(self.catalogue, id) for id in self.record.customers[: page_size(first)]]

    @field("How many customers those are.")
    def customers_count(self) -> int:
        return len(self.record.customers)

    @field("The services that it provides; of a region or zone those that lie there.")
    def provides(self, first: FirstOf = None) -> list[AService]:
        return types.services_named(self.catalogue, self.record.provides[: page_size(first)])

    @field("How many services it provides.")
    def provides_count(self) -> int:
        return len(self.record.provides)

    @field("The services of others that have it in their supply chain.")
    def supplies(self, first: FirstOf = None) -> list[AService]:
        return types.services_named(self.catalogue, self.record.supplies[: page_size(first)])

    @field("How many services of others have it in their supply chain.")
    def supplies_count(self) -> int:
        return len(self.record.supplies)

    @field(
        "The agreements that it makes; of a region or zone those that cover what lies there. Signed ones in"
        " force."
    )
    def agreements(self, first: FirstOf = None) -> list[AnAgreement]:
        return types.agreements_named(self.catalogue, self.record.agreements[: page_size(first)])

    @field("How many agreements those are.")
    def agreements_count(self) -> int:
        return len(self.record.agreements)

    @field("The highest availability promised in these agreements.")
    def tightest_promise(self) -> "Promised | None":
        return _promised(self.catalogue, self.record.tightest_promise)

    @field("The highest availability promised in the SLAs of which a service is down.")
    def tightest_sla(self) -> "Promised | None":
        return _promised(self.catalogue, self.record.tightest_sla)


@shows_record(description="A target with the agreement that promises it.")
class Promised:
    record: strawberry.Private[results.Promised]
    catalogue: strawberry.Private[Catalogue]

    @field("The agreement.")
    def agreement(self) -> AnAgreement:
        return types.Agreement(self.record.agreement, self.catalogue)

    @field("The target, with the agreement's window and hours filled in.")
    def target(self) -> Target:
        return Target(self.record.target, self.catalogue)


def _promised(catalogue: Catalogue, promised: results.Promised | None) -> Promised | None:
    return None if promised is None else Promised(promised, catalogue)


@strawberry.type(name="LossConnection", description="A page of losses.")
class LossConnection(Connection[LossImpact]):
    """The name that the schema has for it."""


_KIND_RANKS = {kind.value: rank for rank, kind in enumerate(LossKind)}


def _most_first(impact: results.LossImpact) -> Key:
    """The order of the analysis: SLAs down, customers, services down."""
    return (
        -len(impact.slas_down),
        -len(impact.customers),
        -len(impact.down),
        impact.loss.id,
        _KIND_RANKS[impact.loss.kind],
    )


_MOST_FIRST: Order[results.LossImpact] = Order("LOSS", _most_first)


@shows_record(
    description="What hangs on every provider, owner, region and zone. Structure alone decides, no number."
)
class Concentration:
    record: strawberry.Private[results.Concentration]
    catalogue: strawberry.Private[Catalogue]

    as_of: date = stated("The day; agreements are those signed and in force on it.")
    services: int = stated("How many services the portfolio holds.")
    slas: int = stated("How many SLAs are in force.")
    proven: bool = stated(
        "Whether every service at risk was shown to be; else, as proof was out of reach, some may rest on what has"
        " lost a branch without needing the branch. None is left out."
    )

    @field("Each of them with what its loss takes along, the most first.")
    def losses(
        self,
        kind: Kinds = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> LossConnection:
        catalogue = self.catalogue
        kinds = None if kind is None else [each.value for each in kind]
        condition: Condition[results.LossImpact] | None = one_of(kinds, lambda impact: impact.loss.kind)
        paging = Paging(first=first, after=after, last=last, before=before)
        return LossConnection(
            page=Page(Ordered.of(self.record.losses, _MOST_FIRST), paging, condition),
            shown=lambda record: LossImpact(record, catalogue),
        )

    @field(
        "The services of which nobody says what they are made of; what hangs on whom is not known of them."
    )
    def not_known(self, first: FirstOf = None) -> list[AService]:
        return types.services_named(self.catalogue, self.record.not_known[: page_size(first)])

    @field("How many services those are.")
    def not_known_count(self) -> int:
        return len(self.record.not_known)
