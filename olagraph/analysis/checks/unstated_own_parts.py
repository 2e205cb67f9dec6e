"""`OWN_PART_UNSTATED`: a provider's own part that was taken as perfect (SEMANTICS §4)."""

from collections import defaultdict
from collections.abc import Iterator

from olagraph.analysis.context import Context
from olagraph.analysis.findings import finding
from olagraph.analysis.results import Finding, SubjectType, View


def find(context: Context) -> Iterator[Finding]:
    """One finding for each service and metric."""
    perfect: dict[str, set[str]] = defaultdict(set)
    seen: set[int] = set()
    for assessed in context.assessed:
        for view in View:
            source = assessed.judged(view).source
            if id(source) not in seen:
                seen.add(id(source))
                perfect[assessed.item.metric.id] |= source.perfect
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
