"""The structure function of every assessed service, in both views (SEMANTICS §4 and §5, availability)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import count

from olagraph.analysis.parts import (
    Part,
    Question,
    availability_part,
    missing_part,
    own_availability_part,
    own_targets,
)
from olagraph.analysis.promises import Backing, Promises
from olagraph.analysis.results import Missing, MissingReason, View
from olagraph.analysis.touched import NOTHING, Touched
from olagraph.analysis.written import Key, Nodes, Outline, Written
from olagraph.graph import PortfolioGraph
from olagraph.metrics.system import Component, Solver, SystemBuilder
from olagraph.model.entities import Agreement, Cause, Service, Target
from olagraph.model.workflow import KOfN, Step, has_structure, pattern_name

_INSIDE: Key = ("inside",)
_ROOT: Key = ("root",)
_WHOLE: Key = ("whole",)
_PROMISED: Key = ("promised",)
_BEYOND = "beyond"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """One assessment on its own, where what stands for a service depends on who is asking.

    Attributes:
        agreement, service: the promise assessed; it proves nothing about itself.
        resold: the agreement's provider is not the service's.
        users: per service reached, the providers whose uses of it are reached.
    """

    agreement: str
    service: str
    resold: bool
    users: Mapping[str, tuple[str, ...]]


def alone(graph: PortfolioGraph, agreement: Agreement, service: str) -> Alone:
    """What one assessment reaches."""
    users: dict[str, dict[str, None]] = defaultdict(dict)
    provider = graph.services[service].provider
    if agreement.provider != provider:
        users[service][agreement.provider] = None
    seen = {service}
    pending = [service]
    while pending:
        current = pending.pop()
        for use in graph.uses(current):
            if use.optional:
                continue
            users[use.used][graph.services[current].provider] = None
            if use.used not in seen:
                seen.add(use.used)
                pending.append(use.used)
    return Alone(
        agreement=agreement.id,
        service=service,
        resold=agreement.provider != provider,
        users={s: tuple(found) for s, found in users.items()},
    )


class AvailabilityStructure:
    """Writes one system for one question and view; every assessed service is a root in it.

    Args:
        alone: what one assessment reaches, where it matters who asks; None = all assessments share the structure.
        earlier: what was written for an earlier portfolio, to be gone on from.
        touched: what has changed since.
    """

    def __init__(
        self,
        graph: PortfolioGraph,
        promises: Promises,
        question: Question,
        view: View,
        *,
        alone: Alone | None = None,
        earlier: Written | None = None,
        touched: Touched = NOTHING,
    ) -> None:
        self._graph = graph
        self._promises = promises
        self._question = question
        self._view = view
        self._alone = alone
        self._earlier = earlier
        self._touched = touched
        self._pending: list[Callable[[], object]] = []
        self._builder = SystemBuilder()
        self._nodes = Nodes()
        self._parts: dict[int, Part] = {}
        self._outlines: dict[int, Outline] = {}
        self._perfect: dict[int, str] = {}
        self._converted: set[int] = set()
        self._promised: dict[int, tuple[str, float]] = {}
        if earlier is not None:
            self._builder = SystemBuilder(earlier.builder)
            self._nodes = Nodes(earlier.nodes, touched.stated)
            self._parts = dict(earlier.parts)
            for node in earlier.groundless:
                del self._parts[node]
            self._outlines = dict(earlier.outlines)
            self._perfect = dict(earlier.perfect)
            self._converted = set(earlier.converted)
            self._promised = dict(earlier.promised)
            self._define_touched()

    def _define_touched(self) -> None:
        """Defines anew what a change touches, as far as it is written. What rests on it refers to it as before."""
        for name in sorted(self._touched.using & self._graph.services.keys()):
            service = self._graph.services[name]
            for key in self._nodes.earlier(name):
                if key == _INSIDE:
                    self._define_inside_later(service)
                elif key[0] == _BEYOND and not isinstance(key[-1], int):
                    own = self._nodes.find(name, key[1:])
                    if own is not None:
                        self._define_beyond_later(service, key, own)

    # Roots -------------------------------------------------------------------------------------------------

    def root(self, agreement: Agreement, service: str) -> int:
        """The structure that the promise of `agreement` on `service` rests on.

        Sold by somebody else than its provider, the service is looked at as a service of the seller whose workflow is
        the one use (SEMANTICS §1, "Resellers").
        """
        stated = self._graph.services[service]
        if agreement.provider != stated.provider:
            node = self._sold(agreement.provider, stated)
        elif self._is_leaf(stated):
            node = self._leaf(stated, user=stated.provider, excluded=agreement.id)
        elif self._alone is None and stated.workflow is None and not self._own(stated):
            node = self._root_without_own_part(stated)
        else:
            node = self._inside(stated)
        self._define_pending()
        if self._alone is not None:
            self._builder.close_circles(node)
        return node

    def _define_pending(self) -> None:
        while self._pending:
            self._pending.pop()()

    def write(self, solver: Solver | None = None) -> Written:
        """What was written, built. A service whose structure reaches no leaf and no own part is unknown by itself."""
        self._define_pending()
        self._forget(self._nodes.gone())
        groundless: dict[int, Component] = {}
        if self._graph.cycles():
            insides = {nodes[_INSIDE]: s for s, nodes in self._nodes.all().items() if _INSIDE in nodes}
            for node in self._builder.groundless(list(insides)):
                missing = Missing(service=insides[node], user=None, reason=MissingReason.CYCLE)
                self._parts[node], groundless[node] = missing_part(missing)
        return Written(
            builder=self._builder,
            system=self._builder.build(
                solver,
                unknown=groundless,
                rank=self._rank,
                earlier=None if self._earlier is None else self._earlier.system,
                stale=frozenset(self._nodes.of(self._touched.above)),
            ),
            nodes=self._nodes.all(),
            parts=self._parts,
            outlines=self._outlines,
            perfect=self._perfect,
            converted=self._converted,
            promised=self._promised,
            groundless=groundless.keys(),
        )

    def _forget(self, nodes: Iterable[int]) -> None:
        """Strikes out nodes that stand for nothing any more."""
        for node in nodes:
            self._builder.forget(node)
            self._parts.pop(node, None)
            self._outlines.pop(node, None)
            self._perfect.pop(node, None)
            self._converted.discard(node)
            self._promised.pop(node, None)

    @cached_property
    def _ranks(self) -> Mapping[int, tuple[str, Key]]:
        return {
            node: (service, key)
            for service, nodes in self._nodes.all().items()
            for key, node in nodes.items()
        }

    def _rank(self, node: int) -> tuple[str, Key]:
        """Nodes by what they stand for, so that it does not matter when they were written."""
        return self._ranks[node]

    # What a service states ---------------------------------------------------------------------------------

    def _own(self, service: Service) -> tuple[Target, ...]:
        return own_targets(self._question, service)

    def _is_leaf(self, service: Service) -> bool:
        return service.workflow is None and service.requires is None and not self._own(service)

    # Nodes -------------------------------------------------------------------------------------------------

    def _number(self, service: str, key: Key) -> int:
        return self._nodes.number(service, key, new=self._builder.reserve)

    def _component(self, service: str, key: Key, made: Callable[[], tuple[Part, Component]]) -> int:
        node = self._nodes.find(service, key)
        if node is None:
            part, component = made()
            node = self._builder.component(component, node=self._number(service, key))
            self._parts[node] = part
            (self._converted.add if part.converted else self._converted.discard)(node)
            self._promised.pop(node, None)
            loss = float(component.at_best.worst)
            if part.agreement is not None and component.at_worst == component.at_best and loss > 0:
                self._promised[node] = (part.agreement, loss)
        return node

    def _missing(self, service: str, reason: MissingReason) -> int:
        missing = Missing(service=service, user=None, reason=reason)
        return self._component(service, ("missing", reason), lambda: missing_part(missing))

    def _gate(
        self,
        service: str,
        key: Key,
        operands: Sequence[int],
        *,
        k: int | None = None,
        label: str = "",
        common_cause: Fraction | None = None,
    ) -> int:
        """A gate that needs `k` of its operands, all of them if nothing is said; without a label the service itself."""
        node = self._builder.gate(
            len(operands) if k is None else k,
            operands,
            node=self._number(service, key),
            common_cause=common_cause,
        )
        self._outlines[node] = Outline(
            label=label, service=None if label else service, operands=tuple(operands)
        )
        return node

    def _inside(self, service: Service) -> int:
        """The service as its provider delivers it: workflow, requires and own part."""
        node = self._nodes.find(service.id, _INSIDE)
        return self._define_inside_later(service) if node is None else node

    def _define_inside_later(self, service: Service) -> int:
        self._pending.append(lambda: self._define_inside(service))
        return self._number(service.id, _INSIDE)

    def _define_inside(self, service: Service) -> None:
        operands = self._composition(service, _INSIDE)
        own = self._own(service)
        node = self._number(service.id, _INSIDE)
        self._perfect.pop(node, None)
        if own:
            operands.append(self._own_part(service, own))
        elif service.workflow is None:
            operands.append(self._bounded_own_part(service))
        elif not has_structure(service.workflow):
            operands.append(self._missing(service.id, MissingReason.OWN_PART))
        else:
            self._perfect[node] = service.id
        self._gate(service.id, _INSIDE, operands)

    def _root_without_own_part(self, service: Service) -> int:
        """Only `requires` is stated and nobody's use is asked about, so nothing bounds the own part."""
        operands = self._composition(service, _ROOT)
        return self._gate(service.id, _ROOT, [*operands, self._missing(service.id, MissingReason.OWN_PART)])

    def _composition(self, service: Service, place: Key) -> list[int]:
        """Workflow and requires, as far as they have structure; `place` tells their nodes from others."""
        keys = ((*place, number) for number in count())
        expressions = (service.workflow, service.requires)
        nodes = (self._expression(service, e, keys) for e in expressions if e is not None)
        return [node for node in nodes if node is not None]

    def _agreement_part(self, backings: Iterable[Backing]) -> tuple[Part, Component]:
        """The component bounded by promises."""
        return availability_part(self._question, backings)

    def _own_component(self, service: Service, targets: Iterable[Target]) -> tuple[Part, Component]:
        """The component of a stated own part."""
        return own_availability_part(self._question, service.id, targets)

    def _own_part(self, service: Service, targets: Sequence[Target]) -> int:
        return self._component(service.id, ("own",), lambda: self._own_component(service, targets))

    def _bounded_own_part(self, service: Service) -> int:
        """What a service does itself beside what it requires: bounded by the promises that back the uses of it."""
        backings = [] if self._view is View.CONTRACTED else self._standing_promises(service)
        if not backings:
            return self._missing(service.id, MissingReason.OWN_PART)
        return self._component(service.id, _PROMISED, lambda: self._agreement_part(backings))

    def _standing_promises(self, service: Service) -> list[Backing]:
        """The promises on the uses of a service that are reached, resellers seen through.

        What is assessed is not used, not even where a circle leads back to it.
        """
        if self._is_root(service.id):
            return []
        if self._alone is None:
            users: Sequence[str] = self._promises.users(service.id)
        else:
            users = self._alone.users.get(service.id, ())
        found = []
        for user in users:
            if user == service.provider:
                continue
            trail = self._trail(user, service)
            if isinstance(trail, Backing):
                found.append(trail)
                if self._alone is None:
                    break  # all users hold the same promises, else this would not be composed together
        return self._without_assessed(service, found)

    def _without_assessed(self, service: Service, backings: Sequence[Backing]) -> list[Backing]:
        if self._alone is None or self._alone.service != service.id:
            return list(backings)
        return _without(backings, self._alone.agreement)

    def _leaf(self, service: Service, *, user: str, excluded: str | None = None) -> int:
        """A service that states nothing: bounded by the strictest promise of its own provider on any use of it."""
        if self._view is View.CONTRACTED:
            return self._missing(service.id, MissingReason.OWN_PART)
        known = self._promises.own_provider_backings(
            service=service.id, metric=self._question.metric, population=self._question.population
        )
        backings = [*self._without_assessed(service, known), *self._standing_promises(service)]
        if excluded is not None:
            backings = _without(backings, excluded)
        if backings:
            unique = list(dict.fromkeys(backings))
            key = ("leaf",) if excluded is None else ("leaf", excluded)
            return self._component(service.id, key, lambda: self._agreement_part(unique))
        if user == service.provider:
            return self._missing(service.id, MissingReason.OWN_PART)
        trail = self._trail(user, service)
        if isinstance(trail, Backing):
            return self._missing(service.id, MissingReason.OWN_PART)
        return self._component(service.id, ("nothing", user), lambda: missing_part(trail))

    def _sold(self, seller: str, service: Service) -> int:
        """What stands for a service as somebody else's offer."""
        if self._view is View.CONTRACTED:
            return self._contracted(seller, service)
        if self._is_leaf(service):
            return self._leaf(service, user=seller)
        external = self._graph.is_external(service.provider)
        return self._whole(service) if external else self._inside(service)

    def _used(self, user: str, used: str) -> int:
        """What stands for `used` as the provider `user` uses it."""
        service = self._graph.services[used]
        if self._alone is not None and self._alone.service == used:
            return self._inside(service)  # a circle has led back to what is assessed
        if self._view is View.CONTRACTED:
            if service.provider != user:
                return self._contracted(user, service)
        elif not self._is_leaf(service) and self._graph.is_external(service.provider):
            return self._whole(service)
        return self._leaf(service, user=user) if self._is_leaf(service) else self._inside(service)

    def _is_root(self, service: str) -> bool:
        """Whether a service is the assessed one; sold by somebody else it is what that seller uses."""
        return self._alone is not None and self._alone.service == service and not self._alone.resold

    def _contracted(self, user: str, service: Service) -> int:
        """One level of paper: the promise that backs the use."""
        backing = self._promises.backing(
            user=user, service=service.id, metric=self._question.metric, population=self._question.population
        )
        key = ("backing", user)
        if isinstance(backing, Missing):
            return self._component(service.id, key, lambda: missing_part(backing))
        promise = self._component(service.id, key, lambda: self._agreement_part((backing,)))
        if not excludes_third_parties(backing, self._question):
            return promise
        return self._with_third_parties(service, key, promise)

    def _whole(self, service: Service) -> int:
        """An external service that states its parts: its composition, or the promise on the whole if that is better."""
        node = self._nodes.find(service.id, _WHOLE)
        return self._nodes.put(service.id, _WHOLE, self._make_whole(service)) if node is None else node

    def _make_whole(self, service: Service) -> int:
        backings = self._standing_promises(service)
        if not backings:
            return self._inside(service)
        promised = self._component(service.id, _PROMISED, lambda: self._agreement_part(backings))
        if all(excludes_third_parties(backing, self._question) for backing in backings):
            return self._with_third_parties(service, _PROMISED, promised)
        composed = self._inside(service)
        own_unstated = has_structure(service.workflow) and not self._own(service)
        node = self._builder.alternative(
            composed=composed,
            promised=promised,
            own=promised if own_unstated else None,
            node=self._number(service.id, ("better",)),
        )
        self._outlines[node] = Outline(
            label="the better of composition and promise", service=service.id, operands=(composed, promised)
        )
        return node

    def _with_third_parties(self, service: Service, promise: Key, own: int) -> int:
        """A promise that excludes third parties speaks of its provider's own part; what the service uses adds."""
        key = (_BEYOND, *promise)
        node = self._nodes.find(service.id, key)
        return self._define_beyond_later(service, key, own) if node is None else node

    def _define_beyond_later(self, service: Service, key: Key, own: int) -> int:
        self._pending.append(lambda: self._gate(service.id, key, [own, *self._composition(service, key)]))
        return self._number(service.id, key)

    def _trail(self, user: str, service: Service) -> Backing | Missing:
        return self._promises.trail(
            user=user, service=service.id, metric=self._question.metric, population=self._question.population
        )

    def _expression(self, service: Service, step: Step, keys: Iterator[Key]) -> int | None:
        """The node of an expression in a service; None where everything in it is optional."""
        if step.optional:
            return None
        pattern = step.of
        if isinstance(pattern, str):
            return self._used(service.provider, pattern)
        nodes = [
            n for n in (self._expression(service, inner, keys) for inner in pattern.steps) if n is not None
        ]
        if not nodes:
            return None
        label = pattern_name(pattern)
        if not isinstance(pattern, KOfN):
            # Choice: a share of time asks whether every request would be served; repeat: up is up.
            return nodes[0] if len(nodes) == 1 else self._gate(service.id, next(keys), nodes, label=label)
        beta = Fraction(pattern.common_cause) if pattern.common_cause else None
        k = min(pattern.k, len(nodes))
        return self._gate(service.id, next(keys), nodes, k=k, label=label, common_cause=beta)


def _without(backings: Sequence[Backing], agreement: str) -> list[Backing]:
    """The backings without the promises of one agreement."""
    kept = []
    for backing in backings:
        others = tuple(p for p in backing.promises if p.agreement is None or p.agreement.id != agreement)
        if others:
            kept.append(replace(backing, promises=others))
    return kept


def excludes_third_parties(backing: Backing, question: Question) -> bool:
    """Whether the promise speaks of its provider's own part only, and the question does not."""
    if any(e.cause is Cause.THIRD_PARTY for e in question.terms.exclusions):
        return False
    return all(any(e.cause is Cause.THIRD_PARTY for e in p.terms.exclusions) for p in backing.promises)
