"""`UNMEASURED`: money depends on a figure, and nobody says where it is measured."""

from collections.abc import Iterator

from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.results import Finding, SubjectType
from olagraph.analysis.wording import agreement_phrase
from olagraph.model.entities import Agreement


def find(context: Context, agreement: Agreement) -> Iterator[Finding]:
    """Targets with credits and no `measured_at`."""
    if agreement.covers is None or not agreement.in_force(context.settings.as_of):
        return
    for metric in dict.fromkeys(credit.metric for credit in agreement.credits or ()):
        stated = [target for target in agreement.targets if target.metric == metric]
        if stated and all(target.measured_at is None for target in stated):
            yield finding(
                "UNMEASURED",
                subject_type=SubjectType.AGREEMENT,
                subject=agreement.id,
                metric=metric,
                message=f"{agreement_phrase(context.graph, agreement)} pays credits on {metric} "
                "and does not say where it is measured",
                evidence={
                    "agreements": [agreement.id],
                    "clauses": [agreement.ref] if agreement.ref else [],
                },
                fix="agree where and by whom it is measured, and state it as `measured_at:`",
            )
