"""What an outage report is about."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from olagraph.analysis.outage.results import Outage
from olagraph.model.entities import Portfolio

if TYPE_CHECKING:
    from olagraph.analysis.outage.still_up import StillUp


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageReport:
    """An outage to be shown.

    Attributes:
        portfolio: it gives the names.
        still_up: how available the SLAs are that are affected and up; empty where nobody asked.
    """

    portfolio: Portfolio
    outage: Outage
    still_up: "tuple[StillUp, ...]" = ()

    def still_up_by_delivery(self) -> "Mapping[tuple[str, str], Sequence[StillUp]]":
        """The same by agreement and service: one a budget, in their order."""
        found: dict[tuple[str, str], list[StillUp]] = defaultdict(list)
        for each in self.still_up:
            found[each.agreement, each.service].append(each)
        return found
