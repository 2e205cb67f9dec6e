"""For which services it matters who asks (SEMANTICS §4)."""

from collections.abc import Set as AbstractSet

from olagraph.analysis.parts import Question, own_targets
from olagraph.analysis.promises import Promises
from olagraph.analysis.results import Missing
from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Service


def disagreements(
    graph: PortfolioGraph,
    promises: Promises,
    question: Question,
    *,
    earlier: AbstractSet[str] | None = None,
    stated: AbstractSet[str] = frozenset(),
) -> frozenset[str]:
    """The services for which it matters who uses them: not all their users hold the same promises.

    All promises on the uses reached by one assessment hold together, so where the users hold different ones, each
    assessment that reaches the service is composed alone.

    Args:
        earlier: the answer before a change; None = there is none.
        stated: the services that the change is about.
    """
    asked = graph.services.keys() if earlier is None else stated & graph.services.keys()
    found = {service for service in asked if _disagree(graph, promises, question, graph.services[service])}
    return frozenset(found) if earlier is None else frozenset(found | (earlier - stated))


def _disagree(graph: PortfolioGraph, promises: Promises, question: Question, service: Service) -> bool:
    users = promises.users(service.id)
    if len(users) < 2 or _stands_by_itself(graph, question, service):
        return False
    ends = {_ends(graph, promises, question, user, service) for user in users}
    if service.workflow is None and service.requires is None and not own_targets(question, service):
        # A leaf is bounded by all its own provider's promises anyway; only where resellers end do users differ.
        ends = {frozenset(e for e in end or () if e[0] != service.provider) for end in ends}
    return len(ends) > 1


def _stands_by_itself(graph: PortfolioGraph, question: Question, service: Service) -> bool:
    """An internal team's stated composition is never improved by its promise."""
    stated = service.workflow is not None or bool(own_targets(question, service))
    return stated and not graph.is_external(service.provider)


def _ends(
    graph: PortfolioGraph, promises: Promises, question: Question, user: str, service: Service
) -> frozenset[tuple[str, str, int]] | None:
    """The promises at the ends of a user's trail: who makes them, in which agreement, which target."""
    if user == service.provider:
        return None
    trail = promises.trail(
        user=user, service=service.id, metric=question.metric, population=question.population
    )
    if isinstance(trail, Missing):
        return None
    return frozenset(
        (p.agreement.provider, p.agreement.id, id(p.target))
        for p in trail.promises
        if p.agreement is not None
    )
