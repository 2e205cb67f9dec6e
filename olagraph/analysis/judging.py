"""Judging targets: both views of each, and what follows from them (SEMANTICS §4)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from olagraph.analysis.grounds import Grounds
from olagraph.analysis.items import Item
from olagraph.analysis.judged import (
    SMALLEST_DIFFERENCE,
    Assessed,
    Judged,
    Source,
    deciding_value,
    target_loss,
)
from olagraph.analysis.parts import Question
from olagraph.analysis.promises import Promises
from olagraph.analysis.question_groups import QuestionGroup, question_group
from olagraph.analysis.results import TargetAssessment, Verdict, View
from olagraph.analysis.settings import Settings
from olagraph.analysis.touched import Touched
from olagraph.graph import PortfolioGraph
from olagraph.metrics.system import Solver
from olagraph.model.entities import Better, Metric

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many targets of how many are judged, and so again while findings are looked for.

What it raises ends the work.
"""


class Judge:
    """Judges the items of one portfolio, each once."""

    def __init__(self, grounds: Grounds) -> None:
        self._grounds = grounds
        self._groups: dict[Question, QuestionGroup] = {}
        self._judged: dict[_ItemKey, Assessed] = {}
        self._group_of: dict[_ItemKey, QuestionGroup] = {}

    def judge(self, items: Sequence[Item], *, progress: Progress | None = None) -> list[Assessed]:
        """Both views of every item, items that ask the same question together."""
        by_question: dict[Question, list[Item]] = defaultdict(list)
        for item in items:
            by_question[item.question].append(item)
        asked, done = self.not_judged(items), 0
        for question, group in by_question.items():
            new = [item for item in group if _key(item) not in self._judged]
            if new and progress is not None:
                progress(done, asked)
            for assessed in self._judge_group(question, new):
                self._judged[_key(assessed.item)] = assessed
                done += 1
                if progress is not None:
                    progress(done, asked)
        return [self._judged[_key(item)] for group in by_question.values() for item in group]

    def not_judged(self, items: Iterable[Item]) -> int:
        """How many of some items are to be judged yet."""
        return sum(_key(item) not in self._judged for item in items)

    def _judge_group(self, question: Question, items: Sequence[Item]) -> Iterator[Assessed]:
        if not items:
            return
        if question not in self._groups:
            self._groups[question] = question_group(question)
        group = self._groups[question]
        for item, judged in zip(items, group.judge(self._grounds, items), strict=True):
            self._group_of[_key(item)] = group
            yield _assessed(self._grounds.graph, item, judged[View.CONTRACTED], judged[View.ACHIEVABLE])

    def source(self, item: Item, view: View) -> Source:
        """What composed a view of a judged item."""
        return self._group_of[_key(item)].source(item, view)

    def after(self, grounds: Grounds, items: Iterable[Item], touched: Callable[[Metric], Touched]) -> "Judge":
        """The judge of another portfolio that goes on from what this one has judged. This one stays as it is.

        Args:
            items: of the other portfolio. An item that this judge has judged, and below which nothing is touched, stays
                judged.
            touched: by metric, what lies between the two.
        """
        judge = Judge(grounds)
        standing: dict[Question, list[Item]] = {}
        for item in items:
            standing.setdefault(item.question, [])
            for raw in (False, True):
                known = self._judged.get((id(item.target), raw))
                if known is None:
                    continue
                group = standing.setdefault(known.item.question, [])
                if item.service not in touched(item.metric).above:
                    judge._judged[_key(known.item)] = known
                    group.append(known.item)
        for question, group in standing.items():
            if question in self._groups:
                following = self._groups[question].after(touched(question.metric), group)
                judge._groups[question] = following
                judge._group_of.update((_key(item), following) for item in group)
        return judge


def judge(
    graph: PortfolioGraph, promises: Promises, settings: Settings, items: Sequence[Item]
) -> list[Assessed]:
    """Both views of some items."""
    return Judge(Grounds(graph=graph, promises=promises, settings=settings, solver=Solver())).judge(items)


_ItemKey: TypeAlias = tuple[int, bool]


def _key(item: Item) -> _ItemKey:
    """An item by the identity of its target, which whoever remembers it holds; with raw numbers it is another one."""
    return id(item.target), item.question.raw


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
    return Assessed(
        item=item, limit=target_loss(item), target=target, contracted=contracted, achievable=achievable
    )


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
