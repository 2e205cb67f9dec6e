"""Writing a system down, node by node."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from olagraph.metrics.system.acyclic import Gate
from olagraph.metrics.system.component import Alternative, Component
from olagraph.metrics.system.solver import Solver
from olagraph.metrics.system.system import System


class SystemBuilder:
    """Collects nodes; `build` freezes them. Nodes are numbered; a node may be used before it is defined."""

    def __init__(self) -> None:
        self._components: dict[int, Component] = {}
        self._gates: dict[int, Gate] = {}
        self._alternatives: dict[int, Alternative] = {}
        self._common_cause: dict[int, Fraction] = {}
        self._count = 0

    def reserve(self) -> int:
        """A node to be defined later, so that circular structures can be written down."""
        self._count += 1
        return self._count - 1

    def component(self, component: Component, *, node: int | None = None) -> int:
        """A component."""
        node = self.reserve() if node is None else node
        self._components[node] = component
        return node

    def gate(
        self,
        k: int,
        operands: Sequence[int],
        *,
        node: int | None = None,
        common_cause: Fraction | None = None,
    ) -> int:
        """A node that is up when at least `k` of its operands are.

        Args:
            common_cause: beta of SEMANTICS §5; the operands must be components used nowhere else.
        """
        node = self.reserve() if node is None else node
        self._gates[node] = Gate(k, tuple(operands))
        if common_cause:
            self._common_cause[node] = common_cause
        return node

    def alternative(self, *, composed: int, promised: int, own: int | None, node: int | None = None) -> int:
        """One event that both a composition and a promise on the whole speak of (SEMANTICS §4).

        Basis by basis the better counts, if nothing inside `composed` is used elsewhere in the structure
        asked about; else
        `composed` together with `own`, the unstated own part bounded by the promise (None: it is stated).
        """
        node = self.reserve() if node is None else node
        self._alternatives[node] = Alternative(composed, promised, own)
        return node

    def groundless(self, nodes: Sequence[int]) -> list[int]:
        """Those of `nodes` from which no component can be reached: circles that rest on nothing."""
        grounded = self._above(self._components, through_alternatives=True)
        return [node for node in nodes if node not in grounded]

    def _above(self, nodes: Iterable[int], *, through_alternatives: bool) -> set[int]:
        """`nodes` and all that is composed of any of them."""
        above: dict[int, list[int]] = {}
        for node, gate in self._gates.items():
            for operand in gate.operands:
                above.setdefault(operand, []).append(node)
        if through_alternatives:
            for node, alternative in self._alternatives.items():
                above.setdefault(alternative.composed, []).append(node)
                above.setdefault(alternative.promised, []).append(node)
        found = set(nodes)
        pending = list(found)
        while pending:
            for node in above.get(pending.pop(), ()):
                if node not in found:
                    found.add(node)
                    pending.append(node)
        return found

    def replace(self, node: int, component: Component) -> None:
        """Makes `node` a component, whatever it was."""
        self._gates.pop(node, None)
        self._alternatives.pop(node, None)
        self._common_cause.pop(node, None)
        self._components[node] = component

    def close_circles(self, root: int) -> None:
        """Alternatives that lie on a circle through themselves alone, in the structure of `root`.

        Where nothing inside the composition is used elsewhere, the circle closes inside: it leads back to the
        composition, of which the promise on the whole is no part, and the better of the two still counts.
        """
        for node, alternative in self._alternatives.items():
            inside = self._reached(alternative.composed, without=node)
            if not any(node in self._operands(n) for n in inside):
                continue
            if node != root and inside & self._reached(root, without=node):
                continue
            for n in inside & self._gates.keys():
                gate = self._gates[n]
                operands = tuple(alternative.composed if o == node else o for o in gate.operands)
                self._gates[n] = Gate(gate.k, operands)

    def _operands(self, node: int) -> tuple[int, ...]:
        gate = self._gates.get(node)
        if gate is not None:
            return gate.operands
        alternative = self._alternatives.get(node)
        return () if alternative is None else (alternative.composed,)

    def _reached(self, start: int, *, without: int) -> set[int]:
        """Everything reached from a node without passing another one."""
        seen: set[int] = set()
        pending = [start]
        while pending:
            node = pending.pop()
            if node != without and node not in seen:
                seen.add(node)
                pending.extend(self._operands(node))
        return seen

    def build(self, solver: Solver | None = None) -> System:
        """The system of all nodes defined so far. The builder must not be used afterwards.

        Args:
            solver: shared by systems that hold the same structures, as the two views of a portfolio do.

        A composition with anything unknown in it does not count against a promise on the whole (SEMANTICS §4).
        """
        unknown = [node for node, c in self._components.items() if c.at_worst != c.at_best]
        incomplete = self._above(unknown, through_alternatives=False)
        for node, alternative in list(self._alternatives.items()):
            if alternative.composed in incomplete:
                del self._alternatives[node]
                self._gates[node] = Gate(1, (alternative.promised,))
        return System(
            count=self._count,
            components=self._components,
            gates=self._gates,
            alternatives=self._alternatives,
            common_cause=self._common_cause,
            solver=solver or Solver(),
        )
