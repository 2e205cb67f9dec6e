"""Simplification down to parts: closed forms over disjoint inputs, and knots where sharing remains."""

from collections.abc import Sequence
from dataclasses import dataclass

from olagraph.metrics.structure.dag import Dag, coalesce, merge_twins, to_dag
from olagraph.metrics.structure.factoring import factor
from olagraph.metrics.structure.gates import Structure

_MOST_ROUNDS = 12
"""Each round leaves fewer shared nodes; three or four suffice in practice."""


@dataclass(frozen=True, slots=True)
class Part:
    """One module: its inputs are used by nothing else in the structure.

    Attributes:
        k: how many inputs must be up, where the part is a closed form.
        inputs: a component is its index c, part i is components + i; each of them once.
        knot: the gates over the inputs (numbered by position) if they share some; None for a closed form.
    """

    k: int
    inputs: tuple[int, ...]
    knot: Dag | None = None


def simplify(structure: Structure) -> Dag:
    """The same function in as few gates as the rewriting rules reach. Near-linear.

    Raises:
        ValueError: the structure is not well-formed.
    """
    dag = coalesce(to_dag(structure))
    for _ in range(_MOST_ROUNDS):
        before = dag.size
        if before[1] == len({operand for inner in dag.operands for operand in inner}):
            break  # nothing is shared: a tree
        rewritten = factor(merge_twins(dag))
        if rewritten is dag:
            break
        dag = coalesce(rewritten)
        if dag.size == before:
            break
    return dag


def partition(dag: Dag, components: int) -> tuple[tuple[Part, ...], int]:
    """The parts from the bottom up, and the input that is the whole (a component or the last part)."""
    if dag.root >= 0:
        return (), dag.root
    partition = _Partition(dag, components)
    for gate in range(len(dag.operands)):
        if gate in partition.modules:
            partition.add_module(gate)
    return tuple(partition.parts), partition.inputs[dag.root]


class _Partition:
    """Collects the parts.

    Attributes:
        inputs: node of the graph (a module) -> the number of its part as an input.
    """

    def __init__(self, dag: Dag, components: int) -> None:
        self.parts: list[Part] = []
        self.inputs: dict[int, int] = {}
        self.modules = _modules(dag)
        self._dag = dag
        self._components = components

    def add_module(self, gate: int) -> None:
        """The parts of one module; those of the modules in it are there already."""
        k, operands = self._dag.thresholds[gate], self._dag.operands[gate]
        groups = _independent_groups(self._dag, gate, self.modules)
        if len(groups) == 1 and len(groups[0]) > 1:
            self.inputs[~gate] = self._knot(k, operands)
            return
        inputs = [
            self._input(group[0]) if len(group) == 1 else self._knot(1 if k == 1 else len(group), group)
            for group in groups
        ]
        self.inputs[~gate] = self._number(
            Part(1 if k == 1 else k - len(operands) + len(inputs), tuple(inputs))
        )

    def _number(self, part: Part) -> int:
        self.parts.append(part)
        return self._components + len(self.parts) - 1

    def _input(self, node: int) -> int:
        return node if node >= 0 else self.inputs[node]

    def _knot(self, k: int, operands: Sequence[int]) -> int:
        """The part for a gate of `operands` that share something.

        It reaches down to components and modules. Operands that only one gate uses become a part of their own.
        """
        dag, modules = self._dag, self.modules
        uses: dict[int, int] = {}
        gates: set[int] = set()
        pending = list(operands)
        while pending:
            node = pending.pop()
            if node >= 0 or ~node in modules:
                uses[node] = uses.get(node, 0) + 1
            elif ~node not in gates:
                gates.add(~node)
                pending.extend(dag.operands[~node])
        places: dict[int, int] = {}  # input -> its position in the knot
        local: dict[int, int] = {}  # gate of the graph -> gate of the knot
        thresholds: list[int] = []
        rewritten: list[tuple[int, ...]] = []
        for gate in (*sorted(gates), None):
            needed = k if gate is None else dag.thresholds[gate]
            inner = operands if gate is None else dag.operands[gate]
            plain = needed == 1 or needed == len(inner)
            private = [o for o in inner if uses.get(o) == 1] if plain else []
            merged = -1
            if len(private) > 1:
                count = 1 if needed == 1 else len(private)
                merged = self._number(Part(count, tuple(self._input(o) for o in private)))
                needed = 1 if needed == 1 else needed - len(private) + 1
            mapped: list[int] = []
            for operand in inner:
                if operand < 0 and operand in local:
                    mapped.append(local[operand])
                elif merged < 0 or uses[operand] > 1:
                    mapped.append(places.setdefault(self._input(operand), len(places)))
                elif operand == private[0]:
                    mapped.append(places.setdefault(merged, len(places)))
            rewritten.append(tuple(mapped))
            thresholds.append(needed)
            if gate is not None:
                local[~gate] = -len(rewritten)
        return self._number(Part(thresholds[-1], tuple(places), Dag(thresholds, rewritten, -len(rewritten))))


def _modules(dag: Dag) -> frozenset[int]:
    """The gates whose inside is used nowhere else, by two passes in linear time (Dutuit and Rauzy 1996)."""
    size = len(dag.operands)
    first: dict[int, int] = {dag.root: 1}
    last: dict[int, int] = {dag.root: 1}
    finished: list[int] = [0] * size
    clock = 1
    pending: list[tuple[int, int]] = [(~dag.root, 0)]
    while pending:
        gate, position = pending.pop()
        operands = dag.operands[gate]
        clock += 1
        if position == len(operands):
            finished[gate] = clock
            continue
        pending.append((gate, position + 1))
        operand = operands[position]
        last[operand] = clock
        if operand not in first:
            first[operand] = clock
            if operand < 0:
                pending.append((~operand, 0))
    earliest: list[int] = [0] * size
    latest: list[int] = [0] * size
    modules: list[int] = []
    for gate, operands in enumerate(dag.operands):
        if ~gate not in first:
            continue
        low, high = clock + 1, 0
        for operand in operands:
            low = min(low, first[operand])
            high = max(high, last[operand])
            if operand < 0:
                low = min(low, earliest[~operand])
                high = max(high, latest[~operand], finished[~operand])
        earliest[gate], latest[gate] = low, high
        if low > first[~gate] and high < finished[gate]:
            modules.append(gate)
    return frozenset(modules)


def _independent_groups(dag: Dag, gate: int, modules: frozenset[int]) -> list[list[int]]:
    """The operands of a module, grouped by what they share (k-of-n: one group if anything is)."""
    operands = dag.operands[gate]
    if all(o >= 0 or ~o in modules for o in operands) and len(set(operands)) == len(operands):
        return [[o] for o in operands]
    owner: dict[int, int] = {}
    leader = list(range(len(operands)))

    def find(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for i, operand in enumerate(operands):
        pending = [operand]
        while pending:
            node = pending.pop()
            known = owner.get(node)
            if known is not None:
                leader[find(known)] = find(i)
                continue
            owner[node] = i
            if node < 0 and ~node not in modules:
                pending.extend(dag.operands[~node])
    groups: dict[int, list[int]] = {}
    for i, operand in enumerate(operands):
        groups.setdefault(find(i), []).append(operand)
    if 1 < dag.thresholds[gate] < len(operands):
        return [list(operands)]
    return list(groups.values())
