"""One part of a composition, as an explanation shows it."""

from olagraph.analysis.parts import Part
from olagraph.analysis.results import ExplanationStep, Level, MissingReason, PartKind, StepKind
from olagraph.analysis.wording import agreement_phrase, target_phrase
from olagraph.graph import PortfolioGraph

_REASONS = {
    MissingReason.NO_AGREEMENT: "no agreement covers this use",
    MissingReason.METRIC_GAP: "no agreement on it states the metric",
    MissingReason.CONDITION_UNMET: "the promises hold only under conditions that the service does not meet",
    MissingReason.POPULATION_MISMATCH: "the promises speak of other cases",
    MissingReason.NOT_COUNTED: "only objectives or best effort speak of it",
    MissingReason.INCOMMENSURABLE: "the promise cannot be compared",
    MissingReason.OWN_PART: "its own part is not stated",
    MissingReason.CYCLE: "it depends on itself and on nothing else",
}
_KINDS = {
    PartKind.AGREEMENT: StepKind.PROMISE,
    PartKind.OWN: StepKind.OWN,
    PartKind.MISSING: StepKind.MISSING,
}


def part_step(
    graph: PortfolioGraph,
    part: Part,
    *,
    guaranteed: Level | None,
    independent: Level | None,
    ceiling: Level | None,
    share: float | None,
) -> ExplanationStep:
    """The step of a promise, an own part or a missing promise, with every conversion."""
    notes = []
    for promise in part.promises:
        stated = promise.promise
        who = agreement_phrase(graph, stated.agreement) if stated.agreement is not None else "the own part"
        notes.append(f"{who}: {target_phrase(stated.target)}")
        notes.extend(step.sentence for step in promise.steps)
    if part.missing is not None:
        notes.append(part.missing.detail or _REASONS[part.missing.reason])
    first = part.promises[0].promise.agreement if part.promises else None
    return ExplanationStep(
        kind=_KINDS[part.kind],
        label=graph.service_name(part.service),
        service=part.service,
        agreement=first.id if first is not None else None,
        ref=first.ref if first is not None else None,
        guaranteed=guaranteed,
        independent=independent,
        ceiling=ceiling,
        share=share,
        notes=tuple(notes),
    )
