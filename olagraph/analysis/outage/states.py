"""The state of every service in an outage, with what carries it there (SEMANTICS §9)."""

import numpy as np

from olagraph.analysis.outage.network import Mask, Network
from olagraph.analysis.outage.redundancy import at_risk
from olagraph.analysis.outage.results import ServiceImpact, ServiceState
from olagraph.analysis.outage.spreading import Arrivals, Paths, above, down, extend
from olagraph.analysis.outage.strikes import Strikes


def impacts(network: Network, strikes: Strikes) -> dict[str, ServiceImpact]:
    """What becomes of every affected service: the worst states first, nearer ones before farther ones."""
    failure = strikes.failure
    carrying = failure.carrying(network.needed, optional=False)
    is_down = down(network, failure)
    risky = at_risk(network, failure, is_down)
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
    found = np.flatnonzero(paths.distance[:services] >= 0)
    rank = np.where(is_down, 0, np.where(risky, 1, 2))
    found = found[np.lexsort((found, paths.distance[found], rank[found]))]
    states = list(ServiceState)
    listed: dict[str, ServiceImpact] = {}
    for node, place, through in zip(
        found.tolist(), rank[found].tolist(), paths.through[found].tolist(), strict=True
    ):
        service = network.services[node]
        cause = strikes.causes.get(service)
        if cause is None and service in strikes.cut_causes and _is_cut(network, strikes, node, through):
            cause = strikes.cut_causes[service]
        listed[service] = ServiceImpact(
            service=service,
            state=states[place],
            through=None if through < 0 else network.services[through],
            cause=cause,
        )
    for service, cause in strikes.partly.items():
        if service not in listed:
            listed[service] = ServiceImpact(service=service, state=ServiceState.DEGRADED, cause=cause)
    return listed


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
