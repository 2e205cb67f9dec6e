"""What verdicts rest on."""

from dataclasses import dataclass

from olagraph.analysis.promises import Promises
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph.metrics.system import Solver


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """One portfolio on one day, and what was worked out on the way."""

    graph: PortfolioGraph
    promises: Promises
    settings: Settings
    solver: Solver
