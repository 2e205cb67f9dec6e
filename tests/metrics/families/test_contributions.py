"""What each component contributes: known shares, finite differences, and sums."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olagraph.metrics import composition as c
from olagraph.metrics.families.contributions import contributions
from olagraph.metrics.families.success_rate import success_rate
from olagraph.model.entities import Family
from tests.metrics.families.call_trees import trees

A, B, C = (c.Part(number) for number in range(3))
ALL = [
    Family.SUCCESS_RATE,
    Family.TIME,
    Family.JITTER,
    Family.RESTORE,
    Family.MAXIMUM,
    Family.SUM,
    Family.RATE,
]


@given(trees(again=True, unknown=False, most_calls=7), st.lists(st.integers(1, 9), min_size=3, max_size=3))
def test_failures_are_shared_out_by_slope(tree, tenths):
    shares = [n / 20 for n in tenths]
    found = contributions(Family.SUCCESS_RATE, tree, shares)
    step = 1e-6
    terms = []
    for i, share in enumerate(shares):
        ends = []
        for moved in (share - step, share + step):
            values = [*shares[:i], moved, *shares[i + 1 :]]
            ends.append(success_rate(tree, [c.Value(v, v) for v in values]).independent)
        terms.append(share * (ends[1] - ends[0]) / (2 * step))
    total = sum(terms)
    assert found == pytest.approx([term / total if total > 1e-9 else 0 for term in terms], abs=1e-5)


def test_a_time_is_shared_out_along_the_longest_path():
    tree = c.Sequence((c.Parallel((A, B)), c.Repeat(step=C, max=2)))
    assert contributions(Family.TIME, tree, [5, 9, 3]) == pytest.approx([0, 0.6, 0.4])


def test_an_infinite_time_is_all_there_is_to_blame():
    assert contributions(Family.TIME, c.Sequence((A, B, C)), [math.inf, 1, math.inf]) == [0.5, 0, 0.5]


def test_a_rate_is_blamed_on_the_bottleneck():
    tree = c.Sequence((A, B, A))
    assert contributions(Family.RATE, tree, [100, 60, 1]) == [1, 0, 0]
    assert contributions(Family.RATE, tree, [200, 60, 1]) == [0, 1, 0]


def test_a_cost_is_shared_out_by_what_is_paid():
    tree = c.Sequence((A, B, c.Choice((A, C), (Fraction(1, 2), Fraction(1, 2)))))
    assert contributions(Family.SUM, tree, [2, 3, 4]) == pytest.approx([3 / 8, 3 / 8, 2 / 8])


def test_a_restore_is_shared_out_along_the_slowest_chain():
    tree = c.Delivery(service="s", workflow=c.Sequence((A, B)), own=C)
    assert contributions(Family.RESTORE, tree, [1, 3, 1]) == [0, 0.75, 0.25]
    assert contributions(Family.MAXIMUM, tree, [1, 3, 1]) == [0, 1, 0]


@given(trees(again=True, timeouts=True, most_calls=8), st.lists(st.integers(0, 9), min_size=3, max_size=3))
def test_shares_sum_to_one_or_to_nothing(tree, numbers):
    for family in ALL:
        values = [number / 10 for number in numbers] if family is Family.SUCCESS_RATE else numbers
        found = contributions(family, tree, values)
        assert all(0 <= share <= 1 for share in found)
        assert sum(found) == pytest.approx(1) or sum(found) == 0
