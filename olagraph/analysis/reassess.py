"""A change re-assesses what it touches, not the portfolio.

An assessment is held together with what it takes to continue from it; from there the assessment of a changed portfolio
costs what the change touches, and is the one that `assess` gives, to the last bit.
"""

from dataclasses import dataclass

from olagraph.analysis.change import Change, comparable
from olagraph.analysis.checks import find_all
from olagraph.analysis.context import Context
from olagraph.analysis.grounds import Grounds
from olagraph.analysis.items import Item, Listed
from olagraph.analysis.judged import Assessed
from olagraph.analysis.judging import Judge, Progress
from olagraph.analysis.memory import Memory
from olagraph.analysis.promises import Promises
from olagraph.analysis.results import Assessment, NotAssessed, TargetAssessment
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph.metrics.system import Solver
from olagraph.model.entities import AgreementKind, Portfolio


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AssessedPortfolio:
    """An assessment, and what it takes to continue from it. Nothing that continues from it changes it.

    Attributes:
        portfolio: what was assessed.
        settings: under which settings.
        assessment: what `assess` says of it.
    """

    portfolio: Portfolio
    settings: Settings
    assessment: Assessment
    _grounds: Grounds
    _listed: Listed
    _judge: Judge
    _shape: object
    _memory: Memory


def assess_anew(
    portfolio: Portfolio, settings: Settings, *, progress: Progress | None = None
) -> AssessedPortfolio:
    """Assesses a portfolio of which nothing is known.

    Args:
        progress: told how many targets of how many are judged; what it raises ends the work.
    """
    graph = PortfolioGraph(portfolio)
    grounds = Grounds(graph=graph, promises=Promises(graph, settings), settings=settings, solver=Solver())
    return _assessed(
        grounds, Listed(graph, settings), Judge(grounds), object(), frozenset(), Memory(), progress
    )


def reassess(
    earlier: AssessedPortfolio, portfolio: Portfolio, *, progress: Progress | None = None
) -> AssessedPortfolio:
    """Assesses a portfolio that comes of another by changes, under the same settings.

    What has not changed must be the same objects in both, as `documents.changes.applied` leaves them: what is another
    object counts as changed. A change of the header, of a calendar or of the metric table touches everything.

    Args:
        earlier: the other portfolio, assessed.
        progress: told how many of the targets that are touched are judged; what it raises ends the work.
    """
    before, settings = earlier._grounds, earlier.settings
    graph = PortfolioGraph(portfolio, earlier=before.graph)
    if not comparable(before.graph, graph):
        return assess_anew(portfolio, settings, progress=progress)
    change = Change(before.graph, graph, day=settings.as_of)
    grounds = Grounds(
        graph=graph,
        promises=before.promises.after(graph, change.stated()),
        settings=settings,
        solver=before.solver,
    )
    listed = Listed(graph, settings, earlier=earlier._listed, change=change)
    asked = [entry for entry in listed if isinstance(entry, Item)]
    judge = earlier._judge.after(grounds, asked, change.touched)
    shape = object() if change.reshaped else earlier._shape
    return _assessed(grounds, listed, judge, shape, change.services, Memory(earlier._memory), progress)


def _assessed(
    grounds: Grounds,
    listed: Listed,
    judge: Judge,
    shape: object,
    restated: frozenset[str],
    memory: Memory,
    progress: Progress | None,
) -> AssessedPortfolio:
    graph, settings, portfolio = grounds.graph, grounds.settings, grounds.graph.portfolio
    asked = [entry for entry in listed if isinstance(entry, Item)]
    count = judge.not_judged(asked)
    assessed = judge.judge(asked, progress=progress)
    kept = [a for a in assessed if not _suppliers_own_affair(graph, a)]
    context = Context(
        graph=graph,
        promises=grounds.promises,
        settings=settings,
        assessed=tuple(kept),
        judge=judge,
        shape=shape,
        restated=restated,
        memory=memory,
    )
    assessment = Assessment(
        portfolio=portfolio.name,
        currency=portfolio.currency,
        as_of=settings.as_of,
        revision=None,
        not_in_force=tuple(
            agreement.id
            for agreement in memory.where(
                "not in force", portfolio.agreements, lambda a: not a.in_force(settings.as_of)
            )
        ),
        targets=tuple(sorted((a.target for a in kept), key=_worst_first)),
        findings=find_all(context, go_on=lambda: progress and progress(count, count)),
        not_assessed=tuple(entry for entry in listed if isinstance(entry, NotAssessed)),
    )
    memory.close()
    return AssessedPortfolio(
        portfolio=portfolio,
        settings=settings,
        assessment=assessment,
        _grounds=grounds,
        _listed=listed,
        _judge=judge,
        _shape=shape,
        _memory=memory,
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
