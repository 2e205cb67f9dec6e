"""Writing a system down, node by node."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from operator import pos
from types import MappingProxyType

from olagraph.metrics.system.acyclic import Gate, Rank
from olagraph.metrics.system.component import Alternative, Component
from olagraph.metrics.system.solver import Solver
from olagraph.metrics.system.system import System

_NOTHING: Mapping[int, Component] = MappingProxyType({})


class SystemBuilder:
    """Collects nodes; `build` freezes them. Nodes are numbered; a node may be used before it is defined.

    Args:
        earlier: a builder whose system was built, to be continued: nodes keep their numbers, and any of them may be
            defined anew. It stays as it is.
    """

    def __init__(self, earlier: "SystemBuilder | None" = None) -> None:
        self._components: dict[int, Component] = {} if earlier is None else earlier._components.copy()
        self._gates: dict[int, Gate] = {} if earlier is None else earlier._gates.copy()
        self._alternatives: dict[int, Alternative] = {} if earlier is None else earlier._alternatives.copy()
        self._common_cause: dict[int, Fraction] = {} if earlier is None else earlier._common_cause.copy()
        self._open: set[int] = set() if earlier is None else earlier._open.copy()
        self._count: int = 0 if earlier is None else earlier._count
        self._incomplete: frozenset[int] = frozenset() if earlier is None else earlier._incomplete
        self._reshaped = False
        self._entered: set[int] = set()

    @property
    def count(self) -> int:
        """How many nodes there are."""
        return self._count

    def reserve(self) -> int:
        """A node to be defined later, so that circular structures can be written down."""
        self._count += 1
        return self._count - 1

    def component(self, component: Component, *, node: int | None = None) -> int:
        """A component."""
        node = self.reserve() if node is None else node
        known = component.at_worst == component.at_best
        (self._open.discard if known else self._open.add)(node)
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
        gate = Gate(k, tuple(operands))
        before = self._gates.get(node)
        if before != gate:
            self._gates[node] = gate
            self._enter(() if before is None else before.operands, gate.operands)
        self._common_cause.pop(node, None)
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
        alternative = Alternative(composed, promised, own)
        before = self._alternatives.get(node)
        if before != alternative:
            self._alternatives[node] = alternative
            self._enter(() if before is None else before.inside, alternative.inside)
        return node

    def _enter(self, before: Iterable[int], after: Iterable[int]) -> None:
        """Notes that other nodes are used than before."""
        self._reshaped = True
        self._entered.update(set(after) - set(before))

    def forget(self, node: int) -> None:
        """Strikes out a node that nothing uses any more."""
        self._components.pop(node, None)
        self._gates.pop(node, None)
        self._alternatives.pop(node, None)
        self._common_cause.pop(node, None)
        self._open.discard(node)

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

    def build(
        self,
        solver: Solver | None = None,
        *,
        unknown: Mapping[int, Component] = _NOTHING,
        rank: Rank = pos,
        earlier: System | None = None,
        stale: Collection[int] = (),
    ) -> System:
        """The system of all nodes defined so far. The builder must not be used afterwards, except to be continued.

        Args:
            solver: shared by systems that hold the same structures, as the two views of a portfolio do.
            unknown: nodes that are components whatever was written down, see `groundless`.
            rank: decides between nodes of a circle, so that their numbers do not.
            earlier: what the builder that this one continues has built: of other nodes than the stale ones its values
                stand.
            stale: the nodes of which anything below, or they themselves, were defined anew.

        A composition with anything unknown in it does not count against a promise on the whole (SEMANTICS §4).
        """
        components, gates, alternatives = self._components, self._gates, self._alternatives
        if unknown:
            components = {**components, **unknown}
            gates = {node: gate for node, gate in gates.items() if node not in unknown}
            alternatives = {node: both for node, both in alternatives.items() if node not in unknown}
        promised: dict[int, Gate] = {}
        if alternatives and (self._open or unknown):
            incomplete = self._above((*self._open, *unknown), through_alternatives=False)
            promised = {
                n: Gate(1, (a.promised,)) for n, a in alternatives.items() if a.composed in incomplete
            }
            gates = {**gates, **promised}
            alternatives = {n: a for n, a in alternatives.items() if n not in promised}
        for node in self._incomplete ^ promised.keys():
            if node in promised:
                self._enter((), promised[node].operands)
            elif node in alternatives:
                self._enter((), alternatives[node].inside)
        self._incomplete = frozenset(promised)
        return System(
            count=self._count,
            components=components,
            gates=gates,
            alternatives=alternatives,
            common_cause=self._common_cause,
            solver=solver or Solver(),
            rank=rank,
            earlier=earlier,
            stale=stale,
            reshaped=self._reshaped or bool(unknown),
            entered=None if unknown else self._entered,
        )
