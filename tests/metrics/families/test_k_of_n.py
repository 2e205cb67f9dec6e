"""The sharp bounds of "at least k of n" in failure shares, against published figures, formulas and enumeration."""

import itertools
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from olagraph.metrics.families.k_of_n import best_failure, independent_failure, worst_failure

SHARES = st.lists(st.integers(0, 20).map(lambda n: Fraction(n, 20)), min_size=1, max_size=5)


def test_three_of_five_at_nine_tenths_guarantee_five_sixths():
    assert worst_failure(3, [Fraction(1, 10)] * 5) == Fraction(1, 6)


def test_two_of_three_at_99_percent_are_worth_99_9702_percent_if_independent_and_98_5_guaranteed():
    shares = [Fraction(1, 100)] * 3
    assert 1 - independent_failure(2, shares) == Fraction(999702, 10**6)
    assert 1 - worst_failure(2, shares) == Fraction(985, 1000)


@given(SHARES, st.data())
def test_the_bounds_are_those_of_the_programme_over_all_joint_laws(shares, data):
    n = len(shares)
    k = data.draw(st.integers(1, n))
    worlds = list(itertools.product((0, 1), repeat=n))
    down = [float(n - sum(world) < k) for world in worlds]
    rows = [[1.0] * len(worlds), *([float(world[i]) for world in worlds] for i in range(n))]
    fixed = [1.0, *map(float, shares)]
    for sign, found in ((-1, worst_failure(k, shares)), (1, best_failure(k, shares))):
        result = linprog([sign * x for x in down], A_eq=rows, b_eq=fixed, method="highs")
        assert float(found) == pytest.approx(sign * result.fun, abs=1e-9)


@given(SHARES, st.data())
def test_independent_failures_are_enumerated(shares, data):
    n = len(shares)
    k = data.draw(st.integers(1, n))
    total = sum(
        math.prod(share if failed else 1 - share for share, failed in zip(shares, world, strict=True))
        for world in itertools.product((0, 1), repeat=n)
        if n - sum(world) < k
    )
    assert independent_failure(k, shares) == total


def test_tiny_shares_keep_their_precision():
    assert independent_failure(2, [1e-13] * 3) == pytest.approx(3e-26, rel=1e-12)
