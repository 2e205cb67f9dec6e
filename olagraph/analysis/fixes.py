"""The smallest changes that make a missed target hold (SEMANTICS §8)."""

import math

from olagraph.analysis.judged import Assessed, target_loss
from olagraph.analysis.results import PartKind, ViewAssessment
from olagraph.analysis.wording import agreement_phrase, percent, value
from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Better, Family


def single_fix(graph: PortfolioGraph, assessed: Assessed) -> str | None:
    """The value that the weakest promise must reach for the target to hold if failures are independent.

    The whole is linear in the unavailability of one component, so the value is exact. None where no value of
    it would do, where nothing is missed on that basis, or where the weakest agreements stand for several
    components each.
    """
    view = assessed.deciding.view
    if view.independent is None or assessed.item.metric.family is not Family.STRUCTURE_FUNCTION:
        return None
    whole = view.independent.complement_at_best
    limit = target_loss(assessed.item)
    if whole is None or whole <= limit:
        return None
    for part in assessed.target.weakest:
        if part.components > 1 or part.complement is None or part.share <= 0:
            continue
        needed = part.complement * (1 - (whole - limit) / (part.share * whole))
        asked = percent(needed, asked=True)
        if needed <= 0 or asked == "100%":
            return None
        service = graph.service_name(part.service)
        if part.kind is PartKind.OWN:
            now = percent(part.complement)
            return f"bring the own part in {service} from {now} to {asked}{_then(view)}"
        agreement = agreement_phrase(graph, graph.agreements[part.id])
        now = percent(part.complement)
        if part.converted:
            terms = (
                f"in this target's own window, hours and exclusions, where its promise is worth {now} today"
            )
            return f"have {agreement} promise {asked} on {service} {terms}{_then(view)}"
        return f"have {agreement} promise {asked} instead of {now} on {service}{_then(view)}"
    return None


def _then(view: ViewAssessment) -> str:
    """What the fix does not do where failures are not independent."""
    guaranteed, independent = view.guaranteed, view.independent
    if guaranteed is None or independent is None or guaranteed == independent:
        return ""
    return ", which is enough if failures are independent"


def achievable_target(assessed: Assessed) -> str | None:
    """What could be promised today instead; None where that is no single number."""
    view, metric = assessed.deciding.view, assessed.item.metric
    if assessed.item.target.for_ is not None:
        return None
    worded: list[str] = []
    for level in (view.guaranteed, view.independent):
        if level is not None and level.single and math.isfinite(level.at_worst):
            worded.append(value(metric, level.at_worst, level.complement_at_worst))
    if not worded or worded[0] == "0%":
        return None
    most = "at most" if metric.better is Better.HIGHER else "no less than"
    if len(worded) == 1 or worded[0] == worded[1]:
        return f"promise {most} {worded[0]}"
    return f"promise {most} {worded[0]} ({worded[1]} if failures are independent)"
