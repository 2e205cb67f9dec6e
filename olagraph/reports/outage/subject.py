"""What an outage report is about."""

from dataclasses import dataclass

from olagraph.analysis.outage.results import Outage
from olagraph.model.entities import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageReport:
    """An outage to be shown; the portfolio gives names."""

    portfolio: Portfolio
    outage: Outage
