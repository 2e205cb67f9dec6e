"""`NO_AGREEMENT`, `METRIC_GAP`, `INCOMMENSURABLE`, `CONDITION_UNMET`: nothing sound is promised where
something is used.
"""

from collections import defaultdict
from collections.abc import Iterator

from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.items import Item
from olagraph.analysis.parts import Part
from olagraph.analysis.results import Finding, MissingReason, SubjectType, View
from olagraph.analysis.wording import agreement_phrase, listing

_CODES = {
    MissingReason.METRIC_GAP: "METRIC_GAP",
    MissingReason.NOT_COUNTED: "METRIC_GAP",
    MissingReason.POPULATION_MISMATCH: "POPULATION_MISMATCH",
    MissingReason.OWN_PART: "METRIC_GAP",
    MissingReason.INCOMMENSURABLE: "INCOMMENSURABLE",
    MissingReason.CONDITION_UNMET: "CONDITION_UNMET",
}
_SENTENCES = {
    "METRIC_GAP": "rests on services for which no {metric} is stated: {services}",
    "POPULATION_MISMATCH": "rests on promises about other cases than {population}: {services}",
    "INCOMMENSURABLE": "rests on promises that cannot be compared with it: {services}",
    "CONDITION_UNMET": "rests on promises whose condition the service does not meet: {services}",
}
_FIXES = {
    "METRIC_GAP": "have {metric} promised for them, or state the own part",
    "POPULATION_MISMATCH": "have {metric} promised for these cases too",
    "INCOMMENSURABLE": "agree the same window, hours and exclusions on both sides, or count the requests",
    "CONDITION_UNMET": "give the service the trait that the promise asks for, or agree a promise without it",
}


def find(context: Context) -> Iterator[Finding]:
    """Missing agreements once a use; the rest once an assessed agreement and metric."""
    yield from _no_agreement(context)
    yield from _gaps(context)


def _no_agreement(context: Context) -> Iterator[Finding]:
    graph, day = context.graph, context.settings.as_of
    users: dict[tuple[str, str], list[str]] = defaultdict(list)
    for service, bits in context.reached_by.items():
        if not bits:
            continue
        provider = graph.services[service].provider
        for use in context.entered_uses(service):
            if graph.services[use.used].provider != provider:
                users[provider, use.used].append(service)
    for agreement, service in context.roots:
        if agreement.provider != graph.services[service].provider:
            users[agreement.provider, service].append(service)
    for (user, used), through in users.items():
        if next(graph.candidates(user=user, service=used, day=day), None) is not None:
            continue
        bits = 0
        for service in through:
            bits |= context.reached_by[service]
        slas = context.slas_in(bits)
        drafts = [a.id for a in graph.covering(used) if a.in_force(day)]
        yield finding(
            "NO_AGREEMENT",
            subject_type=SubjectType.SERVICE,
            subject=used,
            service=used,
            counterpart=user,
            message=f"{graph.party_name(user)} uses {graph.service_name(used)} of "
            f"{graph.party_name(graph.services[used].provider)} and no agreement covers it"
            + (f"; it matters to {listing(slas)}" if slas else ""),
            evidence={
                "path": [through[0], used] if through[0] != used else [used],
                "users": through[:20],
                "slas": slas,
                "agreements_with_others": drafts[:5],
            },
            fix=f"agree with {graph.party_name(graph.services[used].provider)} "
            f"what {graph.party_name(user)} may rely on",
        )


def _gaps(context: Context) -> Iterator[Finding]:
    by_subject: dict[tuple[str, str, str], dict[str, Part]] = defaultdict(dict)
    asked: dict[tuple[str, str, str], Item] = {}
    for assessed in context.assessed:
        item = assessed.item
        for view in View:
            for part in assessed.judged(view).open_parts:
                code = _CODES.get(part.missing.reason) if part.missing is not None else None
                if code is not None:
                    key = (code, item.agreement.id, item.metric.id)
                    by_subject[key].setdefault(part.service, part)
                    asked.setdefault(key, item)
    for key, parts in by_subject.items():
        yield _gap(context, key[0], asked[key], parts)


def _gap(context: Context, code: str, item: Item, parts: dict[str, Part]) -> Finding:
    population = item.target.population.name if item.target.population is not None else "all"
    services = [context.graph.service_name(service) for service in parts]
    details = [p.missing.detail for p in parts.values() if p.missing is not None and p.missing.detail]
    sentence = _SENTENCES[code].format(
        metric=item.metric.id, services=listing(services), population=population
    )
    promise = agreement_phrase(context.graph, item.agreement)
    return finding(
        code,
        subject_type=SubjectType.AGREEMENT,
        subject=item.agreement.id,
        service=item.service if len(context.graph.covered_by(item.agreement)) == 1 else None,
        metric=item.metric.id,
        message=f"{promise} promises {item.metric.id} and {sentence}"
        + (f" ({details[0]})" if details else ""),
        evidence={
            "services": list(parts)[:20],
            "agreements": sorted({a for p in parts.values() if (a := p.agreement) is not None})[:20],
            "reasons": details[:5],
        },
        fix=_FIXES[code].format(metric=item.metric.id),
    )
