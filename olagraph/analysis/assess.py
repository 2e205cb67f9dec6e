"""The heart: from a portfolio and settings to verdicts and findings (SEMANTICS §4)."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial

from olagraph.analysis.availability import AvailabilityStructure, alone, disagreements
from olagraph.analysis.calls import CallJudge
from olagraph.analysis.checks import find_all
from olagraph.analysis.context import Context
from olagraph.analysis.items import Item, items
from olagraph.analysis.judge_availability import AvailabilityJudge
from olagraph.analysis.judge_outages import OutageJudge
from olagraph.analysis.judged import SMALLEST_DIFFERENCE, Assessed, Judged, deciding_value, target_loss
from olagraph.analysis.parts import Question
from olagraph.analysis.promises import Promises
from olagraph.analysis.results import (
    Assessment,
    NotAssessed,
    TargetAssessment,
    Verdict,
    View,
)
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph.metrics.system import Solver
from olagraph.model.entities import AgreementKind, Better, Family, Portfolio

Progress = Callable[[int, int], None]
"""Told how many targets of how many are done."""


def assess(portfolio: Portfolio, settings: Settings, *, progress: Progress | None = None) -> Assessment:
    """Every verdict and finding of a portfolio on the day of `settings`.

    Pure: the same arguments give the same answer. Business faults are findings; nothing is raised for them.
    """
    graph = PortfolioGraph(portfolio)
    promises = Promises(graph, settings)
    listed = list(items(graph, settings))
    asked = [item for item in listed if isinstance(item, Item)]
    assessed = judge(graph, promises, settings, asked, progress=progress)
    kept = [a for a in assessed if not _suppliers_own_affair(graph, a)]
    context = Context(
        graph=graph,
        promises=promises,
        settings=settings,
        assessed=tuple(kept),
        judge=partial(judge, graph, promises, settings),
    )
    return Assessment(
        portfolio=portfolio.name,
        currency=portfolio.currency,
        as_of=settings.as_of,
        revision=None,
        not_in_force=tuple(a.id for a in portfolio.agreements if not a.in_force(settings.as_of)),
        targets=tuple(sorted((a.target for a in kept), key=_worst_first)),
        findings=find_all(context),
        not_assessed=tuple(entry for entry in listed if isinstance(entry, NotAssessed)),
    )


def judge(
    graph: PortfolioGraph,
    promises: Promises,
    settings: Settings,
    asked: Sequence[Item],
    *,
    progress: Progress | None = None,
) -> list[Assessed]:
    """Both views of every item, items that ask the same question together."""
    by_question: dict[Question, list[Item]] = defaultdict(list)
    for item in asked:
        by_question[item.question].append(item)
    solver = Solver()
    done: list[Assessed] = []
    for question, group in by_question.items():
        judged = {
            view: _judge_group(graph, promises, settings, question, group, view, solver) for view in View
        }
        for i, item in enumerate(group):
            done.append(_assessed(graph, item, judged[View.CONTRACTED][i], judged[View.ACHIEVABLE][i]))
        if progress is not None:
            progress(len(done), len(asked))
    return done


def _judge_group(
    graph: PortfolioGraph,
    promises: Promises,
    settings: Settings,
    question: Question,
    group: Sequence[Item],
    view: View,
    solver: Solver,
) -> list[Judged]:
    back_to_back = view is View.CONTRACTED
    if question.metric.family is not Family.STRUCTURE_FUNCTION:
        if question.metric.family is Family.FAILURE_REPAIR:
            outages = OutageJudge(graph, promises, question, view, group)
            return [outages.judge(item) for item in group]
        calls = CallJudge(graph, promises, settings, question, view, group)
        return [calls.judge(item, back_to_back=back_to_back) for item in group]
    apart = _to_compose_apart(graph, promises, question) if view is View.ACHIEVABLE else None
    together = AvailabilityStructure(graph, promises, question, view)
    by_themselves: dict[tuple[str, str], AvailabilityStructure] = {}
    roots: list[tuple[Item, AvailabilityStructure, int]] = []
    for item in group:
        structure = together
        if apart is not None and apart(item.service):
            key = (item.agreement.id, item.service)
            if key not in by_themselves:
                reached = alone(graph, item.agreement, item.service)
                by_themselves[key] = AvailabilityStructure(graph, promises, question, view, alone=reached)
            structure = by_themselves[key]
        roots.append((item, structure, structure.root(item.agreement, item.service)))
    judges: dict[int, AvailabilityJudge] = {}
    for _, structure, _ in roots:
        if id(structure) not in judges:
            judges[id(structure)] = AvailabilityJudge(structure, solver)
    return [judges[id(s)].judge(node, item, back_to_back=back_to_back) for item, s, node in roots]


def _to_compose_apart(
    graph: PortfolioGraph, promises: Promises, question: Question
) -> Callable[[str], bool] | None:
    """Which services must be assessed apart: what stands below them depends on who is asking."""
    disputed = disagreements(graph, promises, question)
    circular = frozenset(service for group in graph.cycles() for service in group)
    if not disputed and not circular:
        return None
    affected = set(circular)
    for service in disputed:
        affected.add(service)
        affected |= graph.downstream(service)
    return affected.__contains__


def _assessed(graph: PortfolioGraph, item: Item, contracted: Judged, achievable: Judged) -> Assessed:
    worse = _worse_view(item, contracted, achievable)
    deciding = contracted if worse is View.CONTRACTED else achievable
    target = TargetAssessment(
        agreement=item.agreement,
        service=item.service,
        target=item.target,
        metric=item.metric,
        verdict=deciding.view.verdict,
        contracted=contracted.view,
        achievable=achievable.view,
        worse=worse,
        gap=_gap(item, deciding),
        draft=item.draft,
        resold=graph.services[item.service].provider != item.agreement.provider,
    )
    return Assessed(item=item, target=target, contracted=contracted, achievable=achievable)


def _worse_view(item: Item, contracted: Judged, achievable: Judged) -> View:
    if contracted.view.verdict is not achievable.view.verdict:
        contracted_worse = contracted.view.verdict.rank < achievable.view.verdict.rank
        return View.CONTRACTED if contracted_worse else View.ACHIEVABLE
    higher = item.metric.better is Better.HIGHER
    paper = deciding_value(contracted, higher=higher)
    chain = deciding_value(achievable, higher=higher)
    if paper is None or chain is None or paper >= chain - SMALLEST_DIFFERENCE:
        return View.CONTRACTED
    return View.ACHIEVABLE


def _gap(item: Item, deciding: Judged) -> float | None:
    """By how much the target is missed, in its own unit; negative = headroom (SEMANTICS §4)."""
    if deciding.view.verdict is Verdict.UNKNOWN:
        return None
    higher = item.metric.better is Better.HIGHER
    value = deciding_value(deciding, higher=higher)
    if value is None:
        return None
    return value - target_loss(item)


def _suppliers_own_affair(graph: PortfolioGraph, assessed: Assessed) -> bool:
    """Whether all that is missing of an OLA or UC belongs to its own external provider (SEMANTICS §4)."""
    item = assessed.item
    if item.kind is AgreementKind.SLA or not graph.is_external(item.agreement.provider):
        return False
    missing = [*assessed.contracted.view.missing, *assessed.achievable.view.missing]
    return bool(missing) and all(
        graph.services[m.service].provider == item.agreement.provider for m in missing
    )


def _worst_first(target: TargetAssessment) -> tuple[object, ...]:
    return (
        target.verdict.rank,
        target.agreement.id,
        target.service,
        target.metric.id,
        str(target.target.population.name if target.target.population else ""),
        str(target.target.for_),
    )
