"""The working form of a structure: gates in topological order, from a builder that simplifies as it goes."""

from collections.abc import Sequence
from typing import NamedTuple

from olagraph.metrics.structure.gates import Structure

UP = 1 << 60
"""An operand that is always up. Components and gates are numbered far below it."""

DOWN = -UP
"""An operand that is always down."""


class Dag(NamedTuple):
    """Gates from the bottom up; gate i is encoded ~i, a component by its index.

    Attributes:
        thresholds: how many operands must be up, one entry a gate.
        operands: of each gate; gates in them come earlier.
        root: the whole.
    """

    thresholds: Sequence[int]
    operands: Sequence[tuple[int, ...]]
    root: int

    @property
    def size(self) -> tuple[int, int]:
        """Gates and edges."""
        return len(self.operands), sum(map(len, self.operands))


class DagBuilder:
    """Adds gates from the bottom up; drops constants and trivial gates, and makes equal gates one."""

    def __init__(self) -> None:
        self.thresholds: list[int] = []
        self.operands: list[tuple[int, ...]] = []
        self._known: dict[object, int] = {}

    def add(self, k: int, operands: Sequence[int]) -> int:
        """What "at least `k` of `operands` are up" simplifies to: an operand, `UP`, `DOWN` or a gate."""
        if UP in operands or DOWN in operands:
            k -= operands.count(UP)
            operands = [o for o in operands if o != UP and o != DOWN]
        n = len(operands)
        if k <= 0:
            return UP
        if k > n:
            return DOWN
        key: object
        if k == 1 or k == n:
            distinct = frozenset(operands)
            if len(distinct) == 1:
                return operands[0]
            if len(distinct) != n:
                operands = list(dict.fromkeys(operands))
                k = 1 if k == 1 else len(operands)
            key = (k == 1, distinct)
        else:
            key = (k, tuple(sorted(operands)))
        gate = self._known.get(key)
        if gate is None:
            gate = self._known[key] = ~len(self.operands)
            self.thresholds.append(k)
            self.operands.append(tuple(operands))
        return gate

    def build(self, root: int) -> Dag:
        """The graph below `root`."""
        return Dag(self.thresholds, self.operands, root)


def to_dag(structure: Structure) -> Dag:
    """The part of the structure below its root, in topological order.

    Raises:
        ValueError: an operand that does not exist, a `k` out of range, or a cycle.
    """
    gates, components = structure.gates, structure.components
    pending = [structure.root]
    builder = DagBuilder()
    nodes: list[int | None] = [None] * len(gates)
    entered = bytearray(len(gates))
    root = structure.root
    _check_operands((root,), len(gates), components)
    while pending:
        node = pending[-1]
        if node >= 0 or nodes[~node] is not None:
            pending.pop()
            continue
        gate = gates[~node]
        if entered[~node]:
            operands = [o if o >= 0 else nodes[~o] for o in gate.operands]
            if None in operands:
                raise ValueError(f"gate {~node} is on a cycle")
            nodes[~node] = builder.add(gate.k, operands)  # type: ignore[arg-type]  # no None is left in it
            pending.pop()
            continue
        if not 1 <= gate.k <= len(gate.operands):
            raise ValueError(f"gate {~node} needs {gate.k} of {len(gate.operands)} operands")
        _check_operands(gate.operands, len(gates), components)
        entered[~node] = 1
        below = [o for o in gate.operands if o < 0 and nodes[~o] is None]
        pending.extend(reversed(below))
    if root < 0:
        settled = nodes[~root]
        assert settled is not None
        root = settled
    return builder.build(root)


def _check_operands(operands: Sequence[int], gates: int, components: int) -> None:
    if min(operands) < -gates or max(operands) >= components:
        raise ValueError(
            f"an operand of {operands} is neither one of {components} components nor of {gates} gates"
        )


def coalesce(dag: Dag) -> Dag:
    """Draws the operands of a gate into its only parent where both need all, or both need one."""
    thresholds, operands = dag.thresholds, dag.operands
    if dag.root >= 0:
        return Dag([], [], dag.root)
    parents = [0] * len(operands)
    parents[~dag.root] = 1
    absorbed = bytearray(len(operands))
    for gate in range(len(operands) - 1, -1, -1):
        if not parents[gate]:
            continue
        for operand in operands[gate]:
            if operand < 0:
                parents[~operand] += 1
    for gate, inner in enumerate(operands):
        k = thresholds[gate]
        if not parents[gate] or (k != 1 and k != len(inner)):
            continue
        for operand in inner:
            if operand < 0 and parents[~operand] == 1:
                below = thresholds[~operand]
                if k == below == 1 or (k != 1 and below == len(operands[~operand])):
                    absorbed[~operand] = 1
    builder = DagBuilder()
    nodes = [0] * len(operands)
    for gate, inner in enumerate(operands):
        if not parents[gate] or absorbed[gate]:
            continue
        mapped: list[int] = []
        pending = list(inner[::-1])
        while pending:
            operand = pending.pop()
            if operand >= 0:
                mapped.append(operand)
            elif absorbed[~operand]:
                pending.extend(operands[~operand][::-1])
            else:
                mapped.append(nodes[~operand])
        k = thresholds[gate]
        nodes[gate] = builder.add(len(mapped) if k == len(inner) and k > 1 else k, mapped)
    return builder.build(nodes[~dag.root])


def merge_twins(dag: Dag) -> Dag:
    """Gathers operands that always stand together in a gate of their own.

    Their parents must all need all, or all need one; they then have one operand instead of many.
    """
    parents: dict[int, list[int]] = {}
    for gate, inner in enumerate(dag.operands):
        for operand in inner:
            parents.setdefault(operand, []).append(gate)
    twins: dict[tuple[int, ...], list[int]] = {}
    for operand, users in parents.items():
        if len(users) > 1:
            twins.setdefault(tuple(users), []).append(operand)
    groups: dict[int, tuple[int, list[int]]] = {}
    for above, together in twins.items():
        if len(together) > 1:
            redundant = {dag.thresholds[gate] == 1 for gate in above}
            # Next to a k-of-n gate, or under gates of both kinds, nothing can be gathered.
            if len(redundant) == 1 and all(dag.thresholds[g] in (1, len(dag.operands[g])) for g in above):
                k = 1 if redundant == {True} else len(together)
                for operand in together:
                    groups[operand] = (k, together)
    if not groups:
        return dag
    builder = DagBuilder()
    nodes = [0] * len(dag.operands)

    def node(operand: int) -> int:
        return operand if operand >= 0 else nodes[~operand]

    for gate, inner in enumerate(dag.operands):
        mapped: list[int] = []
        for operand in inner:
            k, together = groups.get(operand, (0, []))
            if not together:
                mapped.append(node(operand))
            elif operand == together[0]:
                mapped.append(builder.add(k, [node(twin) for twin in together]))
        k = dag.thresholds[gate]
        nodes[gate] = builder.add(k if k == 1 or k != len(inner) else len(mapped), mapped)
    return builder.build(node(dag.root))
