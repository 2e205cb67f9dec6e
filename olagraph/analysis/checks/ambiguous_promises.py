"""`AMBIGUOUS_PROMISE`: two agreements of the same nearness promise different things on one use (SEMANTICS §1)."""

from collections.abc import Iterator, Sequence

from olagraph.analysis.checks.asked import Asked
from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.promises import Backing, Promise
from olagraph.analysis.results import Finding, SubjectType
from olagraph.analysis.wording import agreement_phrase, listing


def covered_twice(context: Context) -> Iterator[Asked]:
    """The services that an assessed agreement reaches and that several agreements cover."""
    asked = sorted({(a.item.metric.id, a.item.question.population) for a in context.assessed}, key=str)
    wanted = context.memory.same("asked", tuple(asked))
    for service in sorted(context.graph.covered_twice()):
        if context.reached_by[service]:
            stated = context.promises.about((service,))
            yield service, (service, wanted), (wanted, *stated, *context.parties)


def find(context: Context, asked: tuple[str, Sequence[tuple[str, str | None]]]) -> Iterator[Finding]:
    """Every use of the service, on every metric assessed."""
    service, wanted = asked
    for user in context.promises.users(service):
        if user == context.graph.services[service].provider:
            continue
        for metric, population in wanted:
            backing = context.promises.backing(
                user=user, service=service, metric=context.metrics[metric], population=population
            )
            if isinstance(backing, Backing) and _differ(backing.promises):
                yield _ambiguous(context, user, backing, metric, population)


def _differ(promises: tuple[Promise, ...]) -> bool:
    """Whether different agreements state different things, statistic by statistic."""
    stated: dict[tuple[str, object], set[object]] = {}
    for promise in promises:
        target = promise.target
        agreement = promise.agreement.id if promise.agreement is not None else ""
        stated.setdefault((agreement, target.for_), set()).add((target.value.exact, promise.terms))
    agreements = {agreement for agreement, _ in stated}
    if len(agreements) < 2:
        return False
    statistics = {statistic for _, statistic in stated}
    return any(
        len({frozenset(stated[a, statistic]) for a in agreements if (a, statistic) in stated}) > 1
        for statistic in statistics
    )


def _ambiguous(context: Context, user: str, backing: Backing, metric: str, population: str | None) -> Finding:
    graph = context.graph
    agreements = {p.agreement.id: p.agreement for p in backing.promises if p.agreement is not None}
    values = {
        p.agreement.id: f"{agreement_phrase(graph, p.agreement)} says {p.target.value}"
        for p in backing.promises
        if p.agreement is not None
    }
    return finding(
        "AMBIGUOUS_PROMISE",
        subject_type=SubjectType.SERVICE,
        subject=backing.service,
        service=backing.service,
        metric=metric,
        priority=population,
        counterpart=user,
        message=f"two promises on {metric} of {graph.service_name(backing.service)} to "
        f"{graph.party_name(user)} differ: {listing(list(values.values()))}; the strictest counts",
        evidence={"agreements": list(agreements), "clauses": [a.ref for a in agreements.values() if a.ref]},
        fix="say in one of them that the other no longer holds",
    )
