"""What a concentration report is about."""

from dataclasses import dataclass

from olagraph.analysis.concentration.results import Concentration, CutSets, ServiceImportance
from olagraph.model.entities import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcentrationReport:
    """What hangs on every provider, owner, region and zone, to be shown.

    Attributes:
        portfolio: it gives the names.
        importance: of the services that were asked about.
        cut_sets: of the services that were asked about.
    """

    portfolio: Portfolio
    concentration: Concentration
    importance: tuple[ServiceImportance, ...] = ()
    cut_sets: tuple[CutSets, ...] = ()
