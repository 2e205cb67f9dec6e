"""Which losses a service survives and yet feels: up, but closer to being down (SEMANTICS §9, `AT_RISK`).

A loss is relevant to a service that is up if some further failure, of services that still work, takes the service
down with the loss and would not have without it: if the loss, as one component among the services, has any importance.
The exact engine answers for all losses of a service at once. It is asked as long as services are few; else every loss
counts that has taken a branch away from below a service, whether or not the branch ever mattered.
"""

from collections.abc import Mapping

from olagraph.analysis.concentration.members import written
from olagraph.analysis.concentration.reach import Reach
from olagraph.graph import PortfolioGraph
from olagraph.metrics.structure import Limits
from olagraph.model.entities import Service

_MOST_SERVICES = 5_000
"""Looked at for all services together, each with everything below it; some 1,500 a second."""

_LIMITS = Limits(diagram_nodes=1 << 16)
"""A service whose diagram does not fit is left unproven."""


def at_risk(graph: PortfolioGraph, reach: Reach) -> tuple[Mapping[str, int], bool]:
    """By service, the losses that put it at risk, and whether all of them are proven."""
    touched = {service: reach.reached[service] & ~down for service, down in reach.down.items()}
    asked = [service for service, bits in touched.items() if bits]
    looked_at = 0
    for service in asked:
        looked_at += 1 + len(graph.upstream(service))
        if looked_at > _MOST_SERVICES:
            return touched, False
    exact = True
    for service in asked:
        found = _relevant(graph, reach, service, touched[service])
        exact = exact and found is not None
        touched[service] = touched[service] if found is None else found
    return touched, exact


def _relevant(graph: PortfolioGraph, reach: Reach, service: str, losses: int) -> int | None:
    """Those of the losses that are relevant to a service; None where a diagram is out of reach."""

    def own(each: Service) -> list[str | int]:
        return [each.id, *_places(reach.struck[each.id] & losses)]

    def delivery(user: str, used: str) -> list[str | int]:
        return list(_places(reach.cut(user, used) & losses))

    found = written(graph, service, own=own, delivery=delivery, limits=_LIMITS)
    assert found is not None, "it is touched"
    if not found.compiled.solved:
        return None
    relevant = 0
    # In doubles long chains hold only if failures are unlikely, wide redundancy breaks only if they are not.
    for failing in (1 / (2 * len(found.members)), 0.5):
        q = [failing if isinstance(member, str) else 0.0 for member in found.members]
        for member, birnbaum in zip(found.members, found.compiled.birnbaum(q), strict=True):
            if isinstance(member, int) and birnbaum > 0:
                relevant |= 1 << member
    return relevant


def _places(bits: int) -> list[int]:
    return [place for place in range(bits.bit_length()) if bits >> place & 1]
