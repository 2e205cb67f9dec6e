"""Orders of the inputs of a knot: no single one is safe, so several are tried (see `diagrams`).

Most are the order in which a depth-first walk meets the inputs; they differ in which operand is visited
first. One goes layer by layer. The last improves one of them by FORCE (Aloul, Markov and Sakallah 2003):
every gate pulls its operands together.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from olagraph.metrics.structure.dag import Dag

_FORCE_ROUNDS = 60
_FORCE_PATIENCE = 8
_FORCE_STEPS = 200_000


def input_orders(dag: Dag) -> Iterator[list[int]]:
    """Orders of the inputs, each different from those before."""
    uses: dict[int, int] = {}
    leaves: list[int] = []
    for inner in dag.operands:
        total = 0
        for operand in inner:
            uses[operand] = uses.get(operand, 0) + 1
            total += leaves[~operand] if operand < 0 else 1
        leaves.append(total)

    def weight(operand: int) -> int:
        return leaves[~operand] if operand < 0 else 1

    keys: tuple[Callable[[int], Any], ...] = (
        lambda o: -weight(o),  # the biggest subtree first
        lambda o: 0,  # as written
        lambda o: (o >= 0, -uses[o]),  # gates first, then the most shared
        weight,  # the smallest subtree first
        lambda o: (o < 0, -uses[o] if o >= 0 else weight(o)),  # inputs first
    )
    seen: set[tuple[int, ...]] = set()
    walks = [partial(_depth_first, dag, key) for key in keys]
    walks.insert(2, partial(_by_depth, dag))
    for walk in walks:
        order = walk()
        if tuple(order) not in seen:
            seen.add(tuple(order))
            yield order
    yield _force(dag, keys[2])


def _depth_first(dag: Dag, key: Callable[[int], Any]) -> list[int]:
    return [node for node in _visits(dag, key) if node >= 0]


def _by_depth(dag: Dag) -> list[int]:
    """The inputs nearest to the root first: for layered structures, whose layers are wired crosswise."""
    depth: dict[int, int] = {}
    for gate in range(len(dag.operands) - 1, -1, -1):
        below = depth.get(~gate, 0) + 1
        for operand in dag.operands[gate]:
            depth[operand] = max(depth.get(operand, 0), below)
    return sorted((node for node in depth if node >= 0), key=depth.__getitem__)


def _visits(dag: Dag, key: Callable[[int], Any]) -> list[int]:
    """All nodes in the order of a depth-first walk that visits the operands of the least key first."""
    found: dict[int, None] = {}
    pending = [dag.root]
    while pending:
        node = pending.pop()
        if node not in found:
            found[node] = None
            if node < 0:
                # Not `reverse=True`: that would leave ties in place, and the stack turn them round.
                pending.extend(sorted(dag.operands[~node], key=key)[::-1])
    return list(found)


def _force(dag: Dag, key: Callable[[int], Any]) -> list[int]:
    position = {node: i for i, node in enumerate(_visits(dag, key))}
    edges = [(~gate, *inner) for gate, inner in enumerate(dag.operands)]
    pulls: dict[int, list[int]] = {node: [] for node in position}
    for i, edge in enumerate(edges):
        for node in edge:
            pulls[node].append(i)
    best, best_span, patience = position, _span(position, edges), _FORCE_PATIENCE
    steps = sum(map(len, edges))
    for _ in range(min(_FORCE_ROUNDS, _FORCE_STEPS // steps)):
        centres = [sum([position[node] for node in edge]) / len(edge) for edge in edges]
        target = {node: sum([centres[i] for i in of]) / len(of) for node, of in pulls.items()}
        position = {node: i for i, node in enumerate(sorted(position, key=target.__getitem__))}
        span = _span(position, edges)
        if span < best_span:
            best, best_span, patience = position, span, _FORCE_PATIENCE
        else:
            patience -= 1
            if not patience:
                break
    return [node for node in sorted(best, key=best.__getitem__) if node >= 0]


def _span(position: dict[int, int], edges: list[tuple[int, ...]]) -> int:
    total = 0
    for edge in edges:
        places = [position[node] for node in edge]
        total += max(places) - min(places)
    return total
