"""`ORPHAN_AGREEMENT`: an OLA or UC that backs no use."""

from collections.abc import Iterator

from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.promises import Backing
from olagraph.analysis.results import Finding, SubjectType
from olagraph.analysis.wording import agreement_phrase, listing
from olagraph.model.entities import Agreement, AgreementKind, AgreementStatus


def find(context: Context) -> Iterator[Finding]:
    """Signed agreements in force that nothing rests on."""
    for agreement in context.in_force:
        supporting = context.graph.kind_of(agreement) is not AgreementKind.SLA
        if not supporting or agreement.status is AgreementStatus.DRAFT or _backs_anything(context, agreement):
            continue
        services = [context.graph.service_name(s) for s in context.graph.covered_by(agreement)]
        unused = not any(context.promises.users(s) for s in context.graph.covered_by(agreement))
        why = "no service uses what it covers" if unused else "nearer or other agreements back what it covers"
        yield finding(
            "ORPHAN_AGREEMENT",
            subject_type=SubjectType.AGREEMENT,
            subject=agreement.id,
            message=f"{agreement_phrase(context.graph, agreement)} on {listing(services) or 'nothing'} "
            f"backs no use: {why}",
            evidence={"agreements": [agreement.id]},
            fix="say which service uses it (workflow or requires), or ask whether it is still needed",
        )


def _backs_anything(context: Context, agreement: Agreement) -> bool:
    for service in context.graph.covered_by(agreement):
        for user in context.promises.users(service):
            if user == agreement.provider:
                continue
            for target in agreement.targets:
                backing = context.promises.backing(
                    user=user,
                    service=service,
                    metric=context.metrics[target.metric],
                    population=target.population.name if target.population else None,
                )
                if isinstance(backing, Backing) and any(p.agreement is agreement for p in backing.promises):
                    return True
    return False
