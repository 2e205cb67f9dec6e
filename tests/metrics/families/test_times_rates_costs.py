"""Hard and mean times, restore times, jitter, rates, maxima and sums: small cases with known answers, and oracles."""

import itertools
import math
from fractions import Fraction
from pathlib import Path
from statistics import NormalDist

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from olagraph.metrics import composition as c
from olagraph.metrics.basis import Basis
from olagraph.metrics.families.hard_times import hard_times
from olagraph.metrics.families.jitter import Section, estimate, jitter
from olagraph.metrics.families.maximum import maximum
from olagraph.metrics.families.mean_times import MeanTime, mean_times
from olagraph.metrics.families.percentile_times import percentile_times
from olagraph.metrics.families.rate import rate
from olagraph.metrics.families.restore import restore_law, restore_times
from olagraph.metrics.families.sum import total
from olagraph.metrics.families.time_law import TimePromise
from tests.metrics.families.call_trees import extreme_mean, outcomes, trees
from tests.metrics.families.composed import Writing, exact

REFERENCE = yaml.safe_load((Path(__file__).parents[2] / "reference" / "families.yaml").read_text("utf-8"))
A, B, C, D = (c.Part(number) for number in range(4))
NUMBERS = st.lists(st.integers(1, 9), min_size=3, max_size=3)


def all_bases(value: c.Number) -> c.Bases[c.Number]:
    """The same value on every basis."""
    return c.Bases(value, value, value)


def mean_interval(tree: c.Node, means: list[MeanTime]) -> tuple[c.Number, c.Number]:
    """The shortest and the longest mean, with the exact one, if there is one, between them."""
    found = mean_times(tree, means)
    assert found.guaranteed is not None
    assert found.ceiling is not None
    assert found.guaranteed >= found.ceiling
    if found.independent is not None:
        assert found.guaranteed >= found.independent >= found.ceiling
    return found.ceiling, found.guaranteed


# Hard times


@pytest.mark.parametrize(
    ("tree", "time"),
    [
        (c.Sequence((A, B, C)), 10),
        (c.Parallel((A, B, C)), 5),
        (c.KOfN(k=1, steps=(A, B, C), race=True), 2),
        (c.KOfN(k=2, steps=(A, B, C)), 3),
        (c.Choice((A, C), (Fraction(1), Fraction(0))), 2),
        (c.Choice((A, C)), 5),
        (c.Repeat(step=B, max=4), 12),
        (c.Limited(step=C, timeout=Fraction(4), optional=True), 4),
        (c.Limited(step=C, timeout=Fraction(4)), math.inf),
        (c.Limited(step=C, optional=True), 5),
        (c.Delivery(service="s", workflow=A, requires=C, own=B), 5),
    ],
    ids=str,
)
def test_a_pattern_has_its_hard_time(tree, time):
    assert hard_times(tree, exact(2, 3, 5)) == all_bases(time)


def test_a_hard_failover_waits_out_the_timeouts_before_the_last_branch():
    tree = c.KOfN(k=1, steps=(B, C, A), race=True, timeouts=(Fraction(1), Fraction(4), None))
    assert hard_times(tree, exact(2, 3, 5)) == all_bases(7)


def test_the_ceiling_of_a_hard_failover_takes_the_first_branch_that_answers_within_its_timeout():
    """A promise of 500 ms under a timeout of 600 ms is kept at 500 ms: nothing beyond that is out of reach."""
    tree = c.KOfN(k=1, steps=(A, B), race=True, timeouts=(Fraction(600), None))
    assert hard_times(tree, exact(500, 300)) == c.Bases(900, 900, 500)


def test_a_hard_time_of_a_repeat_with_a_probability_is_unknown():
    tree = c.Repeat(step=A, probability=Fraction(1, 10))
    assert hard_times(tree, exact(2)) == all_bases(math.inf)
    assert hard_times(tree, exact(2), at_best=True) == all_bases(2)


def test_decimal_times_add_exactly():
    assert hard_times(c.Sequence((A, B)), exact("0.1", "0.2")).guaranteed == Fraction("0.3")


# Means


@pytest.mark.parametrize("case", REFERENCE["means"], ids=str)
def test_a_published_mean_has_its_published_interval(case):
    numbers: list[object] = []

    def node(written):
        if not isinstance(written, dict):
            numbers.append(written)
            return c.Part(len(numbers) - 1)
        ((pattern, inside),) = written.items()
        match pattern:
            case "choice":
                return c.Choice(tuple(node(n) for _, n in inside), tuple(Fraction(str(p)) for p, _ in inside))
            case "repeat":
                return c.Repeat(step=node(inside[0]), max=inside[1])
            case _:
                return c.Parallel(tuple(map(node, inside)))

    tree = c.Sequence(tuple(map(node, case["sequence"])))
    values = [Fraction(str(number)) for number in numbers]
    found = mean_times(tree, [MeanTime(value, value) for value in values])
    known = Fraction(str(case["exact"])) if "exact" in case else None
    assert found == c.Bases(Fraction(str(case["high"])), known, Fraction(str(case["low"])))


def test_a_hard_promise_bounds_a_mean_and_no_more():
    found = mean_times(c.Sequence((A, B)), [MeanTime(2, 2), MeanTime(3, 0, stated=False)])
    assert found == c.Bases(5, None, 2)


def test_a_repeat_with_a_probability_has_an_exact_mean_and_an_unknown_choice_its_worst_branch():
    assert mean_times(c.Repeat(step=A, probability=Fraction(1, 3)), [MeanTime(2, 2)]) == all_bases(3)
    assert mean_times(c.Choice((A, B)), [MeanTime(2, 2), MeanTime(3, 3)]) == c.Bases(3, 3, 2)


def test_the_long_calls_of_a_shared_service_may_all_be_those_outside_the_race():
    tree = c.Sequence((c.KOfN(k=1, steps=(A, B), race=True), A))
    assert mean_interval(tree, [MeanTime(2, 2), MeanTime(1, 1)])[1] >= 4
    assert extreme_mean(tree, [2, 1], times=[0, 1, 4], largest=True) == pytest.approx(4)


@given(trees(most_calls=4, timeouts=True), NUMBERS)
@settings(max_examples=120, suppress_health_check=list(HealthCheck))
def test_no_joint_law_has_a_mean_outside_the_interval(tree, numbers):
    ways = outcomes(tree, {}, failing=False)
    assume(sum(3 ** len(way.called) for way in ways) <= 1000)
    assume(not _cuts(tree))
    shortest, longest = mean_interval(tree, [MeanTime(number, number) for number in numbers])
    ends = [extreme_mean(tree, numbers, times=[0, 3, 12], largest=largest) for largest in (True, False)]
    assert longest >= ends[0] - 1e-6
    assert shortest <= ends[1] + 1e-6


def _cuts(node: c.Node) -> bool:
    """Whether some call may never be finished: such requests have no mean."""
    if isinstance(node, c.Limited):
        return (node.timeout is not None and not node.optional) or _cuts(node.step)
    if isinstance(node, c.KOfN) and node.failover:
        return node.timeouts[-1] is not None or any(map(_cuts, node.steps))
    if isinstance(node, c.Repeat):
        return _cuts(node.step)
    if isinstance(node, c.Delivery):
        return any(_cuts(part) for part in (node.workflow, node.own) if part is not None)
    return not isinstance(node, c.Part) and any(map(_cuts, node.steps))


# Restore times


def test_the_part_that_failed_decides_how_long_a_restore_takes():
    tree = c.Delivery(service="s", workflow=c.Sequence((A, B)), requires=c.AllOf((C,)))
    assert restore_times(tree, exact(1, 2, 3)) == c.Bases(3, 3, 1)
    promises = [TimePromise.of((time, late)) for time, late in ((1, Fraction(1, 10)), (2, Fraction(2, 10)))]
    law = restore_law(c.Sequence((A, B)), promises)
    assert law.late_at(2) == c.Bases(Fraction(2, 10), Fraction(2, 10), 0)
    assert law.late_at(1) == c.Bases(1, 1, Fraction(1, 10))


def test_of_redundant_branches_the_fastest_is_back_first_and_of_k_of_n_the_kth():
    assert restore_times(c.KOfN(k=1, steps=(A, B, C), race=True), exact(3, 1, 2)).guaranteed == 1
    assert restore_times(c.KOfN(k=2, steps=(A, B, C)), exact(3, 1, 2)).guaranteed == 2
    promises = [TimePromise.of((1, Fraction(late, 10))) for late in (3, 1, 2)]
    assert restore_law(c.KOfN(k=2, steps=(A, B, C)), promises).late_at(1).guaranteed == Fraction(2, 10)


def test_an_own_part_is_restored_after_what_it_needs():
    tree = c.Delivery(service="s", workflow=A, own=B)
    assert restore_times(tree, exact(1, 2)) == c.Bases(3, 3, 2)
    law = restore_law(tree, [TimePromise.of((1, Fraction(1, 10))), TimePromise.of((2, Fraction(2, 10)))])
    assert law.late_at(3) == c.Bases(Fraction(3, 10), Fraction(28, 100), 0)
    assert law.late_at(2) == c.Bases(1, 1, Fraction(2, 10))


def test_optional_steps_are_not_waited_for_in_a_restore():
    assert restore_times(c.Sequence((A, c.Limited(step=B, optional=True))), exact(1, 9)) == all_bases(1)


def test_the_mean_restore_of_redundant_branches_may_be_next_to_nothing_at_best():
    assert restore_times(c.KOfN(k=1, steps=(A, B), race=True), exact(1, 2), mean=True) == c.Bases(1, 1, 0)


# Jitter


def test_jitter_composes_as_percentile_times_do():
    tree = c.Sequence((A, B))
    promises = [TimePromise.of((5, Fraction(1, 1000))), TimePromise.of((7, Fraction(2, 1000)))]
    found = jitter(tree, promises).late_at(12)
    assert found == percentile_times(tree, promises).late_at(12)
    assert found.guaranteed == Fraction(3, 1000)


def test_the_estimate_is_exact_for_normal_delays_and_close_for_skewed_ones():
    x = NormalDist().inv_cdf(0.999)
    normal = [Section(10, 4, 10 + 2 * x), Section(20, 9, 20 + 3 * x)]
    assert estimate(normal, fraction=0.999) == pytest.approx(30 + math.sqrt(13) * x)
    # Exponential delays of mean 1: the sum of ten is an Erlang law, whose 99.9 % quantile is 22.657.
    exponential = [Section(1, 1, -math.log(0.001))] * 10
    assert estimate(exponential, fraction=0.999) == pytest.approx(22.657, rel=0.02)


# Rates


def test_a_service_serves_what_its_weakest_part_lets_through_per_visit():
    tree = c.Delivery(service="s", workflow=c.Sequence((A, B, A)), requires=C, own=D)
    assert rate(tree, exact(100, 60, 200, 300)) == all_bases(50)
    assert rate(tree, exact(1000, 900, 200, 300)) == all_bases(200)


def test_visits_count_choices_and_repeats():
    tree = c.Sequence(
        (c.Choice((A, B), (Fraction(1, 4), Fraction(3, 4))), c.Repeat(step=C, probability=Fraction(1, 2)))
    )
    assert rate(tree, exact(100, 300, 1000)) == all_bases(400)
    assert rate(tree, exact(100, 300, 600)) == all_bases(300)
    assert rate(c.Repeat(step=A, max=4), exact(100)) == all_bases(25)


def test_redundancy_shares_a_load_or_leaves_the_weakest_branch():
    assert rate(c.KOfN(k=1, steps=(A, B, C), race=True, load_shared=True), exact(1, 2, 4)) == all_bases(7)
    assert rate(c.KOfN(k=1, steps=(A, B, C), race=True), exact(1, 2, 4)) == c.Bases(1, 1, 4)
    assert rate(c.KOfN(k=2, steps=(A, B, C)), exact(1, 2, 4)) == all_bases(2)
    assert rate(c.KOfN(k=2, steps=(A, B, C), load_shared=True), exact(1, 2, 4)) == all_bases(3)


@given(st.integers(1, 4), st.lists(st.integers(1, 9), min_size=4, max_size=4))
def test_a_shared_load_is_the_largest_that_distinct_branches_can_carry(k, rates):
    tree = c.KOfN(k=k, steps=(A, B, C, D), load_shared=True)
    found = rate(tree, exact(*rates)).guaranteed
    carried = [r for r in {Fraction(n, d) for n in range(1, 40) for d in (1, 2, 3, 4)}
               if sum(min(Fraction(x), r) for x in rates) >= k * r]  # fmt: skip
    assert found == max(carried)


def test_of_an_unknown_choice_each_branch_may_take_every_request_and_a_shared_service_only_one():
    tree = c.Choice((c.Sequence((A, C)), c.Sequence((B, C))))
    assert rate(tree, exact(100, 60, 50)) == all_bases(50)
    assert rate(tree, exact(100, 60, 500)) == c.Bases(60, 60, 100)


def test_an_optional_step_bounds_no_rate_but_its_calls_count():
    tree = c.Sequence((A, c.Limited(step=c.Sequence((A, B)), optional=True)))
    assert rate(tree, exact(100, 1)) == all_bases(50)


def test_missing_rates_are_nothing_at_worst_and_anything_at_best():
    assert rate(c.Sequence((A, B)), [c.Value(5, 5), c.Value(0, 0)]) == all_bases(0)
    assert rate(c.Sequence((A, B)), [c.Value(5, 5), c.Value(math.inf, math.inf)]) == all_bases(5)


# Maxima and sums


def test_the_largest_recovery_time_counts_or_the_longest_chain():
    inner = c.Delivery(service="t", workflow=B, own=C)
    tree = c.Delivery(
        service="s", workflow=c.Sequence((A, inner)), requires=c.KOfN(k=1, steps=(D, A), race=True), own=A
    )
    assert maximum(tree, exact(1, 2, 3, 9)) == all_bases(3)
    assert maximum(tree, exact(1, 2, 3, 9), sequential=True) == all_bases(1 + 3 + 2)


def test_of_redundant_branches_the_one_restored_first_suffices():
    assert maximum(c.KOfN(k=1, steps=(A, B, C), race=True), exact(4, 2, 3)) == all_bases(2)
    assert maximum(c.KOfN(k=2, steps=(A, B, C)), exact(4, 2, 3)) == all_bases(3)
    assert maximum(c.Choice((A, B), (Fraction(1), Fraction(0))), exact(1, 9)) == all_bases(1)
    assert maximum(c.Sequence((A, c.Limited(step=B, optional=True))), exact(1, 9)) == all_bases(1)


def test_costs_add_over_everything_that_is_paid():
    tree = c.Delivery(
        service="s",
        workflow=c.Sequence((c.KOfN(k=1, steps=(A, B), race=True), c.Repeat(step=C, max=3))),
        requires=c.AllOf((D,)),
        own=c.Limited(step=A, optional=True),
    )
    assert total(tree, exact(1, 2, 3, 4)) == all_bases(1 + 2 + 9 + 4 + 1)
    assert total(c.Choice((A, B), (Fraction(1, 4), Fraction(3, 4))), exact(1, 2)) == all_bases(Fraction(7, 4))
    assert total(c.Choice((A, B)), exact(1, 2)) == c.Bases(2, 2, 1)
    assert total(c.Repeat(step=A, probability=Fraction(1, 2)), exact(3)) == all_bases(6)


# All of them


@given(trees(again=True, timeouts=True, most_calls=8), NUMBERS, NUMBERS)
def test_the_bases_are_ordered_in_every_family(tree, numbers, further):
    values = [c.Value(a + b, a) for a, b in zip(numbers, further, strict=True)]
    for found in (
        hard_times(tree, values),
        maximum(tree, values),
        maximum(tree, values, sequential=True),
        total(tree, values),
        restore_times(tree, values),
        restore_times(tree, values, mean=True),
    ):
        assert found.guaranteed >= found.independent >= found.ceiling
    mean_interval(tree, [MeanTime(value.worst, value.favourable) for value in values])
    served = rate(tree, [c.Value(value.favourable, value.worst) for value in values])
    assert served.guaranteed <= served.independent <= served.ceiling
    law = restore_law(
        tree, [TimePromise(((v.worst, Fraction(1, 5)),), ((v.favourable, Fraction(1, 9)),)) for v in values]
    )
    for time in range(0, 40, 4):
        late = law.late_at(time)
        assert late.guaranteed >= late.independent >= late.ceiling


@given(trees(again=True, timeouts=True, most_calls=8), st.lists(st.integers(1, 999), min_size=3, max_size=3))
def test_floats_agree_with_fractions_in_every_family(tree, numbers):
    precise = [c.Value(Fraction(n, 7), Fraction(n, 7)) for n in numbers]
    rounded = [c.Value(n / 7, n / 7) for n in numbers]
    for family in (hard_times, maximum, total, restore_times, rate):
        for one, other in zip(_values(family(tree, precise)), _values(family(tree, rounded)), strict=True):
            assert float(one) == pytest.approx(float(other), rel=1e-12)


def _values(bases: c.Bases[c.Number]) -> list[c.Number]:
    return [bases.on(basis) for basis in Basis]


def test_ten_thousand_services_in_a_chain_are_no_problem_in_any_family():
    node: c.Node = A
    for n in range(10_000):
        node = c.Delivery(service=str(n), workflow=c.Sequence((B, node)), requires=c.AllOf((C,)))
    values = exact(1, 2, 3)
    assert hard_times(node, values).guaranteed == 20_001
    assert maximum(node, values).guaranteed == 3
    assert restore_times(node, values).guaranteed == 3
    assert total(node, values).guaranteed == 50_001
    assert rate(node, values).guaranteed == Fraction(2, 10_000)
    assert mean_times(node, [MeanTime(v.worst, v.worst) for v in values]).independent == 20_001


def test_a_component_is_one_however_many_nodes_name_it():
    again = [c.Part(0) for _ in range(3)]
    assert rate(c.Sequence(tuple(again)), exact(30)) == all_bases(10)
    assert len(c.calls(c.Sequence(tuple(again))).nodes) == 2
    assert list(itertools.chain(*c.calls(c.Sequence(tuple(again))).children)) == [0, 0, 0]


def test_a_tree_is_written_the_way_semantics_writes_it():
    tree = Writing("t", "x").node({"sequence": [{"any_of": ["t", "x"]}, "t"]})
    assert hard_times(tree, exact(2, 1)).guaranteed == 3


def test_a_mean_of_an_unknown_choice_may_be_long_on_both_branches_through_shared_services():
    tree = Writing("t", "u", "x").node(
        {"sequence": [{"any_of": ["t", "x"]}, {"any_of": ["u", "x"]}, {"unknown_choice": ["t", "u"]}]}
    )
    worst = extreme_mean(tree, [3, 3, 0], times=[0, 3, 9], largest=True)
    assert worst > 6  # each branch on its own is at most twice its mean
    assert mean_interval(tree, [MeanTime(3, 3), MeanTime(3, 3), MeanTime(0, 0)])[1] >= worst - 1e-9
