"""`IMPLAUSIBLE_TARGET`: 100 % is a credit formula, not a property of a service (SEMANTICS §6)."""

from collections.abc import Iterator

from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.promises import BACKING_STRENGTHS
from olagraph.analysis.results import Finding, SubjectType
from olagraph.analysis.wording import agreement_phrase
from olagraph.model.entities import Agreement


def find(context: Context, agreement: Agreement) -> Iterator[Finding]:
    """Ratio targets of exactly 100 % that do not say what to assume in their place."""
    if agreement.covers is None or not agreement.in_force(context.settings.as_of):
        return
    for target in agreement.targets:
        metric = context.metrics[target.metric]
        counts = target.strength in BACKING_STRENGTHS and target.assume is None
        if metric.unit == "ratio" and counts and target.value.exact == 1:
            yield finding(
                "IMPLAUSIBLE_TARGET",
                subject_type=SubjectType.AGREEMENT,
                subject=agreement.id,
                metric=metric.id,
                priority=target.population.name if target.population else None,
                message=f"{agreement_phrase(context.graph, agreement)} promises {metric.id} 100%, "
                "which is a credit formula rather than a value to build on",
                evidence={
                    "agreements": [agreement.id],
                    "clauses": [agreement.ref] if agreement.ref else [],
                },
                fix="state `assume:` with the value that experience supports, and compose with that",
            )
