"""Items that ask the same question are judged together: what is common to them is composed once."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from olagraph.analysis.availability import AvailabilityStructure, alone
from olagraph.analysis.calls import Called, CallJudge
from olagraph.analysis.disagreements import disagreements
from olagraph.analysis.grounds import Grounds
from olagraph.analysis.items import Item
from olagraph.analysis.judge_availability import AvailabilityJudge
from olagraph.analysis.judge_outages import OutageJudge
from olagraph.analysis.judged import Judged, Source
from olagraph.analysis.parts import Question
from olagraph.analysis.results import View
from olagraph.analysis.touched import NOTHING, Touched
from olagraph.model.entities import Family

Views: TypeAlias = Mapping[View, Judged]
"""Both views of one item."""


class QuestionGroup(ABC):
    """What was composed to answer one question. It knows no portfolio, so that it can go on from one to the next."""

    @abstractmethod
    def judge(self, grounds: Grounds, items: Sequence[Item]) -> Iterator[Views]:
        """Both views of further items, one after the other."""

    @abstractmethod
    def source(self, item: Item, view: View) -> Source:
        """What composed a view of a judged item."""

    @abstractmethod
    def after(self, touched: Touched, standing: Iterable[Item]) -> "QuestionGroup":
        """What of it can be gone on from after a change.

        Args:
            standing: the items that stay as they were judged.
        """


def question_group(question: Question) -> QuestionGroup:
    """A group for a question on any metric."""
    if question.metric.family is Family.STRUCTURE_FUNCTION:
        return _Availabilities(question)
    return _Batches(question)


class _Availabilities(QuestionGroup):
    """One structure for all items in each view, and apart from it what depends on who is asking."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._together: dict[View, AvailabilityJudge] = {}
        self._apart: dict[tuple[str, str], AvailabilityJudge] = {}
        self._disputed: frozenset[str] | None = None
        self._touched = NOTHING

    def judge(self, grounds: Grounds, items: Sequence[Item]) -> Iterator[Views]:
        """See `QuestionGroup.judge`."""
        apart = self._to_compose_apart(grounds)
        shared = [item for item in items if apart is None or not apart(item.service)]
        roots = {
            View.CONTRACTED: self._compose(grounds, View.CONTRACTED, items),
            View.ACHIEVABLE: self._compose(grounds, View.ACHIEVABLE, shared),
        }
        self._touched = NOTHING
        for item in items:
            key = _promise(item)
            if key not in roots[View.ACHIEVABLE]:
                roots[View.ACHIEVABLE][key] = self._compose_apart(grounds, item)
            yield {
                view: self.source(item, view).judge(
                    roots[view][key], item, back_to_back=view is View.CONTRACTED
                )
                for view in View
            }

    def _to_compose_apart(self, grounds: Grounds) -> Callable[[str], bool] | None:
        """Which services must be assessed apart: what stands below them depends on who is asking."""
        graph = grounds.graph
        self._disputed = disagreements(
            graph, grounds.promises, self._question, earlier=self._disputed, stated=self._touched.stated
        )
        circular = frozenset(service for group in graph.cycles() for service in group)
        if not self._disputed and not circular:
            return None
        return (circular | graph.above(self._disputed)).__contains__

    def _compose(self, grounds: Grounds, view: View, items: Iterable[Item]) -> dict[tuple[str, str], int]:
        """Writes what is common to all items of a view; the root of each."""
        earlier = self._together.get(view)
        structure = AvailabilityStructure(
            grounds.graph,
            grounds.promises,
            self._question,
            view,
            earlier=None if earlier is None else earlier.written,
            touched=self._touched,
        )
        roots = {_promise(item): structure.root(item.agreement, item.service) for item in items}
        self._together[view] = AvailabilityJudge(structure.write(grounds.solver))
        return roots

    def _compose_apart(self, grounds: Grounds, item: Item) -> int:
        """Writes one achievable view on its own; its root."""
        structure = AvailabilityStructure(
            grounds.graph,
            grounds.promises,
            self._question,
            View.ACHIEVABLE,
            alone=alone(grounds.graph, item.agreement, item.service),
        )
        root = structure.root(item.agreement, item.service)
        self._apart[_promise(item)] = AvailabilityJudge(structure.write(grounds.solver))
        return root

    def source(self, item: Item, view: View) -> AvailabilityJudge:
        """See `QuestionGroup.source`."""
        apart = self._apart.get(_promise(item)) if view is View.ACHIEVABLE else None
        return self._together[view] if apart is None else apart

    def after(self, touched: Touched, standing: Iterable[Item]) -> "_Availabilities":
        """See `QuestionGroup.after`."""
        group = _Availabilities(self._question)
        group._together = dict(self._together)
        group._apart = {key: self._apart[key] for item in standing if (key := _promise(item)) in self._apart}
        group._disputed = self._disputed
        group._touched = self._touched | touched
        return group


def _promise(item: Item) -> tuple[str, str]:
    """What the structure of an item is that of."""
    return item.agreement.id, item.service


class _Batches(QuestionGroup):
    """Items of the families in which every visit counts, or of failure and repair: those judged at once share trees."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._sources: dict[int, Mapping[View, Source]] = {}  # by the identity of the item's target

    def judge(self, grounds: Grounds, items: Sequence[Item]) -> Iterator[Views]:
        """See `QuestionGroup.judge`."""
        if self._question.metric.family is Family.FAILURE_REPAIR:
            yield from self._judge_outages(grounds, items)
        else:
            yield from self._judge_calls(grounds, items)

    def _judge_outages(self, grounds: Grounds, items: Sequence[Item]) -> Iterator[Views]:
        judges = {
            view: OutageJudge(grounds.graph, grounds.promises, self._question, view, items) for view in View
        }
        for item in items:
            self._sources[id(item.target)] = judges
            yield {view: judge.judge(item) for view, judge in judges.items()}

    def _judge_calls(self, grounds: Grounds, items: Sequence[Item]) -> Iterator[Views]:
        judges = {
            view: CallJudge(grounds.graph, grounds.promises, grounds.settings, self._question, view, items)
            for view in View
        }
        called: Mapping[View, Called] = {view: judge.called for view, judge in judges.items()}
        for item in items:
            self._sources[id(item.target)] = called
            yield {
                view: judge.judge(item, back_to_back=view is View.CONTRACTED)
                for view, judge in judges.items()
            }

    def source(self, item: Item, view: View) -> Source:
        """See `QuestionGroup.source`."""
        return self._sources[id(item.target)][view]

    def after(self, touched: Touched, standing: Iterable[Item]) -> "_Batches":
        """See `QuestionGroup.after`."""
        group = _Batches(self._question)
        group._sources = {id(item.target): self._sources[id(item.target)] for item in standing}
        return group
