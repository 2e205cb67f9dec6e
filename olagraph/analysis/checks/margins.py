"""`THIN_MARGIN`: met, but hardly."""

from collections.abc import Iterator
from decimal import Decimal

from olagraph.analysis.context import Context
from olagraph.analysis.findings import about
from olagraph.analysis.judged import SMALLEST_DIFFERENCE, Assessed, loss, target_loss
from olagraph.analysis.results import Finding, Level, Verdict
from olagraph.analysis.wording import item_phrase
from olagraph.model.entities import Better


def find(context: Context, assessed: Assessed) -> Iterator[Finding]:
    """A met target whose deciding basis uses more of the budget than the threshold."""
    used, limit = _used(assessed), context.settings.thin_margin
    if used is not None and used > limit:
        yield about(
            "THIN_MARGIN",
            assessed.item,
            message=f"{item_phrase(context.graph, assessed.item)} is met, with {_left(used)}",
            evidence={"used": used, "threshold": limit},
            fix="leave room for what is not in the model: promise a little less, or ask for a little more",
        )


def _left(used: float) -> str:
    return "no margin left" if used >= 1 - SMALLEST_DIFFERENCE else f"{used:.1%} of its budget used"


def _used(assessed: Assessed) -> float | None:
    """The share of the budget that the deciding basis uses; None where the target is not met or has no budget."""
    view = assessed.deciding.view
    level: Level | None
    match view.verdict:
        case Verdict.SUPPORTED:
            level = view.guaranteed
        case Verdict.CONDITIONAL:
            level = view.independent
        case _:
            return None
    if level is None:
        return None
    item = assessed.item
    higher = item.metric.better is Better.HIGHER
    used, budget = loss(level, at_worst=True, higher=higher), target_loss(item)
    if budget > 0:
        return used / budget
    if higher and item.metric.unit != "ratio" and not isinstance(item.target.for_, Decimal) and used < 0:
        return budget / used  # a rate: the share of what there is that is promised
    return None
