"""`OVERSUBSCRIBED`: more is asked of a service, or promised of it, than it states or is promised."""

from collections.abc import Container, Iterator, Mapping, Sequence
from fractions import Fraction

from olagraph.analysis.checks.asked import Asked
from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.promises import Backing, states
from olagraph.analysis.results import Finding, SubjectType
from olagraph.analysis.visits import visits
from olagraph.analysis.wording import agreement_phrase, listing, value
from olagraph.model.entities import Family, Metric, Target


def rated(context: Context) -> Iterator[Asked]:
    """The services that state a rate, or are promised at one: of others nothing can be asked too much."""
    graph = context.graph
    rates = {m.id: m for m in context.metrics.values() if m.family is Family.RATE and m.unit == "1/s"}
    found: set[tuple[str, str]] = set()
    for service in context.memory.where(
        "rated services", graph.portfolio.services, lambda s: any(_stated(s.own, rates))
    ):
        found.update((metric, service.id) for metric in _stated(service.own, rates))
    for agreement in context.memory.where(
        "rated agreements", context.agreements, lambda a: any(_stated(a.targets, rates))
    ):
        for metric in _stated(agreement.targets, rates):
            found.update((metric, covered) for covered in graph.covered_by(agreement))
    for metric, name in sorted(found):
        stated = context.promises.about((name,))
        yield (
            (metric, name),
            (rates[metric], name),
            (context.demands, graph.services, *stated, *context.parties),
        )


def _stated(targets: Sequence[Target], rates: Container[str]) -> Iterator[str]:
    return (target.metric for target in targets if target.metric in rates)


def find(context: Context, asked: tuple[Metric, str]) -> Iterator[Finding]:
    """Demand against what each user is promised, and against what the service states of itself."""
    metric, service = asked
    yield from _of_service(context, service, metric, context.demands)


def _of_service(
    context: Context, service: str, metric: Metric, asked: Mapping[str, Fraction]
) -> Iterator[Finding]:
    graph = context.graph
    stated = graph.services[service]
    by_provider: dict[str, Fraction] = {}
    for use in {use.user: use for use in graph.used_by(service)}.values():
        demand = asked.get(use.user)
        if demand is not None:
            provider = graph.services[use.user].provider
            calls = visits(graph.services[use.user], service)
            by_provider[provider] = by_provider.get(provider, Fraction(0)) + demand * calls
    total = Fraction(0)
    names: list[str] = []
    for provider in context.promises.users(service):
        wanted = by_provider.get(provider)
        promised = None
        if provider != stated.provider:
            backing = context.promises.backing(user=provider, service=service, metric=metric, population=None)
            if isinstance(backing, Backing):
                promised = max(p.target.value.exact for p in backing.promises)
                if wanted is not None and wanted > promised:
                    agreement = backing.promises[0].agreement
                    says = agreement_phrase(graph, agreement) if agreement is not None else "the promise"
                    yield finding(
                        "OVERSUBSCRIBED",
                        subject_type=SubjectType.SERVICE,
                        subject=service,
                        service=service,
                        metric=metric.id,
                        counterpart=provider,
                        message=f"{graph.party_name(provider)} needs {value(metric, float(wanted))} of "
                        f"{graph.service_name(service)}, and {says} gives {value(metric, float(promised))}",
                        evidence={
                            "demand": float(wanted),
                            "promised": float(promised),
                            "agreements": [agreement.id] if agreement is not None else [],
                        },
                        fix="buy more, or call it less often",
                    )
        needed = wanted if wanted is not None else promised
        if needed is not None:
            total += needed
            names.append(graph.party_name(provider))
    own = [target.value.exact for target in states(stated, metric.id)]
    if own and total > min(own):
        yield finding(
            "OVERSUBSCRIBED",
            subject_type=SubjectType.SERVICE,
            subject=service,
            service=service,
            metric=metric.id,
            message=f"{graph.service_name(service)} states {value(metric, float(min(own)))}, and "
            f"{listing(names)} together need or are promised {value(metric, float(total))}",
            evidence={"demand": float(total), "stated": float(min(own)), "users": names},
            fix="add capacity, or promise less",
        )
