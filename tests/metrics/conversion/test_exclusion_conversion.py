"""Excluded time on one side or both: the formulas of SEMANTICS §6, worked examples, and adversaries."""

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from olagraph.metrics.conversion import (
    ConversionKind,
    Converted,
    Incommensurable,
    Share,
    Terms,
    convert_time_share,
)
from olagraph.model.entities import Cause, Exclusion
from tests.metrics.conversion.conversion_oracles import (
    blocks,
    convert,
    hours,
    share,
    time_share,
    window,
    worst_counted_share,
)

U = Fraction(1, 1000)
S = 720
"""The hours of 30 days."""

unavailabilities = st.fractions(min_value=0, max_value=1, max_denominator=200)
excluded_hours = st.integers(0, 80)


@given(unavailabilities, excluded_hours)
def test_what_only_the_supplier_excludes_counts_in_full(u, h):
    found = share(u, "30d", "30d", ours=[hours("maintenance", h)])
    assert found == Share(worst=(h + u * (S - h)) / S, favourable=u * (S - h) / S)


@given(unavailabilities, excluded_hours)
def test_what_only_the_sla_excludes_leaves_the_denominator(u, h):
    found = share(u, "30d", "30d", theirs=[hours("maintenance", h)])
    assert found == Share(
        worst=min(S - h, u * S) / Fraction(S - h), favourable=max(Fraction(0), u * S - h) / (S - h)
    )


@given(unavailabilities, excluded_hours, excluded_hours)
def test_exclusions_of_one_name_coincide_up_to_the_smaller_number_of_hours(u, h, g):
    found = share(u, "30d", "30d", ours=[hours("maintenance", h)], theirs=[hours("maintenance", g)])
    both = min(h, g)
    assert found.worst == min(1, (h - both + u * (S - h)) / (S - g))
    assert found.favourable == max(Fraction(0), u * (S - h) - (g - both)) / (S - g)


@given(unavailabilities, excluded_hours, excluded_hours)
def test_exclusions_of_different_names_and_without_a_name_share_nothing(u, h, g):
    for ours, theirs in [("patching", "holiday"), (None, None), ("patching", None)]:
        found = share(u, "30d", "30d", ours=[hours(ours, h)], theirs=[hours(theirs, g)])
        assert found.worst == min(1, (h + u * (S - h)) / (S - g))
        assert found.favourable == max(Fraction(0), u * (S - h) - g) / (S - g)


@pytest.mark.parametrize("text", [None, "month", "30d", "rolling 28d"])
def test_the_same_exclusion_on_both_sides_changes_nothing(text):
    maintenance = [hours("maintenance", 4, "month")]
    converted = convert(U, text, text, ours=maintenance, theirs=maintenance)
    assert converted == Converted(at_worst=Share(worst=U, favourable=U), at_best=Share(worst=U, favourable=U))


def test_the_same_exclusion_per_no_window_at_all_changes_nothing():
    maintenance = [hours("maintenance", 4)]
    assert share(U, None, None, ours=maintenance, theirs=maintenance) == Share(worst=U, favourable=U)


def test_the_shortest_month_is_the_worst_and_the_average_month_the_favourable():
    found = share(U, "month", "month", ours=[hours("maintenance", 4)])
    assert found.worst == (4 + U * (672 - 4)) / 672
    assert found.favourable == U * (1 - Fraction(4 * 4800, 146_097 * 24))


@pytest.mark.parametrize(
    ("promise", "per", "target", "count", "length"),
    [
        ("month", "week", "month", 6, 30),  # 30 days may touch six weeks, 28 at most five
        ("30d", "day", "30d", 30, 30),
        ("30d", "30d", "30d", 1, 30),
        ("year", "quarter", "year", 4, 365),
        ("quarter", "year", "quarter", 1, 90),
        ("30d", "month", "30d", 3, 30),  # 31 January to 1 March
    ],
)
def test_the_worst_number_of_allowances_falls_into_the_target_window(promise, per, target, count, length):
    found = share(U, promise, target, ours=[hours("maintenance", 2, per)])
    excluded = count * 2
    assert found.worst == (excluded + U * (24 * length - excluded)) / (24 * length)


def test_windows_and_exclusions_convert_together():
    found = share(U, "year", "month", ours=[hours("maintenance", 4, "month")])
    assert found.worst == (U * 365 * 24 + (1 - U) * 4) / 672
    found = share(U, "year", "month", theirs=[hours("maintenance", 4, "month")])
    assert found.worst == U * 365 * 24 / (672 - 4)
    both = [hours("maintenance", 4, "month")]
    found = share(U, "year", "month", ours=both, theirs=both)
    assert found.worst == (U * 365 * 24 - U * 4) / (672 - 4)
    assert found.favourable == U


def test_windows_and_exclusions_are_two_steps_of_the_explanation():
    steps = convert(U, "year", "month", ours=[hours("maintenance", 4, "month")]).steps
    assert [step.kind for step in steps] == [ConversionKind.WINDOW, ConversionKind.EXCLUSION]
    assert steps[0].after == steps[1].before
    assert steps[1].sentence == (
        "maintenance (4 h a month) excluded by the promise alone: "
        "98.696% is 98.102% of the worst month (28 days)"
    )


def test_a_shortfall_of_seconds_is_named_as_such():
    (step,) = convert(U, "30d", "30d", theirs=[hours("maintenance", 4)]).steps
    assert step.sentence.endswith("99.9% is 99.8994% of the worst 30 d (30 days), 14.4 s short")


def test_where_no_side_states_a_window_the_shortest_one_of_an_allowance_is_taken():
    ours = [hours("maintenance", 4, "30d"), hours("holiday", 24, "365d")]
    # 30 days may touch two blocks of 365, and so two of their allowances.
    assert share(U, None, None, ours=ours).worst == (52 + U * (S - 52)) / S


def test_hours_out_of_no_window_are_incommensurable():
    found = convert_time_share(U, promise=Terms(exclusions=(hours("maintenance", 4),)), target=Terms())
    assert isinstance(found, Incommensurable)
    assert found.kind is ConversionKind.EXCLUSION


def test_a_target_that_excludes_all_of_its_window_is_incommensurable():
    found = convert_time_share(
        U,
        promise=Terms(window=window("day")),
        target=Terms(window=window("day"), exclusions=(hours("maintenance", 24),)),
    )
    assert isinstance(found, Incommensurable)


def test_a_yearly_allowance_may_take_a_whole_day():
    both = [hours("holiday", 40, "year")]
    assert share(U, "day", "day", ours=both, theirs=both) == Share(worst=U, favourable=U)
    assert share(U, "day", "day", theirs=both).worst == 1
    assert share(0, "day", "day", theirs=both).worst == 0
    assert share(0, "day", "day", ours=both).worst == 1


def test_one_name_per_different_windows_coincides_as_far_as_it_must():
    # Three months of 4 h are the quarter's 12 h.
    monthly, quarterly = [hours("maintenance", 4, "month")], [hours("maintenance", 12, "quarter")]
    assert share(U, "quarter", "quarter", ours=monthly, theirs=quarterly) == Share(worst=U, favourable=U)
    # The SLA's 4 h a month may be used up in another week than this one, with its two promised hours.
    weekly = [hours("maintenance", 2, "week")]
    assert share(U, "week", "week", ours=weekly, theirs=monthly).worst == (2 + U * 166) / 168


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_time_excluded_without_a_limit_by_one_side_leaves_the_promise_as_if_missing(side):
    unlimited = (Exclusion(name="migration", unlimited=True),)
    found = convert_time_share(
        U,
        promise=Terms(exclusions=unlimited if side == "ours" else ()),
        target=Terms(exclusions=unlimited if side == "theirs" else ()),
    )
    assert isinstance(found, Converted)
    assert found.is_interval
    assert (found.at_worst, found.at_best) == (
        Share(worst=Fraction(1), favourable=Fraction(0)),
        Share(worst=Fraction(0), favourable=Fraction(0)),
    )
    assert [step.kind for step in found.steps] == [ConversionKind.EXCLUSION]


def test_time_excluded_without_a_limit_by_both_under_one_name_changes_nothing():
    def ends(name):
        exclusions = (Exclusion(name=name, unlimited=True),)
        return convert_time_share(
            U, promise=Terms(exclusions=exclusions), target=Terms(exclusions=exclusions)
        )

    assert ends("migration") == Converted(
        at_worst=Share(worst=U, favourable=U), at_best=Share(worst=U, favourable=U)
    )
    assert ends(None).at_worst.worst == 1


def test_causes_carry_over_with_a_note_and_third_parties_are_left_to_the_composition():
    causes = tuple(Exclusion(cause=cause) for cause in Cause)
    found = time_share(U, promise=Terms(exclusions=causes), target=Terms())
    assert found.at_worst == found.at_best == Share(worst=U, favourable=U)
    assert [step.sentence.split(" count ")[0] for step in found.steps] == [
        "outages caused by the customer",
        "outages caused by force majeure",
    ]
    assert time_share(U, promise=Terms(exclusions=causes), target=Terms(exclusions=causes)).steps == ()


quarters = st.integers(0, 16).map(lambda n: Fraction(n, 16))
few_hours = st.integers(0, 8).map(lambda n: 3 * n)


@settings(max_examples=60)
@given(quarters, st.integers(1, 4), few_hours, few_hours, few_hours)
def test_an_adversary_within_one_window_reaches_the_share_and_never_exceeds_it(
    u, length, ours, theirs, common
):
    assume(theirs + common < 24 * length and ours + common <= 24 * length)
    window_ = [(0, length)]
    attacked = worst_counted_share(
        u,
        length,
        promise_windows=window_,
        ours=[(window_, Fraction(ours, 24))],
        theirs=[(window_, Fraction(theirs, 24))],
        common=[(window_, Fraction(common, 24))],
    )
    both = hours("both", common)
    converted = share(
        u, f"{length}d", f"{length}d", ours=[hours("a", ours), both], theirs=[hours("b", theirs), both]
    )
    assert attacked == pytest.approx(float(converted.worst), abs=1e-7)


@settings(max_examples=80)
@given(
    u=quarters,
    promise=st.integers(1, 5),
    meant=st.integers(1, 5),
    pers=st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6)),
    amounts=st.tuples(few_hours, few_hours, few_hours),
    data=st.data(),
)
def test_no_adversary_exceeds_the_share_wherever_the_windows_lie(u, promise, meant, pers, amounts, data):
    lengths = [promise, *pers]
    placed = [
        # Windows of the target's length are the target's own: aligned.
        blocks(length, 0 if length == meant else data.draw(st.integers(0, length - 1)), meant + 6)
        for length in lengths
    ]
    by_length = dict(zip(lengths, placed, strict=True))
    limits = [Fraction(min(amount, 24 * per - 6), 24) for amount, per in zip(amounts, pers, strict=True)]
    ours, theirs, common = ([(by_length[per], limit)] for per, limit in zip(pers, limits, strict=True))
    assume(limits[1] / pers[1] + limits[2] / pers[2] < 1)
    attacked = worst_counted_share(
        u, meant, promise_windows=by_length[promise], ours=ours, theirs=theirs, common=common
    )
    both = hours("both", float(24 * limits[2]), f"{pers[2]}d")
    converted = share(
        u,
        f"{promise}d",
        f"{meant}d",
        ours=[hours("a", float(24 * limits[0]), f"{pers[0]}d"), both],
        theirs=[hours("b", float(24 * limits[1]), f"{pers[1]}d"), both],
    )
    assert attacked <= float(converted.worst) + 1e-7


windows = st.sampled_from([None, "day", "week", "month", "quarter", "year", "30d", "rolling 28d"])
some_exclusions = st.lists(
    st.builds(
        hours,
        st.sampled_from([None, "maintenance", "holiday"]),
        st.integers(0, 30),
        st.sampled_from(["week", "month", "year", "30d", "rolling 10d"]),
    ),
    max_size=3,
)


@settings(max_examples=150)
@given(windows, windows, some_exclusions, some_exclusions, unavailabilities, unavailabilities)
def test_a_better_promise_never_converts_to_a_worse_share(promise, target, ours, theirs, one, other):
    better, worse = (
        convert_time_share(
            u,
            promise=Terms(window=window(promise), exclusions=tuple(ours)),
            target=Terms(window=window(target), exclusions=tuple(theirs)),
        )
        for u in sorted((one, other))
    )
    if isinstance(better, Incommensurable) or isinstance(worse, Incommensurable):
        assert type(better) is type(worse)
        return
    assert better.at_worst.worst <= worse.at_worst.worst
    assert better.at_worst.favourable <= worse.at_worst.favourable
