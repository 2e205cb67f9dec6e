"""Fussell-Vesely importance of any set of components, against minimal cut sets found one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olagraph.analysis.concentration.fussell_vesely import FussellVesely
from olagraph.metrics.structure import Gate, Limits, Structure, compile_structure
from tests.metrics.structure.state_tables import (
    failure_table,
    independent_unavailability,
    minimal_cuts,
    structures,
    unavailabilities,
)


def by_states(structure: Structure, element: frozenset[int], q: list[float]) -> float:
    """The sum over all states in which a minimal cut set that holds a member of `element` has failed."""
    states = np.arange(1 << structure.components)
    held = np.zeros(len(states))
    for cut in minimal_cuts(failure_table(structure), structure.components):
        if cut & element:
            bits = sum(1 << i for i in cut)
            held[states & bits == bits] = 1.0
    return independent_unavailability(held, q)


@settings(deadline=None, max_examples=150)
@given(structure=structures(), data=st.data())
def test_the_probability_is_that_of_the_cut_sets_that_hold_the_element(
    structure: Structure, data: st.DataObject
) -> None:
    q = data.draw(unavailabilities(structure.components))
    element = data.draw(st.frozensets(st.integers(0, structure.components - 1), min_size=1))
    plain = 3_000 if data.draw(st.booleans()) else 0
    found = FussellVesely(compile_structure(structure, Limits(plain_steps=plain)), q).probability(element)
    assert found == pytest.approx(by_states(structure, element, q), rel=1e-9, abs=1e-300)


def test_a_wide_knot_goes_to_the_compiled_builder() -> None:
    """A ring of 70: two neighbours must be up somewhere; every component is in as many cut sets as any other."""
    size = 70
    pairs = [Gate(2, (i, (i + 1) % size)) for i in range(size)]
    ring = Structure((*pairs, Gate(1, tuple(~i for i in range(size)))), ~size, size)
    measured = FussellVesely(compile_structure(ring), [0.4] * size)
    one, other = measured.probability([0]), measured.probability([35])
    assert one is not None
    assert one == pytest.approx(other, rel=1e-9)
    everything = measured.probability(range(size))
    assert everything == pytest.approx(compile_structure(ring).independent([0.4] * size).high)


def test_the_work_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("olagraph.analysis.concentration.fussell_vesely._MOST_PAIRS", 3)
    bridge = Structure(
        (Gate(2, (0, 3)), Gate(2, (1, 4)), Gate(3, (0, 2, 4)), Gate(3, (1, 2, 3)), Gate(1, (-1, -2, -3, -4))),
        -5,
        5,
    )
    assert FussellVesely(compile_structure(bridge), [0.1] * 5).probability([2]) is None
