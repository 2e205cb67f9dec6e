"""The uses of a portfolio as arrays, so that an outage touches only what it reaches.

Nodes are the services, by id, and after them the groups and nested expressions inside their workflows and
`requires`. A node is down when more of its operands are down than it can spare.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Service
from olagraph.model.workflow import KOfN, Step, has_structure

Nodes: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Who is an operand of whom, grouped by one of the two ends.

    Attributes:
        operand, user: the nodes at either end, by edge.
        cache: the place in `Network.caches` of how long the use goes on unfelt; -1 = felt at once.
        by_operand, by_user: the edges sorted by either end.
        operand_starts, user_starts: where in them the edges of each node begin; one longer than the nodes.
    """

    operand: Nodes
    user: Nodes
    cache: Nodes
    by_operand: Nodes
    by_user: Nodes
    operand_starts: Nodes
    user_starts: Nodes

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, int]], *, nodes: int) -> "Edges":
        """The edges of rows (operand, user, cache)."""
        operand, user, cache = np.array(rows, dtype=np.int64).reshape(-1, 3).T.copy()
        by_operand, by_user = (np.argsort(end, kind="stable") for end in (operand, user))
        starts = [np.searchsorted(end[order], np.arange(nodes + 1)) for end, order in
                  ((operand, by_operand), (user, by_user))]  # fmt: skip
        return cls(operand, user, cache, by_operand, by_user, *starts)

    def above(self, nodes: Nodes) -> Nodes:
        """The edges of which any of the nodes is the operand."""
        return gathered(self.by_operand, self.operand_starts, nodes)

    def below(self, nodes: Nodes) -> Nodes:
        """The edges of which any of the nodes is the user."""
        return gathered(self.by_user, self.user_starts, nodes)

    def unfelt(self, felt: Sequence[bool]) -> Nodes:
        """The edges whose cache, by its place, outlasts the outage."""
        if all(felt):
            return np.empty(0, dtype=np.int64)
        return np.flatnonzero((self.cache >= 0) & ~np.array([*felt, True])[self.cache])


def distinct(nodes: Nodes, scratch: Nodes) -> Nodes:
    """Each of the nodes once, in no particular order; faster than sorting them.

    Args:
        scratch: one place a node, of any content.
    """
    places = np.arange(len(nodes))
    scratch[nodes] = places
    once: Nodes = nodes[scratch[nodes] == places]
    return once


def gathered(order: Nodes, starts: Nodes, nodes: Nodes) -> Nodes:
    first = starts[nodes]
    counts = starts[nodes + 1] - first
    ends = np.cumsum(counts)
    if not len(ends) or not ends[-1]:
        return np.empty(0, dtype=np.int64)
    places: Nodes = np.arange(ends[-1]) + np.repeat(first - ends + counts, counts)
    found: Nodes = order[places]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The structure functions of all services.

    Attributes:
        services: the ids of the service nodes, sorted.
        node: the node of each service id.
        spare: by node, how many of its operands may be down while it is up; 0 where all are needed.
        owner: by node, the service that it is a part of.
        order: by node, its place after its operands, as far as circles allow.
        level: by node, the length of the longest chain below it in that order.
        breaker: by node, a service whose own failure takes it down; -1 where it takes several.
        circular: whether there are circles.
        needed: the operands of the structure functions.
        idle: the needed edges that say nothing: of groups that are never down unless their users are down anyhow.
        optional: optional steps, as operands of the services that hold them.
        caches: how long cached uses go on, in seconds.
    """

    services: tuple[str, ...]
    node: dict[str, int]
    spare: Nodes
    owner: Nodes
    order: Nodes
    level: Nodes
    breaker: Nodes
    circular: bool
    needed: Edges
    idle: Nodes
    optional: Edges
    caches: tuple[Fraction, ...]

    @property
    def count(self) -> int:
        """The number of nodes."""
        return len(self.spare)

    def mask(self, nodes: Nodes | Sequence[int] = ()) -> Mask:
        """The set of these nodes."""
        found = np.zeros(self.count, dtype=np.bool_)
        found[np.asarray(nodes, dtype=np.int64)] = True
        return found


def network(graph: PortfolioGraph) -> Network:
    """The structure functions of all services of a portfolio; optional steps are left out of them."""
    writer = _Writer(sorted(graph.services))
    for service in graph.services.values():
        writer.write(service)
    count = len(writer.spare)
    owner = np.array(writer.owner, dtype=np.int64)
    place = np.empty(len(writer.node), dtype=np.int64)
    place[[writer.node[service] for service in graph.used_first()]] = np.arange(len(writer.node))
    # The inner nodes of a service were numbered from the outside in.
    ordered = np.lexsort((-np.arange(count), place[owner]))
    order = np.empty(count, dtype=np.int64)
    order[ordered] = np.arange(count)
    spare = np.array(writer.spare, dtype=np.int64)
    needed = Edges.of(writer.needed, nodes=count)
    level, breaker = _levels(ordered, spare, needed, services=len(writer.node))
    return Network(
        services=tuple(writer.node),
        node=writer.node,
        spare=spare,
        owner=owner,
        order=order,
        level=level,
        breaker=breaker,
        circular=bool(graph.cycles()),
        needed=needed,
        idle=_idle(spare, needed),
        optional=Edges.of(writer.optional, nodes=count),
        caches=tuple(writer.caches),
    )


def _levels(ordered: Nodes, spare: Nodes, needed: Edges, *, services: int) -> tuple[Nodes, Nodes]:
    """See `Network.level` and `Network.breaker`."""
    level = [0] * len(ordered)
    breaker = [*range(services), *(-1 for _ in range(len(ordered) - services))]
    operands, starts = needed.operand[needed.by_user].tolist(), needed.user_starts.tolist()
    spares = spare.tolist()
    for node in ordered.tolist():
        below = operands[starts[node] : starts[node + 1]]
        if below:
            level[node] = 1 + max(level[operand] for operand in below)
        if node >= services and not spares[node]:
            breaker[node] = next((breaker[operand] for operand in below if breaker[operand] >= 0), -1)
    return np.array(level, dtype=np.int64), np.array(breaker, dtype=np.int64)


_MOST_NEEDED = 200
"""As far as it is looked what a node needs in any case."""


def _idle(spare: Nodes, needed: Edges) -> Nodes:
    """See `Network.idle`: groups of which a node needs so many branches in any case that too few are left to spare."""
    found = []
    edges, starts = needed.by_user.tolist(), needed.user_starts.tolist()
    operand, cache, spares = needed.operand.tolist(), needed.cache.tolist(), spare.tolist()
    for node in range(len(spares)):
        below = edges[starts[node] : starts[node + 1]]
        groups = [edge for edge in below if spares[operand[edge]]]
        if spares[node] or not groups:
            continue
        in_any_case: set[int] = set()
        pending = [node]
        while pending and len(in_any_case) < _MOST_NEEDED:
            each = pending.pop()
            for edge in edges[starts[each] : starts[each + 1]]:
                next_ = operand[edge]
                if cache[edge] < 0 and not spares[next_] and next_ not in in_any_case:
                    in_any_case.add(next_)
                    pending.append(next_)
        for group in groups:
            branches = (operand[edge] for edge in edges[starts[operand[group]] : starts[operand[group] + 1]])
            if sum(branch not in in_any_case for branch in branches) <= spares[operand[group]]:
                found.append(group)
    return np.array(found, dtype=np.int64)


class _Writer:
    """Writes the expressions of one service after the other down as nodes and edges."""

    def __init__(self, services: Sequence[str]) -> None:
        self.node = {service: node for node, service in enumerate(services)}
        self.spare = [0] * len(services)
        self.owner = list(range(len(services)))
        self.needed: list[tuple[int, int, int]] = []
        self.optional: list[tuple[int, int, int]] = []
        self.caches: dict[Fraction, int] = {}

    def write(self, service: Service) -> None:
        """The workflow and `requires` of a service."""
        for expression in (service.workflow, service.requires):
            if expression is not None:
                self._need(self.node[service.id], expression, None)

    def _cache(self, seconds: Fraction | None) -> int:
        return -1 if seconds is None else self.caches.setdefault(seconds, len(self.caches))

    def _inner(self, user: int, *, spare: int) -> int:
        self.spare.append(spare)
        self.owner.append(self.owner[user])
        return len(self.spare) - 1

    def _need(self, user: int, step: Step, cached: Fraction | None) -> None:
        """`step` as something that `user` needs; what lies inside a cached expression is cached at least as long."""
        cached = _longer(cached, step)
        pattern = step.of
        if step.optional:
            self._take_optional(user, step, cached)
        elif isinstance(pattern, str):
            self.needed.append((self.node[pattern], user, self._cache(cached)))
        elif isinstance(pattern, KOfN):
            self._need_some(user, pattern, cached)
        else:
            for inner in pattern.steps:
                self._need(user, inner, cached)

    def _need_some(self, user: int, group: KOfN, cached: Fraction | None) -> None:
        branches = [branch for branch in group.steps if has_structure(branch)]
        spare = len(branches) - min(group.k, len(branches))
        if spare:
            node = self._inner(user, spare=spare)
            self.needed.append((node, user, self._cache(cached)))
        for step in group.steps:
            if not has_structure(step):
                self._take_optional(user, step, cached)
            elif not spare:
                self._need(user, step, cached)
            else:
                longer = _longer(cached, step)
                self.needed.append((self._operand(node, step, longer), node, self._cache(longer)))

    def _take_optional(self, user: int, step: Step, cached: Fraction | None) -> None:
        """`step` as something whose failure only degrades."""
        cached = _longer(cached, step)
        self.optional.append((self._operand(user, step, cached), self.owner[user], self._cache(cached)))

    def _operand(self, user: int, step: Step, cached: Fraction | None) -> int:
        """The node of what a step does, whether it is optional or not."""
        if isinstance(step.of, str):
            return self.node[step.of]
        node = self._inner(user, spare=0)
        self._need(node, Step(of=step.of), cached)
        return node


def _longer(cached: Fraction | None, step: Step) -> Fraction | None:
    if step.cached_for is None:
        return cached
    return step.cached_for.exact if cached is None else max(cached, step.cached_for.exact)
