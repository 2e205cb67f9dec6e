"""`OWN_PART_UNSTATED`: a provider's own part that was taken as perfect (SEMANTICS §4)."""

from collections import defaultdict
from collections.abc import Iterator

from olagraph.analysis.checks.asked import Asked
from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.results import Finding, SubjectType


def perfect(context: Context) -> Iterator[Asked]:
    """The services, metric by metric, whose own part was taken as perfect."""
    found: dict[str, set[str]] = defaultdict(set)
    for source, group in context.by_source:
        metric = group[0][0].item.metric.id
        found[metric] |= source.perfect_below([judged.node for _, judged in group])
    for metric, services in found.items():
        for service in sorted(services):
            name = context.graph.services[service].name
            yield (metric, service), (metric, service), (context.reached_by, name, *context.parties)


def find(context: Context, asked: tuple[str, str]) -> Iterator[Finding]:
    """One finding for each service and metric."""
    metric, service = asked
    slas = context.slas_in(context.reached_by[service])
    provider = context.graph.party_name(context.graph.services[service].provider)
    yield finding(
        "OWN_PART_UNSTATED",
        subject_type=SubjectType.SERVICE,
        subject=service,
        service=service,
        metric=metric,
        message=f"{provider}'s own part in {context.graph.service_name(service)} states no {metric} "
        "and is taken as perfect",
        evidence={"slas": slas},
        fix=f"state it: `own: [{{{metric}: …}}]`",
    )
