"""`NO_AGREEMENT`, `METRIC_GAP`, `INCOMMENSURABLE`, `CONDITION_UNMET`: nothing sound is promised where
something is used.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from olagraph.analysis.checks.asked import Asked
from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.items import Item
from olagraph.analysis.judged import Assessed
from olagraph.analysis.memory import pieces
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


@dataclass(frozen=True, slots=True)
class OutsideUse:
    """The use of another provider's service.

    Attributes:
        user: the provider that uses it.
        used: the service.
        through: the services through which it is used; itself where it is resold.
    """

    user: str
    used: str
    through: tuple[str, ...]


def uncovered_uses(context: Context) -> Iterator[Asked]:
    """The uses of other providers' services that an assessed agreement reaches and that no agreement covers."""
    graph, day, memory, reached = context.graph, context.settings.as_of, context.memory, context.reached_by
    uses = memory.recall("outside_uses", (reached, context.sold), lambda: _outside_uses(context))
    for place, piece in pieces(uses):
        pairs = memory.same(("pairs", place), tuple((use.user, use.used) for use in piece))
        stated = context.promises.about(used for _, used in pairs)
        uncovered = memory.recall(
            ("uncovered", place),
            (pairs, *stated, *context.parties),
            lambda pairs=pairs: [  # type: ignore[misc]
                number
                for number, (user, used) in enumerate(pairs)
                if next(graph.candidates(user=user, service=used, day=day), None) is None
            ],
        )
        for use in (piece[number] for number in uncovered):
            about_it = context.promises.about((use.used,))
            yield (use.user, use.used), use, (use, reached, *about_it, *context.parties)


def _outside_uses(context: Context) -> tuple[OutsideUse, ...]:
    services = context.graph.services
    through: dict[tuple[str, str], list[str]] = defaultdict(list)
    for service, bits in context.reached_by.items():
        if bits:
            provider = services[service].provider
            for use in context.entered_uses(service):
                if services[use.used].provider != provider:
                    through[provider, use.used].append(service)
    for _, seller, service in context.sold:
        if seller != services[service].provider:
            through[seller, service].append(service)
    return tuple(OutsideUse(user, used, tuple(found)) for (user, used), found in through.items())


def find_no_agreement(context: Context, use: OutsideUse) -> Iterator[Finding]:
    """A use that no agreement covers on the day."""
    graph, day = context.graph, context.settings.as_of
    bits = 0
    for service in use.through:
        bits |= context.reached_by[service]
    slas = context.slas_in(bits)
    others = [a.id for a in graph.covering(use.used) if a.in_force(day)]
    provider = graph.party_name(graph.services[use.used].provider)
    yield finding(
        "NO_AGREEMENT",
        subject_type=SubjectType.SERVICE,
        subject=use.used,
        service=use.used,
        counterpart=use.user,
        message=f"{graph.party_name(use.user)} uses {graph.service_name(use.used)} of {provider} "
        "and no agreement covers it" + (f"; it matters to {listing(slas)}" if slas else ""),
        evidence={
            "path": [use.through[0], use.used] if use.through[0] != use.used else [use.used],
            "users": list(use.through[:20]),
            "slas": slas,
            "agreements_with_others": others[:5],
        },
        fix=f"agree with {provider} what {graph.party_name(use.user)} may rely on",
    )


def find_gaps(context: Context, of_one_agreement: Sequence[Assessed]) -> Iterator[Finding]:
    """What is missing below an assessed agreement, once a metric."""
    by_subject: dict[tuple[str, str], dict[str, Part]] = defaultdict(dict)
    asked: dict[tuple[str, str], Item] = {}
    for assessed in of_one_agreement:
        for view in View:
            for part in assessed.judged(view).open_parts:
                code = _CODES.get(part.missing.reason) if part.missing is not None else None
                if code is not None:
                    key = (code, assessed.item.metric.id)
                    by_subject[key].setdefault(part.service, part)
                    asked.setdefault(key, assessed.item)
    for (code, metric), parts in by_subject.items():
        yield _gap(context, code, asked[code, metric], parts)


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
