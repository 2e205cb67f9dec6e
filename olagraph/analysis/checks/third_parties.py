"""`THIRD_PARTY_EXCLUDED`: a supplier that answers for its own part only."""

from collections.abc import Iterator

from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.promises import terms_of
from olagraph.analysis.results import Finding, SubjectType
from olagraph.analysis.wording import agreement_phrase, listing
from olagraph.model.entities import AgreementKind, Cause


def find(context: Context) -> Iterator[Finding]:
    """Agreements below an SLA that exclude what third parties cause."""
    for agreement in context.in_force:
        if context.graph.kind_of(agreement) is AgreementKind.SLA:
            continue
        excluding = [
            target.metric
            for target in agreement.targets
            if any(
                e.cause is Cause.THIRD_PARTY
                for e in terms_of(agreement, target, context.metrics[target.metric]).exclusions
            )
        ]
        bits = 0
        for service in context.graph.covered_by(agreement):
            bits |= context.reached_by[service]
        slas = context.slas_in(bits)
        for metric in dict.fromkeys(excluding):
            if not slas:
                continue
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
