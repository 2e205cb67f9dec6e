"""`UNDER_CONTRACTED` and `HOLLOW_PROMISE`: paper and chain say different things (SEMANTICS §4)."""

from collections.abc import Iterator

from olagraph.analysis.context import Context
from olagraph.analysis.findings import about
from olagraph.analysis.items import Item
from olagraph.analysis.judged import Assessed, meets
from olagraph.analysis.results import Finding, Level, View, ViewAssessment
from olagraph.analysis.wording import agreement_phrase, item_phrase, listing, value


def find(context: Context, assessed: Assessed) -> Iterator[Finding]:
    """Compares both views on the independent basis, where both are numbers."""
    item = assessed.item
    paper, chain = _compared(assessed.target.contracted), _compared(assessed.target.achievable)
    if paper is None or chain is None:
        return
    on_paper, in_chain = meets(item, paper), meets(item, chain)
    if on_paper is in_chain:
        return
    numbers = {"contracted": paper.at_worst, "achievable": chain.at_worst}
    said = f"{_worth(item, paper)} on paper, {_worth(item, chain)} in the chain"
    if in_chain:
        yield about(
            "UNDER_CONTRACTED",
            item,
            message=f"{item_phrase(context.graph, item)}: the chain can do it, the paper does not say so ({said})",
            evidence=numbers,
            fix="tighten the agreements that back it to what the services below them already achieve",
        )
        return
    hollow = _hollow_below(context, assessed)
    names = [agreement_phrase(context.graph, context.graph.agreements[a]) for a in hollow]
    promise = "promises more than its service achieves"
    if len(names) > 1:
        promise = "promise more than their services achieve"
    because = f": {listing(names)} {promise}" if names else ""
    yield about(
        "HOLLOW_PROMISE",
        item,
        message=f"{item_phrase(context.graph, item)} holds on paper only ({said}){because}",
        evidence={**numbers, "agreements": hollow},
        fix="correct the hollow promise to what its service achieves, or strengthen what that service rests on",
    )


def _compared(view: ViewAssessment) -> Level | None:
    level = view.independent if view.independent is not None else view.guaranteed
    return level if level is not None and level.single else None


def _worth(item: Item, level: Level) -> str:
    return value(item.metric, level.at_worst, level.complement_at_worst)


def _hollow_below(context: Context, assessed: Assessed) -> list[str]:
    """The agreements that the paper of one assessment rests on and that promise more than their service achieves."""
    source, metric = context.source(assessed, View.CONTRACTED), assessed.item.metric.id
    below = (
        agreement.id
        for part in source.parts_below(assessed.contracted.node)
        for promise in part.promises
        if (agreement := promise.promise.agreement) is not None
        and any(map(_is_hollow, context.promised.get((agreement.id, part.service, metric), ())))
    )
    return list(dict.fromkeys(below))


def _is_hollow(assessed: Assessed) -> bool:
    """Whether a promise exceeds what its service achieves."""
    level = _compared(assessed.target.achievable)
    return level is not None and not meets(assessed.item, level)
