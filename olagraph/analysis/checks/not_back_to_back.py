"""`NOT_BACK_TO_BACK`: a part that the whole cannot do without promises less than the whole."""

from collections.abc import Iterator

from olagraph.analysis.context import Context
from olagraph.analysis.findings import about
from olagraph.analysis.items import Item
from olagraph.analysis.results import Finding, PartKind
from olagraph.analysis.wording import agreement_phrase, item_phrase, target_phrase, value
from olagraph.model.entities import Better


def find(context: Context) -> Iterator[Finding]:
    """Every needed part on the paper, converted to the target's terms, against the target itself."""
    for assessed in context.assessed:
        item = assessed.item
        for needed in assessed.contracted.weaker:
            part = needed.part
            worth = value(item.metric, needed.value, needed.complement)
            service = context.graph.service_name(part.service)
            agreement = part.promises[0].promise.agreement
            if part.kind is PartKind.AGREEMENT and agreement is not None:
                who = agreement_phrase(context.graph, agreement)
            else:
                who = f"the own part in {service}"
            yield about(
                "NOT_BACK_TO_BACK",
                item,
                counterpart=f"{part.id} {part.service}",
                message=f"{item_phrase(context.graph, item)} cannot do without {service}, and {who} gives it {worth}"
                + (" in these terms" if part.converted else ""),
                evidence={
                    "path": list(context.graph.path(user=item.service, used=part.service) or (item.service,)),
                    "agreements": [part.id] if agreement is not None else [],
                    "clauses": [agreement.ref] if agreement is not None and agreement.ref else [],
                    "value": needed.value,
                },
                fix=f"ask for {_bound(item)} there, or make {service} redundant",
            )


def _bound(item: Item) -> str:
    """What the part would have to promise: the target itself, under the same terms."""
    least = "at least" if item.metric.better is Better.HIGHER else "at most"
    return f"{least} {target_phrase(item.target).removeprefix(item.metric.id).strip()}"
