"""Numbers for people: exact sides of a target, minutes beside percentages, fitting units."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olagraph.model.window import Window
from olagraph.reports import values


@pytest.mark.parametrize(
    ("complement", "shown"),
    [
        (0.0006, "99.94%"),
        (0.0, "100%"),
        (1.0, "0%"),
        (1e-9, "99.9999999%"),
        (1.23e-13, "99.999999999987%"),
        (0.005789, "99.42%"),
        (0.756, "24.4%"),
        (0.99999, "0.001%"),
    ],
)
def test_a_percentage_shows_two_digits_of_what_is_missing(complement: float, shown: str) -> None:
    assert values.percent(complement) == shown


@pytest.mark.parametrize(
    ("complement", "target", "shown"),
    [
        (0.0010001, 0.001, "99.89999%"),
        (0.00059995, 0.0006, "99.940005%"),
        (0.0010000000000000002, 0.001, "99.9%"),
        (0.00100000001, 0.001, "99.899999999%"),
    ],
)
def test_a_value_below_its_target_never_prints_as_equal_to_it(
    complement: float, target: float, shown: str
) -> None:
    """99.95 × 99.99 is 99.940005, not 99.94; what the verdicts take for equal prints as equal."""
    assert values.percent(complement, against=target) == shown


@given(
    complement=st.floats(min_value=0, max_value=1),
    target=st.sampled_from([0.0, 1e-9, 1e-5, 0.0005, 0.001, 0.01, 0.05, 1.0]),
)
def test_what_is_printed_lies_on_the_same_side_of_the_target(complement: float, target: float) -> None:
    shown = Decimal(values.percent(complement, against=target).rstrip("%"))
    exact = 100 - Decimal(repr(complement)) * 100
    promised = 100 - Decimal(repr(target)) * 100
    if abs(exact - promised) > Decimal("1e-9"):
        assert (shown > promised) == (exact > promised)
        assert (shown < promised) == (exact < promised)


@pytest.mark.parametrize(
    ("complement", "window", "shown"),
    [
        (0.0006, None, "26 min"),
        (0.0006, "month", "26 min"),
        (0.001, "month", "43 min"),
        (0.001, "year", "8 h 46 min"),
        (0.001, "week", "10 min"),
        (0.0001, "day", "8.6 s"),
        (0.00005, "month", "2 min 10 s"),
        (0.01, "30d", "7 h 12 min"),
        (0.01, "rolling 28d", "6 h 43 min"),
        (0.0, "month", "0 s"),
        (1e-9, "month", "2.6 ms"),
    ],
)
def test_a_share_of_a_window_is_told_in_minutes(complement: float, window: str | None, shown: str) -> None:
    """A month of 30 days and a year of 365, as everybody's table of nines has them."""
    parsed = Window.parse(window) if window else None
    assert values.downtime(complement, window=parsed, hours=None) == shown


def test_minutes_that_would_look_like_the_target_s_are_told_to_the_second() -> None:
    month = Window.parse("month")
    assert values.downtime(0.00101, window=month, hours="24x7", against=0.001) == "44 min"
    assert values.downtime(0.001002, window=month, hours="24x7", against=0.001) == "43 min 17 s"


def test_a_share_of_a_calendar_s_hours_has_no_minutes_that_are_known_here() -> None:
    assert values.downtime(0.001, window=None, hours="london-office") is None


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.25, "250 ms"),
        (0.0000015, "1.5 us"),
        (2.4, "2.4 s"),
        (90.0, "90 s"),
        (5_400.0, "90 min"),
        (28_800.0, "8 h"),
        (259_200.0, "3 d"),
        (0.0, "0 s"),
        (float("inf"), "without bound"),
    ],
)
def test_a_time_is_told_in_the_unit_that_fits_it(seconds: float, shown: str) -> None:
    assert values.duration(seconds) == shown


def test_open_hours_are_never_told_in_days() -> None:
    assert values.duration(259_200.0, working=True) == "72 h"


def test_a_time_past_its_target_never_prints_as_equal_to_it() -> None:
    assert values.duration(2.0004, against=2.0) == "2.0004 s"
    assert values.duration(28_801.0, against=28_800.0) == "8.0003 h"


def test_rates_and_money_read_like_the_file_writes_them() -> None:
    assert values.rate(200.0) == "200/s"
    assert values.rate(3 / 3_600) == "3/h"
    assert values.rate(0.0) == "0/s"
    assert values.data_rate(1e10) == "10 Gbit/s"
    assert values.money(12_000.0, currency="EUR") == "12,000 EUR"
    assert values.money(12.5, currency=None) == "12.5"


def test_failing_requests_are_told_as_one_in_many() -> None:
    assert values.one_in(0.001) == "1 in 1,000"
    assert values.one_in(0.0) is None
    assert values.one_in(0.7) is None


def test_a_share_of_a_budget_is_a_whole_percentage() -> None:
    assert [values.share(part) for part in (0.0, 0.004, 0.384, 1.0)] == ["0%", "under 1%", "38%", "100%"]
