"""Why one target got its verdict: its composition, step by step (SEMANTICS §4)."""

from olagraph.analysis.explain_availability import AvailabilityExplainer
from olagraph.analysis.explain_calls import explain_calls
from olagraph.analysis.grounds import Grounds
from olagraph.analysis.items import Item, items
from olagraph.analysis.judge_availability import AvailabilityJudge
from olagraph.analysis.judged import Assessed
from olagraph.analysis.judging import Judge
from olagraph.analysis.names import UnknownName
from olagraph.analysis.promises import Promises
from olagraph.analysis.results import Explanation, ExplanationStep, View
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph.metrics.system import Solver
from olagraph.metrics.table import metric_table
from olagraph.model.entities import Portfolio


def explain(
    portfolio: Portfolio,
    settings: Settings,
    *,
    agreement: str,
    service: str | None = None,
    metric: str | None = None,
    graph: PortfolioGraph | None = None,
) -> tuple[Explanation, ...]:
    """The explanations of an agreement's assessed targets; of one covered service or one metric if named.

    Args:
        graph: of the portfolio, where there is one already.

    Raises:
        UnknownName: an agreement, service or metric that is not there, or that the agreement does not cover or state.
    """
    graph = graph or PortfolioGraph(portfolio)
    if agreement not in graph.agreements:
        raise UnknownName("agreement", agreement, graph.agreements)
    stated = graph.agreements[agreement]
    if service is not None and service not in graph.covered_by(stated):
        kind = "service" if service not in graph.services else f"service covered by {agreement}"
        raise UnknownName(kind, service, graph.covered_by(stated) or graph.services)
    promised = dict.fromkeys(target.metric for target in stated.targets)
    if metric is not None and metric not in promised:
        kind = "metric" if metric not in metric_table(portfolio) else f"target of {agreement} on the metric"
        raise UnknownName(kind, metric, promised or metric_table(portfolio))
    grounds = Grounds(graph=graph, promises=Promises(graph, settings), settings=settings, solver=Solver())
    judge = Judge(grounds)
    asked = [
        entry
        for entry in items(graph, settings, only=agreement)
        if isinstance(entry, Item) and service in (None, entry.service) and metric in (None, entry.metric.id)
    ]
    return tuple(
        Explanation(
            assessment=assessed.target,
            contracted=_composition(grounds, judge, assessed, View.CONTRACTED),
            achievable=_composition(grounds, judge, assessed, View.ACHIEVABLE),
        )
        for assessed in judge.judge(asked)
    )


def _composition(grounds: Grounds, judge: Judge, assessed: Assessed, view: View) -> ExplanationStep:
    source = judge.source(assessed.item, view)
    if isinstance(source, AvailabilityJudge):
        return AvailabilityExplainer(grounds.graph, source, assessed.judged(view).node).step()
    return explain_calls(grounds, assessed.item, view)
