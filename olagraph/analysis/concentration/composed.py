"""The composition of one service, as it is assessed: its structure function and what its components are."""

from collections.abc import Mapping
from dataclasses import dataclass

from olagraph.analysis.availability import Alone, AvailabilityStructure, alone
from olagraph.analysis.concentration.structure import DEFAULT_LIMITS, StructureBuilder, Whole, whole
from olagraph.analysis.items import Item, items
from olagraph.analysis.parts import Part, Question
from olagraph.analysis.promises import Promises
from olagraph.analysis.results import Missing, View
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph.metrics.conversion import Terms
from olagraph.metrics.table import metric_table
from olagraph.model.entities import Agreement, AgreementKind, AgreementStatus, Covers, Family


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One service and the terms in which it is asked about.

    Attributes:
        agreement: an SLA on it; where none is in force, one made up for the question.
        stated: whether the agreement is in the portfolio.
    """

    service: str
    agreement: Agreement
    question: Question
    stated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A service as it is composed, in the view `achievable`.

    Attributes:
        parts: what each component stands for, by its node.
        whole: its structure function; None = always up.
        low, high: bounds of its unavailability on the basis `independent`, at the best end of what is missing.
        missing: what nothing stands for.
    """

    parts: Mapping[int, Part]
    whole: Whole | None
    low: float
    high: float
    missing: tuple[Missing, ...]


def promised(graph: PortfolioGraph, settings: Settings) -> dict[str, Asked]:
    """The services of all SLAs on availability in force, by id, each in the terms of the highest availability."""
    found: dict[str, Item] = {}
    for item in items(graph, settings):
        if not isinstance(item, Item) or item.kind is not AgreementKind.SLA or item.draft:
            continue
        if item.metric.family is not Family.STRUCTURE_FUNCTION:
            continue
        known = found.get(item.service)
        if known is None or _highest_first(item) < _highest_first(known):
            found[item.service] = item
    return {
        service: Asked(service=service, agreement=item.agreement, question=item.question, stated=True)
        for service, item in sorted(found.items())
    }


def _highest_first(item: Item) -> tuple[object, ...]:
    return -item.target.value.exact, item.agreement.id


def round_the_clock(graph: PortfolioGraph, service: str) -> Asked:
    """A service that no SLA speaks of, asked about at all hours, every promise in its own window."""
    metrics = metric_table(graph.portfolio).values()
    return Asked(
        service=service,
        agreement=Agreement(
            id="(nobody's)",
            kind=AgreementKind.SLA,
            provider=graph.services[service].provider,
            covers=Covers(services=(service,)),
            status=AgreementStatus.DRAFT,
        ),
        question=Question(
            metric=next(m for m in metrics if m.family is Family.STRUCTURE_FUNCTION), terms=Terms()
        ),
        stated=False,
    )


def composed(graph: PortfolioGraph, promises: Promises, asked: Asked) -> Composed:
    """Composes one service."""
    reached = alone(graph, asked.agreement, asked.service)
    structure = _OpenStructure(graph, promises, asked.question, alone=reached)
    root = structure.root(asked.agreement, asked.service)
    written = structure.write()
    system = written.system
    value = system.value(root)
    opened = whole(
        structure.builder,
        root,
        unavailability=lambda node: system.value(node).at_best.independent,
        limits=DEFAULT_LIMITS,
    )
    open_parts = [written.parts[node] for node in system.missing(root)] if value.missing else []
    bounds = None if opened is None else opened.compiled.independent(opened.unavailability)
    return Composed(
        parts=written.parts,
        whole=opened,
        low=0.0 if bounds is None else bounds.low,
        high=0.0 if bounds is None else bounds.high,
        missing=tuple(part.missing for part in open_parts if part.missing is not None),
    )


class _OpenStructure(AvailabilityStructure):
    """An availability structure whose structure function can be read."""

    def __init__(
        self, graph: PortfolioGraph, promises: Promises, question: Question, *, alone: Alone
    ) -> None:
        super().__init__(graph, promises, question, View.ACHIEVABLE, alone=alone)
        self._builder = self.builder = StructureBuilder()
