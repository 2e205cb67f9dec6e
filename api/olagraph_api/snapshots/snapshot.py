"""A portfolio at one revision, with everything that is derived from it."""

import weakref
from collections.abc import Mapping
from concurrent.futures import Future
from copy import copy
from dataclasses import replace
from datetime import date
from functools import partial
from threading import Lock
from typing import Any, TypeVar

from cachetools import LRUCache

from olagraph.analysis.assess import assess
from olagraph.analysis.concentration.results import Concentration
from olagraph.analysis.outage.index import OutageIndex
from olagraph.analysis.results import Assessment
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Agreement, Calendar, Customer, Portfolio, Provider, Service
from olagraph_api.snapshots.computing import Computing
from olagraph_api.snapshots.futures import done_future
from olagraph_api.snapshots.once import Once
from olagraph_api.snapshots.parts import GRAPH, OUTAGE_INDEX, Part, assessment_on, concentration_on
from olagraph_api.waiting import Unready, being_computed, is_repeated

_MOST_DAYS = 8
"""Assessments and concentrations of how many days are kept; those asked for last."""

T = TypeVar("T")


class Snapshot:
    """A portfolio at one revision. It never changes; what is derived from it is computed once, when it is asked for.

    A query that asks for what is not there yet ends with `Unready` and is run again; others compute it on the spot.
    It may be used by several threads.

    Args:
        computing: computes in the background; None = everything is computed on the spot.

    Attributes:
        id: of the portfolio in its store.
        revision: of the portfolio.
        portfolio: the portfolio itself.
        providers, customers, services, calendars: by id.
        agreements: by id, as stated; with what they inherit filled in they are in `graph.agreements`.
    """

    def __init__(
        self, id: str, revision: int, portfolio: Portfolio, *, computing: Computing | None = None
    ) -> None:
        self.id = id
        self.revision = revision
        self.portfolio: Portfolio = portfolio
        self.providers: Mapping[str, Provider] = {p.id: p for p in portfolio.providers}
        self.customers: Mapping[str, Customer] = {c.id: c for c in portfolio.customers}
        self.services: Mapping[str, Service] = {s.id: s for s in portfolio.services}
        self.agreements: Mapping[str, Agreement] = {a.id: a for a in portfolio.agreements}
        self.calendars: Mapping[str, Calendar] = {c.id: c for c in portfolio.calendars}
        self._computing = computing
        self._lock = Lock()
        self._parts: dict[Part[Any], Once[Any]] = {}
        self._days: LRUCache[Part[Any], Once[Any]] = LRUCache(_MOST_DAYS)
        self._keeping: dict[Part[Any], Once[Any]] = {}
        self._original: weakref.ref[Snapshot] = weakref.ref(self)

    @property
    def graph(self) -> PortfolioGraph:
        """Its look-ups and walks."""
        return self.part(GRAPH)

    @property
    def outage_index(self) -> OutageIndex:
        """What questions about outages need."""
        return self.part(OUTAGE_INDEX)

    def assessment(self, as_of: date) -> Assessment:
        """Its verdicts and findings on a day."""
        return self.part(assessment_on(as_of))

    def concentration(self, as_of: date) -> Concentration:
        """What hangs on each of its providers, owners, regions and zones on a day."""
        return self.part(concentration_on(as_of))

    def part(self, part: Part[T]) -> T:
        """One thing that is derived from it.

        Raises:
            Unready: it is not there yet, and who asks is run again.
        """
        once = self._once(part)
        if once.known is not None:
            return once.known.value
        if is_repeated() and self._computing is not None:
            raise Unready(self._computing.ask(part, self._original() or self), being_computed(str(part)))
        return once.get(partial(self._compute, part))

    def with_part(self, part: Part[Any]) -> "Future[Snapshot]":
        """This snapshot, or a newer one of the portfolio, once it has the part."""
        once = self._once(part)
        if once.known is None:
            if self._computing is not None:
                return self._computing.ask(part, self)
            once.get(partial(self._compute, part))
        return done_future(self)

    def compute_graph(self) -> PortfolioGraph:
        """Compute the graph, whether or not it is known."""
        return PortfolioGraph(self.portfolio) if self._computing is None else self._computing.graph(self)

    def compute_outage_index(self) -> OutageIndex:
        """Compute the outage index, whether or not it is known."""
        return OutageIndex(self.graph) if self._computing is None else self._computing.outage_index(self)

    def compute_assessment(self, as_of: date) -> Assessment:
        """Compute an assessment, whether or not it is known."""
        computed = (
            assess(self.portfolio, Settings(as_of=as_of))
            if self._computing is None
            else self._computing.assess(self, as_of)
        )
        return replace(computed, revision=self.revision)

    def _compute(self, part: Part[T]) -> T:
        return part.compute(self._twin() if part.keeps_snapshot else self)

    def _twin(self) -> "Snapshot":
        """The same with other keepers: what keeps it is kept by this one, and there is no circle.

        So a snapshot goes as soon as nobody needs it. The collector of circles, which would have to find it, is held
        up by every large change.
        """
        twin = copy(self)
        twin._keeping = {}
        return twin

    def _once(self, part: Part[T]) -> Once[T]:
        with self._lock:
            kept = self._keeping if part.keeps_snapshot else self._parts if part.day is None else self._days
            if part not in kept:
                kept[part] = Once()
            return kept[part]
