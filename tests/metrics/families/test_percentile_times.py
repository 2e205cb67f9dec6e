"""Percentile times: published figures, a linear programme over every joint law, simulation, and bounded work."""

import math
import random
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from olagraph.metrics import composition as c
from olagraph.metrics.families.percentile_times import percentile_times
from olagraph.metrics.families.time_law import ALWAYS_IN_TIME, NEVER_IN_TIME, TimePromise
from tests.metrics.families.call_trees import extreme_share, outcomes, trees
from tests.metrics.families.composed import Writing

REFERENCE = yaml.safe_load((Path(__file__).parents[2] / "reference" / "families.yaml").read_text("utf-8"))


def promise(*points: tuple[object, object]) -> TimePromise:
    """Points (time, fraction in time)."""
    return TimePromise.of(*((Fraction(str(time)), 1 - Fraction(str(share))) for time, share in points))


def in_time(tree: c.Node, promises: list[TimePromise], at: object) -> tuple[c.Number, c.Number, c.Number]:
    """F at a time, on the three bases."""
    late = percentile_times(tree, promises).late_at(Fraction(str(at)))
    return 1 - late.guaranteed, 1 - late.independent, 1 - late.ceiling


@st.composite
def laws(draw: st.DrawFn) -> list[tuple[tuple[int, Fraction], ...]]:
    """Three promises of one or two points."""
    found = []
    for _ in range(3):
        n = draw(st.integers(1, 2))
        times = sorted(draw(st.sets(st.integers(1, 4), min_size=n, max_size=n)))
        shares = sorted(draw(st.sets(st.integers(0, 5), min_size=n, max_size=n)), reverse=True)
        found.append(tuple((time, Fraction(share, 10)) for time, share in zip(times, shares, strict=True)))
    return found


def as_floats(points: list[tuple[tuple[int, Fraction], ...]]) -> list[tuple[tuple[float, float], ...]]:
    return [tuple((float(time), float(late)) for time, late in law) for law in points]


def small(tree: c.Node, *, most_repeats: int = 3) -> bool:
    ways = outcomes(tree, {}, failing=False, most_repeats=most_repeats)
    return sum(3 ** len(way.called) for way in ways) <= 1000


@pytest.mark.parametrize("case", REFERENCE["percentiles"], ids=str)
def test_a_published_sequence_has_its_published_shares(case):
    steps = case["sequence"]
    tree = c.Sequence(tuple(c.Part(number) for number in range(len(steps))))
    found = in_time(tree, [promise((step["at_most"], step["for"])) for step in steps], case["at"])
    assert found[:2] == (Fraction(str(case["guaranteed"])), Fraction(str(case["independent"])))


@pytest.mark.parametrize("case", REFERENCE["failover"], ids=str)
def test_a_published_failover_has_its_published_shares(case):
    branches = case["any_of"]
    timeouts = tuple(Fraction(b["timeout"]) if "timeout" in b else None for b in branches)
    tree = c.KOfN(k=1, race=True, steps=tuple(c.Part(i) for i in range(len(branches))), timeouts=timeouts)
    found = in_time(tree, [promise((b["at_most"], b["for"])) for b in branches], case["at"])
    assert found[:2] == (Fraction(str(case["guaranteed"])), Fraction(str(case["independent"])))


@pytest.mark.parametrize("case", REFERENCE["repeats"], ids=str)
def test_a_published_repeat_has_its_published_share(case):
    tree = c.Repeat(step=c.Part(0), probability=Fraction(str(case["probability"])))
    guaranteed, independent, _ = in_time(tree, [promise((1, case["within"]))], 1)
    assert guaranteed == Fraction(str(case["guaranteed"]))
    assert independent == pytest.approx(0.45)  # one round, in time


def test_slow_calls_of_a_shared_promise_may_all_be_those_with_less_time():
    """parallel[t, [t, a]] within 11: t may be late at 1 for both of its tenths before a, and never beside a."""
    tree = Writing("t", "a").node({"parallel": ["t", {"sequence": ["t", "a"]}]})
    promises = [promise((1, "0.9"), (11, 1)), promise((10, 1))]
    assert in_time(tree, promises, 11)[0] == Fraction(8, 10)
    found = extreme_share(tree, [((1.0, 0.1), (11.0, 0.0)), ((10.0, 0.0),)], later_than=11, worst=True)
    assert found == pytest.approx(0.2)


def test_slow_rounds_may_fall_into_long_requests_so_the_ceiling_exceeds_that_of_one_round():
    """Half go again. Of two visits a request a tenth is late: at best those of requests of five rounds and more."""
    tree = c.Repeat(step=c.Part(0), probability=Fraction(1, 2))
    _, _, ceiling = in_time(tree, [promise((1, "0.9"), (2, 1))], 1)
    late = 1 - ceiling
    assert late < Fraction(1, 10)
    rounds = range(1, 200)
    longest, budget = Fraction(0), Fraction(2, 10)
    for n in reversed(rounds):  # the requests that go longest first, all of their visits late
        share = min(Fraction(1, 2) ** n, budget / n)
        longest, budget = longest + share, budget - share * n
    assert float(late) == pytest.approx(float(longest), abs=1e-12)


def test_between_two_promised_points_the_ceiling_takes_the_better_one():
    """A supplier may be faster than promised: trap 14 of SEMANTICS §12."""
    law = percentile_times(c.Part(0), [promise((1, "0.9"), (3, "0.99"))])
    shares = [1 - law.late_at(Fraction(time)).ceiling for time in ("0", "1", "1.001", "3", "3.001")]
    assert shares == [Fraction(9, 10), Fraction(9, 10), Fraction(99, 100), Fraction(99, 100), 1]
    assert [1 - law.late_at(time).guaranteed for time in (0.5, 1, 2, 3, 9)] == [
        0, Fraction(9, 10), Fraction(9, 10), Fraction(99, 100), Fraction(99, 100),
    ]  # fmt: skip


def test_the_smallest_time_that_reaches_a_fraction_is_given_per_basis_and_infinite_where_none_does():
    tree = Writing("a", "b").node({"sequence": ["a", "b"]})
    law = percentile_times(tree, [promise(("0.1", "0.95"), (1, "0.999")), promise(("0.2", "0.95"))])
    assert law.time_at(Fraction(1, 10)) == c.Bases(Fraction(3, 10), Fraction(3, 10), 0)
    assert law.time_at(Fraction(51, 1000)) == c.Bases(Fraction(12, 10), Fraction(12, 10), 0)
    assert law.time_at(Fraction(1, 100)).guaranteed == math.inf
    assert law.late_at(Fraction(3, 10)).guaranteed == Fraction(1, 10)  # at 0.1 + 0.2, exactly 0.3


def test_a_time_that_equals_its_target_in_decimals_is_met_in_floats_too():
    tree = Writing("a", "b").node({"sequence": ["a", "b"]})
    law = percentile_times(
        tree, [TimePromise.of((Fraction("0.1"), 0.05)), TimePromise.of((Fraction("0.2"), 0.05))]
    )
    assert law.time_at(0.1).guaranteed == Fraction("0.3")


def test_a_promise_reaches_a_fraction_at_its_first_point_that_is_good_enough():
    known = promise((3, "0.99"), (1, "0.9"))
    assert [known.time_at(Fraction(late, 100)) for late in (20, 10, 5, 1, 0)] == [1, 1, 3, 3, math.inf]


def test_a_hard_promise_backs_a_percentile():
    tree = Writing("a", "b").node({"sequence": ["a", "b"]})
    assert in_time(tree, [promise((1, 1)), promise((2, "0.9"))], 3)[0] == Fraction(9, 10)


def test_a_timeout_ends_an_optional_step_and_cuts_off_another():
    late = [promise((1, "0.9"), (5, 1))]
    optional = c.Limited(step=c.Part(0), timeout=Fraction(2), optional=True)
    assert in_time(optional, late, 2) == (1, 1, 1)
    assert in_time(optional, late, "1.9")[0] == Fraction(9, 10)
    needed = c.Limited(step=c.Part(0), timeout=Fraction(2))
    assert in_time(needed, late, 100) == (Fraction(9, 10), Fraction(9, 10), 1)
    assert in_time(c.Limited(step=c.Part(0), optional=True), late, 2)[0] == Fraction(9, 10)


def test_what_is_missing_is_never_in_time_at_worst_and_at_once_at_best():
    tree = Writing("a", "b").node({"sequence": ["a", "b"]})
    known = promise((1, "0.9"))
    assert in_time(tree, [known, NEVER_IN_TIME], 10) == (0, 0, 0)
    assert in_time(tree, [known, ALWAYS_IN_TIME], 1) == (Fraction(9, 10), Fraction(9, 10), Fraction(9, 10))


@given(trees(most_calls=4, timeouts=True), laws(), st.integers(0, 12))
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
def test_no_joint_law_is_later_than_guaranteed_or_earlier_than_the_ceiling(tree, points, time):
    assume(small(tree))
    late = percentile_times(tree, [TimePromise.of(*law) for law in points]).late_at(time)
    found = as_floats(points)
    assert late.guaranteed >= extreme_share(tree, found, later_than=time, worst=True) - 1e-7
    assert late.ceiling <= extreme_share(tree, found, later_than=time, worst=False) + 1e-7


@given(trees(most_calls=4, timeouts=True, again=True), laws(), st.integers(0, 12))
@settings(max_examples=80, suppress_health_check=list(HealthCheck))
def test_no_joint_law_with_repeats_is_later_than_guaranteed(tree, points, time):
    assume(small(tree, most_repeats=2))
    late = percentile_times(tree, [TimePromise.of(*law) for law in points]).late_at(time)
    worst = extreme_share(tree, as_floats(points), later_than=time, worst=True, most_repeats=2)
    assert late.guaranteed >= worst - 1e-7


@given(trees(most_calls=8, timeouts=True, again=True), laws())
@settings(max_examples=60)
def test_the_bases_are_ordered_everywhere_and_floats_agree_with_fractions(tree, points):
    law = percentile_times(tree, [TimePromise.of(*points) for points in points])
    floats = percentile_times(
        tree, [TimePromise.of(*((time, float(late)) for time, late in law)) for law in points]
    )
    for time in range(0, 25, 3):
        late = law.late_at(time)
        assert late.guaranteed >= late.independent >= late.ceiling
        if law.exact:
            again = floats.late_at(time)
            assert again.guaranteed == pytest.approx(float(late.guaranteed), abs=1e-9)
            assert again.independent == pytest.approx(float(late.independent), abs=1e-9)
            assert again.ceiling == pytest.approx(float(late.ceiling), abs=1e-9)


@given(trees(most_calls=6, timeouts=True, unknown=False), laws(), st.integers(0, 14), st.integers(0, 2**32))
@settings(max_examples=25)
def test_simulated_independent_calls_agree_with_the_independent_share_and_beat_the_guaranteed_one(
    tree, points, time, seed
):
    chance = random.Random(seed)
    late = percentile_times(tree, [TimePromise.of(*law) for law in points]).late_at(time)
    runs = 1500
    found = sum(_simulated(tree, points, chance) > time for _ in range(runs)) / runs
    margin = 5 * math.sqrt(0.25 / runs)
    assert found == pytest.approx(float(late.independent), abs=margin)
    assert found <= late.guaranteed + margin


def _simulated(node: c.Node, points: list[tuple[tuple[int, Fraction], ...]], chance: random.Random) -> float:
    def all_of(steps: tuple[c.Node, ...]) -> list[float]:
        return [_simulated(step, points, chance) for step in steps]

    match node:
        case c.Part():
            share = chance.random()
            return next((time for time, late in points[node.component] if share >= late), math.inf)
        case c.Sequence():
            return sum(all_of(node.steps))
        case c.Delivery():
            return sum(all_of(tuple(part for part in (node.workflow, node.own) if part is not None)))
        case c.Parallel():
            return max(all_of(node.steps))
        case c.KOfN() if node.failover:
            start = 0.0
            for time, timeout in zip(all_of(node.steps), node.timeouts, strict=True):
                if timeout is None or time <= timeout:
                    return start + time
                start += float(timeout)
            return math.inf
        case c.KOfN():
            return sorted(all_of(node.steps))[node.k - 1]
        case c.Choice():
            (step,) = chance.choices(node.steps, [float(p) for p in node.probabilities or ()])
            return _simulated(step, points, chance)
        case c.Repeat(max=int() as times):
            return sum(_simulated(node.step, points, chance) for _ in range(times))
        case c.Limited():
            time = _simulated(node.step, points, chance)
            if node.timeout is None or time <= node.timeout:
                return time
            return float(node.timeout) if node.optional else math.inf
        case _:
            raise AssertionError(node)


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 10**6)), min_size=2, max_size=40))
def test_repeated_steps_are_convolved_like_the_sum_of_their_rounds(points):
    p, rounds = 0.4, 80
    law = percentile_times(
        c.Repeat(step=c.Part(0), probability=Fraction(2, 5)),
        [TimePromise.of(*((time, late / 10**6) for time, late in points))],
    )
    masses: dict[int, float] = {}
    before = lowest = 1.0
    for time, late in sorted(points):
        lowest = min(lowest, late / 10**6)
        masses[time] = masses.get(time, 0.0) + before - lowest
        before = lowest
    horizon = 40
    reached = [1.0] + [0.0] * horizon
    in_time_by = [0.0] * (horizon + 1)
    for n in range(1, rounds):
        reached = [sum(m * reached[t - x] for x, m in masses.items() if x <= t) for t in range(horizon + 1)]
        total = 0.0
        for t in range(horizon + 1):
            total += reached[t]
            in_time_by[t] += (1 - p) * p ** (n - 1) * total
    for t in range(0, horizon + 1, 5):
        found = 1 - law.late_at(t).independent
        assert found <= in_time_by[t] + 1e-9
        if law.independent.exact:
            assert found == pytest.approx(in_time_by[t], abs=1e-9)


def test_many_points_are_coarsened_to_the_safe_side_and_it_is_said():
    chance = random.Random(7)
    node: c.Node = c.Part(0)
    for n in range(1, 12):
        node = c.Delivery(service=str(n), workflow=c.Sequence((c.Part(n), node)))
    promises = []
    for _ in range(12):
        times = sorted(chance.sample(range(1, 10**6), 8))
        promises.append(TimePromise.of(*((time, 0.3**rank) for rank, time in enumerate(times, start=1))))
    law = percentile_times(node, promises)
    assert not law.exact
    assert len(law.guaranteed.keys) <= 512
    # A hundred random splits of the time: a true bound is at least as good as the coarse one is bad.
    time = 4 * 10**6
    late = law.late_at(time)
    assert late.guaranteed >= late.independent >= late.ceiling
    sums = [sum(_drawn(promise, chance) for promise in promises) for _ in range(20_000)]
    assert sum(found > time for found in sums) / len(sums) <= late.independent + 0.02


def _drawn(promise: TimePromise, chance: random.Random) -> float:
    share = chance.random()
    return next((float(time) for time, late in promise.worst if share >= late), math.inf)


def test_a_thousand_services_of_many_points_in_a_chain_are_no_problem():
    node: c.Node = c.Part(0)
    for n in range(1, 1000):
        node = c.Delivery(service=str(n), workflow=c.Sequence((c.Part(n % 7), node)))
    promises = [
        TimePromise.of(*((Fraction(10 + n, 1000) * j, 10.0 ** -(j + 3)) for j in (1, 2, 3))) for n in range(7)
    ]
    late = percentile_times(node, promises).late_at(100)
    assert 1 >= late.guaranteed >= late.independent >= late.ceiling >= 0


def test_an_unknown_choice_may_take_each_branch_just_when_its_shared_promise_is_late():
    """Half the requests to t and half to u, all late: both have calls to spare where a faster one stands by."""
    tree = Writing("t", "u", "x").node(
        {"sequence": [{"any_of": ["t", "x"]}, {"any_of": ["u", "x"]}, {"unknown_choice": ["t", "u"]}]}
    )
    late, at_once = ((1.0, 0.4),), ((1.0, 0.0),)
    assert extreme_share(tree, [late, late, at_once], later_than=3, worst=True) == pytest.approx(1)
    assert in_time(tree, [promise((1, "0.6")), promise((1, "0.6")), promise((1, 1))], 3)[0] == 0
