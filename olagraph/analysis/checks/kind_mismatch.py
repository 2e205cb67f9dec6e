"""`KIND_MISMATCH`: what an agreement calls itself contradicts its parties."""

from collections.abc import Iterator

from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.results import Finding, SubjectType
from olagraph.analysis.wording import agreement_phrase, promised_to
from olagraph.model.entities import Agreement, AgreementKind


def find(context: Context, agreement: Agreement) -> Iterator[Finding]:
    """SLA: to a customer. OLA: between internal providers. UC: from an external provider to a provider."""
    if agreement.kind is None or not agreement.customers:
        return
    fitting = _fitting(context, agreement)
    if fitting is agreement.kind:
        return
    says = f"is called {'an' if agreement.kind is not AgreementKind.UC else 'a'} {agreement.kind}"
    parties = f"from {_party(context, agreement.provider)} to {promised_to(context.graph, agreement)}"
    better = (
        f", which makes it {'an' if fitting is not AgreementKind.UC else 'a'} {fitting}" if fitting else ""
    )
    yield finding(
        "KIND_MISMATCH",
        subject_type=SubjectType.AGREEMENT,
        subject=agreement.id,
        message=f"{agreement_phrase(context.graph, agreement)} {says} but goes {parties}{better}",
        evidence={"kind": str(agreement.kind), "fitting": str(fitting) if fitting else None},
        fix=f"call it {fitting}" if fitting else "split it: its parties are of different kinds",
    )


def _party(context: Context, provider: str) -> str:
    kind = "supplier" if context.graph.is_external(provider) else "internal team"
    return f"the {kind} {context.graph.party_name(provider)}"


def _fitting(context: Context, agreement: Agreement) -> AgreementKind | None:
    """The kind that the parties make it; None where they are mixed."""
    graph = context.graph
    sla = agreement.kind is AgreementKind.SLA
    # One id may be both a provider and a customer: an SLA means the customer, an OLA or UC the provider.
    customers = [
        p in graph.customers if sla or p not in graph.providers else False for p in agreement.customers
    ]
    if all(customers):
        return AgreementKind.SLA
    if any(customers):
        return None
    external = [graph.is_external(p) for p in agreement.customers]
    if graph.is_external(agreement.provider):
        return AgreementKind.UC
    return AgreementKind.OLA if not any(external) else None
