"""Local structures: what lies between a node and the modules or components nearest below it."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeVar

from olagraph.metrics.structure import Compiled, Gate, Structure
from olagraph.metrics.system.acyclic import Gate as Needs
from olagraph.metrics.system.acyclic import Rank, post_order, without_cycles
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
        entered: the nodes that anything uses that did not use them before; None = not known.

    Attributes:
        components: by node.
        alternatives: by node; those on a circle have become gates.
        count: how many nodes were written down; those past them stand for rounds on circles.
        circular: whether there are any circles.
    """

    _gates: Mapping[int, Needs]
    circular: bool
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
        entered: Collection[int] | None,
    ) -> None:
        self.components = components
        self.count = count
        self._solver = solver
        if earlier is not None and not reshaped and not (earlier.circular and count > earlier.count):
            self._gates = earlier._gates
            self.alternatives = earlier.alternatives
            self.circular = earlier.circular
            self._modules = earlier._modules
            self._locals = earlier._locals
            return
        self._locals = {}
        if earlier is not None and entered is not None and not earlier.circular:
            self._gates, self.alternatives, self.circular = gates, alternatives, False
            changed = {*stale, *range(earlier.count, count)}
            if self._find_modules_in(changed, earlier._modules, entered):
                self._locals = earlier.still_true(earlier._locals, stale)
                return
        inside = {node: alternative.inside for node, alternative in alternatives.items()}
        acyclic = without_cycles(gates, inside, count, rank=rank)
        self._gates = acyclic.gates
        self.circular = acyclic.gates is not gates
        # An alternative on a circle has its inside used elsewhere by definition.
        self.alternatives = {n: a for n, a in alternatives.items() if n not in acyclic.gates}
        self._modules = modules(acyclic.order, self._operands)
        if earlier is not None:
            self._locals = earlier.still_true(earlier._locals, stale)
            if earlier.circular:
                written = range(earlier.count)
                self._locals = {
                    node: local
                    for node, local in self._locals.items()
                    if all(leaf in written for leaf in local.leaves)
                }

    def _find_modules_in(
        self, changed: AbstractSet[int], earlier: frozenset[int], entered: Collection[int]
    ) -> bool:
        """Finds the modules where all but the changed nodes are as before. False if there are circles now.

        Of the earlier modules those stand in which nothing is used from outside now. Whether a changed node is one is
        decided by what lies below the changed nodes, and by what of that is used elsewhere.
        """
        users: dict[int, list[int]] = {}
        for node in (*self._gates, *self.alternatives):
            for operand in self._operands(node):
                users.setdefault(operand, []).append(node)
        kept = earlier - changed - _reached(entered, users)

        def operands_of(node: int) -> tuple[int, ...]:
            return () if node in kept else self._operands(node)

        order = post_order(changed, operands_of)
        if order is None:
            return False
        region = set(order) - kept
        elsewhere = [node for node in order if any(user not in region for user in users.get(node, ()))]
        self._modules = kept | (modules(order, operands_of, elsewhere=elsewhere) & changed)
        return True

    def still_true(self, known: Mapping[int, _Known], stale: Collection[int]) -> dict[int, _Known]:
        """What is known by node, without the stale ones and the rounds on circles, whose numbers do not last."""
        kept = dict(known)
        for node in stale:
            kept.pop(node, None)
        if self.circular:
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
        if all(map(self._leaf, self._operands(root))):
            return frozenset()
        order = self._walk(root, frozenset())
        found = modules(order, lambda node: () if node != root and self._leaf(node) else self._operands(node))
        return frozenset(node for node in order if node in found and node != root and not self._leaf(node))

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
        return () if alternative is None else alternative.inside


def _reached(starts: Collection[int], following: Mapping[int, Collection[int]]) -> set[int]:
    """Everything that some nodes lead to, they themselves only if anything leads back."""
    found: set[int] = set()
    pending = list(starts)
    while pending:
        new = [node for node in following.get(pending.pop(), ()) if node not in found]
        found.update(new)
        pending.extend(new)
    return found
