"""`SINGLE_POINT_OF_FAILURE`: one component that takes a lot with it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from olagraph.analysis.checks.asked import Asked
from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.results import Finding, SubjectType
from olagraph.analysis.wording import listing
from olagraph.model.workflow import KOfN, Step

_NAMED = 5


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """A component that takes down a service with redundancy elsewhere, or as many SLAs as the threshold says.

    Attributes:
        component: the service.
        slas: the first few SLAs that go with it, and the services promised in them.
        redundant: the services among those that have redundancy elsewhere.
    """

    component: str
    slas: tuple[tuple[str, str], ...]
    redundant: tuple[str, ...]


def single_points(context: Context) -> Iterator[Asked]:
    """Every single point of failure below an SLA."""
    services = context.graph.services
    for point in context.memory.recall(
        "single_points", (context.losses, context.sla_roots), lambda: _single_points(context)
    ):
        names = (services[name].name for name in (point.component, *point.redundant))
        yield point.component, point, (context.memory.same(("single_point", point.component), point), *names)


def _single_points(context: Context) -> tuple[SinglePoint, ...]:
    roots = sorted(context.sla_roots)
    if not roots:
        return ()
    losses, most = context.losses, context.settings.single_point_slas
    components = losses.components()
    redundant = _with_redundancy(context)
    counted = [0] * most  # counted[j]: components that take down more than j of the SLAs
    spoiling = 0
    for covered in _services_by_agreement(roots):
        down = 0
        for service in covered:
            # That a service is lost with its own part goes without saying.
            below = losses.of_service(service) & components & ~losses.of_component(service)
            down |= below
            if service in redundant:
                spoiling |= below
        for j in range(most - 1, 0, -1):
            counted[j] |= counted[j - 1] & down
        counted[0] |= down
    flagged = counted[-1] | spoiling
    taken = _taken(context, roots, flagged)
    return tuple(
        SinglePoint(
            loss.id,
            tuple(taken[loss.id]),
            tuple(dict.fromkeys(service for _, service in taken[loss.id] if service in redundant)),
        )
        for loss in losses.members(flagged)
    )


def find(context: Context, point: SinglePoint) -> Iterator[Finding]:
    """One finding for each component."""
    name = context.graph.service_name(point.component)
    agreements = list(dict.fromkeys(agreement for agreement, _ in point.slas))
    at_least = "at least " if len(point.slas) >= _NAMED else ""
    many = f"{at_least}{len(agreements)} SLAs" if len(agreements) > 1 else "the SLA"
    despite = ""
    if point.redundant:
        redundant_names = listing([context.graph.service_name(service) for service in point.redundant])
        despite = f", in spite of the redundancy in {redundant_names}"
    yield finding(
        "SINGLE_POINT_OF_FAILURE",
        subject_type=SubjectType.SERVICE,
        subject=point.component,
        service=point.component,
        message=f"losing {name} alone takes down {many} {listing(agreements, most=_NAMED)}{despite}",
        evidence={
            "slas": agreements,
            "at_least": len(agreements),
            "threshold": context.settings.single_point_slas,
        },
        fix=f"give {name} a second source, or take it off the path",
    )


def _services_by_agreement(roots: list[tuple[str, str]]) -> Iterator[list[str]]:
    by_agreement: dict[str, list[str]] = defaultdict(list)
    for agreement, service in roots:
        by_agreement[agreement].append(service)
    yield from by_agreement.values()


def _taken(context: Context, roots: list[tuple[str, str]], flagged: int) -> dict[str, list[tuple[str, str]]]:
    """The first few SLAs that each flagged component takes down."""
    taken: dict[str, list[tuple[str, str]]] = defaultdict(list)
    wanted = flagged
    for agreement, service in roots:
        down = context.losses.of_service(service) & wanted
        for loss in context.losses.members(down):
            taken[loss.id].append((agreement, service))
            if len(taken[loss.id]) >= _NAMED:
                wanted &= ~context.losses.bit_of(loss)
    return taken


def _with_redundancy(context: Context) -> frozenset[str]:
    """The services that have redundancy in them or below them."""
    graph = context.graph
    found: set[str] = set()
    redundant = context.memory.where(
        "redundant",
        graph.portfolio.services,
        lambda service: _is_redundant(service.workflow) or _is_redundant(service.requires),
    )
    pending = [service.id for service in redundant]
    while pending:
        service = pending.pop()
        if service not in found:
            found.add(service)
            pending.extend(use.user for use in graph.used_by(service) if not use.optional)
    return frozenset(found)


def _is_redundant(step: Step | None) -> bool:
    if step is None or step.optional or isinstance(step.of, str):
        return False
    if isinstance(step.of, KOfN) and step.of.k < len(step.of.steps):
        return True
    return any(_is_redundant(inner) for inner in step.of.steps)
