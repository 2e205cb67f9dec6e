"""Step functions: coarsening stays on the safe side, and sums agree with plain enumeration of pairs."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from olagraph.metrics.families.step_function import (
    Steps,
    cut,
    earlier,
    ended,
    falling,
    independent_sum,
    later,
    shifted,
    worst_sum,
)


@st.composite
def functions(draw: st.DrawFn, *, most: int = 60) -> Steps:
    """Falling step functions on even keys."""
    points = draw(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 999)), min_size=1, max_size=most))
    return falling(sorted((2 * key, Fraction(share, 1000)) for key, share in points))


KEYS = range(0, 900, 3)


@given(functions(), st.integers(4, 30))
def test_coarsened_functions_have_few_points_and_err_to_the_safe_side(function, most):
    late, early = later(function, most=most), earlier(function, most=most)
    for coarse in (late, early):
        assert len(coarse.keys) <= most
        assert coarse.exact == (coarse == function)
    for key in KEYS:
        assert late.at(key) >= function.at(key) >= early.at(key)
    assert late.end == function.end == early.end


@given(functions(most=8), functions(most=8))
def test_the_worst_sum_is_the_best_split_of_the_time(first, second):
    found = worst_sum(first, second)
    for key in KEYS:
        splits = [share + second.at(key - at) for at, share in zip(first.keys, first.late, strict=True)]
        assert found.at(key) == min([Fraction(1), *splits])


@given(functions(most=8), functions(most=8))
def test_the_independent_sum_is_the_convolution(first, second):
    found = independent_sum(first, second)
    for key in KEYS:
        in_time = Fraction(0)
        before = Fraction(1)
        for at, share in zip(first.keys, first.late, strict=True):
            in_time += (before - share) * (1 - second.at(key - at))
            before = share
        assert found.at(key) == 1 - in_time


@given(functions(), st.integers(1, 100))
def test_functions_are_shifted_cut_and_ended_at_a_key(function, key):
    for at in KEYS:
        assert shifted(function, by=key).at(at) == (1 if at < key else function.at(at - key))
        assert cut(function, after=key).at(at) == function.at(min(at, key))
        assert ended(function, at=key).at(at) == (0 if at >= key else function.at(at))
