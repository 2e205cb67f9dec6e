"""The things that are derived from a snapshot."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Generic, TypeVar

from olagraph.analysis.concentration.concentrating import concentration
from olagraph.analysis.concentration.results import Concentration
from olagraph.analysis.results import Assessment
from olagraph.analysis.settings import Settings

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
        keeps_snapshot: whether the value may hold on to the snapshot that it was computed from.
    """

    name: str
    day: date | None
    compute: "Callable[[Snapshot], T]" = field(compare=False, repr=False)
    keeps_snapshot: bool = True

    def __str__(self) -> str:
        return self.name if self.day is None else f"{self.name} of {self.day}"


def _own(name: str, compute: "Callable[[Snapshot], T]", *, day: date | None = None) -> Part[T]:
    return Part(name, day, compute, keeps_snapshot=False)


GRAPH = _own("graph", lambda snapshot: snapshot.compute_graph())
OUTAGE_INDEX = _own("outage index", lambda snapshot: snapshot.compute_outage_index())


def assessment_on(day: date) -> Part[Assessment]:
    """The verdicts and findings of a day."""
    return _own("assessment", lambda snapshot: snapshot.compute_assessment(day), day=day)


def concentration_on(day: date) -> Part[Concentration]:
    """What hangs on each provider, owner, region and zone on a day."""
    settings = Settings(as_of=day)
    return _own("concentration", lambda snapshot: concentration(snapshot.portfolio, settings), day=day)
