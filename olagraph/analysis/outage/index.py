"""What every outage of one portfolio needs, built once per snapshot."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cached_property

import numpy as np

from olagraph.analysis.outage.covered import Covered
from olagraph.analysis.outage.network import Mask, Network, Nodes, network
from olagraph.graph import PortfolioGraph
from olagraph.metrics.table import metric_table
from olagraph.model.entities import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    Incident,
    Metric,
    Service,
)


class OutageIndex:
    """Look-ups over one portfolio; answers that depend on the day are remembered by day.

    Args:
        graph: the portfolio.
        earlier: of a portfolio that this one comes of by changes; while the services stay, so does the network.

    Attributes:
        graph: the portfolio.
        network: the structure functions of its services.
        metrics: the metric table.
        services_of: by provider, the ids of the services it provides.
        supplied_by: by provider, the ids of the services that have it in their supply chain.
        owned_by: by provider, the providers that it owns directly.
        in_region, in_zone: the ids of the services that lie there; those of a provider lie in its region unless
            they state another.
        resold_by: by provider, its agreements that cover services of other providers.
        incidents: by service.
        covered: what its agreements cover.
    """

    def __init__(self, graph: PortfolioGraph, *, earlier: "OutageIndex | None" = None) -> None:
        self.graph = graph
        same_services = earlier is not None and earlier.graph.portfolio.services is graph.portfolio.services
        self.network: Network = earlier.network if earlier is not None and same_services else network(graph)
        self.metrics: Mapping[str, Metric] = metric_table(graph.portfolio)
        self.services_of: dict[str, list[str]] = defaultdict(list)
        self.supplied_by: dict[str, list[str]] = defaultdict(list)
        self.owned_by: dict[str, list[str]] = defaultdict(list)
        self.in_region: dict[str, list[str]] = defaultdict(list)
        self.in_zone: dict[str, list[str]] = defaultdict(list)
        self.resold_by: dict[str, list[str]] = defaultdict(list)
        self.incidents: dict[str, list[Incident]] = defaultdict(list)
        for provider in graph.portfolio.providers:
            if provider.parent is not None:
                self.owned_by[provider.parent].append(provider.id)
            if provider.region is not None:
                self.in_region.setdefault(provider.region, [])  # known, even if nothing lies there
        for service in graph.portfolio.services:
            self._place(service)
        for incident in graph.portfolio.incidents:
            self.incidents[incident.service].append(incident)
        self._covering: dict[str, list[Agreement]] = defaultdict(list)
        for agreement in graph.agreements.values():
            covered = graph.covered_by(agreement)
            for service_id in covered:
                self._covering[service_id].append(agreement)
            if any(graph.services[s].provider != agreement.provider for s in covered):
                self.resold_by[agreement.provider].append(agreement.id)
        self.covered = Covered.of(graph, self.network, self.metrics)
        self._silent_on: dict[date, Nodes] = {}

    def _place(self, service: Service) -> None:
        self.services_of[service.provider].append(service.id)
        for supplier in service.supply_chain:
            self.supplied_by[supplier.provider].append(service.id)
        region = service.region or self.graph.providers[service.provider].region
        if region is not None:
            self.in_region[region].append(service.id)
        if service.zone is not None:
            self.in_zone[service.zone].append(service.id)

    def covering(self, service: str, *, day: date) -> list[Agreement]:
        """The signed agreements in force that cover a service."""
        return [a for a in self._covering.get(service, ()) if _holds(a, day)]

    @cached_property
    def _silent(self) -> tuple[Service, ...]:
        """The services that say nothing of what they are made of."""
        return tuple(
            s
            for s in self.graph.portfolio.services
            if s.workflow is None and s.requires is None and not s.own and not s.supply_chain
        )

    def not_known(self, *, day: date) -> tuple[str, ...]:
        """The ids of the services of which nobody says what they depend on, sorted.

        They state no workflow, no `requires`, no own part and no supply chain, and no OLA, UC or standard terms in
        force stand for them to a provider that uses them: of an SLA they are what is to be proven.
        """
        return self._named(self._silent_nodes(day))

    def not_known_but(self, affected: Mask, *, day: date) -> tuple[str, ...]:
        """Those of them that are not affected, by service node."""
        silent = self._silent_nodes(day)
        return self._named(silent[~affected[silent]])

    def _named(self, nodes: Nodes) -> tuple[str, ...]:
        return tuple(map(self.network.services.__getitem__, nodes.tolist()))

    def _silent_nodes(self, day: date) -> Nodes:
        if day not in self._silent_on:
            silent = (self.network.node[s.id] for s in self._silent if not self._stands_for(s, day))
            self._silent_on[day] = np.array(sorted(silent), dtype=np.int64)
        return self._silent_on[day]

    def _stands_for(self, service: Service, day: date) -> bool:
        return any(
            self.graph.kind_of(agreement) is not AgreementKind.SLA
            for agreement in self.covering(service.id, day=day)
        )


def _holds(agreement: Agreement, day: date) -> bool:
    return agreement.status is AgreementStatus.SIGNED and agreement.in_force(day)
