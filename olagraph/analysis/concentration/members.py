"""The structure function of a service over whatever may fail in it, as written: no promise, no number."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from olagraph.analysis.concentration.structure import DEFAULT_LIMITS, StructureBuilder, whole
from olagraph.graph import PortfolioGraph
from olagraph.metrics.conversion import Share
from olagraph.metrics.structure import Compiled, Limits
from olagraph.metrics.system import Component
from olagraph.model.entities import Service
from olagraph.model.workflow import KOfN, Step, has_structure

Member = TypeVar("Member", bound=Hashable)

_PERFECT = Share(worst=Fraction(0), favourable=Fraction(0))
_MEMBER = Component(at_worst=_PERFECT, at_best=_PERFECT)
"""Members have no numbers here; any would do."""


@dataclass(frozen=True, slots=True, eq=False)
class Written(Generic[Member]):
    """A structure function, and the member that each of its components is."""

    compiled: Compiled
    members: tuple[Member, ...]


def written(
    graph: PortfolioGraph,
    service: str,
    *,
    own: Callable[[Service], Iterable[Member]],
    delivery: Callable[[str, str], Iterable[Member]],
    limits: Limits = DEFAULT_LIMITS,
) -> Written[Member] | None:
    """The structure function of `service`; None where nothing takes it down.

    Args:
        own: what a service is lost with, apart from what it uses.
        delivery: what the use of a service (the second) by a provider (the first) is lost with, apart from it.
        limits: on the work that compiling it may take.
    """
    return _Writer(graph, own, delivery).write(service, limits)


class _Writer(Generic[Member]):
    """Writes services down, one after the other, as they are reached."""

    def __init__(
        self,
        graph: PortfolioGraph,
        own: Callable[[Service], Iterable[Member]],
        delivery: Callable[[str, str], Iterable[Member]],
    ) -> None:
        self._graph = graph
        self._own = own
        self._delivery = delivery
        self._builder = StructureBuilder()
        self._services: dict[str, int] = {}
        self._members: dict[Member, int] = {}
        self._pending: list[str] = []

    def write(self, service: str, limits: Limits) -> Written[Member] | None:
        """See `written`."""
        root = self._service(service)
        while self._pending:
            self._define(self._graph.services[self._pending.pop()])
        self._builder.build()
        found = whole(self._builder, root, unavailability=lambda _: 0.0, limits=limits)
        if found is None:
            return None
        members = {node: member for member, node in self._members.items()}
        return Written(found.compiled, tuple(members[node] for node in found.nodes))

    def _service(self, service: str) -> int:
        if service not in self._services:
            self._services[service] = self._builder.reserve()
            self._pending.append(service)
        return self._services[service]

    def _all(self, members: Iterable[Member]) -> list[int]:
        return [self._member(member) for member in dict.fromkeys(members)]

    def _member(self, member: Member) -> int:
        if member not in self._members:
            self._members[member] = self._builder.component(_MEMBER)
        return self._members[member]

    def _define(self, service: Service) -> None:
        operands = self._all(self._own(service))
        for expression in (service.workflow, service.requires):
            if expression is not None and has_structure(expression):
                operands.append(self._step(expression, service.provider))
        self._builder.gate(len(operands), operands, node=self._services[service.id])

    def _step(self, step: Step, user: str) -> int:
        pattern = step.of
        if isinstance(pattern, str):
            operands = [self._service(pattern), *self._all(self._delivery(user, pattern))]
        else:
            operands = [self._step(inner, user) for inner in pattern.steps if has_structure(inner)]
        if len(operands) == 1:
            return operands[0]
        k = min(pattern.k, len(operands)) if isinstance(pattern, KOfN) else len(operands)
        return self._builder.gate(k, operands)
