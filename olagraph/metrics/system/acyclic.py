"""Structure functions with circles ("A needs B, B needs A"), written without them.

SEMANTICS §5: the least fixed point of the down-set, that is, what depends on each other recovers together. For a
monotone function of Booleans the greatest fixed point of "up" is reached from "everything is up": as many rounds
as there are nodes whose removal breaks all circles (Bekic 1984 reduces the system to those nodes; each round that
changes anything turns at least one of them off).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import pos
from typing import Any, TypeAlias

Rank: TypeAlias = Callable[[int], Any]
"""What nodes are sorted by, so that it does not matter in which order they were written down."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Up when at least `k` of the operands are; without operands always up."""

    k: int
    operands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Acyclic:
    """An equivalent structure without circles.

    Attributes:
        gates: every gate, nodes numbered past the given ones where rounds were needed.
        order: all nodes, operands before those that use them.
    """

    gates: Mapping[int, Gate]
    order: tuple[int, ...]


def without_cycles(
    gates: Mapping[int, Gate], inside: Mapping[int, tuple[int, ...]], count: int, *, rank: Rank = pos
) -> Acyclic:
    """The same function of the same leaves without circles.

    Args:
        gates: by node; nodes that are neither gates nor in `inside` are leaves.
        inside: further nodes with the operands that they use; one on a circle becomes a gate that needs them all.
        count: the number of nodes, 0 to count - 1.
        rank: decides between nodes of a circle, all different; their numbers if nothing else does.
    """
    order = _order(gates, inside, count)
    if order is not None:
        return Acyclic(gates, order)
    mutable = dict(gates)
    for group in _circles(mutable, inside, rank):
        for node in group:
            if node in inside:
                mutable[node] = Gate(len(inside[node]), inside[node])
    outside = {node: operands for node, operands in inside.items() if node not in mutable}
    for group in _circles(mutable, outside, rank, needed_only=True):
        _merge(mutable, group)
    for group in _circles(mutable, outside, rank):
        count = _unroll(mutable, group, count, rank)
    order = _order(mutable, outside, count)
    assert order is not None, "every circle was unrolled"
    return Acyclic(mutable, order)


def _order(
    gates: Mapping[int, Gate], inside: Mapping[int, tuple[int, ...]], count: int
) -> tuple[int, ...] | None:
    """All nodes, operands first; None if there is a circle."""

    def operands_of(node: int) -> tuple[int, ...]:
        gate = gates.get(node)
        return gate.operands if gate is not None else inside.get(node, ())

    return post_order(range(count), operands_of)


def post_order(starts: Iterable[int], operands_of: Callable[[int], Iterable[int]]) -> tuple[int, ...] | None:
    """What is reached from some nodes, operands first; None if there is a circle."""
    order: list[int] = []
    entered: set[int] = set()
    done: set[int] = set()
    for start in starts:
        pending = [start]
        while pending:
            node = pending[-1]
            if node in done:
                pending.pop()
            elif node in entered:
                pending.pop()
                done.add(node)
                order.append(node)
            else:
                entered.add(node)
                for operand in operands_of(node):
                    if operand in entered and operand not in done:
                        return None
                    if operand not in done:
                        pending.append(operand)
    return tuple(order)


def _circles(
    gates: Mapping[int, Gate],
    inside: Mapping[int, tuple[int, ...]],
    rank: Rank,
    *,
    needed_only: bool = False,
) -> list[list[int]]:
    """Groups of nodes on common circles, each sorted; `needed_only`: circles through gates that need every operand."""
    import networkx

    graph = networkx.DiGraph()
    for node, gate in gates.items():
        if not needed_only or gate.k == len(gate.operands):
            graph.add_edges_from((node, operand) for operand in gate.operands)
    if not needed_only:
        for node, operands in inside.items():
            graph.add_edges_from((node, operand) for operand in operands)
    groups = networkx.strongly_connected_components(graph)
    circles = (g for g in groups if len(g) > 1 or any(graph.has_edge(n, n) for n in g))
    return sorted((sorted(group, key=rank) for group in circles), key=lambda group: rank(group[0]))


def _merge(gates: dict[int, Gate], group: list[int]) -> None:
    """Nodes that all need each other are up together: when everything outside that any of them needs is."""
    members = set(group)
    outside = dict.fromkeys(o for node in group for o in gates[node].operands if o not in members)
    first, *others = group
    gates[first] = Gate(len(outside), tuple(outside))
    for node in others:
        gates[node] = Gate(1, (first,))


def _unroll(gates: dict[int, Gate], group: list[int], count: int, rank: Rank) -> int:
    """Replaces the circles of one group by rounds from "all up"; returns the new number of nodes."""
    feedback = _feedback(gates, group, rank)
    always_up = count
    gates[always_up] = Gate(0, ())
    count += 1
    current = dict.fromkeys(feedback, always_up)
    for _ in feedback:
        copies = {}
        for node in group:
            copies[node] = count
            count += 1
        for node in group:
            gate = gates[node]
            operands = tuple(current.get(o, copies.get(o, o)) for o in gate.operands)
            gates[copies[node]] = Gate(gate.k, operands)
        current = {node: copies[node] for node in feedback}
    for node in group:
        if node in current:
            continue
        gate = gates[node]
        gates[node] = Gate(gate.k, tuple(current.get(o, o) for o in gate.operands))
    for node, settled in current.items():
        gates[node] = Gate(1, (settled,))
    return count


def _feedback(gates: Mapping[int, Gate], circle: list[int], rank: Rank) -> list[int]:
    """Nodes without which the group has no circle; few, not always fewest."""
    import networkx

    members = set(circle)
    graph = networkx.DiGraph((n, o) for n in circle for o in gates[n].operands if o in members)
    feedback: list[int] = []
    pending = [graph]
    while pending:
        part = pending.pop()
        for group in networkx.strongly_connected_components(part):
            if len(group) == 1 and not part.has_edge(*(2 * tuple(group))):
                continue
            inner = part.subgraph(group)
            chosen = max(
                sorted(group, key=rank),
                key=lambda n: (inner.has_edge(n, n), inner.in_degree(n) * inner.out_degree(n)),
            )
            feedback.append(chosen)
            pending.append(inner.subgraph(group - {chosen}))
    return feedback
