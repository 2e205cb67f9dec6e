"""Local structures: what lies between a node and the modules or components nearest below it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from olagraph.metrics.structure import Compiled, Gate, Structure
from olagraph.metrics.system.acyclic import Gate as Needs
from olagraph.metrics.system.acyclic import Rank, without_cycles
from olagraph.metrics.system.component import Alternative, Component
from olagraph.metrics.system.modules import modules
from olagraph.metrics.system.solver import Solver

_Known = TypeVar("_Known")


@dataclass(frozen=True, slots=True)
class Local:
    """The structure between a node and the modules or components nearest below it."""

    leaves: tuple[int, ...]
    gates: tuple[Gate, ...]  # operands index `leaves`; the last gate is the root
    compiled: Compiled | None  # None: all leaves needed, or any one of them suffices
    needed: bool


class LocalStructures:
    """The nodes of one graph without circles, and the local structure of each, found at most once.

    Args:
        rank: decides between nodes of a circle.
        earlier: those of a graph with the same nodes, of which only the stale ones have other gates below them.
        reshaped: whether any gate at all has changed since.

    Attributes:
        components: by node.
        alternatives: by node; those on a circle have become gates.
        count: how many nodes were written down; those past them stand for rounds on circles.
    """

    _gates: Mapping[int, Needs]
    _circular: bool
    _modules: frozenset[int]
    _locals: dict[int, Local]
    alternatives: Mapping[int, Alternative]

    def __init__(
        self,
        *,
        count: int,
        components: Mapping[int, Component],
        gates: Mapping[int, Needs],
        alternatives: Mapping[int, Alternative],
        solver: Solver,
        rank: Rank,
        earlier: "LocalStructures | None",
        stale: Collection[int],
        reshaped: bool,
    ) -> None:
        self.components = components
        self.count = count
        self._solver = solver
        if earlier is not None and not reshaped and not (earlier._circular and count > earlier.count):
            self._gates = earlier._gates
            self.alternatives = earlier.alternatives
            self._circular = earlier._circular
            self._modules = earlier._modules
            self._locals = earlier._locals
            return
        inside = {n: (a.composed,) if a.own is None else (a.composed, a.own) for n, a in alternatives.items()}
        acyclic = without_cycles(gates, inside, count, rank=rank)
        self._gates = acyclic.gates
        self._circular = acyclic.gates is not gates
        # An alternative on a circle has its inside used elsewhere by definition.
        self.alternatives = {n: a for n, a in alternatives.items() if n not in acyclic.gates}
        self._modules = modules(acyclic.order, self._operands)
        self._locals = {}
        if earlier is not None:
            self._locals = earlier.still_true(earlier._locals, stale)
            if earlier._circular:
                written = range(earlier.count)
                self._locals = {
                    node: local
                    for node, local in self._locals.items()
                    if all(leaf in written for leaf in local.leaves)
                }

    def still_true(self, known: Mapping[int, _Known], stale: Collection[int]) -> dict[int, _Known]:
        """What is known by node, without the stale ones and the rounds on circles, whose numbers do not last."""
        kept = dict(known)
        for node in stale:
            kept.pop(node, None)
        if self._circular:
            kept = {node: value for node, value in kept.items() if node < self.count}
        return kept

    def same_shape_as(self, other: "LocalStructures") -> bool:
        """Whether the gates are the same."""
        return self._gates is other._gates

    def parts(self, node: int) -> tuple[int, ...]:
        """What the value of a node is composed of."""
        if node in self.components:
            return ()
        alternative = self.alternatives.get(node)
        if alternative is not None:
            return (alternative.composed, alternative.promised)
        return self.local(node).leaves

    def local(self, root: int) -> Local:
        """The gates between `root` and the modules and components below it, as a structure of its own."""
        if root not in self._locals:
            nested = self._nested(root)
            for node in nested & self._gates.keys():
                if node not in self._locals:
                    self._locals[node] = self._between(node, nested)
            self._locals[root] = self._between(root, nested)
        return self._locals[root]

    def _nested(self, root: int) -> frozenset[int]:
        """The modules of the structure of `root` alone: what else there is in the graph must not decide its values.

        Those that lie below one of them are its own.
        """
        order = self._walk(root, frozenset())
        if all(node == root or self._leaf(node) for node in order):
            return frozenset()
        found = modules(order, lambda node: () if node != root and self._leaf(node) else self._operands(node))
        return found - {root}

    def _between(self, root: int, nested: frozenset[int]) -> Local:
        """The local structure of `root`; modules of its own are leaves."""
        order = self._walk(root, nested)
        numbers: dict[int, int] = {}
        references: dict[int, int | None] = {}  # node -> engine reference, None = always up
        gates: list[Gate] = []
        for node in order:
            if node != root and (self._leaf(node) or node in nested):
                numbers[node] = len(numbers)
                references[node] = numbers[node]
                continue
            operands = [references[o] for o in self._operands(node)]
            real = tuple(o for o in operands if o is not None)
            gate = self._gates.get(node)  # an alternative whose inside is used elsewhere needs all there is
            k = len(real) if gate is None else gate.k - (len(operands) - len(real))
            if k <= 0:
                references[node] = None
            else:
                gates.append(Gate(k, real))
                references[node] = ~(len(gates) - 1)
        leaves = tuple(numbers)
        whole = references[root]
        if whole is None:
            return Local((), (), None, needed=True)
        if all(gate.k == len(gate.operands) for gate in gates):
            return Local(leaves, tuple(gates), None, needed=True)
        if len(gates) == 1 and gates[0].k == 1 and len(set(gates[0].operands)) == len(gates[0].operands):
            return Local(leaves, tuple(gates), None, needed=False)
        structure = Structure(tuple(gates), whole, len(leaves))
        return Local(leaves, tuple(gates), self._solver.compiled(structure), needed=False)

    def _walk(self, root: int, nested: frozenset[int]) -> list[int]:
        """What is reached from `root` without passing a component or a module, operands first."""
        order: list[int] = []
        seen: set[int] = set()
        pending: list[tuple[int, bool]] = [(root, False)]
        while pending:
            node, entered = pending.pop()
            if entered:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                if node != root and (self._leaf(node) or node in nested):
                    order.append(node)
                else:
                    pending.append((node, True))
                    pending.extend((operand, False) for operand in self._operands(node))
        return order

    def _leaf(self, node: int) -> bool:
        return node in self._modules or node in self.components

    def _operands(self, node: int) -> tuple[int, ...]:
        gate = self._gates.get(node)
        if gate is not None:
            return gate.operands
        alternative = self.alternatives.get(node)
        if alternative is None:
            return ()
        return (alternative.composed,) if alternative.own is None else (alternative.composed, alternative.own)
