"""The composed tree of every assessed service, for the families in which every visit counts (SEMANTICS §4 and §5)."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

from olagraph.analysis.availability import excludes_third_parties
from olagraph.analysis.call_values import CallPart, Form, form_of, missing_call_part, promised_call_part
from olagraph.analysis.items import Item
from olagraph.analysis.parts import Question, own_targets, own_terms
from olagraph.analysis.promises import Backing, Promise, Promises
from olagraph.analysis.results import Missing, MissingReason, PartKind, View
from olagraph.graph import PortfolioGraph
from olagraph.metrics import composition as composed
from olagraph.model import workflow
from olagraph.model.entities import Family, Service
from olagraph.model.workflow import Step, has_structure

Key: TypeAlias = tuple[str, str, str]
"""What a node is made for: how it is looked at, the service, and the provider that uses it."""

_INSIDE, _WHOLE, _BEYOND = "inside", "whole", "beyond"


Choose: TypeAlias = Callable[[composed.Node, composed.Part], composed.Node]
"""Of a composition and a promise on the whole the one that is better on every basis, else both."""


class CallTrees:
    """The trees of one question and view; services are shared between them.

    Attributes:
        parts: the components, by number.
        below: the nodes that each was made from.
        perfect: the nodes of services whose own part is not stated beside a workflow and is taken as perfect.
    """

    def __init__(
        self,
        graph: PortfolioGraph,
        promises: Promises,
        question: Question,
        view: View,
        *,
        choose: Choose,
    ) -> None:
        self._graph = graph
        self._choose = choose
        self._promises = promises
        self._question = question
        self._view = view
        self.form: Form = form_of(question.metric, question.statistic)
        self._nodes: dict[Key, composed.Node] = {}
        self._leaves: dict[tuple[str, ...], composed.Part] = {}
        self.parts: list[CallPart] = []
        self.below: dict[Key, tuple[Key, ...]] = {}
        self.perfect: set[Key] = set()

    def prepare(self, items: Iterable[Item]) -> None:
        """Builds the trees of several items, from the leaves upwards; circles are answered as unknown."""
        self._reach(items)
        for key in sorted(self._circular()):
            self._nodes[key] = self._missing(key[1], None, MissingReason.CYCLE)
            self.below[key] = ()
        for key in TopologicalSorter(self.below).static_order():
            if key not in self._nodes:
                self._nodes[key] = self._make(key)

    def _reach(self, items: Iterable[Item]) -> None:
        """Finds every node that some items need."""
        pending = [key for item in items for key in self.keys_of(item)]
        while pending:
            key = pending.pop()
            if key not in self.below:
                self.below[key] = tuple(self._keys_below(key))
                pending.extend(self.below[key])

    def tree(self, item: Item) -> composed.Node:
        """The tree of a prepared item."""
        return self._use(self._seller(item), item.service)

    @staticmethod
    def _seller(item: Item) -> str:
        return item.agreement.provider

    def keys_of(self, item: Item) -> list[Key]:
        """The composed nodes that stand for an item."""
        return self._key_of_use(self._seller(item), item.service)

    # What stands for a use -----------------------------------------------------------------------------------

    def _is_leaf(self, service: Service) -> bool:
        return (
            service.workflow is None and service.requires is None and not own_targets(self._question, service)
        )

    def _key_of_use(self, user: str, used: str) -> list[Key]:
        """The composed node that stands for a use; none where a single component does."""
        service = self._graph.services[used]
        if service.provider == user:
            return [] if self._is_leaf(service) else [(_INSIDE, used, user)]
        backing = self._backing(user, service)
        beyond = isinstance(backing, Backing) and excludes_third_parties(backing, self._question)
        if beyond and (service.workflow is not None or service.requires is not None):
            return [(_BEYOND, used, user)]
        if self._view is View.CONTRACTED or self._is_leaf(service):
            return []
        if self._graph.is_external(service.provider) and isinstance(backing, Backing):
            return [(_WHOLE, used, user), (_INSIDE, used, user)]
        return [(_INSIDE, used, user)]

    def _use(self, user: str, used: str) -> composed.Node:
        keys = self._key_of_use(user, used)
        if keys:
            return self._nodes[keys[0]]
        service = self._graph.services[used]
        if service.provider == user:
            return self._missing(used, None, MissingReason.OWN_PART)
        return self._promised(user, service)

    def _backing(self, user: str, service: Service) -> Backing | Missing:
        ask = self._promises.backing if self._view is View.CONTRACTED else self._promises.trail
        return ask(
            user=user,
            service=service.id,
            metric=self._question.metric,
            population=self._question.population,
            statistic=self._question.statistic,
        )

    # Components ----------------------------------------------------------------------------------------------

    def _component(self, key: tuple[str, ...], make: Callable[[], CallPart]) -> composed.Part:
        if key not in self._leaves:
            self.parts.append(make())
            self._leaves[key] = composed.Part(len(self.parts) - 1)
        return self._leaves[key]

    def _missing(self, service: str, user: str | None, reason: MissingReason) -> composed.Part:
        missing = Missing(service=service, user=user, reason=reason)
        return self._component(
            ("missing", service, user or "", reason),
            lambda: missing_call_part(self.form, self._question.metric, missing),
        )

    def _promised(self, user: str, service: Service) -> composed.Part:
        backing = self._backing(user, service)

        def make() -> CallPart:
            if isinstance(backing, Missing):
                return missing_call_part(self.form, self._question.metric, backing)
            return promised_call_part(
                self._question, self.form, backing.promises, kind=PartKind.AGREEMENT, user=user
            )

        return self._component(("promised", user, service.id), make)

    def _own(self, service: Service) -> composed.Part | None:
        targets = own_targets(self._question, service)
        if not targets:
            return None
        promises = [
            Promise(agreement=None, service=service.id, target=t, terms=own_terms(self._question, t))
            for t in targets
        ]
        return self._component(
            ("own", service.id),
            lambda: promised_call_part(self._question, self.form, promises, kind=PartKind.OWN, user=None),
        )

    # Composed nodes ------------------------------------------------------------------------------------------

    def _keys_below(self, key: Key) -> Iterable[Key]:
        how, name, user = key
        if how == _WHOLE:
            yield (_INSIDE, name, user)
            return
        service = self._graph.services[name]
        for expression in (service.workflow, service.requires):
            if expression is not None:
                for step, _ in workflow.uses(expression):
                    yield from self._key_of_use(service.provider, str(step.of))

    def _circular(self) -> AbstractSet[Key]:
        """The nodes reached that would be composed of themselves."""
        try:
            TopologicalSorter(self.below).prepare()
        except CycleError:
            import networkx

            graph = networkx.DiGraph((key, below) for key, found in self.below.items() for below in found)
            groups = networkx.strongly_connected_components(graph)
            return {key for group in groups for key in group if len(group) > 1 or graph.has_edge(key, key)}
        return frozenset()

    def _make(self, key: Key) -> composed.Node:
        how, name, user = key
        service = self._graph.services[name]
        if how == _WHOLE:
            return self._better(self._nodes[_INSIDE, name, user], self._promised(user, service))
        expressions = [
            None if e is None else self._expression(e, service.provider)
            for e in (service.workflow, service.requires)
        ]
        own = self._promised(user, service) if how == _BEYOND else self._own(service)
        if own is None:
            own = self._unstated_own(key)
        return composed.Delivery(service=name, workflow=expressions[0], requires=expressions[1], own=own)

    def _unstated_own(self, key: Key) -> composed.Part | None:
        """Perfect beside a workflow; beside `requires` alone what the promise on the use says."""
        _, name, user = key
        service = self._graph.services[name]
        if service.workflow is not None and (self._counts_optional() or has_structure(service.workflow)):
            self.perfect.add(key)
            return None
        bounded = service.workflow is None and service.provider != user and self._view is View.ACHIEVABLE
        return (
            self._promised(user, service)
            if bounded
            else self._missing(service.id, None, MissingReason.OWN_PART)
        )

    def _counts_optional(self) -> bool:
        """Whether an optional step enters the values: in time, up to its timeout, and in cost."""
        return self._question.metric.family in (Family.TIME, Family.JITTER, Family.SUM)

    def _better(self, inside: composed.Node, promised: composed.Part) -> composed.Node:
        """Of an external service that states its parts: the better of composition and promise on the whole.

        A composition with anything missing does not count against a promise.
        """
        below = components(inside, self._question.metric.family)
        if promised.component in below or any(self.parts[number].open for number in below):
            # It bounds its own unstated part, too, so the whole is no better than the promise.
            return promised
        return self._choose(inside, promised)

    def _expression(self, step: Step, provider: str, *, cut: bool = True) -> composed.Node:
        """The node of a step; its timeout is left out where `any_of` cuts it itself."""
        node = self._pattern(step, provider)
        timeout = step.timeout.exact if step.timeout is not None and cut else None
        if timeout is None and not step.optional:
            return node
        return composed.Limited(step=node, timeout=timeout, optional=step.optional)

    def _pattern(self, step: Step, provider: str) -> composed.Node:
        pattern = step.of
        match pattern:
            case str():
                return self._use(provider, pattern)
            case workflow.KOfN(k=k, steps=steps):
                # `any_of` tries branches in order if they carry timeouts; elsewhere a timeout cuts its own branch.
                timeouts = tuple(s.timeout.exact if s.timeout is not None else None for s in steps)
                failover = pattern.race and any(timeout is not None for timeout in timeouts)
                return composed.KOfN(
                    k=k,
                    steps=tuple(self._expression(s, provider, cut=not failover) for s in steps),
                    race=pattern.race,
                    timeouts=timeouts if failover else (),
                    load_shared=pattern.load_shared,
                )
            case workflow.Choice(branches):
                shares = [b.probability for b in branches]
                return composed.Choice(
                    tuple(self._expression(b.step, provider) for b in branches),
                    None
                    if None in shares
                    else tuple(Fraction(share) for share in shares if share is not None),
                )
            case workflow.Repeat(step=inner, max=times, probability=again):
                return composed.Repeat(
                    step=self._expression(inner, provider),
                    max=times,
                    probability=None if again is None else Fraction(again),
                )
        nodes = tuple(self._expression(inner, provider) for inner in pattern.steps)
        match pattern:
            case workflow.Parallel():
                return composed.Parallel(nodes)
            case workflow.AllOf():
                return composed.AllOf(nodes)
            case _:
                return composed.Sequence(nodes)


CALLED_FAMILIES = frozenset({Family.SUCCESS_RATE, Family.TIME, Family.JITTER})
"""Families that speak of requests made while `requires` is up."""


def walk(tree: composed.Node, family: Family) -> composed.Walk:
    """The nodes that enter the values of a family: request shares and times speak of requests made while
    `requires` is up.
    """
    return composed.calls(tree) if family in CALLED_FAMILIES else composed.needed(tree)


def components(tree: composed.Node, family: Family) -> list[int]:
    """The numbers of the components that enter the values of a family, each once.

    An optional step counts in times and costs; what else is asked of a service it does not change.
    """
    if family in (*CALLED_FAMILIES - {Family.SUCCESS_RATE}, Family.SUM):
        return [node.component for node in walk(tree, family).nodes if isinstance(node, composed.Part)]
    found: dict[int, None] = {}
    seen: set[int] = set()
    pending: list[composed.Node] = [tree]
    while pending:
        node = pending.pop()
        if id(node) in seen or (isinstance(node, composed.Limited) and node.optional):
            continue
        seen.add(id(node))
        if isinstance(node, composed.Part):
            found[node.component] = None
        else:
            pending.extend(composed.directly_below(node, requires=family not in CALLED_FAMILIES))
    return list(found)
