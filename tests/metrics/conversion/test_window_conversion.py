"""A promise over one window converted to another: published answers, formulas, brute force, adversaries."""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from olagraph.metrics.conversion import ConversionKind, Converted, Terms, convert_time_share
from olagraph.metrics.conversion.placement import tiles
from tests.metrics.conversion.conversion_oracles import (
    blocks,
    calendar_lengths,
    convert,
    hours,
    share,
    window,
    worst_downtime,
)

REFERENCE = Path(__file__).parents[2] / "reference" / "windows.yaml"
WINDOWS = [
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "1d",
    "7d",
    "30d",
    "365d",
    "rolling 1d",
    "rolling 28d",
    "rolling 400d",
]
UNAVAILABLE = Fraction(1, 1000)

unavailabilities = st.fractions(min_value=0, max_value=1, max_denominator=2000)


@pytest.mark.parametrize(
    "row", yaml.safe_load(REFERENCE.read_text()), ids=lambda row: f"{row['window']} to {row['target_window']}"
)
def test_published_answers_are_met_to_every_digit_printed(row):
    excluded = [hours("maintenance", row["excluded"].removesuffix(" h"))] if "excluded" in row else []
    term = tuple(row["term"]) if "term" in row else None
    found = share(1 - Fraction(row["promise"]), row["window"], row["target_window"], ours=excluded, term=term)
    assert abs(1 - found.worst - Fraction(row["guaranteed"])) <= Fraction(5, 10**9)


@pytest.mark.parametrize("text", [None, *WINDOWS])
def test_a_percentage_carries_over_to_its_own_window_and_where_a_side_is_silent(text):
    for promise, target in [(text, text), (text, None), (None, text)]:
        converted = convert(UNAVAILABLE, promise, target)
        assert converted.at_worst.worst == converted.at_worst.favourable == UNAVAILABLE
        assert converted.steps == ()


@pytest.mark.parametrize(
    ("small", "large"),
    [
        *[("day", large) for large in ("week", "month", "quarter", "year", "30d", "365d")],
        ("month", "quarter"), ("month", "year"), ("quarter", "year"), ("1d", "day"), ("1d", "month"),
        ("rolling 7d", "week"), ("rolling 7d", "28d"), ("rolling 7d", "rolling 28d"), ("rolling 1d", "month"),
    ],
)  # fmt: skip
def test_a_target_window_made_of_whole_promised_windows_keeps_the_percentage(small, large):
    converted = convert(UNAVAILABLE, small, large)
    assert converted.at_worst.worst == UNAVAILABLE
    assert [step.kind for step in converted.steps] == [ConversionKind.WINDOW]


@pytest.mark.parametrize(
    ("promise", "target"),
    [("week", "month"), ("7d", "week"), ("week", "7d"), ("30d", "60d"), ("day", "rolling 7d"), ("month",
    "rolling 365d"),
     ("rolling 30d", "month"), ("30d", "rolling 30d"), ("quarter", "month")],
)  # fmt: skip
def test_any_other_target_window_does_not_keep_the_percentage(promise, target):
    assert share(UNAVAILABLE, promise, target).worst > UNAVAILABLE


@pytest.mark.parametrize(
    ("promise", "target", "factor"),
    [
        ("year", "month", Fraction(365, 28)),
        ("year", "quarter", Fraction(365, 90)),
        ("quarter", "month", Fraction(90, 28)),
        ("month", "day", Fraction(31)),
        ("year", "day", Fraction(366)),
        ("year", "week", Fraction(731, 7)),
        ("month", "30d", Fraction(31 + 28 + 31, 30)),
    ],
)
def test_trap_5_a_yearly_promise_is_not_a_monthly_one(promise, target, factor):
    found = share(UNAVAILABLE, promise, target)
    assert found.worst == UNAVAILABLE * factor
    assert found.favourable == UNAVAILABLE


def test_the_sentence_names_the_budget_and_the_window():
    (step,) = convert(UNAVAILABLE, "year", "month").steps
    assert step.sentence == "99.9% a year is 98.696% of the worst month (365 × 0.1% of 28 days)"


def test_the_worst_month_of_a_known_term_is_one_that_the_term_touches():
    leap = share(UNAVAILABLE, "year", "month", term=(date(2028, 1, 1), date(2028, 12, 31)))
    assert leap.worst == UNAVAILABLE * Fraction(366, 29)
    summer = share(UNAVAILABLE, "year", "month", term=(date(2026, 4, 15), date(2026, 8, 1)))
    assert summer.worst == UNAVAILABLE * Fraction(365, 30)
    endless = share(UNAVAILABLE, "year", "month", term=(date(1, 1, 1), date(9999, 12, 31)))
    assert endless == share(UNAVAILABLE, "year", "month")


def test_a_term_bounds_blocks_and_days_as_well():
    spring = (date(2026, 4, 10), date(2026, 5, 20))
    assert share(UNAVAILABLE, "month", "day", term=spring).worst == 31 * UNAVAILABLE
    assert (
        share(UNAVAILABLE, "month", "day", term=(date(2026, 4, 10), date(2026, 4, 20))).worst
        == 30 * UNAVAILABLE
    )
    # A block that touches the term lies among March, April, May and June: ten days touch at most two.
    assert share(UNAVAILABLE, "month", "10d", term=spring).worst == Fraction(61, 10) * UNAVAILABLE


def _brute_calendar_to_calendar(u, promise, target):
    """The worst share over every target window of 400 years that lies in them wholly, day by day."""
    days = [date(2000, 12, 1) + timedelta(days=offset) for offset in range(146_097 + 70)]
    numbers, lengths = calendar_lengths(promise, days)
    target_numbers, target_lengths = calendar_lengths(target, days)
    overlaps: dict[int, dict[int, int]] = {}
    for number, target_number in zip(numbers, target_numbers, strict=True):
        overlaps.setdefault(target_number, {}).setdefault(number, 0)
        overlaps[target_number][number] += 1
    edge = {0, 1, len(lengths) - 1, len(lengths) - 2} if promise != "year" else {0, len(lengths) - 1}
    patterns = {
        (
            target_lengths[target_number],
            tuple(sorted((lengths[number], part) for number, part in parts.items())),
        )
        for target_number, parts in overlaps.items()
        if 0 < target_number < len(target_lengths) - 1 and not edge & parts.keys()
    }
    return max(
        sum(min(Fraction(part), u * length) for length, part in parts) / days for days, parts in patterns
    )


@pytest.mark.parametrize("promise", ["week", "month", "quarter", "year"])
@pytest.mark.parametrize("target", ["week", "month", "quarter", "year"])
def test_a_handful_of_years_stands_for_every_window_of_four_centuries(promise, target):
    for u in (Fraction(1, 1000), Fraction(1, 9)):
        assert share(u, promise, target).worst == _brute_calendar_to_calendar(u, promise, target)


def _brute_calendar_to_blocks(u, promise, length):
    days = [date(2000, 1, 1) + timedelta(days=offset) for offset in range(146_097 + 2 * 366 + length)]
    numbers, lengths = calendar_lengths(promise, days)
    after = [0]
    for one in lengths:
        after.append(after[-1] + one)
    scale = 10**6
    budgets = [min(one * scale, int(u * one * scale)) for one in lengths]
    before = [0]
    for budget in budgets:
        before.append(before[-1] + budget)
    most = 0
    for first in range(366, 366 + 146_097):
        left, right = numbers[first], numbers[first + length - 1]
        if left == right:
            downtime = min(length * scale, budgets[left])
        else:
            downtime = (
                min((after[left + 1] - first) * scale, budgets[left]) + before[right] - before[left + 1]
            )
            downtime += min((first + length - after[right]) * scale, budgets[right])
        most = max(most, downtime)
    return Fraction(most, scale * length)


@pytest.mark.parametrize(
    ("promise", "length"), [("month", 30), ("month", 7), ("quarter", 30), ("year", 200), ("month", 400)]
)
def test_blocks_may_begin_at_any_midnight_of_four_centuries(promise, length):
    for u in (Fraction(1, 1000), Fraction(1, 20)):
        assert share(u, promise, f"{length}d").worst == _brute_calendar_to_blocks(u, promise, length)


@settings(max_examples=200)
@given(unavailabilities, st.integers(1, 40), st.integers(1, 90))
def test_a_rolling_target_meets_the_closed_formula_of_equal_blocks(u, block, length):
    """D(L) = max{qb + min(r, 2b), (q−1)b + min(W+r, 2b) if q >= 1} (SEMANTICS §6)."""
    q, r = divmod(length, block)
    b = u * block
    closed = max(q * b + min(r, 2 * b), (q - 1) * b + min(block + r, 2 * b) if q else 0)
    assert share(u, f"{block}d", f"rolling {length}d").worst == min(length, closed) / length


@settings(max_examples=200)
@given(unavailabilities, st.integers(1, 40), st.integers(1, 90))
def test_a_block_begins_at_midnight_wherever_the_promised_blocks_lie(u, block, length):
    found = share(u, f"{block}d", f"{length}d").worst
    if block == length:
        assert found == u
        return
    most = max(
        sum(
            min(Fraction(max(0, min(end, length) - max(begin, 0))), u * block)
            for begin, end in blocks(block, offset, length)
        )
        for offset in range(block)
    )
    assert found == most / length
    assert found <= share(u, f"{block}d", f"rolling {length}d").worst


@settings(max_examples=200)
@given(unavailabilities, st.integers(1, 40), st.integers(1, 90))
def test_a_promise_over_any_interval_bounds_any_other_interval(u, length, meant):
    """D(L) = qb + min(r, b) (SEMANTICS §6)."""
    q, r = divmod(meant, length)
    expected = (q * u * length + min(r, u * length)) / meant
    assert share(u, f"rolling {length}d", f"rolling {meant}d").worst == expected
    assert share(u, f"rolling {length}d", f"{meant}d").worst == expected


@settings(max_examples=40)
@given(st.integers(1, 12).map(lambda n: Fraction(n, 16)), st.integers(2, 7), st.integers(1, 12), st.data())
def test_no_outage_pattern_that_keeps_the_promised_blocks_exceeds_the_share(u, block, length, data):
    offset = data.draw(st.integers(0, block * 4 - 1)) / Fraction(4)
    windows = blocks(block, 0, length + 2 * block)
    downtime = worst_downtime(u, windows, (offset, offset + length))
    assert downtime / length <= share(u, f"{block}d", f"rolling {length}d").worst + Fraction(1, 10**9)
    if offset.denominator == 1 and block != length:
        assert downtime / length <= share(u, f"{block}d", f"{length}d").worst + Fraction(1, 10**9)


@settings(max_examples=25)
@given(st.integers(0, 16).map(lambda n: Fraction(n, 16)), st.integers(1, 6), st.integers(1, 12))
def test_some_outage_pattern_that_keeps_a_rolling_promise_reaches_the_share(u, length, meant):
    horizon = meant + length
    cells = range(-length * 4, horizon * 4 + 1)
    windows = [(Fraction(cell, 4), Fraction(cell, 4) + length) for cell in cells]
    downtime = worst_downtime(u, windows, (0, meant))
    assert downtime / meant == pytest.approx(
        float(share(u, f"rolling {length}d", f"{meant}d").worst), abs=1e-9
    )


@settings(max_examples=30)
@given(
    st.integers(1, 15).map(lambda n: Fraction(n, 64)),
    st.integers(1, 60),
    st.dates(date(2023, 1, 1), date(2030, 1, 1)),
)
def test_no_outage_pattern_that_keeps_the_promised_months_exceeds_the_share_of_any_interval(u, length, day):
    days = [day + timedelta(days=offset) for offset in range(-40, length + 41)]
    _, lengths = calendar_lengths("month", days)
    windows, begin = [], -40
    for one in lengths:
        windows.append((begin, begin + one))
        begin += one
    downtime = worst_downtime(u, windows[1:-1], (Fraction(1, 2), length + Fraction(1, 2)))
    assert downtime / length <= share(u, "month", f"rolling {length}d").worst + Fraction(1, 10**9)


@settings(max_examples=150)
@given(st.sampled_from(WINDOWS), st.sampled_from(WINDOWS), unavailabilities, unavailabilities)
def test_a_better_promise_converts_to_a_better_share_and_favourable_is_never_above_worst(
    promise, target, one, other
):
    better, worse = sorted((one, other))
    first, second = share(better, promise, target), share(worse, promise, target)
    assert first.worst <= second.worst
    assert first.favourable <= second.favourable
    assert better == first.favourable <= first.worst <= 1


@given(
    st.sampled_from(WINDOWS),
    st.sampled_from(WINDOWS),
    st.fractions(Fraction(1, 500), Fraction(1, 20), max_denominator=500),
)
def test_windows_tile_exactly_where_the_percentage_is_kept(promise, target, u):
    assert tiles(window(promise), window(target)) == (share(u, promise, target).worst == u)


def test_perfection_and_complete_failure_survive_every_window():
    for promise in WINDOWS:
        for target in WINDOWS:
            for u in (0, 1):
                assert share(u, promise, target).worst == u


def test_a_share_outside_zero_to_one_is_refused():
    with pytest.raises(ValueError, match="favourable <= worst <= 1"):
        convert_time_share(Fraction(3, 2), promise=Terms(), target=Terms())


def test_a_population_does_not_change_a_share_of_time():
    converted = convert_time_share(UNAVAILABLE, promise=Terms(), target=Terms())
    assert isinstance(converted, Converted)
    assert not converted.is_interval
