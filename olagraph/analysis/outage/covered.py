"""What all agreements cover, as arrays: which of them an outage affects is looked up and not searched for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from olagraph.analysis.outage.network import Mask, Network, Nodes, gathered
from olagraph.analysis.promises import BACKING_STRENGTHS, conditions_met, terms_of
from olagraph.graph import PortfolioGraph
from olagraph.metrics.conversion import Terms
from olagraph.model.entities import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    Exclusion,
    Family,
    Metric,
    Service,
    Target,
)
from olagraph.model.window import Window

_NEVER = 10**7  # days: after the end of the calendar


class Measure(NamedTuple):
    """What the budget of an availability target follows from; many targets have the same."""

    value: Fraction
    window: Window | None
    hours: str
    exclusions: tuple[Exclusion, ...]


class CountingTarget(NamedTuple):
    """A target that counts, in the terms that hold for it."""

    target: Target
    metric: Metric
    terms: Terms

    @property
    def on_availability(self) -> bool:
        """Whether it has a budget of downtime."""
        return self.metric.family is Family.STRUCTURE_FUNCTION

    @property
    def measure(self) -> Measure:
        """What its budget follows from."""
        terms = self.terms
        return Measure(self.target.value.exact, terms.window, terms.hours, terms.exclusions)

    @property
    def effective(self) -> Target:
        """The target with the terms that hold for it."""
        terms = self.terms
        return replace(self.target, window=terms.window, hours=terms.hours, exclusions=terms.exclusions)


def counting(
    agreement: Agreement, service: Service, metrics: Mapping[str, Metric]
) -> Iterator[CountingTarget]:
    """The targets of an agreement that count for a service that it covers."""
    for target in agreement.targets:
        if target.strength in BACKING_STRENGTHS and (not target.when or conditions_met(target, service)):
            metric = metrics[target.metric]
            yield CountingTarget(target, metric, terms_of(agreement, target, metric))


@dataclass(frozen=True, slots=True, eq=False)
class Covered:
    """A row an agreement and a service that it covers; by agreement, then by service.

    Attributes:
        agreements: by id.
        agreement: by row, the place of the agreement.
        node: by row, the node of the service.
        sla: by agreement, whether it is one.
        resold: by row, whether the service is another provider's.
        promise: by row, the place in `promises` of what is promised on availability.
        promises: availability targets, one of those that have the same measure; none, one or several.
        begins, ends: by agreement, the first and the last day in force, as ordinals; a draft never is.
        by_node, starts: the rows sorted by node, and where in them those of each service begin.
    """

    agreements: tuple[Agreement, ...]
    agreement: Nodes
    node: Nodes
    sla: Mask
    resold: Mask
    promise: Nodes
    promises: tuple[tuple[CountingTarget, ...], ...]
    begins: Nodes
    ends: Nodes
    by_node: Nodes
    starts: Nodes

    @classmethod
    def of(cls, graph: PortfolioGraph, network: Network, metrics: Mapping[str, Metric]) -> "Covered":
        """What the agreements of a portfolio cover."""
        agreements = tuple(graph.agreements[name] for name in sorted(graph.agreements))
        places: dict[tuple[Measure, ...], int] = {}
        promises: list[tuple[CountingTarget, ...]] = []
        rows: list[tuple[int, int, bool, int]] = []
        for place, agreement in enumerate(agreements):
            same = not any(target.when for target in agreement.targets)
            promise = -1
            for name in sorted(graph.covered_by(agreement)):
                service = graph.services[name]
                if promise < 0 or not same:
                    found = tuple(t for t in counting(agreement, service, metrics) if t.on_availability)
                    promise = places.setdefault(tuple(each.measure for each in found), len(promises))
                    promises += [found] * (promise == len(promises))
                rows.append((place, network.node[name], service.provider != agreement.provider, promise))
        table = np.array(rows, dtype=np.int64).reshape(-1, 4)
        agreement_of, node, resold, promise_of = table.T.copy()
        by_node = np.argsort(node, kind="stable")
        return cls(
            agreements=agreements,
            agreement=agreement_of,
            node=node,
            sla=np.array([graph.kind_of(a) is AgreementKind.SLA for a in agreements], dtype=np.bool_),
            resold=resold.astype(np.bool_),
            promise=promise_of,
            promises=tuple(promises),
            begins=np.array([_begins(each) for each in agreements], dtype=np.int64),
            ends=np.array([_ends(each) for each in agreements], dtype=np.int64),
            by_node=by_node,
            starts=np.searchsorted(node[by_node], np.arange(len(network.services) + 1)),
        )

    def rows(self, nodes: Nodes, *, day: date) -> Nodes:
        """The rows of some services in agreements that are signed and in force."""
        found = gathered(self.by_node, self.starts, nodes)
        agreement, today = self.agreement[found], day.toordinal()
        rows: Nodes = np.sort(found[(self.begins[agreement] <= today) & (today <= self.ends[agreement])])
        return rows


def _begins(agreement: Agreement) -> int:
    if agreement.status is not AgreementStatus.SIGNED:
        return _NEVER
    return 0 if agreement.from_ is None else agreement.from_.toordinal()


def _ends(agreement: Agreement) -> int:
    return _NEVER if agreement.to is None else agreement.to.toordinal()
