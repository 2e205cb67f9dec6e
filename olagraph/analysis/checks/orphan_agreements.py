"""`ORPHAN_AGREEMENT`: an OLA or UC that backs no use."""

from collections.abc import Iterator, Sequence

from olagraph.analysis.checks.asked import Asked
from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.promises import Backing
from olagraph.analysis.results import Finding, SubjectType
from olagraph.analysis.wording import agreement_phrase, listing
from olagraph.model.entities import Agreement, AgreementKind, AgreementStatus


def supporting(context: Context) -> Iterator[Asked]:
    """The OLAs and UCs in force that cover something, where services say what they use."""
    agreements = _supporting(context)
    if not _nothing_said(context, agreements):
        for agreement in agreements:
            covered = context.graph.covered_by(agreement)
            stated = map(context.promises.about, covered)
            yield agreement.id, agreement, (agreement, covered, *context.parties, *stated)


def find(context: Context, agreement: Agreement) -> Iterator[Finding]:
    """A signed agreement that nothing rests on."""
    if agreement.status is AgreementStatus.DRAFT or _backs_anything(context, agreement):
        return
    services = [context.graph.service_name(s) for s in context.graph.covered_by(agreement)]
    used = any(context.promises.users(s) for s in context.graph.covered_by(agreement))
    why = "nearer or other agreements back what it covers" if used else "no service uses what it covers"
    yield finding(
        "ORPHAN_AGREEMENT",
        subject_type=SubjectType.AGREEMENT,
        subject=agreement.id,
        message=f"{agreement_phrase(context.graph, agreement)} on {listing(services) or 'nothing'} "
        f"backs no use: {why}",
        evidence={"agreements": [agreement.id]},
        fix="say which service uses it (workflow or requires), or ask whether it is still needed",
    )


def unused_portfolio(context: Context) -> Iterator[Asked]:
    """All of them together, where no service says what it uses."""
    agreements = _supporting(context)
    if _nothing_said(context, agreements):
        stated = (context.promises.about(s) for a in agreements for s in context.graph.covered_by(a))
        yield None, agreements, (*agreements, *context.parties, *stated)


def find_nothing_used(context: Context, agreements: Sequence[Agreement]) -> Iterator[Finding]:
    """One finding for all agreements that nothing rests on."""
    unused = [agreement for agreement in agreements if not _backs_anything(context, agreement)]
    if unused:
        yield _nothing_is_used(context, unused)


def _supporting(context: Context) -> tuple[Agreement, ...]:
    return tuple(a for a in context.in_force if context.graph.kind_of(a) is not AgreementKind.SLA)


def _nothing_said(context: Context, agreements: Sequence[Agreement]) -> bool:
    """Whether no service says what it uses, which would make an orphan of every agreement."""
    graph = context.graph
    return len(agreements) > 1 and not any(graph.uses(service) for service in graph.services)


def _nothing_is_used(context: Context, unused: list[Agreement]) -> Finding:
    names = [agreement.id for agreement in unused]
    return finding(
        "ORPHAN_AGREEMENT",
        subject_type=SubjectType.PORTFOLIO,
        subject=context.graph.portfolio.name,
        message=f"no service says what it uses, so nothing is known to rest on {len(names)} agreements: "
        f"{listing(names, most=5)}",
        evidence={"agreements": names},
        fix="start with the SLAs: give the services they cover a `workflow` and `requires`",
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
