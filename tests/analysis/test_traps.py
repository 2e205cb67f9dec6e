"""The fourteen traps of SEMANTICS §12, each as somebody would fall into it."""

import pytest

from olagraph.analysis.results import Verdict
from tests.analysis.small import codes, delivered, ends, number, the, values


def test_trap_1_the_sum_of_two_p95_is_not_the_p95() -> None:
    target = the(
        delivered("[a, b]", "latency: 2 s, for: 95%", a="latency: 1 s, for: 95%", b="latency: 1 s, for: 95%")
    )
    assert values(target.contracted)[:2] == pytest.approx((0.90, 0.9025), abs=1e-15)
    assert target.verdict is Verdict.UNSUPPORTED


def test_trap_2_the_product_of_availabilities_is_no_guarantee() -> None:
    promises = {"a": "availability: 99.9%", "b": "availability: 99.9%"}
    at_the_product = the(delivered("[a, b]", "availability: 99.8001%", **promises))
    at_the_sum = the(delivered("[a, b]", "availability: 99.8%", **promises))
    assert at_the_product.verdict is Verdict.CONDITIONAL
    assert at_the_sum.verdict is Verdict.SUPPORTED
    assert values(at_the_sum.contracted) == pytest.approx((0.998, 0.998001, 0.999), abs=1e-15)


def test_trap_3_contracts_alone_do_not_make_redundancy_worth_the_product() -> None:
    target = the(
        delivered("{any_of: [a, b]}", "availability: 99.99%", a="availability: 99%", b="availability: 99%")
    )
    assert target.contracted.guaranteed is not None
    assert number(target.contracted.guaranteed) == 0.99
    assert number(target.contracted.independent) == pytest.approx(0.9999, abs=1e-15)
    assert target.verdict is Verdict.CONDITIONAL


def test_trap_4_a_weighted_mean_is_not_the_end_to_end_value() -> None:
    names = "abcde"
    promised = (99.94, 99.87, 99.91, 99.72, 99.98)
    weights = (35, 25, 20, 10, 10)
    promises = {name: f"availability: {value}%" for name, value in zip(names, promised, strict=True)}
    target = the(delivered(f"[{', '.join(names)}]", "availability: 99.8%", **promises))
    mean = sum(value * weight for value, weight in zip(promised, weights, strict=True)) / 100
    assert mean == pytest.approx(99.8985)
    assert number(target.contracted.independent) * 100 == pytest.approx(99.4211, abs=5e-5)
    assert target.verdict is Verdict.INFEASIBLE


def test_trap_5_a_yearly_promise_is_not_a_monthly_one() -> None:
    portfolio = delivered(
        "a", "availability: 99.9%", terms="window: month", a="availability: 99.9%; window: year"
    )
    target = the(portfolio)
    # All of a year's 8.8 hours may fall into one February, and the year may be followed by another.
    assert number(target.contracted.guaranteed) == pytest.approx(0.98696429, abs=5e-9)
    assert target.verdict is Verdict.UNSUPPORTED
    assert "WINDOW_MISMATCH" in codes(portfolio)


@pytest.mark.parametrize("workflow", ["a", "{any_of: [a, b]}", "[a, b]"])
def test_trap_6_office_hours_do_not_back_round_the_clock(workflow: str) -> None:
    """One or two such promises: nothing is known of the nights, neither alone nor redundant."""
    promises = dict.fromkeys("ab", "availability: 99.9%; hours: office")
    portfolio = delivered(workflow, "availability: 40%", **promises)
    target = the(portfolio)
    assert target.verdict is Verdict.UNKNOWN
    for view in (target.contracted, target.achievable):
        assert ends(view.independent)[0] == 0.0
        assert ends(view.independent)[1] >= 0.998
        assert ends(view.guaranteed)[0] == 0.0
    assert "HOURS_GAP" in codes(portfolio)


def test_trap_7_working_hours_are_never_added_as_if_elapsed() -> None:
    """Clocks that differ leave an interval: what starts at closing time waits for the morning."""
    portfolio = delivered(
        "[a, b]",
        "resolution_time: 8 h, for: 90%",
        a="resolution_time: 4 h, for: 99%, clock: office",
        b="resolution_time: 4 h, for: 99%",
    )
    target = the(portfolio)
    assert target.verdict is Verdict.UNKNOWN
    assert ends(target.contracted.guaranteed) == pytest.approx((0.0, 0.98))
    assert "CLOCK_MISMATCH" in codes(portfolio)


def test_trap_7_one_clock_on_both_sides_is_no_mismatch() -> None:
    portfolio = delivered(
        "[a, b]",
        "resolution_time: 8 h, for: 90%, clock: office",
        a="resolution_time: 4 h, for: 99%, clock: office",
        b="resolution_time: 4 h, for: 99%, clock: office",
    )
    assert number(the(portfolio).contracted.guaranteed) == pytest.approx(0.98)
    assert "CLOCK_MISMATCH" not in codes(portfolio)


def test_trap_8_a_shared_component_is_neither_squared_in_series_nor_independent_in_parallel() -> None:
    promises = {"t": "availability: 90%", "x": "availability: 80%", "y": "availability: 80%"}
    series = the(delivered("[[t, x], [t, y]]", "availability: 10%", **promises))
    assert number(series.contracted.independent) == pytest.approx(0.9 * 0.8 * 0.8, abs=1e-15)
    branches = the(
        delivered("{any_of: [{sequence: [t, x]}, {sequence: [t, y]}]}", "availability: 10%", **promises)
    )
    assert number(branches.contracted.independent) == pytest.approx(0.9 * (1 - 0.2 * 0.2), abs=1e-15)


def test_trap_8_two_calls_of_one_service_are_two_trials_of_a_success_rate() -> None:
    target = the(delivered("[t, [t]]", "success_rate: 50%", t="success_rate: 90%"))
    assert values(target.contracted)[:2] == pytest.approx((0.80, 0.81), abs=1e-15)


def test_trap_9_the_max_of_means_is_a_lower_bound_of_a_join() -> None:
    promises = {"a": "latency: 2 s, for: mean", "b": "latency: 3 s, for: mean"}
    target = the(delivered("{parallel: [a, b]}", "latency: 3 s, for: mean", **promises))
    assert number(target.contracted.guaranteed) == 5.0
    assert number(target.contracted.ceiling) == 3.0
    assert target.contracted.independent is None
    assert target.verdict is Verdict.UNSUPPORTED


def test_trap_10_nothing_is_rounded_before_it_is_compared() -> None:
    promises = {"a": "availability: 99.95%", "b": "availability: 99.99%"}
    at_the_value = the(delivered("[a, b]", "availability: 99.940005%", **promises))
    above = the(delivered("[a, b]", "availability: 99.9400050000001%", **promises))
    assert at_the_value.verdict is Verdict.CONDITIONAL
    assert above.verdict is Verdict.UNSUPPORTED


def test_trap_10_nine_nines_survive_floating_point() -> None:
    promises = dict.fromkeys("ab", "availability: 99.99999999999%")
    level = the(delivered("[a, b]", "availability: 99%", **promises)).contracted.guaranteed
    assert level is not None
    assert level.complement_at_worst == pytest.approx(2e-13, rel=1e-12)


def test_trap_11_mtbf_is_the_cycle_and_mttf_the_mean_up_time() -> None:
    promises = {"a": "mttf: 99 h | mttr: 1 h"}
    up = the(delivered("a", "mttf: 99 h", **promises))
    cycle = the(delivered("a", "mtbf: 100 h", **promises))
    assert number(up.contracted.independent) == pytest.approx(99 * 3600)
    assert number(cycle.contracted.independent) == pytest.approx(100 * 3600)
    assert the(delivered("a", "mttf: 100 h", **promises)).verdict is Verdict.UNSUPPORTED


def test_trap_11_two_of_the_three_mean_times_give_the_third() -> None:
    stated = the(delivered("a", "mttf: 99 h", a="mtbf: 100 h | mttr: 1 h"))
    assert number(stated.contracted.independent) == pytest.approx(99 * 3600)
    alone = the(delivered("a", "mttf: 99 h", a="mtbf: 100 h"))
    assert alone.verdict is Verdict.UNKNOWN


def test_trap_12_a_missing_agreement_is_not_100_percent() -> None:
    portfolio = delivered(
        "[a, b]", "availability: 99%", a="availability: 99.9%", services=("{id: b, provider: others}",)
    )
    target = the(portfolio)
    assert target.verdict is Verdict.UNKNOWN
    assert ends(target.contracted.guaranteed) == (0.0, 0.999)
    assert "NO_AGREEMENT" in codes(portfolio)


def test_trap_13_a_worst_case_conversion_never_makes_a_target_infeasible() -> None:
    portfolio = delivered(
        "a", "availability: 99.9%", terms="window: rolling 1d", a="availability: 99.9%; window: year"
    )
    target = the(portfolio)
    # At New Year two budgets of 0.366 and 0.365 days meet in one day.
    assert number(target.contracted.guaranteed) == pytest.approx(1 - 0.731, abs=1e-15)
    assert number(target.contracted.ceiling) == 0.999
    assert target.verdict is Verdict.UNSUPPORTED


def test_trap_13_hours_that_differ_never_make_a_target_infeasible() -> None:
    """All of a round-the-clock promise's outages may fall into the night."""
    target = the(delivered("a", "availability: 99.99%", terms="hours: office", a="availability: 99%"))
    assert ends(target.contracted.ceiling) == (1.0, 1.0)
    assert ends(target.contracted.independent) == (0.0, 0.99)
    assert target.verdict is Verdict.UNSUPPORTED


def test_trap_14_a_supplier_may_be_faster_than_its_promise() -> None:
    """Promised are 95 % within 1 s: 95 % within 0.5 s is not supported, and not refuted either."""
    promise = {"a": "latency: 1 s, for: 95%"}
    faster = the(delivered("a", "latency: 500 ms, for: 95%", **promise))
    assert number(faster.contracted.guaranteed) == 0.0
    assert number(faster.contracted.ceiling) == pytest.approx(0.95)
    assert faster.verdict is Verdict.UNSUPPORTED
    more = the(delivered("a", "latency: 2 s, for: 99%", **promise))
    assert number(more.contracted.ceiling) == 1.0
    assert more.verdict is Verdict.UNSUPPORTED
    assert the(delivered("a", "latency: 1 s, for: 96%", **promise)).verdict is Verdict.INFEASIBLE
