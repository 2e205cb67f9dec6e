"""Could this be promised? (SEMANTICS §8, achievable SLA)"""

from collections.abc import Mapping
from types import MappingProxyType

from olagraph.analysis.items import make_item
from olagraph.analysis.judged import Judged
from olagraph.analysis.judging import judge
from olagraph.analysis.names import UnknownName
from olagraph.analysis.promises import Promises
from olagraph.analysis.results import (
    Answer,
    Basis,
    Feasibility,
    Level,
    PartKind,
    TargetAssessment,
    Verdict,
    View,
    WeakPart,
)
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph.metrics.table import metric_table
from olagraph.model.entities import Agreement, AgreementKind, Covers, Portfolio, Target

_ANSWERS = {
    Verdict.SUPPORTED: Answer.YES,
    Verdict.CONDITIONAL: Answer.IF_INDEPENDENT,
    Verdict.UNSUPPORTED: Answer.NO,
    Verdict.INFEASIBLE: Answer.NO,
    Verdict.UNKNOWN: Answer.UNKNOWN,
}


def check(
    portfolio: Portfolio,
    settings: Settings,
    *,
    service: str,
    target: Target,
    graph: PortfolioGraph | None = None,
) -> Feasibility:
    """Assesses `target` as if the provider of `service` promised it today; no agreement is needed.

    Args:
        graph: of the portfolio, where there is one already.

    Raises:
        UnknownName: a service or metric that is not there.
    """
    graph = graph or PortfolioGraph(portfolio)
    metrics = metric_table(portfolio)
    if service not in graph.services:
        raise UnknownName("service", service, graph.services)
    if target.metric not in metrics:
        raise UnknownName("metric", target.metric, metrics)
    proposal = Agreement(
        id="(proposal)",
        kind=AgreementKind.SLA,
        provider=graph.services[service].provider,
        covers=Covers(services=(service,)),
        targets=(target,),
    )
    item = make_item(graph, proposal, service, target, metrics[target.metric], windows=frozenset())
    (assessed,) = judge(graph, Promises(graph, settings), settings, [item])
    best = {view: _best(assessed.judged(view)) for view in View}
    return Feasibility(
        assessment=assessed.target,
        answer=_ANSWERS[assessed.target.verdict],
        best=MappingProxyType(best),
        blocking=_blocking(assessed.target, assessed.contracted),
    )


def _best(judged: Judged) -> Mapping[Basis, Level]:
    """The best target that could be promised: the composed value; for percentiles the time that reaches the
    fraction.
    """
    if judged.view.time_at is not None:
        return judged.view.time_at
    levels = {basis: judged.view.level(basis) for basis in Basis}
    return MappingProxyType({basis: level for basis, level in levels.items() if level is not None})


def _blocking(target: TargetAssessment, contracted: Judged) -> WeakPart | None:
    if target.verdict is Verdict.SUPPORTED:
        return None
    if target.weakest:
        return target.weakest[0]
    for needed in contracted.weaker:
        return WeakPart(
            kind=PartKind.AGREEMENT if needed.part.agreement else PartKind.OWN,
            id=needed.part.id,
            service=needed.part.service,
            share=1.0,
            value=needed.value,
            complement=needed.complement,
        )
    return None
