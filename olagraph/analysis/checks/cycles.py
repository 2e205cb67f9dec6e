"""`CYCLE`: services that need each other (SEMANTICS §5)."""

from collections.abc import Iterator

from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.results import Finding, SubjectType
from olagraph.graph import PortfolioGraph
from olagraph.model.workflow import KOfN, Step


def find(context: Context, _: None) -> Iterator[Finding]:
    """One finding for each group of services on common circles."""
    graph = context.graph
    for group in graph.cycles():
        names = " and ".join(graph.service_name(s) for s in group[:5]) + (
            " and others" if len(group) > 5 else ""
        )
        credited = sorted(
            service for service in group if _redundancy_on_circle(graph, service, frozenset(group))
        )
        said = f"{names} need each other: their availability assumes that they recover together"
        if credited:
            said += f"; the redundancy in {graph.service_name(credited[0])} counts on itself"
        yield finding(
            "CYCLE",
            subject_type=SubjectType.SERVICE,
            subject=group[0],
            message=f"{said}; their times, rates and costs cannot be composed",
            counterpart=" ".join(group),
            evidence={"path": list(group), "circular_redundancy": credited},
            fix="break the circle: make one of the uses optional, or split the service that is needed from below",
        )


def _redundancy_on_circle(graph: PortfolioGraph, service: str, group: frozenset[str]) -> bool:
    """Whether a redundant branch of the service leads back into the circle."""
    stated = graph.services[service]
    pending: list[tuple[Step, bool]] = [
        (e, False) for e in (stated.workflow, stated.requires) if e is not None
    ]
    while pending:
        step, redundant = pending.pop()
        if isinstance(step.of, str):
            if redundant and step.of in group:
                return True
            continue
        inside = redundant or (isinstance(step.of, KOfN) and step.of.k < len(step.of.steps))
        pending.extend((inner, inside) for inner in step.of.steps)
    return False
