"""Independent answers by trying everything: fixed points, all states, all joint laws."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

import numpy as np
from scipy.optimize import linprog

from olagraph.metrics.system.acyclic import Gate


def greatest_fixed_point(gates: Mapping[int, Gate], count: int, down: frozenset[int]) -> list[bool]:
    """Which nodes are up when the leaves `down` are down, from "everything is up" on."""
    up = [node not in down for node in range(count)]
    changed = True
    while changed:
        changed = False
        for node, gate in gates.items():
            holds = sum(up[operand] for operand in gate.operands) >= gate.k
            if up[node] and not holds:
                up[node] = False
                changed = True
    return up


def random_gates(
    random: Random, *, leaves: int, inner: int, circles: bool, least: int = 1
) -> dict[int, Gate]:
    """Gates over leaves 0, 1, ...; with `circles` any gate may use any other, or itself."""
    gates = {}
    for node in range(leaves, leaves + inner):
        below = range(leaves + inner) if circles and random.random() < 0.5 else range(node)
        operands = random.sample(below, random.randint(1, min(4, len(below))))
        gates[node] = Gate(random.randint(least, len(operands)), tuple(operands))
    return gates


@dataclass(frozen=True)
class States:
    """All 2^n states of the leaves and whether one node is down in each."""

    leaves: int
    is_down: tuple[bool, ...]

    @classmethod
    def of(cls, leaves: int, down: Callable[[frozenset[int]], bool]) -> "States":
        return cls(leaves, tuple(down(cls._failed(state)) for state in product((0, 1), repeat=leaves)))

    @staticmethod
    def _failed(state: Sequence[int]) -> frozenset[int]:
        return frozenset(i for i, failed in enumerate(state) if failed)

    def _table(self) -> np.ndarray:
        return np.array(list(product((0, 1), repeat=self.leaves)), dtype=float).reshape(-1, self.leaves)

    def independent(self, u: Sequence[float]) -> float:
        """The probability of being down if the leaves fail independently."""
        table = self._table()
        odds = np.prod(np.where(table == 1, np.array(u), 1 - np.array(u)), axis=1)
        return float(odds @ np.array(self.is_down, dtype=float))

    def extreme(self, u: Sequence[float], *, largest: bool) -> float:
        """The largest or smallest probability of being down over all joint laws with these marginals."""
        sign = -1.0 if largest else 1.0
        equations = np.vstack([np.ones(2**self.leaves), self._table().T])
        answer = linprog(
            sign * np.array(self.is_down, dtype=float),
            A_eq=equations,
            b_eq=np.array([1.0, *u]),
            bounds=(0, None),
            method="highs",
        )
        assert answer.status == 0, answer.message
        return float(sign * answer.fun)

    def birnbaum(self, u: Sequence[float], leaf: int) -> float:
        """How much more often it is down if `leaf` is."""
        up, down = list(u), list(u)
        up[leaf], down[leaf] = 0.0, 1.0
        return self.independent(down) - self.independent(up)

    def single_cuts(self) -> set[int]:
        """The leaves whose failure alone takes it down."""
        return {i for i in range(self.leaves) if self.is_down[2 ** (self.leaves - 1 - i)]}

    def relevant(self, leaf: int) -> bool:
        """Whether the leaf ever matters."""
        place = 2 ** (self.leaves - 1 - leaf)
        return any(
            self.is_down[state] != self.is_down[state | place]
            for state in range(2**self.leaves)
            if not state & place
        )
