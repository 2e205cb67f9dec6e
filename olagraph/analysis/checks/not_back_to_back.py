"""`NOT_BACK_TO_BACK`: a part that the whole cannot do without promises less than the whole."""

from collections.abc import Iterator

from olagraph.analysis.checks.asked import Asked
from olagraph.analysis.context import Context
from olagraph.analysis.findings import about, finding
from olagraph.analysis.items import Item
from olagraph.analysis.judged import Assessed
from olagraph.analysis.promises import BACKING_STRENGTHS, Backing
from olagraph.analysis.results import Finding, PartKind, SubjectType, identity
from olagraph.analysis.wording import agreement_phrase, item_phrase, promised_to, target_phrase, value
from olagraph.model.entities import Agreement, AgreementKind, Better, Family, Metric, Target


def find(context: Context, assessed: Assessed) -> Iterator[Finding]:
    """Every needed part on the paper, converted to the target's terms, against the target itself."""
    item = assessed.item
    for needed in assessed.contracted.weaker:
        part = needed.part
        worth = value(item.metric, needed.value, needed.complement)
        service = context.graph.service_name(part.service)
        agreement = part.promises[0].promise.agreement
        if part.kind is PartKind.AGREEMENT and agreement is not None:
            who = agreement_phrase(context.graph, agreement)
        else:
            who = f"the own part in {service}"
        yield about(
            "NOT_BACK_TO_BACK",
            item,
            counterpart=f"{part.id} {part.service}",
            message=f"{item_phrase(context.graph, item)} cannot do without {service}, and {who} gives it {worth}"
            + (" in these terms" if part.converted else ""),
            evidence={
                "path": list(context.graph.path(user=item.service, used=part.service) or (item.service,)),
                "agreements": [part.id] if agreement is not None else [],
                "clauses": [agreement.ref] if agreement is not None and agreement.ref else [],
                "value": needed.value,
            },
            fix=f"ask for {_bound(item)} there, or make {service} redundant",
        )


def tracking(context: Context) -> Iterator[Asked]:
    """The SLAs in force with targets that are tracked and never composed."""
    graph, day = context.graph, context.settings.as_of
    tracked = context.memory.where("tracked", context.agreements, lambda a: any(_tracked(context, a)))
    for agreement in tracked:
        if agreement.in_force(day) and graph.kind_of(agreement) is AgreementKind.SLA:
            covered = graph.covered_by(agreement)
            used = dict.fromkeys(use.used for service in covered for use in graph.uses(service))
            stated = context.promises.about((*covered, *used))
            yield agreement.id, agreement, (agreement, covered, *context.parties, *stated)


def find_tracked(context: Context, agreement: Agreement) -> Iterator[Finding]:
    """Targets on tracked metrics against the promises behind every use."""
    for target in _tracked(context, agreement):
        for service in context.graph.covered_by(agreement):
            yield from _weaker_uses(context, agreement, service, target, context.metrics[target.metric])


def _tracked(context: Context, agreement: Agreement) -> Iterator[Target]:
    for target in agreement.targets if agreement.covers is not None else ():
        if context.metrics[target.metric].family is Family.NONE and target.strength in BACKING_STRENGTHS:
            yield target


def _weaker_uses(
    context: Context, agreement: Agreement, service: str, target: Target, metric: Metric
) -> Iterator[Finding]:
    graph = context.graph
    provider = graph.services[service].provider
    higher = metric.better is Better.HIGHER
    for used in dict.fromkeys(use.used for use in graph.uses(service) if not use.optional):
        if graph.services[used].provider == provider:
            continue
        population = target.population.name if target.population is not None else None
        backing = context.promises.backing(user=provider, service=used, metric=metric, population=population)
        if not isinstance(backing, Backing):
            continue
        strictest = (max if higher else min)(backing.promises, key=lambda promise: promise.target.value.exact)
        promised, wanted = strictest.target.value.exact, target.value.exact
        if promised >= wanted if higher else promised <= wanted:
            continue
        who = agreement_phrase(graph, strictest.agreement) if strictest.agreement is not None else "it"
        yield finding(
            "NOT_BACK_TO_BACK",
            subject_type=SubjectType.AGREEMENT,
            subject=agreement.id,
            service=service,
            metric=metric.id,
            target=identity(agreement, target),
            counterpart=used,
            message=f"{promised_to(graph, agreement)}: {target_phrase(target)} on {graph.service_name(service)} "
            f"is not passed on: {who} promises {strictest.target.value} on {graph.service_name(used)}",
            evidence={"agreements": [strictest.agreement.id] if strictest.agreement is not None else []},
            fix=f"ask for {'at least' if higher else 'at most'} {target.value} there",
        )


def _bound(item: Item) -> str:
    """What the part would have to promise: the target itself, under the same terms."""
    least = "at least" if item.metric.better is Better.HIGHER else "at most"
    return f"{least} {target_phrase(item.target).removeprefix(item.metric.id).strip()}"
