"""`OWN_PART_UNSTATED`: a provider's own part that was taken as perfect (SEMANTICS §4)."""

from collections import defaultdict
from collections.abc import Iterator

from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.judged import Source
from olagraph.analysis.results import Finding, SubjectType, View


def find(context: Context) -> Iterator[Finding]:
    """One finding for each service and metric."""
    sources: dict[int, tuple[str, Source, list[int]]] = {}
    for assessed in context.assessed:
        for view in View:
            source = context.source(assessed, view)
            asked = sources.setdefault(id(source), (assessed.item.metric.id, source, []))
            asked[2].append(assessed.judged(view).node)
    perfect: dict[str, set[str]] = defaultdict(set)
    for metric, source, nodes in sources.values():
        perfect[metric] |= source.perfect_below(nodes)
    for metric, services in perfect.items():
        for service in sorted(services):
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
