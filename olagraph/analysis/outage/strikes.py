"""What a failure strikes at first hand: services with their causes, and uses under agreements that fail."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from olagraph.analysis.names import refuse_unknown
from olagraph.analysis.outage.index import OutageIndex
from olagraph.analysis.outage.results import Cause, CauseKind, Failed
from olagraph.analysis.outage.spreading import Failure
from olagraph.model.entities import Agreement, AgreementStatus


def check_names(index: OutageIndex, failed: Failed, day: date) -> None:
    """Refuses what cannot fail.

    Raises:
        UnknownName: an id that is not there; `UnknownNames` for several, all at once.
        ValueError: nothing is said to fail, or an agreement that does not hold on the day.
    """
    if not failed:
        raise ValueError("nothing fails: name a provider, a service, an agreement, a region or a zone")
    graph = index.graph
    known: tuple[tuple[str, tuple[str, ...], Collection[str]], ...] = (
        ("provider", failed.providers, graph.providers),
        ("service", failed.services, graph.services),
        ("agreement", failed.agreements, graph.agreements),
        ("region", failed.regions, index.in_region),
        ("zone", failed.zones, index.in_zone),
    )
    refuse_unknown(known)
    for name in failed.agreements:
        agreement = graph.agreements[name]
        if agreement.status is AgreementStatus.DRAFT:
            raise ValueError(f"{name} is a draft: nothing is delivered under it")
        if not agreement.in_force(day):
            raise ValueError(f"{name} is not in force on {day}: nothing is delivered under it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Strikes:
    """What fails at first hand.

    Attributes:
        failure: the same for the network.
        causes: by service id, what strikes it.
        cut_causes: by service id, the agreement under which it used what it has lost.
        partly: services of which only some deliveries fail, with the agreement that fails.
        deliveries: under which agreements deliveries fail.
    """

    failure: Failure
    causes: Mapping[str, Cause]
    cut_causes: Mapping[str, Cause]
    partly: Mapping[str, Cause]
    deliveries: "Deliveries"


class Deliveries:
    """Which deliveries fail: by provider that uses, and service used. Answers are remembered."""

    def __init__(self, index: OutageIndex, failed: Iterable[str], day: date) -> None:
        self._graph = index.graph
        self._day = day
        self.failed = frozenset(failed)
        self._found: dict[tuple[str, str], str | None] = {}

    def failing(self, *, user: str, service: str) -> str | None:
        """The failed agreement under which the provider `user` gets `service`, resellers followed; None: none."""
        if not self.failed:
            return None
        key = (user, service)
        if key not in self._found:
            self._found[key] = None  # a circle of resellers delivers nothing by itself
            self._found[key] = self._resolve(user, service)
        return self._found[key]

    def _resolve(self, user: str, service: str) -> str | None:
        own = self._graph.services[service].provider
        if user == own:
            return None
        for agreement in next(self._graph.candidates(user=user, service=service, day=self._day), ()):
            if agreement.id in self.failed:
                return agreement.id
            if agreement.provider != own:
                found = self.failing(user=agreement.provider, service=service)
                if found is not None:
                    return found
        return None


def strikes(index: OutageIndex, failed: Failed, *, day: date, lasting: Fraction | None) -> Strikes:
    """What a failure strikes at first hand.

    Args:
        lasting: how many seconds the outage lasts; None = open-ended.
    """
    causes: dict[str, Cause] = {}
    for service in failed.services:
        causes[service] = Cause(CauseKind.SERVICE, service)
    gone = dict(_with_owned(index, failed.providers))
    for provider, named in gone.items():
        for service in index.services_of.get(provider, ()):
            causes.setdefault(service, Cause(CauseKind.PROVIDER, named))
    for kind, asked, places in (
        (CauseKind.ZONE, failed.zones, index.in_zone),
        (CauseKind.REGION, failed.regions, index.in_region),
    ):
        for place in asked:
            for service in places.get(place, ()):
                causes.setdefault(service, Cause(kind, place))
    for provider, named in gone.items():
        for service in index.supplied_by.get(provider, ()):
            causes.setdefault(service, Cause(CauseKind.SUPPLIER, named))
    resold = [agreement for provider in gone for agreement in index.resold_by.get(provider, ())]
    deliveries = Deliveries(index, (*failed.agreements, *resold), day)
    return _with_deliveries(index, causes, deliveries, day=day, lasting=lasting)


def _with_owned(index: OutageIndex, providers: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The providers that fail, each with the one that was named."""
    for named in providers:
        pending = [named]
        while pending:
            provider = pending.pop()
            yield provider, named
            pending.extend(index.owned_by.get(provider, ()))


def _with_deliveries(
    index: OutageIndex,
    causes: dict[str, Cause],
    deliveries: Deliveries,
    *,
    day: date,
    lasting: Fraction | None,
) -> Strikes:
    graph, network = index.graph, index.network
    cut: dict[bool, list[int]] = {False: [], True: []}
    cut_causes: dict[str, Cause] = {}
    partly: dict[str, Cause] = {}
    covered = (graph.covered_by(graph.agreements[agreement]) for agreement in sorted(deliveries.failed))
    for service in dict.fromkeys(s for services in covered for s in services):
        if service in causes:
            continue
        lost = dict(_lost_uses(index, deliveries, service))
        sold = [_lost_sale(index, deliveries, a, service) for a in index.covering(service, day=day)]
        failing = next((agreement for agreement in sold if agreement is not None), None)
        if failing is None:
            continue
        if None not in sold and None not in lost.values():
            causes[service] = Cause(CauseKind.AGREEMENT, failing)
            continue
        partly[service] = Cause(CauseKind.AGREEMENT, failing)
        for (optional, edge, user), agreement in lost.items():
            if agreement is not None:
                cut[optional].append(edge)
                cut_causes.setdefault(user, Cause(CauseKind.AGREEMENT, agreement))
    felt = [lasting is None or cache < lasting for cache in network.caches]
    failure = Failure(
        struck=np.array(sorted(network.node[service] for service in causes), dtype=np.int64),
        cut=np.array(cut[False], dtype=np.int64),
        cut_optional=np.array(cut[True], dtype=np.int64),
        unfelt=network.needed.unfelt(felt),
        unfelt_optional=network.optional.unfelt(felt),
    )
    return Strikes(
        failure=failure, causes=causes, cut_causes=cut_causes, partly=partly, deliveries=deliveries
    )


def _lost_uses(
    index: OutageIndex, deliveries: Deliveries, service: str
) -> Iterator[tuple[tuple[bool, int, str], str | None]]:
    """The uses of a service (whether optional, edge, user), each with the failed agreement it rests on, if any."""
    network = index.network
    for optional, edges in ((False, network.needed), (True, network.optional)):
        for edge in edges.above(np.array([network.node[service]])).tolist():
            user = network.services[network.owner[edges.user[edge]]]
            provider = index.graph.services[user].provider
            yield (optional, edge, user), deliveries.failing(user=provider, service=service)


def _lost_sale(index: OutageIndex, deliveries: Deliveries, agreement: Agreement, service: str) -> str | None:
    """The failed agreement that a covering one fails with; None if what is promised in it is delivered."""
    if agreement.id in deliveries.failed:
        return agreement.id
    return deliveries.failing(user=agreement.provider, service=service)
