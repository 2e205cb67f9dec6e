"""The heart: from a portfolio and settings to verdicts and findings (SEMANTICS §4)."""

from olagraph.analysis.checks import find_all
from olagraph.analysis.context import Context
from olagraph.analysis.grounds import Grounds
from olagraph.analysis.items import Item, items
from olagraph.analysis.judged import Assessed
from olagraph.analysis.judging import Judge, Progress
from olagraph.analysis.promises import Promises
from olagraph.analysis.results import Assessment, NotAssessed, TargetAssessment
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph.metrics.system import Solver
from olagraph.model.entities import AgreementKind, Portfolio


def assess(portfolio: Portfolio, settings: Settings, *, progress: Progress | None = None) -> Assessment:
    """Every verdict and finding of a portfolio on the day of `settings`.

    Pure: the same arguments give the same answer. Business faults are findings; nothing is raised for them.
    """
    graph = PortfolioGraph(portfolio)
    promises = Promises(graph, settings)
    listed = list(items(graph, settings))
    asked = [item for item in listed if isinstance(item, Item)]
    judge = Judge(Grounds(graph=graph, promises=promises, settings=settings, solver=Solver()))
    assessed = judge.judge(asked, progress=progress)
    kept = [a for a in assessed if not _suppliers_own_affair(graph, a)]
    context = Context(graph=graph, promises=promises, settings=settings, assessed=tuple(kept), judge=judge)
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
