"""`THIRD_PARTY_EXCLUDED`: a supplier that answers for its own part only."""

from collections.abc import Iterator, Sequence

from olagraph.analysis.checks.asked import Asked
from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.promises import terms_of
from olagraph.analysis.results import Finding, SubjectType
from olagraph.analysis.wording import agreement_phrase, listing
from olagraph.model.entities import Agreement, Cause, Exclusion


def excluding(context: Context) -> Iterator[Asked]:
    """The OLAs and UCs in force that exclude what third parties cause."""
    for agreement in context.memory.where("excluding", context.supporting, _excludes_anywhere):
        covered = context.graph.covered_by(agreement)
        stated = context.promises.about(covered)
        yield agreement.id, agreement, (agreement, covered, context.reached_by, *context.parties, *stated)


def find(context: Context, agreement: Agreement) -> Iterator[Finding]:
    """An agreement below an SLA that answers for its provider's own part only, on some metric."""
    excluding = [
        target.metric
        for target in agreement.targets
        if _excludes(terms_of(agreement, target, context.metrics[target.metric]).exclusions)
    ]
    bits = 0
    for service in context.graph.covered_by(agreement):
        bits |= context.reached_by[service]
    slas = context.slas_in(bits)
    for metric in dict.fromkeys(excluding) if slas else ():
        silent = [
            context.graph.service_name(service)
            for service in context.graph.covered_by(agreement)
            if context.reached_by[service] and not context.graph.uses(service)
        ]
        beyond = f"; what stands behind {listing(silent)} is not stated" if silent else ""
        yield finding(
            "THIRD_PARTY_EXCLUDED",
            subject_type=SubjectType.AGREEMENT,
            subject=agreement.id,
            metric=metric,
            message=f"{agreement_phrase(context.graph, agreement)} promises {metric} of its own part only: "
            f"what it uses from others adds{beyond}",
            evidence={"agreements": [agreement.id], "slas": slas, "services": silent[:20]},
            fix="state what the supplier uses and who answers for it, or have the exclusion struck out",
        )


def _excludes_anywhere(agreement: Agreement) -> bool:
    own = (target.exclusions or () for target in agreement.targets)
    return any(map(_excludes, (agreement.exclusions or (), *own)))


def _excludes(exclusions: Sequence[Exclusion]) -> bool:
    return any(exclusion.cause is Cause.THIRD_PARTY for exclusion in exclusions)
