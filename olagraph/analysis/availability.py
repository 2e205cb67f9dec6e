"""The structure function of every assessed service, in both views (SEMANTICS §4 and §5, availability)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

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
from olagraph.graph import PortfolioGraph
from olagraph.metrics.system import Component, Solver, System, SystemBuilder
from olagraph.model.entities import Agreement, Cause, Service, Target
from olagraph.model.workflow import KOfN, Step, has_structure, pattern_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """How a composed node came about.

    Attributes:
        label: the pattern; empty for a service.
        service: the service that the node is the whole of.
        operands: what it is composed of.
    """

    label: str
    service: str | None
    operands: tuple[int, ...]


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


def disagreements(graph: PortfolioGraph, promises: Promises, question: Question) -> frozenset[str]:
    """The services for which it matters who uses them: not all their users hold the same promises.

    All promises on the uses reached by one assessment hold together, so where the users hold different ones, each
    assessment that reaches the service is composed alone.
    """
    found = set()
    for service in graph.portfolio.services:
        users = promises.users(service.id)
        if len(users) < 2 or _stands_by_itself(graph, question, service):
            continue
        ends = {_ends(graph, promises, question, user, service) for user in users}
        if service.workflow is None and service.requires is None and not own_targets(question, service):
            # A leaf is bounded by all its own provider's promises anyway; only where resellers end do users differ.
            ends = {frozenset(e for e in end or () if e[0] != service.provider) for end in ends}
        if len(ends) > 1:
            found.add(service.id)
    return frozenset(found)


def _stands_by_itself(graph: PortfolioGraph, question: Question, service: Service) -> bool:
    """An internal team's stated composition is never improved by its promise."""
    stated = service.workflow is not None or bool(own_targets(question, service))
    return stated and not graph.is_external(service.provider)


def _ends(
    graph: PortfolioGraph, promises: Promises, question: Question, user: str, service: Service
) -> frozenset[tuple[str, str, int]] | None:
    """The promises at the ends of a user's trail: who makes them, in which agreement, which target."""
    if user == service.provider:
        return None
    trail = promises.trail(
        user=user, service=service.id, metric=question.metric, population=question.population
    )
    if isinstance(trail, Missing):
        return None
    return frozenset(
        (p.agreement.provider, p.agreement.id, id(p.target))
        for p in trail.promises
        if p.agreement is not None
    )


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
    """Builds one system for one question and view; every assessed service is a root in it.

    Attributes:
        parts: what each component stands for, by node.
        outlines: how each composed node came about, for the explanation.
        perfect: services whose own part is not stated beside a workflow and is taken as perfect.
    """

    def __init__(
        self,
        graph: PortfolioGraph,
        promises: Promises,
        question: Question,
        view: View,
        *,
        alone: Alone | None = None,
    ) -> None:
        self._graph = graph
        self._promises = promises
        self._question = question
        self._view = view
        self._alone = alone
        self._builder = SystemBuilder()
        self._nodes: dict[tuple[object, ...], int] = {}
        self._pending: list[Callable[[], None]] = []
        self._services: dict[int, str] = {}
        self.parts: dict[int, Part] = {}
        self.outlines: dict[int, Outline] = {}
        self.perfect: set[str] = set()

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
        while self._pending:
            self._pending.pop()()
        if self._alone is not None:
            self._builder.close_circles(node)
        return node

    def build(self, solver: Solver | None = None) -> System:
        """The system; every service whose structure reaches no leaf and no own part is unknown, one by one."""
        for node in self._builder.groundless(list(self._services)):
            missing = Missing(service=self._services[node], user=None, reason=MissingReason.CYCLE)
            self.parts[node], component = missing_part(missing)
            self._builder.replace(node, component)
            del self.outlines[node]
        return self._builder.build(solver)

    # What a service states ---------------------------------------------------------------------------------

    def _own(self, service: Service) -> tuple[Target, ...]:
        return own_targets(self._question, service)

    def _is_leaf(self, service: Service) -> bool:
        return service.workflow is None and service.requires is None and not self._own(service)

    # Nodes -------------------------------------------------------------------------------------------------

    def _component(self, key: tuple[object, ...], made: Callable[[], tuple[Part, Component]]) -> int:
        if key not in self._nodes:
            part, component = made()
            node = self._nodes[key] = self._builder.component(component)
            self.parts[node] = part
        return self._nodes[key]

    def _missing(self, service: str, reason: MissingReason) -> int:
        missing = Missing(service=service, user=None, reason=reason)
        return self._component(("missing", service), lambda: missing_part(missing))

    def _gate(
        self, operands: Sequence[int], label: str, service: str | None, *, node: int | None = None
    ) -> int:
        node = self._builder.gate(len(operands), operands, node=node)
        self.outlines[node] = Outline(label=label, service=service, operands=tuple(operands))
        return node

    def _inside(self, service: Service) -> int:
        """The service as its provider delivers it: workflow, requires and own part."""
        key = ("inside", service.id)
        if key not in self._nodes:
            node = self._nodes[key] = self._builder.reserve()
            self._services[node] = service.id
            self._pending.append(lambda: self._define_inside(node, service))
        return self._nodes[key]

    def _define_inside(self, node: int, service: Service) -> None:
        operands = self._composition(service)
        own = self._own(service)
        if own:
            operands.append(self._own_part(service, own))
        elif service.workflow is None:
            operands.append(self._bounded_own_part(service))
        elif not has_structure(service.workflow):
            operands.append(self._missing(service.id, MissingReason.OWN_PART))
        else:
            self.perfect.add(service.id)
        self._gate(operands, "", service.id, node=node)

    def _root_without_own_part(self, service: Service) -> int:
        """Only `requires` is stated and nobody's use is asked about, so nothing bounds the own part."""
        operands = [*self._composition(service), self._missing(service.id, MissingReason.OWN_PART)]
        return self._gate(operands, "", service.id)

    def _composition(self, service: Service) -> list[int]:
        """Workflow and requires, as far as they have structure."""
        expressions = (service.workflow, service.requires)
        nodes = (self._expression(e, service.provider) for e in expressions if e is not None)
        return [node for node in nodes if node is not None]

    def _agreement_part(self, backings: Iterable[Backing]) -> tuple[Part, Component]:
        """The component bounded by promises."""
        return availability_part(self._question, backings)

    def _own_component(self, service: Service, targets: Iterable[Target]) -> tuple[Part, Component]:
        """The component of a stated own part."""
        return own_availability_part(self._question, service.id, targets)

    def _own_part(self, service: Service, targets: Sequence[Target]) -> int:
        return self._component(("own", service.id), lambda: self._own_component(service, targets))

    def _bounded_own_part(self, service: Service) -> int:
        """What a service does itself beside what it requires: bounded by the promises that back the uses of it."""
        backings = [] if self._view is View.CONTRACTED else self._standing_promises(service)
        if not backings:
            return self._missing(service.id, MissingReason.OWN_PART)
        return self._component(("promised", service.id), lambda: self._agreement_part(backings))

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
            key = ("leaf", service.id, excluded)
            return self._component(key, lambda: self._agreement_part(unique))
        if user == service.provider:
            return self._missing(service.id, MissingReason.OWN_PART)
        trail = self._trail(user, service)
        if isinstance(trail, Backing):
            return self._missing(service.id, MissingReason.OWN_PART)
        return self._component(("nothing", service.id), lambda: missing_part(trail))

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
        key = ("backing", user, service.id)
        if isinstance(backing, Missing):
            return self._component(key, lambda: missing_part(backing))
        promise = self._component(key, lambda: self._agreement_part((backing,)))
        if not excludes_third_parties(backing, self._question):
            return promise
        return self._with_third_parties(service, promise)

    def _whole(self, service: Service) -> int:
        """An external service that states its parts: its composition, or the promise on the whole if that is better."""
        key = ("whole", service.id)
        if key not in self._nodes:
            self._nodes[key] = self._make_whole(service)
        return self._nodes[key]

    def _make_whole(self, service: Service) -> int:
        backings = self._standing_promises(service)
        if not backings:
            return self._inside(service)
        promised = self._component(("promised", service.id), lambda: self._agreement_part(backings))
        if all(excludes_third_parties(backing, self._question) for backing in backings):
            return self._with_third_parties(service, promised)
        composed = self._inside(service)
        own_unstated = has_structure(service.workflow) and not self._own(service)
        node = self._builder.alternative(
            composed=composed, promised=promised, own=promised if own_unstated else None
        )
        self.outlines[node] = Outline(
            label="the better of composition and promise", service=service.id, operands=(composed, promised)
        )
        return node

    def _with_third_parties(self, service: Service, own: int) -> int:
        """A promise that excludes third parties speaks of its provider's own part; what the service uses adds."""
        node = self._builder.reserve()
        self._pending.append(lambda: self._define_third_parties(node, service, own))
        return node

    def _define_third_parties(self, node: int, service: Service, own: int) -> None:
        self._gate([own, *self._composition(service)], "", service.id, node=node)

    def _trail(self, user: str, service: Service) -> Backing | Missing:
        return self._promises.trail(
            user=user, service=service.id, metric=self._question.metric, population=self._question.population
        )

    def _expression(self, step: Step, provider: str) -> int | None:
        """The node of an expression in a service of `provider`; None where everything in it is optional."""
        if step.optional:
            return None
        pattern = step.of
        if isinstance(pattern, str):
            return self._used(provider, pattern)
        nodes = [n for n in (self._expression(inner, provider) for inner in pattern.steps) if n is not None]
        if not nodes:
            return None
        if not isinstance(pattern, KOfN):
            # Choice: a share of time asks whether every request would be served; repeat: up is up.
            return nodes[0] if len(nodes) == 1 else self._gate(nodes, pattern_name(pattern), None)
        k = min(pattern.k, len(nodes))
        beta = Fraction(pattern.common_cause) if pattern.common_cause else None
        node = self._builder.gate(k, nodes, common_cause=beta)
        self.outlines[node] = Outline(label=pattern_name(pattern), service=None, operands=tuple(nodes))
        return node


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
