"""Downtime against budgets, against counting in the smallest steps that matter."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olagraph.analysis.outage.budgets import Hit, budget
from olagraph.analysis.outage.downtime import Downtime, Span, instant, moment
from olagraph.analysis.outage.results import Budget, Remark
from olagraph.metrics.conversion import Terms
from olagraph.model.entities import Exclusion, Target
from olagraph.model.quantity import Dimension, Quantity
from olagraph.model.window import Window

HOUR = 3600
DAY = 24 * HOUR
MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
"""The first day of a week, the last of a month."""


def target(availability: str) -> Target:
    return Target(metric="availability", value=Quantity.parse(availability, Dimension.RATIO))


def hours(number: str) -> Quantity:
    return Quantity.parse(f"{number} h", Dimension.DURATION)


def asked(
    availability: str,
    window: str | None,
    begin: datetime,
    lasting: Fraction | int | None,
    *,
    share: Fraction = Fraction(1),
    incidents: tuple[Span, ...] = (),
    exclusions: tuple[Exclusion, ...] = (),
) -> Budget:
    start = instant(begin)
    hit = Hit(begin=start, end=None if lasting is None else start + lasting, share=share, incidents=incidents)
    terms = Terms(window=None if window is None else Window.parse(window), exclusions=exclusions)
    return budget(target(availability), terms, hit)


def test_the_budget_is_that_of_the_actual_month_less_its_exclusions() -> None:
    """December 2026 has 744 h; 0.001 × (744 − 4) h are 2664 s."""
    maintenance = Exclusion(name="maintenance", at_most=hours("4"), per=Window.parse("month"))
    found = asked("99.9%", "month", datetime(2026, 12, 1, 9, tzinfo=UTC), 4 * HOUR, exclusions=(maintenance,))
    assert found.allowed == 2664
    assert found.breaches_at == datetime(2026, 12, 1, 9, 44, 24, tzinfo=UTC)
    assert (found.begins, found.ends) == (
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    )
    assert found.left == 2664 - 14400


@pytest.mark.parametrize(
    ("window", "days"), [("month", 28), ("quarter", 90), ("year", 365), ("week", 7), ("day", 1)]
)
def test_the_budget_follows_the_calendar(window: str, days: int) -> None:
    found = asked("99%", window, datetime(2026, 2, 10, tzinfo=UTC), HOUR)
    assert found.allowed == Fraction(days * DAY, 100)


def test_leap_days_count() -> None:
    assert asked("99%", "month", datetime(2028, 2, 10, tzinfo=UTC), HOUR).allowed == Fraction(29 * DAY, 100)


def test_downtime_equal_to_the_budget_is_no_breach() -> None:
    begin = datetime(2026, 12, 1, 9, tzinfo=UTC)
    spent = asked("99%", "day", begin, 864)
    assert not spent.breach
    assert spent.left == 0
    assert spent.holds_until == datetime(2026, 12, 1, 9, 14, 24, tzinfo=UTC)
    over = asked("99%", "day", begin, Fraction(864_000_001, 1_000_000))
    assert over.breaches_at == spent.holds_until


def test_an_open_ended_outage_breaches_in_the_next_window_if_this_one_ends_too_soon() -> None:
    found = asked("99%", "day", datetime(2026, 12, 1, 23, 50, tzinfo=UTC), None)
    assert found.downtime is None
    assert found.left is None
    assert found.breaches_at == datetime(2026, 12, 2, 0, 14, 24, tzinfo=UTC)


def test_an_outage_across_the_end_of_a_window_is_split() -> None:
    """Ten minutes on either side of midnight stay within 14 min 24 s a day."""
    found = asked("99%", "day", datetime(2026, 12, 1, 23, 50, tzinfo=UTC), 1200)
    assert not found.breach
    assert found.downtime == 600
    assert found.holds_until == datetime(2026, 12, 2, 0, 14, 24, tzinfo=UTC)


def test_the_worse_window_is_shown() -> None:
    found = asked("99%", "day", datetime(2026, 12, 1, 23, 58, tzinfo=UTC), 720)
    assert found.downtime == 600
    assert found.begins == datetime(2026, 12, 2, tzinfo=UTC)


def test_incidents_use_up_the_budget_by_their_share() -> None:
    begin = datetime(2026, 12, 1, 9, tzinfo=UTC)
    had = Span(instant(begin) - 7 * HOUR, instant(begin) - 7 * HOUR + 1200, Fraction(1, 2))
    found = asked("99%", "day", begin, HOUR, incidents=(had,))
    assert found.already == 600
    assert found.breaches_at == datetime(2026, 12, 1, 9, 4, 24, tzinfo=UTC)


def test_an_incident_that_is_a_part_of_the_outage_counts_once() -> None:
    begin = datetime(2026, 12, 1, 9, tzinfo=UTC)
    same = Span(instant(begin), instant(begin) + 600, Fraction(1))
    found = asked("99%", "day", begin, 600, incidents=(same,))
    assert found.already == 0
    assert found.downtime == 600


def test_a_budget_overdrawn_before_says_when() -> None:
    begin = datetime(2026, 12, 1, 9, tzinfo=UTC)
    had = Span(instant(begin) - 2 * HOUR, instant(begin) - HOUR, Fraction(1))
    found = asked("99%", "day", begin, HOUR, incidents=(had,))
    assert found.breaches_at == datetime(2026, 12, 1, 7, 14, 24, tzinfo=UTC)


def test_what_comes_after_the_outage_has_not_been_had() -> None:
    begin = datetime(2026, 12, 1, 9, tzinfo=UTC)
    later = Span(instant(begin) + 2 * HOUR, instant(begin) + 3 * HOUR, Fraction(1))
    assert not asked("99%", "day", begin, 600, incidents=(later,)).breach


def test_a_share_of_the_capacity_lost_breaches_later() -> None:
    found = asked("99%", "day", datetime(2026, 12, 1, 9, tzinfo=UTC), None, share=Fraction(1, 2))
    assert found.breaches_at == datetime(2026, 12, 1, 9, 28, 48, tzinfo=UTC)
    assert not asked("99%", "day", MONDAY, None, share=Fraction(1, 100)).breach


def test_a_target_of_one_hundred_percent_breaches_at_once_and_one_of_nothing_never() -> None:
    assert asked("100%", "month", MONDAY, None).breaches_at == MONDAY
    assert not asked("0%", "month", MONDAY, None).breach


def test_what_is_taken_for_granted_is_said() -> None:
    assert asked("99%", None, MONDAY, HOUR).remarks == (Remark.WINDOW_ASSUMED,)
    unlimited = (Exclusion(name="storms", unlimited=True),)
    assert asked("99%", "30d", MONDAY, HOUR, exclusions=unlimited).remarks == (
        Remark.BLOCKS,
        Remark.UNLIMITED_EXCLUSION,
    )


def test_weekly_allowances_are_taken_as_often_as_they_may_fall_into_a_month() -> None:
    """December 2026 touches five weeks: 1–6, three whole ones, 28–31."""
    weekly = Exclusion(name="patching", at_most=hours("2"), per=Window.parse("week"))
    found = asked("99%", "month", datetime(2026, 12, 3, tzinfo=UTC), HOUR, exclusions=(weekly,))
    assert found.allowed == Fraction((744 - 10) * HOUR, 100)


STEP = 6 * HOUR


@st.composite
def cases(draw: st.DrawFn) -> tuple[int, int, list[tuple[int, int]], Fraction]:
    """Start and length of an outage, incidents, and a budget, all in steps of six hours from a Monday on."""
    begin = draw(st.integers(20, 40))
    length = draw(st.integers(1, 24))
    incidents = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 4)), max_size=3))
    allowed = draw(st.integers(0, 12))
    return begin, length, incidents, Fraction(allowed)


@settings(deadline=None, max_examples=150)
@given(case=cases(), window=st.sampled_from(["week", "3d", "rolling 2d", "day"]))
def test_breaches_are_those_counted_step_by_step(
    case: tuple[int, int, list[tuple[int, int]], Fraction], window: str
) -> None:
    begin, length, incidents, allowed = case
    steps = {"week": 28, "3d": 12, "rolling 2d": 8, "day": 4}[window]
    availability = 1 - Decimal(int(allowed)) / Decimal(steps)
    if allowed > steps:
        return
    zero = instant(MONDAY)
    spans = tuple(Span(zero + at * STEP, zero + (at + long) * STEP, Fraction(1)) for at, long in incidents)
    end = begin + length
    hit = Hit(begin=zero + begin * STEP, end=zero + end * STEP, share=Fraction(1), incidents=spans)
    goal = Target(metric="availability", value=Quantity.ratio(availability))
    share = 1 - goal.value.exact
    found = budget(goal, Terms(window=Window.parse(window)), hit)
    down = set(range(begin, end)) | {
        each for at, long in incidents for each in range(at, at + long) if each < end
    }
    # Where windows begin: any step for a rolling one, any midnight for a block.
    starts = {
        "week": range(0, 200, 28),
        "day": range(0, 200, 4),
        "3d": range(-40, 200, 4),
        "rolling 2d": range(-40, 200),
    }[window]
    most = Fraction(0)
    for first in starts:
        inside = range(first, first + steps)
        if any(each in inside for each in range(begin, end)):
            most = max(most, Fraction(sum(each in down for each in inside)))
    assert found.breach == (most > share * steps)
    if not found.breach:
        assert found.left == (share * steps - most) * STEP
        return
    assert found.breaches_at is not None
    at = (instant(found.breaches_at) - zero) / STEP
    assert at < end


@settings(deadline=None, max_examples=100)
@given(
    spans=st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9), st.integers(1, 4)), max_size=6),
    until=st.integers(-2, 45),
    total=st.fractions(0, 30, max_denominator=8),
)
def test_downtime_adds_up_the_largest_share_of_each_moment(
    spans: list[tuple[int, int, int]], until: int, total: Fraction
) -> None:
    shares = [
        max((Fraction(share, 4) for at, long, share in spans if at <= t < at + long), default=Fraction(0))
        for t in range(45)
    ]
    downtime = Downtime(
        Span(Fraction(at), Fraction(at + long), Fraction(share, 4)) for at, long, share in spans
    )
    assert downtime.until(Fraction(until)) == sum(shares[: max(until, 0)])
    exceeded = downtime.exceeds(total)
    if sum(shares) <= total:
        assert exceeded is None
    else:
        assert exceeded is not None
        assert downtime.until(exceeded) == total
        assert downtime.until(exceeded + Fraction(1, 1000)) > total


def test_moments_beyond_the_calendar_have_no_name() -> None:
    assert moment(Fraction(10**12)) is None
