"""The heart: from a portfolio and settings to verdicts and findings (SEMANTICS §4)."""

from olagraph.analysis.judging import Progress
from olagraph.analysis.reassess import assess_anew
from olagraph.analysis.results import Assessment
from olagraph.analysis.settings import Settings
from olagraph.model.entities import Portfolio


def assess(portfolio: Portfolio, settings: Settings, *, progress: Progress | None = None) -> Assessment:
    """Every verdict and finding of a portfolio on the day of `settings`.

    Pure: the same arguments give the same answer. Business faults are findings; nothing is raised for them.

    Args:
        progress: told how far it is; what it raises ends the work.
    """
    return assess_anew(portfolio, settings, progress=progress).assessment
