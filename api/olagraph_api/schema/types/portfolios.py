"""Portfolios: everything that is kept together."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

import strawberry

from olagraph.analysis import results
from olagraph.stores import Tenant
from olagraph_api.schema import types
from olagraph_api.schema.arguments import After, First, FirstOf
from olagraph_api.schema.catalogue import Catalogue, catalogue_of
from olagraph_api.schema.connections import Connection
from olagraph_api.schema.enums import AgreementKind, Severity, Verdict
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.info import Info
from olagraph_api.schema.judged import Judged, judged_on
from olagraph_api.schema.lazily import lazily
from olagraph_api.schema.node_ids import NodeKey
from olagraph_api.schema.ordering import BY_ID
from olagraph_api.schema.paging import Ordered, Page, Paging, page_size
from olagraph_api.schema.scalars import Json
from olagraph_api.schema.types.nodes import Node
from olagraph_api.schema.types.references import AnAgreement, AService

Kinds = Annotated[
    list[AgreementKind] | None,
    strawberry.argument(description="Only of agreements of these kinds; null: of all."),
]


@strawberry.type(description="How many assessed targets have a verdict.")
class VerdictCount:
    verdict: Verdict = strawberry.field(description="The verdict.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How many findings have a severity.")
class SeverityCount:
    severity: Severity = strawberry.field(description="The severity.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How many things a portfolio holds.")
class EntityCounts:
    providers: int = strawberry.field(description="Providers.")
    customers: int = strawberry.field(description="Customers.")
    services: int = strawberry.field(description="Services.")
    agreements: int = strawberry.field(description="Agreements, in force or not.")


@shows_record(description="A target that got no verdict, and why.")
class NotAssessed:
    record: strawberry.Private[results.NotAssessed]
    catalogue: strawberry.Private[Catalogue]

    metric: str = stated("The id of the metric.")
    reason: str = stated("Why, in words.")

    @field("The agreement that states it.")
    def agreement(self) -> AnAgreement:
        return types.agreement(self.catalogue, self.record.agreement)

    @field("The service that it is promised on; null: it is not assessed on any.")
    def service(self) -> AService | None:
        service = self.record.service
        return None if service is None else types.service(self.catalogue, service)


@strawberry.type(description="Everything that is kept together: one company's promises, say.")
class Portfolio(Node):
    id: strawberry.ID = strawberry.field(description="Its name in the store.")
    revision: int = strawberry.field(description="Counts its changes; 0: nothing was ever written.")
    as_of: date = strawberry.field(description="The day of assessment.")
    stated_name: strawberry.Private[str]
    asked: strawberry.Private[date | None]
    opened: strawberry.Private[Callable[[], Judged]]

    @lazily
    def judged(self) -> Judged:
        """Its verdicts and findings on the day."""
        return self.opened()

    def node_key(self) -> NodeKey:
        return NodeKey("Portfolio", self.id, (), self.asked)

    @field("For people.")
    def name(self) -> str:
        return self.stated_name or self.id

    @field("The currency of every fee and cost.")
    def currency(self) -> str | None:
        return self.judged.catalogue.portfolio.currency

    @field("How many assessed targets have each verdict, the worst first, zeros too.", heavy=True)
    def summary(self, kind: Kinds = [AgreementKind.SLA]) -> list[VerdictCount]:  # noqa: B006 - a default of the schema
        counts = self.judged.judgements.verdicts
        kinds = AgreementKind if kind is None else frozenset(kind)
        return [
            VerdictCount(verdict=verdict, count=sum(counts[each][verdict] for each in kinds))
            for verdict in Verdict
        ]

    @field("How many findings have each severity, errors first, zeros too.", heavy=True)
    def severities(self) -> list[SeverityCount]:
        counts = self.judged.judgements.severities
        return [SeverityCount(severity=severity, count=counts[severity]) for severity in Severity]

    @field("How many things it holds.")
    def counts(self) -> EntityCounts:
        portfolio = self.judged.catalogue.portfolio
        return EntityCounts(
            providers=len(portfolio.providers),
            customers=len(portfolio.customers),
            services=len(portfolio.services),
            agreements=len(portfolio.agreements),
        )

    @field(
        "The agreements that are not in force on the day: neither assessed nor backing anything.", heavy=True
    )
    def not_in_force(self, first: First = None, after: After = None) -> Connection[AnAgreement]:
        catalogue = self.judged.catalogue
        known = catalogue.graph.agreements
        found = (known[id] for id in self.judged.judgements.assessment.not_in_force)
        return types.agreement_page(catalogue, Ordered.of(found, BY_ID), Paging(first=first, after=after))

    @field(
        "The targets without a verdict: objectives, conditions that are not met, metrics that are only"
        " tracked.",
        heavy=True,
    )
    def not_assessed(
        self,
        first: FirstOf = None,
    ) -> list[NotAssessed]:
        found = self.judged.judgements.not_assessed[: page_size(first)]
        return [NotAssessed(each, self.judged.catalogue) for each in found]

    @field("How many targets have no verdict.", heavy=True)
    def not_assessed_count(self) -> int:
        return len(self.judged.judgements.not_assessed)

    @field("The regions of its services and providers, sorted.")
    def regions(self) -> list[str]:
        return self.judged.catalogue.regions

    @field("The zones of its services, sorted.")
    def zones(self) -> list[str]:
        return self.judged.catalogue.zones

    @field("The tags of its services, sorted.")
    def tags(self) -> list[str]:
        return self.judged.catalogue.tags

    @field("Its `x-` keys: kept and exported, never interpreted.")
    def extra(self) -> Json:
        return Json(dict(self.judged.catalogue.portfolio.extra))


def portfolio_of(judged: Judged) -> Portfolio:
    """The portfolio of verdicts and findings."""
    snapshot = judged.catalogue.snapshot
    return Portfolio(
        id=strawberry.ID(snapshot.id),
        revision=snapshot.revision,
        as_of=judged.judgements.day,
        stated_name=snapshot.portfolio.name,
        asked=judged.asked,
        opened=lambda: judged,
    )


def all_portfolios(info: Info, paging: Paging) -> Connection[Portfolio]:
    """A page of the portfolios granted; each is opened only if more than its name is asked for."""
    today = info.context.today()

    def shown(tenant: Tenant) -> Portfolio:
        return Portfolio(
            id=strawberry.ID(tenant.id),
            revision=tenant.revision,
            as_of=today,
            stated_name=tenant.name,
            asked=None,
            opened=lambda: judged_on(catalogue_of(info, tenant.id), None, info),
        )

    return Connection(page=Page(Ordered.of(info.context.portfolios(), BY_ID), paging), shown=shown)
