"""The things that are derived from a snapshot."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Generic, TypeVar

from olagraph.analysis.concentration.concentrating import concentration
from olagraph.analysis.concentration.results import Concentration
from olagraph.analysis.outage.index import OutageIndex
from olagraph.analysis.results import Assessment
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph

if TYPE_CHECKING:
    from olagraph_api.snapshots.snapshot import Snapshot

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """One thing that is derived from a snapshot.

    Attributes:
        name: for people.
        day: of assessment, where it depends on one.
        compute: from a snapshot to its value.
    """

    name: str
    day: date | None
    compute: "Callable[[Snapshot], T]" = field(compare=False, repr=False)

    def __str__(self) -> str:
        return self.name if self.day is None else f"{self.name} of {self.day}"


GRAPH: Part[PortfolioGraph] = Part("graph", None, lambda snapshot: snapshot.compute_graph())
OUTAGE_INDEX = Part("outage index", None, lambda snapshot: OutageIndex(snapshot.graph))


def assessment_on(day: date) -> Part[Assessment]:
    """The verdicts and findings of a day."""
    return Part("assessment", day, lambda snapshot: snapshot.compute_assessment(day))


def concentration_on(day: date) -> Part[Concentration]:
    """What hangs on each provider, owner, region and zone on a day."""
    return Part("concentration", day, lambda snapshot: concentration(snapshot.portfolio, Settings(as_of=day)))
