"""The state of every service in an outage, with what carries it there (SEMANTICS §9)."""

from collections.abc import Iterator, Mapping

import numpy as np

from olagraph.analysis.outage.network import Mask, Network, Nodes
from olagraph.analysis.outage.redundancy import at_risk
from olagraph.analysis.outage.results import ServiceImpact, ServiceState
from olagraph.analysis.outage.spreading import Arrivals, Paths, above, down, extend
from olagraph.analysis.outage.strikes import Strikes

_UNTOUCHED = len(ServiceState)
"""The rank of the state of a service that is not listed."""


class ServiceImpacts(Mapping[str, ServiceImpact]):
    """What becomes of every affected service; each is put into words when it is asked for.

    Attributes:
        rank: by service node, the rank of its state; `_UNTOUCHED` where nothing becomes of it.
        whole_for_others: the nodes of services that only some of their users have lost.
        proven: whether every service at risk was shown to be; else, some may rest on what has lost a branch without
            needing the branch.
    """

    def __init__(
        self, network: Network, strikes: Strikes, *, rank: Nodes, paths: Paths, proven: bool
    ) -> None:
        self._network = network
        self._strikes = strikes
        self._paths = paths
        self.rank = rank
        self.proven = proven
        self._known: dict[str, ServiceImpact] = {}
        distance = paths.distance[: len(rank)]
        self._partly = tuple(s for s in strikes.partly if distance[network.node[s]] < 0)
        found = np.flatnonzero(distance >= 0)
        self._found = found[np.lexsort((found, distance[found], rank[found]))]
        partly = np.array([network.node[service] for service in strikes.partly], dtype=np.int64)
        rank[partly[distance[partly] < 0]] = ServiceState.DEGRADED.rank
        self.whole_for_others = partly[paths.through[partly] < 0]

    @property
    def affected(self) -> Mask:
        """Which service nodes are listed."""
        listed: Mask = self.rank < _UNTOUCHED
        return listed

    def __len__(self) -> int:
        return len(self._found) + len(self._partly)

    def __iter__(self) -> Iterator[str]:
        yield from map(self._network.services.__getitem__, self._found.tolist())
        yield from self._partly

    def __contains__(self, service: object) -> bool:
        node = self._network.node.get(service)  # type: ignore[call-overload]
        return node is not None and bool(self.rank[node] < _UNTOUCHED)

    def __getitem__(self, service: str) -> ServiceImpact:
        if service not in self._known:
            if service not in self:
                raise KeyError(service)
            self._known[service] = self._impact(service)
        return self._known[service]

    def _impact(self, service: str) -> ServiceImpact:
        node = self._network.node[service]
        through = int(self._paths.through[node])
        strikes = self._strikes
        cause = strikes.causes.get(service)
        if self._paths.distance[node] < 0:
            cause = strikes.partly[service]
        elif (
            cause is None and service in strikes.cut_causes and _is_cut(self._network, strikes, node, through)
        ):
            cause = strikes.cut_causes[service]
        return ServiceImpact(
            service=service,
            state=STATES[self.rank[node]],
            through=None if through < 0 else self._network.services[through],
            cause=cause,
        )


STATES = tuple(ServiceState)
"""The states by rank."""


def impacts(network: Network, strikes: Strikes) -> ServiceImpacts:
    """What becomes of every affected service: the worst states first, nearer ones before farther ones."""
    failure = strikes.failure
    carrying = failure.carrying(network.needed, optional=False)
    is_down = down(network, failure)
    risky, proven = at_risk(network, failure, is_down)
    paths = Paths.none(network)
    edges = network.needed
    cut = failure.felt_cut
    start = Arrivals(
        np.concatenate((failure.struck, edges.user[cut])),
        np.concatenate((np.full(len(failure.struck), -1), edges.operand[cut])),
        np.concatenate((np.zeros(len(failure.struck), dtype=np.int64), np.ones(len(cut), dtype=np.int64))),
    )
    affected = is_down | risky
    extend(paths, network, start, allowed=affected, carrying=carrying, only_from=is_down)
    extend(paths, network, _degraded(network, strikes, is_down, paths), allowed=~affected, carrying=carrying)
    services = len(network.services)
    rank = np.full(services, _UNTOUCHED)
    rank[paths.distance[:services] >= 0] = ServiceState.DEGRADED.rank
    rank[(risky & (paths.distance >= 0))[:services]] = ServiceState.AT_RISK.rank
    rank[is_down[:services]] = ServiceState.DOWN.rank
    return ServiceImpacts(network, strikes, rank=rank, paths=paths, proven=proven)


def _degraded(network: Network, strikes: Strikes, is_down: Mask, paths: Paths) -> Arrivals:
    """Where optional steps have failed."""
    edges, failure = network.optional, strikes.failure
    failed = above(edges, np.flatnonzero(is_down), failure.carrying(edges, optional=True))
    operand = edges.operand[failed]
    inner = operand >= len(network.services)
    cut = failure.felt_cut_optional
    return Arrivals(
        np.concatenate((edges.user[failed], edges.user[cut])),
        np.concatenate((np.where(inner, paths.through[operand], operand), edges.operand[cut])),
        np.concatenate((paths.distance[operand] + ~inner, np.ones(len(cut), dtype=np.int64))),
    )


def _is_cut(network: Network, strikes: Strikes, user: int, used: int) -> bool:
    """Whether it is the use itself that fails."""
    for edges, cut in (
        (network.needed, strikes.failure.felt_cut),
        (network.optional, strikes.failure.felt_cut_optional),
    ):
        if ((network.owner[edges.user[cut]] == user) & (edges.operand[cut] == used)).any():
            return True
    return False
