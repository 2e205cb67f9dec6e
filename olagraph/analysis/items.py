"""What is assessed: every target of every agreement in force on every service it covers (SEMANTICS §4)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

from olagraph.analysis.change import Change
from olagraph.analysis.parts import Question
from olagraph.analysis.promises import BACKING_STRENGTHS, conditions_met, statistic_of, terms_of
from olagraph.analysis.results import NotAssessed
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph.metrics.table import STATISTIC_FAMILIES, metric_table
from olagraph.model.entities import Agreement, AgreementKind, AgreementStatus, Family, Metric, Service, Target
from olagraph.model.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One target of one agreement on one covered service.

    Attributes:
        target: with the agreement's window, hours and exclusions filled in.
        question: what it asks of every part.
    """

    agreement: Agreement
    kind: AgreementKind
    service: str
    target: Target
    metric: Metric
    question: Question

    @property
    def draft(self) -> bool:
        """Whether the agreement is not signed yet."""
        return self.agreement.status is AgreementStatus.DRAFT


def make_item(
    graph: PortfolioGraph,
    agreement: Agreement,
    service: str,
    target: Target,
    metric: Metric,
    *,
    windows: frozenset[object],
) -> Item:
    """The item of one target.

    Args:
        windows: every window that a promise on the metric is stated in; the agreement's dates matter only where one
            of them differs from the target's.
    """
    terms = terms_of(agreement, target, metric)
    term = None
    if agreement.from_ and agreement.to and terms.window is not None and windows - {terms.window, None}:
        term = (agreement.from_, agreement.to)
    effective = replace(target, window=terms.window, hours=terms.hours, exclusions=terms.exclusions)
    return Item(
        agreement=agreement,
        kind=graph.kind_of(agreement),
        service=service,
        target=effective,
        metric=metric,
        question=Question(
            metric=metric,
            terms=terms,
            term=term,
            statistic=statistic_of(target) if metric.family in STATISTIC_FAMILIES else None,
        ),
    )


Entry: TypeAlias = Item | NotAssessed
"""What gets a verdict, or is listed without one."""


def items(graph: PortfolioGraph, settings: Settings, *, only: str | None = None) -> Iterator[Entry]:
    """Everything that gets a verdict, and what is listed without one.

    Assessed are every SLA in force, and every OLA and UC in force whose service states how it is delivered, or that is
    resold; drafts too.

    Args:
        only: the id of one agreement; None = all.
    """
    metrics, windows = metric_table(graph.portfolio), _by_metric(_windows(graph.agreements.values()))
    agreements = graph.agreements.values() if only is None else (graph.agreements[only],)
    for agreement in agreements:
        yield from _entries(graph, settings, agreement, metrics, windows)


class Listed:
    """The items of all agreements in force, and what is listed beside them.

    Args:
        earlier: what was listed for an earlier portfolio.
        change: what lies between. What it does not concern is listed as the same objects.
    """

    def __init__(
        self,
        graph: PortfolioGraph,
        settings: Settings,
        *,
        earlier: "Listed | None" = None,
        change: Change | None = None,
    ) -> None:
        self._graph = graph
        if earlier is None or change is None:
            self._counted = _windows(graph.agreements.values())
        else:
            before, after = earlier._graph.agreements, graph.agreements
            self._counted = earlier._counted.copy()
            self._counted.subtract(_windows(before[name] for name in change.agreements if name in before))
            self._counted.update(_windows(after[name] for name in change.agreements if name in after))
        self._windows = _by_metric(self._counted)
        known: Mapping[str, tuple[Entry, ...]] = {}
        if earlier is not None and change is not None:
            known = dict(earlier._by_agreement)
            for name in self._concerned(change, earlier):
                known.pop(name, None)
        metrics = metric_table(graph.portfolio)
        self._by_agreement: dict[str, tuple[Entry, ...]] = {
            agreement.id: known[agreement.id]
            if agreement.id in known
            else tuple(_entries(graph, settings, agreement, metrics, self._windows))
            for agreement in graph.agreements.values()
        }

    def _concerned(self, change: Change, earlier: "Listed") -> set[str]:
        """The agreements whose items may be others than before."""
        graph = self._graph
        found = set(change.agreements)
        found.update(a.id for service in change.services for a in graph.covering(service))
        if change.parties:
            known = earlier._graph.agreements
            found.update(
                a.id
                for a in graph.agreements.values()
                if a.id in known and earlier._graph.kind_of(known[a.id]) is not graph.kind_of(a)
            )
        metrics = {m for m, windows in self._windows.items() if earlier._windows.get(m) != windows}
        if metrics:
            found.update(
                a.id
                for a in graph.agreements.values()
                if a.from_ and a.to and any(target.metric in metrics for target in a.targets)
            )
        return found

    def __iter__(self) -> Iterator[Entry]:
        return chain.from_iterable(self._by_agreement.values())


def _entries(
    graph: PortfolioGraph,
    settings: Settings,
    agreement: Agreement,
    metrics: Mapping[str, Metric],
    windows: Mapping[str, frozenset[object]],
) -> Iterator[Entry]:
    if not agreement.in_force(settings.as_of):
        return
    kind = graph.kind_of(agreement)
    for service_id in graph.covered_by(agreement):
        service = graph.services[service_id]
        for target in agreement.targets:
            metric = metrics[target.metric]
            reason = _listed_only(target, metric, service)
            if reason is not None:
                yield NotAssessed(
                    agreement=agreement.id, service=service_id, metric=target.metric, reason=reason
                )
            elif kind is AgreementKind.SLA or _has_an_inside(agreement, service):
                yield make_item(
                    graph,
                    agreement,
                    service_id,
                    target,
                    metric,
                    windows=windows.get(metric.id, frozenset()),
                )


Windows: TypeAlias = Counter[tuple[str, Window | None]]
"""How often each metric is promised in each window."""


def _windows(agreements: Iterable[Agreement]) -> Windows:
    return Counter(
        (target.metric, target.window or agreement.window)
        for agreement in agreements
        for target in agreement.targets
    )


def _by_metric(windows: Windows) -> dict[str, frozenset[object]]:
    found: dict[str, set[object]] = {}
    for (metric, window), count in windows.items():
        if count:
            found.setdefault(metric, set()).add(window)
    return {metric: frozenset(stated) for metric, stated in found.items()}


def _listed_only(target: Target, metric: Metric, service: Service) -> str | None:
    if target.strength not in BACKING_STRENGTHS:
        return f"its strength is {target.strength}: shown, never counted"
    if not conditions_met(target, service):
        return "its condition is not met by the service"
    if metric.family is Family.NONE:
        return "tracked, never composed"
    return None


def _has_an_inside(agreement: Agreement, service: Service) -> bool:
    resold = agreement.provider != service.provider
    return resold or service.workflow is not None or service.requires is not None or bool(service.own)
