"""A portfolio at one revision, with everything that is derived from it."""

from collections.abc import Mapping
from datetime import date
from functools import partial

from olagraph.analysis.assess import assess
from olagraph.analysis.concentration.concentrating import concentration
from olagraph.analysis.concentration.results import Concentration
from olagraph.analysis.outage.index import OutageIndex
from olagraph.analysis.results import Assessment
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Agreement, Calendar, Customer, Portfolio, Provider, Service
from olagraph_api.snapshots.once import Once


class Snapshot:
    """A portfolio at one revision. It never changes; what is derived from it is computed when first asked for.

    Attributes:
        id: of the portfolio in its store.
        revision: of the portfolio.
        portfolio: the portfolio itself.
    """

    def __init__(self, id: str, revision: int, portfolio: Portfolio) -> None:
        self.id = id
        self.revision = revision
        self.portfolio = portfolio
        self._graph = Once(lambda: PortfolioGraph(portfolio))
        self._outage_index = Once(lambda: OutageIndex(self.graph))
        self._providers = Once(lambda: {p.id: p for p in portfolio.providers})
        self._customers = Once(lambda: {c.id: c for c in portfolio.customers})
        self._services = Once(lambda: {s.id: s for s in portfolio.services})
        self._agreements = Once(lambda: {a.id: a for a in portfolio.agreements})
        self._calendars = Once(lambda: {c.id: c for c in portfolio.calendars})
        self._assessments: dict[date, Once[Assessment]] = {}
        self._concentrations: dict[date, Once[Concentration]] = {}

    @property
    def providers(self) -> Mapping[str, Provider]:
        """By id."""
        return self._providers.get()

    @property
    def customers(self) -> Mapping[str, Customer]:
        """By id."""
        return self._customers.get()

    @property
    def services(self) -> Mapping[str, Service]:
        """By id."""
        return self._services.get()

    @property
    def agreements(self) -> Mapping[str, Agreement]:
        """By id, as stated; with what they inherit filled in they are in `graph.agreements`."""
        return self._agreements.get()

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """By id."""
        return self._calendars.get()

    @property
    def graph(self) -> PortfolioGraph:
        """Its look-ups and walks."""
        return self._graph.get()

    @property
    def outage_index(self) -> OutageIndex:
        """What questions about outages need."""
        return self._outage_index.get()

    def assessment(self, as_of: date) -> Assessment:
        """Its verdicts and findings on a day."""
        compute = partial(assess, self.portfolio, Settings(as_of=as_of))
        return self._assessments.setdefault(as_of, Once(compute)).get()

    def concentration(self, as_of: date) -> Concentration:
        """What hangs on each of its providers, owners, regions and zones on a day."""
        compute = partial(concentration, self.portfolio, Settings(as_of=as_of))
        return self._concentrations.setdefault(as_of, Once(compute)).get()
