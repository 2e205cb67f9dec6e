"""Queries for what fails and what hangs on whom."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from olagraph.analysis.outage.results import Failed
from olagraph.analysis.settings import Settings
from olagraph_api.schema import types
from olagraph_api.schema.arguments import DEFAULT_PORTFOLIO, AsOf, PortfolioId
from olagraph_api.schema.catalogue import catalogue_of
from olagraph_api.schema.enums import CutBy
from olagraph_api.schema.fields import field
from olagraph_api.schema.info import Info
from olagraph_api.schema.scalars import Duration

ServiceId = Annotated[strawberry.ID, strawberry.argument(description="The id of the service.")]


@strawberry.type
class ImpactQueries:
    @field(
        "What an outage takes along: every service by state, every agreement with the instant at which"
        " it is breached, whom to call. Several failures at once are one outage; at least one is needed.",
        heavy=True,
    )
    def outage(
        self,
        info: Info,
        providers: Annotated[
            list[strawberry.ID] | None,
            strawberry.argument(
                description="Ids of providers that fail, with everything that they own, provide or supply."
            ),
        ] = None,
        services: Annotated[
            list[strawberry.ID] | None, strawberry.argument(description="Ids of services that fail.")
        ] = None,
        agreements: Annotated[
            list[strawberry.ID] | None,
            strawberry.argument(
                description="Ids of agreements that fail: the services that they cover, as delivered under them."
            ),
        ] = None,
        regions: Annotated[
            list[str] | None,
            strawberry.argument(description="Regions that fail, with everything that lies there."),
        ] = None,
        zones: Annotated[
            list[str] | None,
            strawberry.argument(description="Zones that fail, with everything that lies there."),
        ] = None,
        from_: Annotated[
            datetime | None,
            strawberry.argument(name="from", description="When it begins; now if it is not said."),
        ] = None,
        for_: Annotated[
            Duration | None,
            strawberry.argument(name="for", description="How long it lasts; open-ended if it is not said."),
        ] = None,
        capacity_lost: Annotated[
            Decimal | None,
            strawberry.argument(
                description="The share of what failed that is lost, above 0 and at most 1; all of it if it is not said."
                " Downtime counts by it; the states are those of losing all of it."
            ),
        ] = None,
        incidents: Annotated[
            list[types.IncidentInput] | None,
            strawberry.argument(
                description="Had besides those of the portfolio: they have used up budgets already."
            ),
        ] = None,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
    ) -> types.Outage:
        failed = Failed(
            providers=_each_once(providers),
            services=_each_once(services),
            agreements=_each_once(agreements),
            regions=_each_once(regions),
            zones=_each_once(zones),
        )
        return types.outage(
            catalogue_of(info, portfolio),
            failed=failed,
            from_=from_ or info.context.now(),
            for_=for_,
            capacity_lost=capacity_lost,
            incidents=incidents or (),
        )

    @field("What hangs on every provider, owner, region and zone.", heavy=True)
    def concentration(
        self, info: Info, portfolio: PortfolioId = DEFAULT_PORTFOLIO, as_of: AsOf = None
    ) -> types.Concentration:
        catalogue = catalogue_of(info, portfolio)
        found = catalogue.snapshot.concentration(_day(info, as_of))
        return types.Concentration(found, catalogue)

    @field(
        "How much every component, agreement and provider matters to a service; null: there is none of this"
        " id.",
        heavy=True,
    )
    def importance(
        self,
        info: Info,
        service: ServiceId,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        as_of: AsOf = None,
    ) -> types.ServiceImportance | None:
        settings = Settings(as_of=_day(info, as_of))
        return types.service_importance(catalogue_of(info, portfolio), settings, service)

    @field(
        "The smallest sets of components, providers or owners whose joint failure takes a service down.",
        heavy=True,
    )
    def cut_sets(
        self,
        info: Info,
        service: ServiceId,
        by: Annotated[
            CutBy, strawberry.argument(description="What the members of a set are.")
        ] = CutBy.PROVIDER,
        smallest: Annotated[
            int, strawberry.argument(description="How many of the smallest sets are listed, 1,000 at most.")
        ] = 20,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
    ) -> types.CutSets:
        settings = Settings(as_of=info.context.today())
        return types.service_cut_sets(
            catalogue_of(info, portfolio), settings, service, by=by, smallest=smallest
        )


def _day(info: Info, as_of: date | None) -> date:
    return as_of or info.context.today()


def _each_once(names: list[strawberry.ID] | list[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names or ()))
