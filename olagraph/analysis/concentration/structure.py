"""One structure function with numbers, taken out of the system in which it was composed.

A system answers node by node; importances and cut sets need the whole function of one service over its components:
gates in the form of the exact engine. Of an event described twice (SEMANTICS §4) the description that counts is taken;
the common cause of a redundant group becomes a component of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from olagraph.metrics.structure import Compiled, Gate, Limits, Structure, compile_structure
from olagraph.metrics.system import Solver, System, SystemBuilder
from olagraph.metrics.system.local import LocalStructures

DEFAULT_LIMITS = Limits()


class StructureBuilder(SystemBuilder):
    """A builder of systems whose structures can be read afterwards.

    Attributes:
        structures: of the system, once it is built.
        common_causes: beta by node.
    """

    structures: LocalStructures
    common_causes: Mapping[int, Fraction]

    def build(self, solver: Solver | None = None, **options: Any) -> System:
        """See `SystemBuilder.build`."""
        system = super().build(solver, **options)
        self.common_causes = self._common_cause
        self.structures = system.structures
        return system


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """The structure function of one node.

    Attributes:
        compiled: ready to be evaluated.
        nodes: of each component its node in the system; of a common cause the node of its group.
        causes: by node of a group with a common cause, the nodes of its branches.
        unavailability: by component; of a branch with a common cause, that of failing on its own.
    """

    compiled: Compiled
    nodes: tuple[int, ...]
    causes: Mapping[int, tuple[int, ...]]
    unavailability: tuple[float, ...]


def whole(
    builder: StructureBuilder,
    root: int,
    *,
    unavailability: Callable[[int], float],
    limits: Limits = DEFAULT_LIMITS,
) -> Whole | None:
    """The structure function of `root` in a system that `builder` has built; None where it is always up.

    Args:
        unavailability: of a node, at best, on the basis `independent`.
        limits: on the work that compiling it may take.
    """
    return _Flattener(builder, unavailability).flatten(root, limits)


class _Flattener:
    """Joins local structures to one."""

    def __init__(self, builder: StructureBuilder, unavailability: Callable[[int], float]) -> None:
        self._structures = builder.structures
        self._common_causes = builder.common_causes
        self._unavailability = unavailability
        self._operands: dict[int, int | None] = {}  # by node; None = always up
        self._gates: list[Gate] = []
        self._nodes: list[int] = []
        self._values: list[float] = []
        self._causes: dict[int, tuple[int, ...]] = {}

    def flatten(self, root: int, limits: Limits) -> Whole | None:
        pending = [root]
        while pending:
            node = pending[-1]
            if node in self._operands:
                pending.pop()
                continue
            below = self._below(node)
            missing = [part for part in below if part not in self._operands]
            if missing:
                pending.extend(missing)
            else:
                self._operands[node] = self._operand(node, below)
                pending.pop()
        operand = self._operands[root]
        if operand is None:
            return None
        structure = Structure(tuple(self._gates), operand, len(self._nodes))
        return Whole(
            compiled=compile_structure(structure, limits),
            nodes=tuple(self._nodes),
            causes=self._causes,
            unavailability=tuple(self._values),
        )

    def _below(self, node: int) -> tuple[int, ...]:
        """What the value of a node is composed of; of an event described twice the better."""
        parts = self._structures.parts(node)
        if node not in self._structures.alternatives:
            return parts
        composed, promised = parts
        return (
            (composed,) if self._unavailability(composed) <= self._unavailability(promised) else (promised,)
        )

    def _operand(self, node: int, below: Sequence[int]) -> int | None:
        if node in self._structures.components:
            return self._component(node, self._unavailability(node))
        if node in self._structures.alternatives:
            return self._operands[below[0]]
        leaves = [self._operands[leaf] for leaf in below]
        operand: int | None = None
        gates: list[int | None] = []
        for gate in self._structures.local(node).gates:
            operands = [leaves[o] if o >= 0 else gates[~o] for o in gate.operands]
            real = tuple(o for o in operands if o is not None)
            operand = self._gate(gate.k - len(operands) + len(real), real)
            gates.append(operand)
        if node in self._common_causes and operand is not None:
            operand = self._with_common_cause(node, below, operand)
        return operand

    def _gate(self, k: int, operands: tuple[int, ...]) -> int | None:
        if k <= 0:
            return None
        self._gates.append(Gate(k, operands))
        return ~(len(self._gates) - 1)

    def _component(self, node: int, unavailability: float) -> int:
        self._nodes.append(node)
        self._values.append(unavailability)
        return len(self._nodes) - 1

    def _with_common_cause(self, node: int, branches: Sequence[int], group: int) -> int | None:
        """The group, and the event that takes all branches down at once (SEMANTICS §5)."""
        cause = float(self._common_causes[node]) * min(map(self._unavailability, branches))
        if not cause:
            return group
        for branch in branches:
            component = self._operands[branch]
            assert component is not None, "its branches are leaves used nowhere else"
            own = self._values[component]
            self._values[component] = (own - cause) / (1 - cause) if cause < 1 else 1.0
        self._causes[node] = tuple(branches)
        return self._gate(2, (self._component(node, cause), group))
