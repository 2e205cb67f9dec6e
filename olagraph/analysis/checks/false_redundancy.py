"""`FALSE_REDUNDANCY`: branches that one loss takes down together (SEMANTICS §7)."""

from collections.abc import Iterator

from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.losses import Loss, LossKind
from olagraph.analysis.results import Finding, Severity, SubjectType
from olagraph.analysis.wording import listing
from olagraph.model.entities import Service
from olagraph.model.workflow import KOfN, Step, pattern_name

_SEVERITIES = {
    LossKind.COMPONENT: Severity.WARNING,
    LossKind.PROVIDER: Severity.WARNING,
    LossKind.OWNER: Severity.INFO,
    LossKind.REGION: Severity.INFO,
    LossKind.ZONE: Severity.INFO,
}


def find(context: Context, _: None) -> Iterator[Finding]:
    """Every redundant group in a service that an assessed agreement reaches.

    The service's own provider and its owners are left out: the service is lost with them whatever its branches do.
    """
    for service in context.memory.where("grouped", context.graph.portfolio.services, _has_groups):
        if context.reached_by[service.id]:
            for number, group in enumerate(_groups(service)):
                yield from _shared_losses(context, service, number, group)


def _has_groups(service: Service) -> bool:
    return any(True for _ in _groups(service))


def _groups(service: Service) -> Iterator[KOfN]:
    pending = [expression for expression in (service.requires, service.workflow) if expression is not None]
    while pending:
        step = pending.pop()
        if isinstance(step.of, str):
            continue
        if isinstance(step.of, KOfN) and step.of.k < len(step.of.steps):
            yield step.of
        pending.extend(reversed(step.of.steps))


def _shared_losses(context: Context, service: Service, number: int, group: KOfN) -> Iterator[Finding]:
    graph = context.graph
    shared = context.losses.of_group(group)
    own = {service.provider, *graph.owners(service.provider)}
    found = [
        loss for loss in shared if not (loss.kind in (LossKind.PROVIDER, LossKind.OWNER) and loss.id in own)
    ]
    named = _most_specific(context, found)
    for loss in named:
        if group.common_cause is not None and _SEVERITIES[loss.kind] is Severity.INFO:
            continue
        branches = [_branch_name(context, step) for step in group.steps]
        left = "none" if group.k == 1 else f"fewer than {group.k}"
        slas = context.slas_in(context.reached_by[service.id])
        yield finding(
            "FALSE_REDUNDANCY",
            subject_type=SubjectType.SERVICE,
            subject=service.id,
            service=service.id,
            counterpart=f"{number}:{loss.kind}:{loss.id}",
            severity=_SEVERITIES[loss.kind],
            message=f"{graph.service_name(service.id)}: {pattern_name(group)} {listing(branches)} leaves {left} up "
            f"when {_loss_name(context, loss)} fails",
            evidence={"kind": str(loss.kind), "shared": loss.id, "branches": branches, "slas": slas},
            fix=f"give the branches different {_PLURALS[loss.kind]}, or state `common_cause:` for the group",
        )


_PLURALS = {
    LossKind.COMPONENT: "components below them",
    LossKind.PROVIDER: "providers",
    LossKind.OWNER: "owners",
    LossKind.REGION: "regions",
    LossKind.ZONE: "zones",
}


def _most_specific(context: Context, found: list[Loss]) -> list[Loss]:
    """Without providers named by a shared component, and without owners of a provider that is named."""
    graph = context.graph
    components = [loss.id for loss in found if loss.kind is LossKind.COMPONENT]
    implied = {graph.services[service].provider for service in components}
    providers = [loss.id for loss in found if loss.kind is LossKind.PROVIDER and loss.id not in implied]
    owned = {owner for provider in (*providers, *implied) for owner in graph.owners(provider)}
    regions = {graph.services[service].region for service in components}
    regions |= {graph.providers[provider].region for provider in providers}
    zones = {graph.services[service].zone for service in components}
    dropped: dict[LossKind, set[str | None]] = {
        LossKind.PROVIDER: {*implied, *owned},
        LossKind.OWNER: {*owned, *providers, *implied},
        LossKind.REGION: regions,
        LossKind.ZONE: zones,
    }
    return [loss for loss in found if loss.id not in dropped.get(loss.kind, set())]


def _branch_name(context: Context, step: Step) -> str:
    return context.graph.service_name(step.of) if isinstance(step.of, str) else f"({pattern_name(step.of)})"


def _loss_name(context: Context, loss: Loss) -> str:
    if loss.kind is LossKind.COMPONENT:
        return context.graph.service_name(loss.id)
    if loss.kind in (LossKind.PROVIDER, LossKind.OWNER):
        return context.graph.party_name(loss.id)
    return f"{loss.kind} {loss.id}"
