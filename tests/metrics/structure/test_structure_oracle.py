"""The exact engine against all 2^n states of small random structures."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olagraph.metrics.structure import Limits, Structure, compile_structure
from tests.metrics.structure.state_tables import (
    extreme_unavailability,
    failure_table,
    independent_unavailability,
    minimal_cuts,
    structures,
    unavailabilities,
)

COMPILED_LIBRARY_ONLY = Limits(plain_steps=0)
NO_DIAGRAMS = Limits(plain_steps=0, diagram_nodes=2)
NO_PROGRAMME = Limits(programme_steps=0)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Structure, list[float]]:
    structure = draw(structures())
    return structure, draw(unavailabilities(structure.components))


@settings(max_examples=2000)
@given(cases())
def test_independent_is_the_sum_over_all_states(case: tuple[Structure, list[float]]) -> None:
    """It holds relatively, not just absolutely: tiny probabilities survive."""
    structure, q = case
    value = compile_structure(structure).independent(q)
    assert value.exact
    assert value.low == pytest.approx(
        independent_unavailability(failure_table(structure), q), rel=1e-12, abs=0
    )


@settings(max_examples=150)
@given(cases())
def test_the_compiled_library_builds_the_same_function_as_the_plain_builder(
    case: tuple[Structure, list[float]],
) -> None:
    structure, q = case
    plain, compiled = compile_structure(structure), compile_structure(structure, COMPILED_LIBRARY_ONLY)
    assert compiled.independent(q).low == pytest.approx(plain.independent(q).low, rel=1e-12, abs=0)
    assert compiled.birnbaum(q) == pytest.approx(plain.birnbaum(q), abs=1e-12)


@settings(max_examples=150)
@given(cases())
def test_birnbaum_is_the_difference_between_a_component_down_and_up(
    case: tuple[Structure, list[float]],
) -> None:
    structure, q = case
    table = failure_table(structure)
    for i, derivative in enumerate(compile_structure(structure).birnbaum(q)):
        down, up = (independent_unavailability(table, [*q[:i], u, *q[i + 1 :]]) for u in (1.0, 0.0))
        assert derivative == pytest.approx(down - up, abs=1e-12)


@settings(max_examples=1500)
@given(cases())
def test_guaranteed_and_ceiling_are_the_optima_over_all_dependences(
    case: tuple[Structure, list[float]],
) -> None:
    structure, q = case
    table = failure_table(structure)
    compiled = compile_structure(structure)
    for value, worst in ((compiled.guaranteed(q), True), (compiled.ceiling(q), False)):
        optimum = extreme_unavailability(table, q, worst=worst)
        assert value.high - value.low <= 1e-9
        assert value.high == pytest.approx(optimum, abs=1e-9)


@settings(max_examples=150)
@given(cases())
def test_guaranteed_is_never_better_than_independent_nor_that_than_ceiling(
    case: tuple[Structure, list[float]],
) -> None:
    structure, q = case
    compiled = compile_structure(structure)
    independent = compiled.independent(q).low
    assert compiled.guaranteed(q).high >= independent * (1 - 1e-14)
    assert compiled.ceiling(q).low <= independent + 1e-15


@settings(max_examples=150)
@given(cases(), st.sampled_from([NO_DIAGRAMS, NO_PROGRAMME]))
def test_bounds_hold_the_true_value_where_the_budget_is_too_small(
    case: tuple[Structure, list[float]], limits: Limits
) -> None:
    structure, q = case
    table = failure_table(structure)
    compiled = compile_structure(structure, limits)
    expected = (
        (compiled.independent(q), independent_unavailability(table, q)),
        (compiled.guaranteed(q), extreme_unavailability(table, q, worst=True)),
        (compiled.ceiling(q), extreme_unavailability(table, q, worst=False)),
    )
    for bounds, value in expected:
        assert bounds.low - 1e-9 <= value <= bounds.high + 1e-9


@settings(max_examples=150)
@given(cases())
def test_what_is_irrelevant_never_matters(case: tuple[Structure, list[float]]) -> None:
    structure, q = case
    table = failure_table(structure)
    relevant = compile_structure(structure).relevant
    base = independent_unavailability(table, q)
    for i in set(range(structure.components)) - set(relevant):
        assert independent_unavailability(table, [*q[:i], 1.0, *q[i + 1 :]]) == pytest.approx(base, abs=1e-12)


@settings(max_examples=150)
@given(cases())
def test_rational_arithmetic_agrees_on_closed_forms(case: tuple[Structure, list[float]]) -> None:
    structure, q = case
    compiled = compile_structure(structure)
    rational = [Fraction(u) for u in q]
    for basis in ("guaranteed", "independent", "ceiling"):
        exact = compiled.exact(rational, basis)
        assert (exact is not None) == compiled.closed_form
        if exact is not None:
            assert float(exact) == pytest.approx(getattr(compiled, basis)(q).low, abs=1e-14)


@settings(max_examples=150)
@given(cases())
def test_minimal_cuts_are_counted_weighed_and_listed(case: tuple[Structure, list[float]]) -> None:
    structure, q = case
    expected = minimal_cuts(failure_table(structure), structure.components)
    cuts = compile_structure(structure).minimal_cuts()
    assert cuts is not None
    assert cuts.count == len(expected)
    assert {order: n for order, n in enumerate(cuts.orders) if n} == {
        order: sum(len(c) == order for c in expected) for order in {len(c) for c in expected}
    }
    total = 0.0
    for cut in expected:
        weight = 1.0
        for i in cut:
            weight *= q[i]
        total += weight
    assert cuts.rare_event_sum(q) == pytest.approx(total, rel=1e-12)
    listed = cuts.smallest(5)
    assert set(listed) <= expected
    assert [len(c) for c in listed] == sorted(map(len, expected))[:5]
