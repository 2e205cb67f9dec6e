"""How important every component, agreement, provider, owner, region and zone is to a service (SEMANTICS §8).

Birnbaum 1969; criticality importance, Lambert 1975; risk achievement worth, risk reduction worth and Fussell–Vesely,
Vesely et al. 1983 (NUREG/CR-3385). Several components at once, as those of one provider: all of them failed against
all of them perfect (Cheok, Parry and Sherry 1998, groups of basic events); for one component that is the same.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from math import inf

from olagraph.analysis.concentration.composed import Composed, composed, promised, round_the_clock
from olagraph.analysis.concentration.fussell_vesely import FussellVesely
from olagraph.analysis.concentration.results import ElementKind, Importance, ServiceImportance
from olagraph.analysis.concentration.structure import Whole
from olagraph.analysis.names import UnknownName
from olagraph.analysis.parts import Part
from olagraph.analysis.promises import Promises
from olagraph.analysis.results import PartKind
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Portfolio

_CANCELLING = 1e-3
"""If less than this share of Q is left, the difference has lost digits and Q is computed anew."""


def importance(
    portfolio: Portfolio,
    settings: Settings,
    *,
    service: str | None = None,
    graph: PortfolioGraph | None = None,
) -> tuple[ServiceImportance, ...]:
    """The importances in one service, or in every service of an SLA on availability, by id.

    Each service is composed as it is assessed: in the view `achievable`, in the terms of the SLA that promises the
    highest availability on it, failures being independent, what is missing at its best.

    Args:
        graph: of the portfolio, where there is one already.

    Raises:
        UnknownName: a service that is not there.
    """
    graph = graph or PortfolioGraph(portfolio)
    if service is not None and service not in graph.services:
        raise UnknownName("service", service, graph.services)
    known = promised(graph, settings)
    if service is not None:
        known = {service: known.get(service) or round_the_clock(graph, service)}
    promises = Promises(graph, settings)
    found = []
    for name, asked in known.items():
        inside = composed(graph, promises, asked)
        measured: Sequence[Importance] = ()
        if inside.whole is not None and inside.whole.compiled.solved:
            measured = _Measures(graph, inside, inside.whole).all()
        found.append(
            ServiceImportance(
                service=name,
                agreement=asked.agreement.id if asked.stated else None,
                low=inside.low,
                high=inside.high,
                missing=inside.missing,
                elements=tuple(measured),
            )
        )
    return tuple(found)


class _Measures:
    """Measures the elements of one service."""

    def __init__(self, graph: PortfolioGraph, inside: Composed, whole: Whole) -> None:
        self._graph = graph
        self._parents = frozenset(p.parent for p in graph.portfolio.providers if p.parent is not None)
        self._parts = inside.parts
        self._whole = whole
        self._compiled = whole.compiled
        self._q = whole.unavailability
        self._total = inside.high
        self._birnbaum = self._compiled.birnbaum(self._q)
        self._fussell_vesely = FussellVesely(self._compiled, self._q)

    def all(self) -> list[Importance]:
        """Every element, by kind, the most critical first."""
        measured = [self._component(i) for i in range(len(self._q))]
        for kind, names_of in (
            (ElementKind.AGREEMENT, _agreement),
            (ElementKind.PROVIDER, self._provider),
            (ElementKind.OWNER, self._owners),
            (ElementKind.REGION, self._region),
            (ElementKind.ZONE, self._zone),
        ):
            groups = self._groups(names_of)
            measured += [self._group(kind, name, members) for name, members in groups.items()]
        measured.sort(key=lambda each: _most_critical_first(each[0]))
        # The most critical first, as the work on cut sets is limited.
        return [
            replace(element, fussell_vesely=self._share_of_cut_sets(members)) for element, members in measured
        ]

    def _provider(self, part: Part) -> frozenset[str]:
        return frozenset((self._graph.services[part.service].provider,))

    def _owners(self, part: Part) -> frozenset[str]:
        """Who owns the part: its provider's owners, and the provider if it owns others."""
        provider = self._graph.services[part.service].provider
        return frozenset(self._graph.owners(provider)) | ({provider} & self._parents)

    def _region(self, part: Part) -> frozenset[str]:
        service = self._graph.services[part.service]
        return _stated(service.region or self._graph.providers[service.provider].region)

    def _zone(self, part: Part) -> frozenset[str]:
        return _stated(self._graph.services[part.service].zone)

    def _groups(self, names_of: Callable[[Part], frozenset[str]]) -> dict[str, tuple[int, ...]]:
        """Components by name; a common cause belongs where all of its branches do."""
        places = {node: i for i, node in enumerate(self._whole.nodes)}
        names = {node: names_of(self._parts[node]) for node in places if node not in self._whole.causes}
        for node, branches in self._whole.causes.items():
            names[node] = frozenset.intersection(*(names[branch] for branch in branches))
        found: dict[str, list[int]] = defaultdict(list)
        for node, i in places.items():
            for name in names[node]:
                found[name].append(i)
        return {name: tuple(members) for name, members in found.items()}

    # One element -------------------------------------------------------------------------------------------

    def _component(self, i: int) -> tuple[Importance, tuple[int, ...]]:
        node, q, birnbaum = self._whole.nodes[i], self._q[i], self._birnbaum[i]
        branches = self._whole.causes.get(node)
        part = None if branches is not None else self._parts[node]
        without = self._total - birnbaum * q
        if without < _CANCELLING * self._total:
            without = self._with((i,), 0.0)
        element = self._element(
            ElementKind.COMMON_CAUSE if part is None else ElementKind.COMPONENT,
            "+".join(sorted(self._parts[branch].service for branch in branches or ()))
            if part is None
            else part.service,
            failed=self._total + birnbaum * (1 - q),
            without=without,
            birnbaum=birnbaum,
            gained=birnbaum * q,
        )
        if part is None:
            return replace(element, unavailability=q), (i,)
        missing = part.kind is PartKind.MISSING
        return replace(element, unavailability=q, agreement=part.agreement, missing=missing), (i,)

    def _group(
        self, kind: ElementKind, name: str, members: tuple[int, ...]
    ) -> tuple[Importance, tuple[int, ...]]:
        if len(members) == 1:
            element, _ = self._component(members[0])
            return replace(element, kind=kind, id=name, agreement=None, missing=False), members
        failed, without = self._with(members, 1.0), self._with(members, 0.0)
        element = self._element(
            kind,
            name,
            failed=failed,
            without=without,
            birnbaum=failed - without,
            gained=self._total - without,
        )
        return replace(element, components=len(members)), members

    def _with(self, members: Iterable[int], unavailability: float) -> float:
        """Q with some components failed (1) or perfect (0)."""
        changed = list(self._q)
        for i in members:
            changed[i] = unavailability
        return self._compiled.independent(changed).high

    def _element(
        self, kind: ElementKind, name: str, *, failed: float, without: float, birnbaum: float, gained: float
    ) -> Importance:
        total = self._total
        return Importance(
            kind=kind,
            id=name,
            agreement=None,
            missing=False,
            components=1,
            unavailability=None,
            birnbaum=birnbaum,
            criticality=min(1.0, gained / total) if total else None,
            fussell_vesely=None,
            raw=failed / total if total else None,
            rrw=(total / without if without else inf) if total else None,
        )

    def _share_of_cut_sets(self, members: Iterable[int]) -> float | None:
        if not self._total:
            return None
        failed = self._fussell_vesely.probability(members)
        return None if failed is None else min(1.0, failed / self._total)


def _agreement(part: Part) -> frozenset[str]:
    return _stated(part.agreement)


def _stated(name: str | None) -> frozenset[str]:
    return frozenset() if name is None else frozenset((name,))


def _most_critical_first(element: Importance) -> tuple[object, ...]:
    return (
        list(ElementKind).index(element.kind),
        -(element.criticality or 0.0),
        -element.birnbaum,
        element.id,
    )
