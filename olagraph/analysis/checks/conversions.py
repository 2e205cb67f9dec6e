"""`WINDOW_MISMATCH`, `HOURS_GAP`, `EXCLUSION_GAP`, `POPULATION_MISMATCH`, `CLOCK_MISMATCH`: the terms
differ (SEMANTICS §6).
"""

from collections import defaultdict
from collections.abc import Iterator

from olagraph.analysis.context import Context
from olagraph.analysis.findings import about
from olagraph.analysis.judged import Assessed
from olagraph.analysis.ladder import HOLDS
from olagraph.analysis.parts import Part
from olagraph.analysis.results import Finding, View
from olagraph.analysis.wording import agreement_phrase, item_phrase, listing
from olagraph.metrics.conversion import ConversionKind

_CODES = {
    ConversionKind.WINDOW: "WINDOW_MISMATCH",
    ConversionKind.HOURS: "HOURS_GAP",
    ConversionKind.EXCLUSION: "EXCLUSION_GAP",
    ConversionKind.POPULATION: "POPULATION_MISMATCH",
    ConversionKind.AVERAGE: "POPULATION_MISMATCH",
    ConversionKind.CLOCK: "CLOCK_MISMATCH",
}
_FIXES = {
    "WINDOW_MISMATCH": "agree one window on both sides",
    "HOURS_GAP": "agree the same hours on both sides",
    "EXCLUSION_GAP": "agree the same exclusions on both sides, under the same name",
    "POPULATION_MISMATCH": "have the promise made for these cases, or state their share",
    "CLOCK_MISMATCH": "agree on one clock",
}


def find(context: Context, assessed: Assessed) -> Iterator[Finding]:
    """Where the raw numbers pass and the converted ones do not, or where a conversion leaves an interval."""
    parts: dict[int, Part] = {}
    for view in View:
        judged = assessed.judged(view)
        parts.update((id(p), p) for p in judged.open_parts if p.missing is None)
        if judged.view.verdict in HOLDS:
            continue
        source = context.source(assessed, view)
        if source.converts and (id(assessed.item.target), view) in context.passing_raw:
            parts.update((id(p), p) for p in source.parts_below(judged.node) if p.converted)
    yield from _findings(context, assessed, list(parts.values()))


def _findings(context: Context, assessed: Assessed, parts: list[Part]) -> Iterator[Finding]:
    by_code: dict[str, dict[str, str]] = defaultdict(dict)
    for part in parts:
        for promise in part.promises:
            agreement = promise.promise.agreement
            for step in promise.steps:
                who = agreement.id if agreement is not None else part.service
                by_code[_CODES[step.kind]].setdefault(who, step.sentence)
    item = assessed.item
    for code, sentences in by_code.items():
        names = [
            agreement_phrase(context.graph, context.graph.agreements[who])
            if who in context.graph.agreements
            else who
            for who in sentences
        ]
        first = next(iter(sentences.values()))
        yield about(
            code,
            item,
            message=f"{item_phrase(context.graph, item)} and {listing(names)} are stated in different terms: {first}",
            evidence={
                "agreements": [who for who in sentences if who in context.graph.agreements][:20],
                "conversions": list(sentences.values())[:20],
            },
            fix=_FIXES[code],
        )
