"""The things of one snapshot as lists and pages need them: by what they belong to, in order, and as text to search.

Everything here is about looking up, nothing is computed; each part is made when it is first asked for, and kept with
the snapshot.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from threading import Lock

from cachetools import LRUCache

from olagraph.graph import PortfolioGraph
from olagraph.metrics.table import metric_table
from olagraph.model.entities import (
    Agreement,
    AgreementKind,
    Customer,
    Incident,
    Metric,
    Portfolio,
    Provider,
    Service,
)
from olagraph.reports.names import Names
from olagraph.reports.sentences import Wording
from olagraph_api.schema.grouping import grouped
from olagraph_api.schema.info import Info
from olagraph_api.schema.judgements import Judgements
from olagraph_api.schema.lazily import lazily
from olagraph_api.schema.paging import Lists, Order, Ordered
from olagraph_api.schema.search import folded_words
from olagraph_api.snapshots import Snapshot
from olagraph_api.snapshots.parts import Part

_DAYS = 8  # of assessment, whose lists are kept in order


class Catalogue:
    """Look-ups in one snapshot.

    Attributes:
        snapshot: what it is about.
        id: of the portfolio in its store.
        portfolio: the portfolio itself.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.id = snapshot.id
        self.portfolio: Portfolio = snapshot.portfolio
        self._lists = Lists()
        self._judgements: LRUCache[date, Judgements] = LRUCache(_DAYS)
        self._lock = Lock()

    @lazily
    def graph(self) -> PortfolioGraph:
        """Its look-ups and walks; agreements there are with what they inherit."""
        return self.snapshot.graph

    @lazily
    def metrics(self) -> Mapping[str, Metric]:
        """The metric table."""
        return metric_table(self.portfolio)

    @lazily
    def wording(self) -> Wording:
        """Sentences about it."""
        return Wording(Names(self.portfolio, self.graph), currency=self.portfolio.currency)

    def judgements(self, day: date) -> Judgements:
        """Its verdicts and findings on a day."""
        with self._lock:
            found = self._judgements.get(day)
            if found is None:
                found = self._judgements[day] = Judgements(self.snapshot, day)
            return found

    # Lists in order ------------------------------------------------------------------------------------------

    def providers(self, order: Order[Provider]) -> Ordered[Provider]:
        """All providers."""
        return self._lists.ordered("providers", self.portfolio.providers, order)

    def customers(self, order: Order[Customer]) -> Ordered[Customer]:
        """All customers."""
        return self._lists.ordered("customers", self.portfolio.customers, order)

    def services(self, order: Order[Service]) -> Ordered[Service]:
        """All services."""
        return self._lists.ordered("services", self.portfolio.services, order)

    def agreements(self, order: Order[Agreement]) -> Ordered[Agreement]:
        """All agreements, with what they inherit."""
        return self._lists.ordered("agreements", self.graph.agreements.values(), order)

    def incidents(self, order: Order[Incident]) -> Ordered[Incident]:
        """All incidents."""
        return self._lists.ordered("incidents", self.portfolio.incidents, order)

    # Words ---------------------------------------------------------------------------------------------------

    @lazily
    def regions(self) -> list[str]:
        """The regions of services and providers, sorted."""
        portfolio = self.portfolio
        stated = {service.region for service in portfolio.services} | {p.region for p in portfolio.providers}
        return sorted(filter(None, stated))

    @lazily
    def zones(self) -> list[str]:
        """The zones of services, sorted."""
        return sorted(filter(None, {service.zone for service in self.portfolio.services}))

    @lazily
    def tags(self) -> list[str]:
        """The tags of services, sorted."""
        return sorted({tag for service in self.portfolio.services for tag in service.tags})

    # By what they belong to ----------------------------------------------------------------------------------

    @lazily
    def owned_by(self) -> Mapping[str, Sequence[Provider]]:
        """Providers by the one that owns them directly."""
        return grouped(self.portfolio.providers, lambda provider: (provider.parent,))

    @lazily
    def provided_by(self) -> Mapping[str, Sequence[Service]]:
        """Services by provider."""
        return grouped(self.portfolio.services, lambda service: (service.provider,))

    @lazily
    def committed_by(self) -> Mapping[str, Sequence[Agreement]]:
        """Agreements by the provider that makes them."""
        return grouped(self.graph.agreements.values(), lambda agreement: (agreement.provider,))

    @lazily
    def promised_to(self) -> Mapping[tuple[type, str], Sequence[Agreement]]:
        """Agreements by the other party: its class and its id."""
        return grouped(
            self.graph.agreements.values(),
            lambda agreement: ((type(party), party.id) for party in self.parties(agreement)),
        )

    @lazily
    def heirs(self) -> Mapping[str, Sequence[Agreement]]:
        """Agreements by the one that they inherit from."""
        return grouped(self.graph.agreements.values(), lambda agreement: (agreement.inherits,))

    @lazily
    def incidents_of(self) -> Mapping[str, Sequence[Incident]]:
        """Incidents by service."""
        return grouped(self.portfolio.incidents, lambda incident: (incident.service,))

    def agreement(self, stated: Agreement) -> Agreement:
        """An agreement with what it inherits; itself if it is none of the portfolio's."""
        return self.graph.agreements.get(stated.id, stated)

    def covered(self, agreement: Agreement) -> Sequence[str]:
        """The ids of the services that an agreement covers."""
        if agreement.id in self.graph.agreements:
            return self.graph.covered_by(agreement)
        return () if agreement.covers is None else agreement.covers.services

    def parties(self, agreement: Agreement) -> list[Provider | Customer]:
        """Whom an agreement is made to: of an SLA looked for among customers first, else among providers."""
        graph = self.graph
        kinds: tuple[Mapping[str, Provider | Customer], ...] = (graph.customers, graph.providers)
        if graph.kind_of(agreement) is not AgreementKind.SLA:
            kinds = kinds[::-1]
        return [next(known[id] for known in kinds if id in known) for id in agreement.customers]

    # As text -------------------------------------------------------------------------------------------------

    @lazily
    def provider_texts(self) -> Mapping[str, str]:
        """What is searched of a provider."""
        return {p.id: folded_words((p.id, p.name, p.region, p.contact)) for p in self.portfolio.providers}

    @lazily
    def customer_texts(self) -> Mapping[str, str]:
        """What is searched of a customer."""
        return {c.id: folded_words((c.id, c.name, c.contact)) for c in self.portfolio.customers}

    @lazily
    def service_texts(self) -> Mapping[str, str]:
        """What is searched of a service: its own words, and its provider's name."""
        providers = self.graph.providers
        return {
            s.id: folded_words(
                (s.id, s.name, s.provider, providers[s.provider].name, s.region, s.zone, s.owner, *s.tags)
            )
            for s in self.portfolio.services
        }

    @lazily
    def agreement_texts(self) -> Mapping[str, str]:
        """What is searched of an agreement: its own words, and its parties' names."""
        graph = self.graph
        return {
            a.id: folded_words(
                (
                    a.id,
                    a.name,
                    a.ref,
                    graph.kind_of(a),
                    *(word for id in (a.provider, *a.customers) for word in (id, graph.party_name(id))),
                )
            )
            for a in graph.agreements.values()
        }


CATALOGUE = Part("catalogue", None, Catalogue)


def catalogue_of(info: Info, portfolio_id: str) -> Catalogue:
    """The catalogue of a portfolio as it is.

    Raises:
        GraphQLError: UNKNOWN_PORTFOLIO, where there is none of this name or it is not granted.
    """
    return info.context.snapshot(portfolio_id).part(CATALOGUE)
