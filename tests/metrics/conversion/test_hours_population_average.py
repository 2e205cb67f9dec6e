"""Hours, clocks, populations and averages, for shares of time, shares of requests and hard values."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olagraph.metrics.conversion import (
    ConversionKind,
    Converted,
    ConvertedHard,
    Incommensurable,
    Share,
    Terms,
    convert_hard,
    convert_request_share,
)
from olagraph.model.entities import Exclusion, Population
from olagraph.model.quantity import Dimension, Quantity
from tests.metrics.conversion.conversion_oracles import hours, request_share, time_share, window

U = Fraction(1, 1000)
NOTHING_KNOWN = Share(worst=Fraction(1), favourable=Fraction(0))
OFFICE, PLANT = "office", "plant"

shares = st.fractions(min_value=0, max_value=1, max_denominator=500)


def exactly(u):
    return Share(worst=u, favourable=u)


def population(name="P1", share=None):
    return Population(name=name, share=None if share is None else Quantity.parse(share, Dimension.RATIO))


@pytest.mark.parametrize(("promise", "target"), [("24x7", OFFICE), (OFFICE, "24x7"), (OFFICE, PLANT)])
def test_trap_6_a_share_of_other_hours_is_an_interval_that_neither_backs_nor_refutes(promise, target):
    found = time_share(U, promise=Terms(hours=promise), target=Terms(hours=target))
    assert found.at_worst == NOTHING_KNOWN
    assert found.at_best == Share(worst=U, favourable=Fraction(0))
    assert [step.kind for step in found.steps] == [ConversionKind.HOURS]


def test_never_failing_at_any_hour_is_never_failing_in_office_hours():
    found = time_share(Fraction(0), promise=Terms(), target=Terms(hours=OFFICE))
    assert found == Converted(at_worst=exactly(Fraction(0)), at_best=exactly(Fraction(0)))
    maintained = Terms(exclusions=(hours("maintenance", 4),))
    found = time_share(Fraction(0), promise=maintained, target=Terms(hours=OFFICE))
    assert found.at_worst == NOTHING_KNOWN


def test_a_share_of_one_calendar_carries_over_to_the_same_calendar():
    exclusions = (hours("maintenance", 4, "month"),)
    for ours, theirs in [(None, None), ("month", "month"), ("month", "quarter"), (None, "week")]:
        promise = Terms(hours=OFFICE, window=window(ours), exclusions=exclusions)
        target = Terms(hours=OFFICE, window=window(theirs), exclusions=exclusions)
        found = time_share(U, promise=promise, target=target)
        assert found.at_worst == found.at_best == exactly(U)


def test_lengths_in_a_calendars_hours_are_not_known():
    promise, target = (Terms(hours=OFFICE, window=window(text)) for text in ("year", "month"))
    found = time_share(U, promise=promise, target=target)
    assert (found.at_worst, found.at_best) == (Share(worst=Fraction(1), favourable=U), exactly(U))
    assert [step.kind for step in found.steps] == [ConversionKind.WINDOW]
    maintained = Terms(hours=OFFICE, window=window("month"), exclusions=(hours("maintenance", 4),))
    found = time_share(U, promise=maintained, target=target)
    assert (found.at_worst, found.at_best) == (NOTHING_KNOWN, Share(worst=U, favourable=Fraction(0)))
    assert [step.kind for step in found.steps] == [ConversionKind.EXCLUSION]


@given(shares, st.integers(2, 50))
def test_an_average_says_about_one_member_only_n_times_its_share(u, n):
    for convert in (time_share, request_share):
        found = convert(u, promise=Terms(averaged_over=n), target=Terms())
        assert found.at_worst == found.at_best
        assert found.at_worst == Share(worst=min(1, n * u), favourable=max(Fraction(0), n * u - (n - 1)))
        assert [step.kind for step in found.steps] == [ConversionKind.AVERAGE]


@given(shares, st.integers(2, 12), st.integers(1, 12), st.data())
def test_no_members_with_the_promised_average_fail_outside_the_share(u, n, m, data):
    failing = [data.draw(st.fractions(0, 1, max_denominator=20)) for _ in range(n)]
    u = sum(failing, Fraction(0)) / n
    found = time_share(u, promise=Terms(averaged_over=n), target=Terms(averaged_over=m))
    for meant in (sorted(failing)[:m], sorted(failing)[-m:]):
        assert found.at_worst.favourable <= sum(meant, Fraction(0)) / len(meant) <= found.at_worst.worst


def test_an_average_carries_over_to_the_same_average_and_each_member_to_any():
    for ours, theirs in [(40, 40), (None, 40), (1, 40), (None, None)]:
        promise, target = Terms(averaged_over=ours), Terms(averaged_over=theirs)
        assert time_share(U, promise=promise, target=target) == Converted(
            at_worst=exactly(U), at_best=exactly(U)
        )


def test_an_average_is_converted_before_the_window():
    promise = Terms(averaged_over=10, window=window("year"))
    found = time_share(U, promise=promise, target=Terms(window=window("month")))
    assert found.at_worst.worst == 10 * U * Fraction(365, 28)
    assert found.at_worst.favourable == 0
    assert [step.kind for step in found.steps] == [ConversionKind.AVERAGE, ConversionKind.WINDOW]


@given(st.sampled_from([10, 20, 25, 50]), st.integers(0, 50), st.integers(1, 50), st.data())
def test_no_tickets_that_meet_the_promise_fail_outside_the_share_of_a_population(cases, late, meant, data):
    late, meant = min(late, cases), min(meant, cases)
    inside = data.draw(st.integers(max(0, late - (cases - meant)), min(late, meant)))
    target = Terms(population=population(share=str(Decimal(meant) / cases)))
    found = request_share(Fraction(late, cases), promise=Terms(), target=target)
    assert found.at_worst.favourable <= Fraction(inside, meant) <= found.at_worst.worst
    unknown = request_share(Fraction(late, cases), promise=Terms(), target=Terms(population=population()))
    assert unknown.at_best.favourable <= Fraction(inside, meant) <= unknown.at_worst.worst


def test_a_promise_over_all_tickets_says_little_about_a_few():
    target = Terms(population=population(share="5%"))
    found = request_share(Fraction(1, 100), promise=Terms(), target=target)
    assert found.at_worst == found.at_best == Share(worst=Fraction(1, 5), favourable=Fraction(0))
    (step,) = found.steps
    assert step.kind is ConversionKind.POPULATION
    assert step.sentence == "99% of all cases is 80% of P1, 5% of them"
    found = request_share(Fraction(98, 100), promise=Terms(), target=target)
    assert found.at_worst == Share(worst=Fraction(1), favourable=Fraction(3, 5))


def test_a_population_of_unknown_size_leaves_an_interval_unless_nothing_fails():
    target = Terms(population=population())
    found = request_share(Fraction(1, 100), promise=Terms(), target=target)
    assert found.at_worst == NOTHING_KNOWN
    assert found.at_best == Share(worst=Fraction(1, 100), favourable=Fraction(0))
    assert request_share(Fraction(0), promise=Terms(), target=target) == Converted(
        at_worst=exactly(Fraction(0)), at_best=exactly(Fraction(0))
    )


def test_a_promise_on_the_same_population_carries_over_and_time_knows_no_populations():
    target = Terms(population=population(share="5%"))
    found = request_share(U, promise=Terms(population=population()), target=target)
    assert found == Converted(at_worst=exactly(U), at_best=exactly(U))
    assert time_share(U, promise=Terms(), target=target) == found


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(None, None), ("month", None), ("month", "month"), ("month", "year"), ("day", "week")],
)
def test_a_share_of_requests_carries_over_to_whole_windows(ours, theirs):
    found = request_share(U, promise=Terms(window=window(ours)), target=Terms(window=window(theirs)))
    assert found.at_worst == found.at_best == exactly(U)


@pytest.mark.parametrize(
    ("promise", "target", "kind"),
    [
        (Terms(window=window("year")), Terms(window=window("month")), ConversionKind.WINDOW),
        (Terms(exclusions=(hours("maintenance", 4, "month"),)), Terms(), ConversionKind.EXCLUSION),
        (Terms(), Terms(exclusions=(hours("maintenance", 4, "month"),)), ConversionKind.EXCLUSION),
        (Terms(exclusions=(Exclusion(name="x", unlimited=True),)), Terms(), ConversionKind.EXCLUSION),
        (Terms(hours=OFFICE), Terms(), ConversionKind.HOURS),
        (Terms(), Terms(hours=OFFICE), ConversionKind.HOURS),
    ],
)
def test_anything_else_needs_request_counts(promise, target, kind):
    found = convert_request_share(U, promise=promise, target=target)
    assert isinstance(found, Incommensurable)
    assert found.kind is kind


def test_requests_that_never_fail_need_no_counts():
    promise = Terms(window=window("year"))
    target = Terms(window=window("month"), hours=OFFICE, exclusions=(hours("maintenance", 4),))
    found = request_share(Fraction(0), promise=promise, target=target)
    assert found.at_worst == exactly(Fraction(0))
    excluded = Terms(window=window("year"), exclusions=(hours("maintenance", 4),))
    assert isinstance(convert_request_share(Fraction(0), promise=excluded, target=Terms()), Incommensurable)


def test_the_same_exclusions_leave_a_share_of_requests_alone():
    terms = Terms(window=window("month"), exclusions=(hours("maintenance", 4),))
    assert request_share(U, promise=terms, target=terms) == Converted(at_worst=exactly(U), at_best=exactly(U))


@pytest.mark.parametrize(
    ("promise", "target", "kinds"),
    [
        (Terms(), Terms(), []),
        (Terms(), Terms(hours=OFFICE), []),
        (Terms(hours=OFFICE), Terms(hours=OFFICE), []),
        (Terms(hours=OFFICE), Terms(), [ConversionKind.HOURS]),
        (Terms(hours=OFFICE), Terms(hours=PLANT), [ConversionKind.HOURS]),
        (Terms(clock=OFFICE), Terms(clock=OFFICE), []),
        (Terms(hours=OFFICE), Terms(clock=OFFICE), []),
        (Terms(clock="24x7"), Terms(clock=OFFICE), []),
        (Terms(clock=OFFICE), Terms(clock="24x7"), [ConversionKind.CLOCK]),
        (Terms(clock=OFFICE), Terms(), [ConversionKind.CLOCK]),
        (Terms(clock=OFFICE), Terms(clock=PLANT), [ConversionKind.CLOCK]),
        (Terms(window=window("year")), Terms(window=window("day")), []),
        (Terms(), Terms(population=population()), []),
        (Terms(averaged_over=40), Terms(), [ConversionKind.AVERAGE]),
        (Terms(averaged_over=40), Terms(averaged_over=40), []),
        (Terms(), Terms(averaged_over=40), []),
    ],
)
def test_what_always_holds_carries_over_unless_hours_clock_or_average_leave_it_open(promise, target, kinds):
    found = convert_hard(promise=promise, target=target)
    assert isinstance(found, ConvertedHard)
    assert [step.kind for step in found.steps] == kinds
    assert found.carries_over == (not kinds)


def test_tickets_on_another_clock_are_an_interval():
    promise, target = Terms(clock=OFFICE), Terms(clock=PLANT, population=population(share="50%"))
    found = request_share(Fraction(1, 10), promise=promise, target=target)
    assert found.at_worst == NOTHING_KNOWN
    assert found.at_best == Share(worst=Fraction(1, 5), favourable=Fraction(0))
    assert [step.kind for step in found.steps] == [ConversionKind.POPULATION, ConversionKind.CLOCK]
