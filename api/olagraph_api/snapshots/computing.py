"""What is computed in the background for the snapshots of one portfolio: the newest first, each thing once."""

import time
from concurrent.futures import Future
from datetime import date
from functools import partial
from threading import Lock, Semaphore
from typing import TYPE_CHECKING, Any

from olagraph.analysis.outage.index import OutageIndex
from olagraph.analysis.reassess import AssessedPortfolio, assess_anew, reassess
from olagraph.analysis.results import Assessment
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph_api.snapshots.lasting import made_to_last
from olagraph_api.snapshots.observer import Observer
from olagraph_api.snapshots.parts import GRAPH, OUTAGE_INDEX, Part, assessment_on
from olagraph_api.snapshots.pursuit import Pursuit
from olagraph_api.waiting import being_computed

if TYPE_CHECKING:
    from olagraph_api.snapshots.snapshot import Snapshot

_MOST_ASKED = 16
"""How many different things queries may have computed at once; a hundred days take their turns."""


class Closed(Exception):  # noqa: N818 - an order, not an error
    """The process ends; what is being computed is of no use any more."""


class Turns:
    """How much a process computes at once, whatever the number of its portfolios.

    Attributes:
        indexing: graphs and indices, for which every query waits.
        assessing: assessments of the day.
        other: what a query alone asks for: assessments of other days, concentrations.
        is_closed: nothing more is to be computed.
    """

    def __init__(self) -> None:
        self.indexing = Semaphore(4)
        self.assessing = Semaphore(1)
        self.other = Semaphore(1)
        self.is_closed = False


class Computing:
    """Computes for the snapshots of one portfolio, each from what was computed for the one before.

    Args:
        turns: shared by all portfolios of the process.
        observer: told of assessments.
    """

    def __init__(self, turns: Turns, observer: Observer) -> None:
        self._turns = turns
        self._observer = observer
        self._lock = Lock()
        self._pursuits: dict[Part[Any], Pursuit] = {}
        self._today: date | None = None
        self._graph: PortfolioGraph | None = None
        self._outage_index: OutageIndex | None = None
        self._assessing = Lock()
        self._assessed: AssessedPortfolio | None = None

    def keep_up(self, snapshot: "Snapshot", *, today: date) -> None:
        """Compute what almost every query needs, before anybody asks for it."""
        self._today = today
        for part in (GRAPH, OUTAGE_INDEX, assessment_on(today)):
            self.ask(part, snapshot)

    def ask(self, part: Part[Any], snapshot: "Snapshot") -> "Future[Snapshot]":
        """The snapshot or a newer one, once it has the part.

        Raises:
            GraphQLError: BEING_COMPUTED, too many other things are.
        """
        with self._lock:
            self._pursuits = {each: p for each, p in self._pursuits.items() if not p.is_idle}
            pursuit = self._pursuits.get(part)
            if pursuit is None:
                if part.day not in (None, self._today) and len(self._pursuits) >= _MOST_ASKED:
                    raise being_computed("answer to others")
                pursuit = Pursuit(str(part), partial(self._compute, part), self._turn(part))
                self._pursuits[part] = pursuit
            return pursuit.ask(snapshot)

    def join(self, seconds: float) -> None:
        """Wait for what is being computed, for so long at most each."""
        with self._lock:
            pursuits = tuple(self._pursuits.values())
        for pursuit in pursuits:
            pursuit.join(seconds)

    def graph(self, snapshot: "Snapshot") -> PortfolioGraph:
        """The look-ups and walks of a snapshot."""
        with made_to_last(whole=self._graph is None):
            self._graph = PortfolioGraph(snapshot.portfolio, earlier=self._graph)
        return self._graph

    def outage_index(self, snapshot: "Snapshot") -> OutageIndex:
        """What questions about outages of a snapshot need."""
        graph = snapshot.graph
        with made_to_last(whole=self._outage_index is None):
            self._outage_index = OutageIndex(graph, earlier=self._outage_index)
        return self._outage_index

    def assess(self, snapshot: "Snapshot", day: date) -> Assessment:
        """The verdicts and findings of a snapshot on a day.

        Raises:
            Closed: the process ends.
        """
        began, settings = time.monotonic(), Settings(as_of=day)
        if day == self._today:
            with self._assessing:
                earlier = self._assessed
                if earlier is None or earlier.settings != settings:
                    with made_to_last():
                        assessed = assess_anew(snapshot.portfolio, settings, progress=self._go_on)
                else:
                    assessed = reassess(earlier, snapshot.portfolio, progress=self._go_on)
                self._assessed = assessed
        else:
            assessed = assess_anew(snapshot.portfolio, settings, progress=self._go_on)
        self._observer.assessed(snapshot.id, snapshot.revision, time.monotonic() - began)
        return assessed.assessment

    def _compute(self, part: Part[Any], snapshot: "Snapshot") -> None:
        self._go_on(0, 1)
        if part.day is not None:  # it takes long, and who asks about an outage is in a hurry
            snapshot.part(OUTAGE_INDEX)
        snapshot.part(part)

    def _go_on(self, _done: int, _all: int) -> None:
        if self._turns.is_closed:
            raise Closed

    def _turn(self, part: Part[Any]) -> Semaphore:
        if part.day is None:
            return self._turns.indexing
        return (
            self._turns.assessing
            if part == assessment_on(part.day) and part.day == self._today
            else self._turns.other
        )
