"""What every check may look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from olagraph.analysis.judged import Assessed, Source
from olagraph.analysis.judging import Judge
from olagraph.analysis.losses import Losses
from olagraph.analysis.promises import Promises
from olagraph.analysis.results import View
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph, Use
from olagraph.metrics.table import metric_table
from olagraph.model.entities import Agreement, AgreementKind, Metric

MOST_NAMED = 20
"""How many SLAs a finding names."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """One assessment, before its findings.

    Attributes:
        judge: has judged what is assessed, and judges further items, for what-if questions.
    """

    graph: PortfolioGraph
    promises: Promises
    settings: Settings
    assessed: tuple[Assessed, ...]
    judge: Judge

    def source(self, assessed: Assessed, view: View) -> Source:
        """What composed one of the views."""
        return self.judge.source(assessed.item, view)

    @cached_property
    def metrics(self) -> Mapping[str, Metric]:
        """The metric table."""
        return metric_table(self.graph.portfolio)

    @cached_property
    def losses(self) -> Losses:
        """What single losses take down."""
        return Losses(self.graph)

    @cached_property
    def in_force(self) -> tuple[Agreement, ...]:
        """The agreements in force on the day that cover something."""
        day = self.settings.as_of
        return tuple(a for a in self.graph.agreements.values() if a.covers is not None and a.in_force(day))

    @cached_property
    def roots(self) -> tuple[tuple[Agreement, str], ...]:
        """The assessed agreements and services, each pair once."""
        pairs = {
            (a.item.agreement.id, a.item.service): (a.item.agreement, a.item.service) for a in self.assessed
        }
        return tuple(pairs.values())

    @cached_property
    def slas(self) -> tuple[Agreement, ...]:
        """The assessed SLAs."""
        found = {a.id: a for a, _ in self.roots if self.graph.kind_of(a) is AgreementKind.SLA}
        return tuple(found.values())

    @cached_property
    def reached_by(self) -> Mapping[str, int]:
        """By service, who reaches it: bit 0 = any assessed agreement, bit 1 + i = the i-th of `slas`.

        What an external supplier uses inside a service that is promised to its user is the supplier's affair and is not
        reached.
        """
        places = {agreement.id: 1 + place for place, agreement in enumerate(self.slas)}
        bits = dict.fromkeys(self.graph.services, 0)
        for agreement, service in self.roots:
            bits[service] |= 1 | (1 << places[agreement.id] if agreement.id in places else 0)
        changed = True
        while changed:  # once, and once more for every circle
            changed = False
            for service in reversed(self.graph.used_first()):
                if bits[service]:
                    for use in self.entered_uses(service):
                        if bits[use.used] | bits[service] != bits[use.used]:
                            bits[use.used] |= bits[service]
                            changed = True
        return bits

    def slas_in(self, bits: int) -> list[str]:
        """The ids of the SLAs in a set of `reached_by`, the first few of them."""
        found: list[str] = []
        bits >>= 1
        while bits and len(found) < MOST_NAMED:
            lowest = bits & -bits
            found.append(self.slas[lowest.bit_length() - 1].id)
            bits ^= lowest
        return found

    def entered_uses(self, service: str) -> Iterator[Use]:
        """The uses inside a service that are ours to look at."""
        provider = self.graph.services[service].provider
        covered_outside = self.graph.is_external(provider) and any(
            a.provider == provider and a.in_force(self.settings.as_of) for a in self.graph.covering(service)
        )
        if not covered_outside:
            yield from self.graph.uses(service)
