"""`ORPHAN_AGREEMENT`: an OLA or UC that backs no use."""

from collections.abc import Iterator, Sequence
from itertools import chain

from olagraph.analysis.checks.asked import Asked
from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.memory import PIECE, pieces
from olagraph.analysis.promises import Backing
from olagraph.analysis.results import Finding, SubjectType
from olagraph.analysis.wording import agreement_phrase, listing
from olagraph.model.entities import Agreement, AgreementStatus


def supporting(context: Context) -> Iterator[Asked]:
    """The OLAs and UCs in force, some at a time; all together where no service says what it uses."""
    graph, agreements = context.graph, context.supporting
    said = any(graph.uses(service) for service in graph.services)
    size = PIECE if said else max(1, len(agreements))
    for place, piece in pieces(agreements, size=size):
        covered = [graph.covered_by(agreement) for agreement in piece]
        stated = context.promises.about(chain.from_iterable(covered))
        yield place, (piece, said), (said, *piece, *covered, *context.parties, *stated)


def find(context: Context, asked: tuple[Sequence[Agreement], bool]) -> Iterator[Finding]:
    """Signed agreements that nothing rests on; once for all where no service says what it uses."""
    agreements, said = asked
    unused = [agreement for agreement in agreements if not _backs_anything(context, agreement)]
    if not said and len(agreements) > 1:
        if unused:
            yield _nothing_is_used(context, unused)
        return
    for agreement in unused:
        if agreement.status is AgreementStatus.SIGNED:
            yield _orphan(context, agreement)


def _orphan(context: Context, agreement: Agreement) -> Finding:
    services = [context.graph.service_name(s) for s in context.graph.covered_by(agreement)]
    used = any(context.promises.users(s) for s in context.graph.covered_by(agreement))
    why = "nearer or other agreements back what it covers" if used else "no service uses what it covers"
    return finding(
        "ORPHAN_AGREEMENT",
        subject_type=SubjectType.AGREEMENT,
        subject=agreement.id,
        message=f"{agreement_phrase(context.graph, agreement)} on {listing(services) or 'nothing'} "
        f"backs no use: {why}",
        evidence={"agreements": [agreement.id]},
        fix="say which service uses it (workflow or requires), or ask whether it is still needed",
    )


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
