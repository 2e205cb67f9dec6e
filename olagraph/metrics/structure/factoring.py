"""Factoring: what the whole, or a part, rests on alone is taken out of everything inside it.

Inside "x and …" the component x may be taken as up, inside "x or …" as down (x∧f(x) = x∧f(1), x∨f(x) =
x∨f(0)). So infrastructure shared by everything collapses to one factor, and what is left often is a closed
form. The same holds for a shared gate in the place of x.

Two sweeps with one bit for each shared node: bottom-up, which shared nodes alone bring a gate down (`needs`)
or up (`suffices`); top-down, what may be assumed wherever a gate is used. A shared node that alone brings
down (up) the nearest gate that all ways to it lead through (its dominator) is lifted there.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from olagraph.metrics.bit_sets import at_least
from olagraph.metrics.structure.dag import DOWN, UP, Dag, DagBuilder

_MOST_BITS = 1 << 28
"""Bound on gates times shared nodes (32 MB a sweep); beyond it the least shared nodes stay where they are."""


class _Edited(NamedTuple):
    """One gate after the top-down sweep: all of `needed`, and any of `sufficient` or (k of operands)."""

    k: int
    operands: list[int]
    needed: list[int]
    sufficient: list[int]


def factor(dag: Dag) -> Dag:
    """The same function with common factors taken out; `dag` itself where there are none."""
    shared = _shared(dag)
    if not shared:
        return dag
    bits = {node: 1 << i for i, node in enumerate(shared)}
    needs, suffices = _sole_causes(dag, bits)
    lifted_down, lifted_up = _lifted(dag, shared, bits, needs, suffices)
    editor = _Editor(dag, shared, bits, needs, suffices, lifted_down, lifted_up)
    edited = editor.run()
    if not editor.changed:
        return dag
    builder = DagBuilder()
    nodes = [0] * len(dag.operands)

    def mapped(operands: Sequence[int]) -> list[int]:
        return [o if o >= 0 or o == DOWN else nodes[~o] for o in operands]

    for gate, edit in enumerate(edited):
        if edit is None:
            continue
        inner = builder.add(edit.k, mapped(edit.operands))
        if edit.sufficient:
            inner = builder.add(1, [*mapped(edit.sufficient), inner])
        if edit.needed:
            inner = builder.add(len(edit.needed) + 1, [*mapped(edit.needed), inner])
        nodes[gate] = inner
    return builder.build(nodes[~dag.root])


def _shared(dag: Dag) -> list[int]:
    """The nodes with several parents, as many of the most shared as the bound allows."""
    uses: dict[int, int] = {}
    for inner in dag.operands:
        for operand in inner:
            uses[operand] = uses.get(operand, 0) + 1
    shared = [node for node, count in uses.items() if count > 1]
    most = _MOST_BITS // (len(dag.operands) + 1)
    if len(shared) > most:
        shared = sorted(shared, key=lambda node: -uses[node])[:most]
    return shared


def _sole_causes(dag: Dag, bits: dict[int, int]) -> tuple[list[int], list[int]]:
    """For each gate the shared nodes that alone bring it down, and those that alone bring it up."""
    needs: list[int] = []
    suffices: list[int] = []
    for k, inner in zip(dag.thresholds, dag.operands, strict=True):
        down = [bits.get(o, 0) | needs[~o] if o < 0 else bits.get(o, 0) for o in inner]
        up = [bits.get(o, 0) | suffices[~o] if o < 0 else bits.get(o, 0) for o in inner]
        needs.append(at_least(down, len(inner) - k + 1))
        suffices.append(at_least(up, k))
    return needs, suffices


def _lifted(
    dag: Dag, shared: Sequence[int], bits: dict[int, int], needs: list[int], suffices: list[int]
) -> tuple[dict[int, int], dict[int, int]]:
    """The shared nodes to lift to a gate, as gate -> bits: those it needs; those that suffice it."""
    lifted_down: dict[int, int] = {}
    lifted_up: dict[int, int] = {}
    for node, gate in _dominators(dag, shared):
        if needs[gate] & bits[node]:
            lifted_down[gate] = lifted_down.get(gate, 0) | bits[node]
        if suffices[gate] & bits[node]:
            lifted_up[gate] = lifted_up.get(gate, 0) | bits[node]
    return lifted_down, lifted_up


def _dominators(dag: Dag, shared: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs (shared node, nearest gate that every way from the root to it leads through).

    Top-down, the nearest common ancestor of the parents in the tree of dominators so far, by skip links in
    logarithmic time (Myers 1983).
    """
    size = len(dag.operands)
    above: list[int] = [-1] * size  # dominator
    skip: list[int] = [-1] * size
    depth: list[int] = [-1] * size  # -1: not reached
    found: dict[int, int] = {}

    def common(one: int, other: int) -> int:
        if depth[one] < depth[other]:
            one, other = other, one
        while depth[one] > depth[other]:
            one = skip[one] if depth[skip[one]] >= depth[other] else above[one]
        while one != other:
            if skip[one] != skip[other]:
                one, other = skip[one], skip[other]
            else:
                one, other = above[one], above[other]
        return one

    root = ~dag.root
    above[root] = skip[root] = root
    depth[root] = 0
    for gate in range(root, -1, -1):
        if gate != root:
            if ~gate not in found:
                continue
            parent = found[~gate]
            above[gate] = parent
            depth[gate] = depth[parent] + 1
            jump = skip[parent]
            balanced = depth[parent] - depth[jump] == depth[jump] - depth[skip[jump]]
            skip[gate] = skip[jump] if balanced else parent
        for operand in dag.operands[gate]:
            known = found.get(operand)
            if known is None:
                found[operand] = gate
            elif known != gate:
                found[operand] = common(known, gate)
    return ((node, found[node]) for node in shared if node in found)


class _Editor:
    """The top-down sweep: what may be assumed at each gate, and what is left of it then."""

    def __init__(
        self,
        dag: Dag,
        shared: Sequence[int],
        bits: dict[int, int],
        needs: list[int],
        suffices: list[int],
        lifted_down: dict[int, int],
        lifted_up: dict[int, int],
    ) -> None:
        self._dag = dag
        self._shared = shared
        self._bits = bits
        self._needs = needs
        self._suffices = suffices
        self._lifted_down = lifted_down
        self._lifted_up = lifted_up
        # What holds wherever the gate is used: the shared nodes up, the shared nodes down. None: not used.
        self._assumed: list[tuple[int, int] | None] = [None] * len(dag.operands)
        self.changed = False

    def run(self) -> list[_Edited | None]:
        """The edited gates; None for those that are no longer used."""
        edited: list[_Edited | None] = [None] * len(self._dag.operands)
        self._assumed[~self._dag.root] = (0, 0)
        for gate in range(~self._dag.root, -1, -1):
            assumed = self._assumed[gate]
            if assumed is not None:
                edited[gate] = self._edit(gate, *assumed)
        return edited

    def _edit(self, gate: int, up: int, down: int) -> _Edited:
        if self._needs[gate] & down or self._suffices[gate] & up:
            self.changed = True
            return _Edited(1, [DOWN if self._needs[gate] & down else UP], [], [])
        k, operands = self._dag.thresholds[gate], self._dag.operands[gate]
        bits = self._bits
        direct = 0
        if k == 1 or k == len(operands):
            for operand in operands:
                direct |= bits.get(operand, 0)
        needed = self._lifted_down.get(gate, 0) | (direct if k > 1 else 0)
        sufficient = self._lifted_up.get(gate, 0) | (direct if k == 1 else 0)
        needed &= ~up
        sufficient &= ~down
        if needed & sufficient:
            # A node that alone brings the gate down and alone brings it up: the gate is that node.
            self.changed = True
            node = self._nodes(needed & sufficient)[0]
            self._assume(node, up, down)
            return _Edited(1, [node], [], [])
        if (needed | sufficient) & ~direct:
            self.changed = True
        inner_up, inner_down = up | needed, down | sufficient
        outer = self._nodes(needed)
        for node in outer:
            self._assume(node, inner_up, down)
        middle = self._nodes(sufficient)
        for node in middle:
            self._assume(node, inner_up, inner_down)
        rest: list[int] = []
        for operand in operands:
            bit = bits.get(operand, 0)
            if bit & (inner_up | inner_down):
                rest.append(UP if bit & inner_up else DOWN)
                if bit & (up | down):
                    self.changed = True
            else:
                rest.append(operand)
                self._assume(operand, inner_up, inner_down)
        return _Edited(k, rest, outer, middle)

    def _assume(self, node: int, up: int, down: int) -> None:
        """Notes one more use of `node`; only what holds at every use may be assumed there."""
        if node < 0:
            known = self._assumed[~node]
            self._assumed[~node] = (up, down) if known is None else (known[0] & up, known[1] & down)

    def _nodes(self, bits: int) -> list[int]:
        nodes: list[int] = []
        while bits:
            lowest = bits & -bits
            nodes.append(self._shared[lowest.bit_length() - 1])
            bits ^= lowest
        return nodes
