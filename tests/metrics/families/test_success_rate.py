"""Success rates: published call trees, a linear programme over everything that could happen, and extremes."""

from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from olagraph.metrics import composition as c
from olagraph.metrics.families.success_rate import success_rate
from tests.metrics.families.call_trees import extreme_share, outcomes, trees
from tests.metrics.families.composed import Writing, exact

REFERENCE = yaml.safe_load((Path(__file__).parents[2] / "reference" / "families.yaml").read_text("utf-8"))

SHARES = st.lists(st.sampled_from([Fraction(n, 20) for n in (0, 1, 2, 4, 10, 20)]), min_size=3, max_size=3)


def _small(tree: c.Node) -> bool:
    return sum(2 ** len(way.called) for way in outcomes(tree, {}, failing=True)) <= 1500


@pytest.mark.parametrize("case", REFERENCE["calls"], ids=str)
def test_a_published_call_tree_has_its_published_rates(case):
    ratios = case["ratios"]
    written = {pattern: case[pattern] for pattern in ("sequence", "choice") if pattern in case}
    bases = success_rate(
        Writing(*ratios).node(written), exact(*(1 - Fraction(str(r)) for r in ratios.values()))
    )
    assert 1 - bases.guaranteed == Fraction(str(case["guaranteed"]))
    assert 1 - bases.guaranteed != Fraction(str(case["not"]))
    if "independent" in case:
        assert 1 - bases.independent == Fraction(str(case["independent"]))


def test_the_branches_of_an_any_of_may_fail_together_through_the_service_they_share():
    """any_of[[t, a], [t, b]]: a tenth of t's two calls a request, two of them in a failing request."""
    tree = Writing("t", "a", "b").node({"any_of": [{"sequence": ["t", "a"]}, {"sequence": ["t", "b"]}]})
    assert success_rate(tree, exact("0.1", 0, 0)).guaranteed == Fraction(1, 10)


def test_calls_of_an_optional_step_may_be_those_that_succeed():
    t = c.Part(0)
    tree = c.Sequence((t, c.Limited(step=t, optional=True)))
    bases = success_rate(tree, exact("0.1"))
    assert (bases.guaranteed, bases.independent, bases.ceiling) == (Fraction(1, 5), Fraction(1, 10), 0)


def test_a_repeat_with_a_probability_is_a_geometric_number_of_trials():
    tree = c.Repeat(step=c.Part(0), probability=Fraction(1, 4))
    bases = success_rate(tree, exact("0.1"))
    series = sum(Fraction(3, 4) * Fraction(1, 4) ** (n - 1) * Fraction(9, 10) ** n for n in range(1, 60))
    assert float(1 - bases.independent) == pytest.approx(float(series), abs=1e-15)
    assert bases.guaranteed == Fraction(1, 10) / Fraction(3, 4)
    assert bases.ceiling == Fraction(1, 10)


def test_requires_and_timeouts_are_no_part_of_it_and_own_is_one_more_call():
    workflow = c.Limited(step=c.Part(0), timeout=Fraction(1))
    tree = c.Delivery(service="s", workflow=workflow, requires=c.AllOf((c.Part(1),)), own=c.Part(2))
    bases = success_rate(tree, exact("0.1", "0.9", "0.2"))
    assert (bases.guaranteed, bases.independent, bases.ceiling) == (
        Fraction(3, 10), Fraction(28, 100), Fraction(1, 5),
    )  # fmt: skip


def test_of_an_unknown_choice_the_worst_branch_counts_and_for_the_ceiling_the_best():
    bases = success_rate(Writing("a", "b").node({"unknown_choice": ["a", "b"]}), exact("0.1", "0.3"))
    assert (bases.guaranteed, bases.independent, bases.ceiling) == (
        Fraction(3, 10), Fraction(3, 10), Fraction(1, 10),
    )  # fmt: skip


@given(trees(), SHARES)
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
def test_no_joint_law_fails_more_than_guaranteed_or_less_than_the_ceiling(tree, shares):
    assume(_small(tree))
    bases = success_rate(tree, [c.Value(share, share) for share in shares])
    laws = [((0.0, float(share)),) for share in shares]
    assert bases.guaranteed >= extreme_share(tree, laws, later_than=1, worst=True, failing=True) - 1e-7
    assert bases.ceiling <= extreme_share(tree, laws, later_than=1, worst=False, failing=True) + 1e-7


@given(trees(again=True), SHARES)
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_no_joint_law_with_repeats_fails_more_than_guaranteed(tree, shares):
    assume(_small(tree))
    bases = success_rate(tree, [c.Value(share, share) for share in shares])
    laws = [((0.0, float(share)),) for share in shares]
    # The oracle stops at the third round, so what it finds can be done with more rounds too.
    assert bases.guaranteed >= extreme_share(tree, laws, later_than=1, worst=True, failing=True) - 1e-7


def test_the_bounds_are_those_of_the_programme_for_most_trees_with_shared_promises():
    sharp = {"guaranteed": 0, "ceiling": 0}
    seen = 0

    @given(trees(), SHARES)
    @settings(max_examples=150, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def measure(tree, shares):
        nonlocal seen
        assume(_small(tree))
        bases = success_rate(tree, [c.Value(share, share) for share in shares])
        laws = [((0.0, float(share)),) for share in shares]
        seen += 1
        for name, worst in (("guaranteed", True), ("ceiling", False)):
            found = extreme_share(tree, laws, later_than=1, worst=worst, failing=True)
            sharp[name] += abs(float(getattr(bases, name)) - found) < 1e-7

    measure()
    assert sharp["guaranteed"] >= 0.9 * seen
    assert sharp["ceiling"] >= 0.9 * seen


@given(trees(again=True, most_calls=9), SHARES)
def test_the_bases_are_ordered_and_floats_agree_with_fractions(tree, shares):
    bases = success_rate(tree, [c.Value(share, share / 2) for share in shares])
    assert bases.guaranteed >= bases.independent >= bases.ceiling
    floats = success_rate(tree, [c.Value(float(share), float(share) / 2) for share in shares])
    assert floats.guaranteed == pytest.approx(float(bases.guaranteed), abs=1e-12)
    assert floats.independent == pytest.approx(float(bases.independent), abs=1e-12)
    assert floats.ceiling == pytest.approx(float(bases.ceiling), abs=1e-12)


def test_nine_nines_survive_a_thousand_calls():
    tree = c.Repeat(step=c.KOfN(k=1, steps=(c.Part(0), c.Part(1)), race=True), max=1000)
    bases = success_rate(tree, [c.Value(1e-8, 1e-8), c.Value(1e-5, 1e-5)])
    assert bases.independent == pytest.approx(1e-10, rel=1e-9)


def test_ten_thousand_services_each_called_twice_by_the_next_are_no_problem():
    node: c.Node = c.Part(0)
    for n in range(10_000):
        node = c.Delivery(service=str(n), workflow=c.Sequence((node, node)))
    assert success_rate(node, [c.Value(0.0, 0.0)]) == c.Bases(0, 0, 0)
    assert success_rate(node, [c.Value(0.1, 0.1)]) == c.Bases(1, 1, 0.1)
