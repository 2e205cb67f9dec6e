"""Queries for what portfolios hold."""

from typing import Annotated

import strawberry

from olagraph_api.schema import types
from olagraph_api.schema.arguments import (
    DEFAULT_PORTFOLIO,
    FILTER,
    ORDER,
    After,
    AsOf,
    Before,
    First,
    Last,
    PortfolioId,
)
from olagraph_api.schema.catalogue import catalogue_of
from olagraph_api.schema.connections import Connection
from olagraph_api.schema.fields import field
from olagraph_api.schema.finding_nodes import granted, node_of
from olagraph_api.schema.info import Info
from olagraph_api.schema.judged import judged_on
from olagraph_api.schema.paging import Paging

Id = Annotated[strawberry.ID, strawberry.argument(description="The id in the portfolio file.")]


@strawberry.type
class KeptQueries:
    @field(
        "Anything by its `nodeId`; null: it is not there any more, or its portfolio is not granted.",
        heavy=True,
    )
    def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A `nodeId`.")]
    ) -> types.Node | None:
        return node_of(info, id)

    @field("Who asks.")
    def me(self, info: Info) -> types.Principal:
        return types.Principal(info.context.principal)

    @field("The portfolios granted, by id.", heavy=True)
    def portfolios(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[types.Portfolio]:
        return types.all_portfolios(info, Paging(first=first, after=after, last=last, before=before))

    @field("A portfolio; null: there is none of this name, or it is not granted.")
    def portfolio(
        self, info: Info, portfolio: PortfolioId = DEFAULT_PORTFOLIO, as_of: AsOf = None
    ) -> types.Portfolio | None:
        catalogue = granted(info, portfolio)
        return None if catalogue is None else types.portfolio_of(judged_on(catalogue, as_of, info))

    @field("A provider; null: there is none of this id.")
    def provider(
        self, info: Info, id: Id, portfolio: PortfolioId = DEFAULT_PORTFOLIO
    ) -> types.Provider | None:
        catalogue = catalogue_of(info, portfolio)
        return types.provider(catalogue, id) if id in catalogue.graph.providers else None

    @field("Providers, by id if no order is asked for.")
    def providers(
        self,
        info: Info,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        filter: Annotated[types.ProviderFilter | None, FILTER] = None,
        order_by: Annotated[types.ProviderOrder | None, ORDER] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[types.Provider]:
        paging = Paging(first=first, after=after, last=last, before=before)
        return types.all_providers(catalogue_of(info, portfolio), paging, filter, order_by)

    @field("A customer; null: there is none of this id.")
    def customer(
        self, info: Info, id: Id, portfolio: PortfolioId = DEFAULT_PORTFOLIO
    ) -> types.Customer | None:
        catalogue = catalogue_of(info, portfolio)
        return types.customer(catalogue, id) if id in catalogue.graph.customers else None

    @field("Customers, by id if no order is asked for.")
    def customers(
        self,
        info: Info,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        filter: Annotated[types.CustomerFilter | None, FILTER] = None,
        order_by: Annotated[types.CustomerOrder | None, ORDER] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[types.Customer]:
        paging = Paging(first=first, after=after, last=last, before=before)
        return types.all_customers(catalogue_of(info, portfolio), paging, filter, order_by)

    @field("A service; null: there is none of this id.")
    def service(self, info: Info, id: Id, portfolio: PortfolioId = DEFAULT_PORTFOLIO) -> types.Service | None:
        catalogue = catalogue_of(info, portfolio)
        return types.service(catalogue, id) if id in catalogue.graph.services else None

    @field("Services, by id if no order is asked for.")
    def services(
        self,
        info: Info,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        filter: Annotated[types.ServiceFilter | None, FILTER] = None,
        order_by: Annotated[types.ServiceOrder | None, ORDER] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[types.Service]:
        paging = Paging(first=first, after=after, last=last, before=before)
        return types.all_services(catalogue_of(info, portfolio), paging, filter, order_by)

    @field("An agreement; null: there is none of this id.")
    def agreement(
        self, info: Info, id: Id, portfolio: PortfolioId = DEFAULT_PORTFOLIO
    ) -> types.Agreement | None:
        catalogue = catalogue_of(info, portfolio)
        return types.agreement(catalogue, id) if id in catalogue.graph.agreements else None

    @field("Agreements, by id if no order is asked for.")
    def agreements(
        self,
        info: Info,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        filter: Annotated[types.AgreementFilter | None, FILTER] = None,
        order_by: Annotated[types.AgreementOrder | None, ORDER] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[types.Agreement]:
        paging = Paging(first=first, after=after, last=last, before=before)
        return types.all_agreements(catalogue_of(info, portfolio), paging, filter, order_by)

    @field("Calendars, by id.")
    def calendars(
        self,
        info: Info,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[types.Calendar]:
        paging = Paging(first=first, after=after, last=last, before=before)
        return types.all_calendars(catalogue_of(info, portfolio), paging)

    @field("The metric table: built-in metrics, and the portfolio's own.")
    def metrics(self, info: Info, portfolio: PortfolioId = DEFAULT_PORTFOLIO) -> list[types.Metric]:
        return types.all_metrics(catalogue_of(info, portfolio))

    @field("The times in which services were not available, the earliest first.")
    def incidents(
        self,
        info: Info,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        filter: Annotated[types.IncidentFilter | None, FILTER] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[types.Incident]:
        paging = Paging(first=first, after=after, last=last, before=before)
        return types.all_incidents(catalogue_of(info, portfolio), paging, filter)

    @field("Who changed what, when, the latest first.", heavy=True)
    def history(
        self,
        info: Info,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        first: First = None,
        after: After = None,
    ) -> Connection[types.Change]:
        catalogue = catalogue_of(info, portfolio)
        return types.history(info.context.store, catalogue.id, Paging(first=first, after=after))
