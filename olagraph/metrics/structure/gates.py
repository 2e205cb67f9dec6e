"""A structure function as a graph of gates: when is the whole up, given which components are up?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gate:
    """Up when at least `k` of its operands are up.

    Attributes:
        k: 1 is redundancy, `len(operands)` needs all of them; 1 <= k <= len(operands).
        operands: a component is its index (>= 0), gate i is ~i (< 0). One operand may stand in several gates
            (it is one and the same event there), and several times in one gate (it then counts as often).
    """

    k: int
    operands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """An acyclic graph of gates over components: a monotone (coherent) Boolean function.

    Attributes:
        gates: in any order.
        root: the whole, encoded as an operand is.
        components: how many there are; not all of them need to matter.
    """

    gates: tuple[Gate, ...]
    root: int
    components: int
