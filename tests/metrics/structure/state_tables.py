"""The oracle: structures written out over all 2^n states, and random structures to try them on."""

from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from olagraph.metrics.structure import Gate, Structure

Table = NDArray[np.float64]


def failure_table(structure: Structure) -> Table:
    """Entry s is 1 if the whole is down when the components whose bits are set in s are. Gates must be in order."""
    states = np.arange(1 << structure.components)
    down = [(states >> i) & 1 for i in range(structure.components)]
    gates: list[Any] = []
    for gate in structure.gates:
        failed = np.sum([down[o] if o >= 0 else gates[~o] for o in gate.operands], axis=0)
        gates.append(np.asarray(failed > len(gate.operands) - gate.k).astype(int))
    root = structure.root
    return (down[root] if root >= 0 else gates[~root]).astype(float)


def independent_unavailability(table: Table, q: list[float]) -> float:
    """The sum over all states."""
    weights = np.ones(1)
    for u in q:
        weights = np.concatenate([weights * (1 - u), weights * u])
    return float(weights @ table)


def extreme_unavailability(table: Table, q: list[float], *, worst: bool) -> float:
    """The full linear programme: a probability for every state, such that the marginals are `q`."""
    states = np.arange(len(table))
    rows = np.vstack([*(((states >> i) & 1).astype(float) for i in range(len(q))), np.ones(len(table))])
    sign = -1.0 if worst else 1.0
    # The solver's default tolerance, 1e-7, would let the oracle itself take an unavailability of 6e-8 for none.
    precise = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    found = linprog(
        sign * table, A_eq=csr_matrix(rows), b_eq=[*q, 1.0], bounds=(0, None), method="highs", options=precise
    )
    assert found.status == 0, found.message
    return float(sign * found.fun)


def minimal_cuts(table: Table, components: int) -> set[frozenset[int]]:
    """The states that are down and of which no proper subset is."""
    cuts = set()
    for bits in product((0, 1), repeat=components):
        members = frozenset(i for i, bit in enumerate(bits) if bit)
        if table[_state(members)] and not any(table[_state(members - {i})] for i in members):
            cuts.add(members)
    return cuts


def _state(members: frozenset[int]) -> int:
    return sum(1 << i for i in members)


@st.composite
def structures(draw: st.DrawFn, most_components: int = 8, most_gates: int = 12) -> Structure:
    """Random structures full of sharing: gates prefer operands that nothing uses yet, so that most of it matters."""
    components = draw(st.integers(1, most_components))
    gates: list[Gate] = []
    unused: list[int] = []
    for _ in range(draw(st.integers(1, most_gates))):
        pool = [*range(components), *(~i for i in range(len(gates)))]
        operands = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=4))
        first: bool = draw(st.booleans())
        if unused and first:
            operands[0] = unused[0]
        gates.append(Gate(_threshold(draw, len(operands)), tuple(operands)))
        unused = [node for node in unused if node not in operands] + [~(len(gates) - 1)]
    gates.append(Gate(_threshold(draw, len(unused)), tuple(unused)))
    return Structure(tuple(gates), ~(len(gates) - 1), components)


def _threshold(draw: st.DrawFn, operands: int) -> int:
    return draw(st.sampled_from((1, operands, draw(st.integers(1, operands)))))


def unavailabilities(components: int) -> st.SearchStrategy[list[float]]:
    """Everyday values, tiny ones, equal ones, and the ends of the range.

    Not below 1e-18: products of eight stay clear of the subnormal doubles, which have no relative precision to test.
    """
    one = st.one_of(st.floats(1e-18, 1), st.floats(0.001, 0.2), st.sampled_from([0.0, 1.0, 1e-13, 0.5]))
    return st.one_of(
        st.lists(one, min_size=components, max_size=components), one.map(lambda u: [u] * components)
    )
