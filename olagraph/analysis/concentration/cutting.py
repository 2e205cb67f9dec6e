"""Which components, providers or owners take a service down together: minimal cut sets, counted without listing them.

Structure alone decides, no number and no promise. A component is what a service does itself: of services that state an
own part, and of those whose workflow needs nothing. A provider takes along all that it provides, supplies or resells.
"""

from collections.abc import Iterable

from olagraph.analysis.concentration.deliveries import Deliveries
from olagraph.analysis.concentration.members import written
from olagraph.analysis.concentration.results import CutBy, CutSets
from olagraph.analysis.names import UnknownName
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Portfolio, Service
from olagraph.model.workflow import has_structure


def cut_sets(
    portfolio: Portfolio,
    settings: Settings,
    *,
    service: str,
    by: CutBy = CutBy.COMPONENT,
    limit: int = 20,
    graph: PortfolioGraph | None = None,
) -> CutSets:
    """The minimal cut sets of one service: how many there are of every order, and the smallest of them.

    Args:
        by: what the members are.
        limit: how many sets are listed at most.
        graph: of the portfolio, where there is one already.

    Raises:
        UnknownName: a service that is not there.
        ValueError: a negative limit.
    """
    graph = graph or PortfolioGraph(portfolio)
    if service not in graph.services:
        raise UnknownName("service", service, graph.services)
    if limit < 0:
        raise ValueError(f"the number of cut sets to list is at least 0, not {limit}")
    members = _Members(graph, Deliveries(graph, settings.as_of), by)
    found = written(graph, service, own=members.own, delivery=members.delivery)
    if found is None:
        return CutSets(service=service, by=by, orders=(), smallest=())
    cuts = found.compiled.minimal_cuts()
    if cuts is None:
        return CutSets(service=service, by=by, orders=None, smallest=())
    smallest = (tuple(sorted(found.members[i] for i in members)) for members in cuts.smallest(limit))
    return CutSets(
        service=service,
        by=by,
        orders=cuts.orders,
        smallest=tuple(sorted(smallest, key=lambda members: (len(members), members))),
    )


class _Members:
    """What services and deliveries are lost with."""

    def __init__(self, graph: PortfolioGraph, deliveries: Deliveries, by: CutBy) -> None:
        self._graph = graph
        self._deliveries = deliveries
        self._by = by

    def own(self, service: Service) -> list[str]:
        """What a service is lost with, apart from what it uses."""
        if self._by is CutBy.COMPONENT:
            does_something = bool(service.own) or not has_structure(service.workflow)
            return [service.id] if does_something else []
        return self._named((service.provider, *(each.provider for each in service.supply_chain)))

    def delivery(self, user: str, service: str) -> list[str]:
        """What the use of a service is lost with, apart from the service."""
        if self._by is CutBy.COMPONENT:
            return []
        return self._named(sorted(self._deliveries.resellers(user=user, service=service)))

    def _named(self, providers: Iterable[str]) -> list[str]:
        if self._by is CutBy.PROVIDER:
            return list(providers)
        return [(provider, *self._graph.owners(provider))[-1] for provider in providers]
