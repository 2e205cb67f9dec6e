"""Local structures: what lies between a node and the modules or components nearest below it."""

from collections.abc import Mapping
from dataclasses import dataclass

from olagraph.metrics.structure import Compiled, Gate, Structure
from olagraph.metrics.system.acyclic import Gate as Needs
from olagraph.metrics.system.acyclic import without_cycles
from olagraph.metrics.system.component import Alternative, Component
from olagraph.metrics.system.modules import modules
from olagraph.metrics.system.solver import Solver


@dataclass(frozen=True, slots=True)
class Local:
    """The structure between a node and the modules or components nearest below it."""

    leaves: tuple[int, ...]
    gates: tuple[Gate, ...]  # operands index `leaves`; the last gate is the root
    compiled: Compiled | None  # None: all leaves needed, or any one of them suffices
    needed: bool


class LocalStructures:
    """The nodes of one graph without circles, and the local structure of each, found at most once.

    Attributes:
        components: by node.
        alternatives: by node; those on a circle have become gates.
    """

    def __init__(
        self,
        *,
        count: int,
        components: Mapping[int, Component],
        gates: Mapping[int, Needs],
        alternatives: Mapping[int, Alternative],
        solver: Solver,
    ) -> None:
        self.components = components
        self._solver = solver
        inside = {n: (a.composed,) if a.own is None else (a.composed, a.own) for n, a in alternatives.items()}
        acyclic = without_cycles(gates, inside, count)
        self._gates = acyclic.gates
        # An alternative on a circle has its inside used elsewhere by definition.
        self.alternatives = {n: a for n, a in alternatives.items() if n not in acyclic.gates}
        self._modules = modules(acyclic.order, self._operands)
        self._locals: dict[int, Local] = {}

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
        found = self._locals.get(root)
        if found is not None:
            return found
        inside, order = self._between(root)
        numbers: dict[int, int] = {}
        references: dict[int, int | None] = {}  # node -> engine reference, None = always up
        gates: list[Gate] = []
        for node in order:
            if node not in inside:
                numbers[node] = len(numbers)
                references[node] = numbers[node]
                continue
            gate = inside[node]
            operands = [references[o] for o in gate.operands]
            real = tuple(o for o in operands if o is not None)
            k = gate.k - (len(operands) - len(real))
            if k <= 0:
                references[node] = None
            else:
                gates.append(Gate(k, real))
                references[node] = ~(len(gates) - 1)
        leaves = tuple(numbers)
        whole = references[root]
        if whole is None:
            local = Local((), (), None, needed=True)
        elif all(gate.k == len(gate.operands) for gate in gates):
            local = Local(leaves, tuple(gates), None, needed=True)
        elif len(gates) == 1 and gates[0].k == 1 and len(set(gates[0].operands)) == len(gates[0].operands):
            local = Local(leaves, tuple(gates), None, needed=False)
        else:
            structure = Structure(tuple(gates), whole, len(leaves))
            local = Local(leaves, tuple(gates), self._solver.compiled(structure), needed=False)
        self._locals[root] = local
        return local

    def _between(self, root: int) -> tuple[dict[int, Needs], list[int]]:
        """The gates reached from `root` without passing a module or a component, and a post-order of all reached."""
        inside: dict[int, Needs] = {}
        order: list[int] = []
        seen: set[int] = set()
        pending: list[tuple[int, bool]] = [(root, False)]
        while pending:
            node, entered = pending.pop()
            if entered:
                order.append(node)
                continue
            if node in seen:
                continue
            seen.add(node)
            if node != root and self._leaf(node):
                order.append(node)
                continue
            alternative = self.alternatives.get(node)
            if alternative is None:
                gate = self._gates[node]
            elif node == root or self._is_module_of(root, node):
                order.append(node)
                continue
            else:
                operands = self._operands(node)
                gate = Needs(len(operands), operands)
            inside[node] = gate
            pending.append((node, True))
            pending.extend((operand, False) for operand in gate.operands)
        return inside, order

    def _leaf(self, node: int) -> bool:
        return node in self._modules or node in self.components

    def _is_module_of(self, root: int, node: int) -> bool:
        """Whether, in the structure of `root` alone, everything below `node` is used only through it."""
        below = self._reached(node, stop=-1)
        around = self._reached(root, stop=node)
        return not (below & around) - {node}

    def _reached(self, start: int, *, stop: int) -> set[int]:
        seen = {start}
        pending = [start]
        while pending:
            node = pending.pop()
            if node != stop:
                new = [o for o in self._operands(node) if o not in seen]
                seen.update(new)
                pending.extend(new)
        return seen

    def _operands(self, node: int) -> tuple[int, ...]:
        gate = self._gates.get(node)
        if gate is not None:
            return gate.operands
        alternative = self.alternatives.get(node)
        if alternative is None:
            return ()
        return (alternative.composed,) if alternative.own is None else (alternative.composed, alternative.own)
