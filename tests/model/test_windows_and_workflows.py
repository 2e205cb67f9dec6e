"""Windows as written, and what one may ask a workflow expression."""

from decimal import Decimal

import pytest

from olagraph.model.entities import Agreement
from olagraph.model.window import Window, WindowKind
from olagraph.model.workflow import (
    AllOf,
    Branch,
    Choice,
    KOfN,
    Parallel,
    Repeat,
    Sequence,
    Step,
    any_of,
    has_structure,
    pattern_name,
    uses,
)

A, B, C = Step(of="a"), Step(of="b"), Step(of="c")
SOFT = Step(of="soft", optional=True)


@pytest.mark.parametrize(
    ("text", "kind", "unit", "days", "back"),
    [
        ("day", WindowKind.CALENDAR, "day", None, "day"),
        ("week", WindowKind.CALENDAR, "week", None, "week"),
        ("month", WindowKind.CALENDAR, "month", None, "month"),
        ("quarter", WindowKind.CALENDAR, "quarter", None, "quarter"),
        (" year ", WindowKind.CALENDAR, "year", None, "year"),
        ("30d", WindowKind.BLOCKS, None, 30, "30d"),
        ("30 d", WindowKind.BLOCKS, None, 30, "30d"),
        ("1d", WindowKind.BLOCKS, None, 1, "1d"),
        ("rolling 28d", WindowKind.ROLLING, None, 28, "rolling 28d"),
        ("rolling  28 d", WindowKind.ROLLING, None, 28, "rolling 28d"),
        ("99999d", WindowKind.BLOCKS, None, 99_999, "99999d"),
    ],
)
def test_a_window_is_read_and_written(text, kind, unit, days, back) -> None:
    window = Window.parse(text)
    assert (window.kind, window.unit, window.days, str(window)) == (kind, unit, days, back)
    assert Window.parse(str(window)) == window


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Month",
        "months",
        "0d",
        "-1d",
        "30",
        "30h",
        "1.5d",
        "100000d",
        "rolling month",
        "rolling28d",
        "rolling",
        "3٠d",
    ],
)
def test_what_is_no_window_is_refused(text) -> None:
    with pytest.raises(ValueError, match="is not a window"):
        Window.parse(text)


NESTED = Step(
    of=Sequence(
        (
            A,
            Step(of=any_of(B, Step(of=Parallel((C, A))))),
            Step(of=Choice((Branch(step=B), Branch(step=SOFT)))),
            Step(of=Repeat(step=C, max=2)),
        )
    )
)


def test_uses_are_listed_in_the_order_written_each_occurrence_once() -> None:
    assert [step.of for step, _ in uses(NESTED)] == ["a", "b", "c", "a", "b", "soft", "c"]
    assert [step.of for step, _ in uses(A)] == ["a"]


def test_an_expression_of_any_depth_is_walked() -> None:
    deep = A
    for _ in range(5_000):
        deep = Step(of=Sequence((deep,)))
    assert [step for step, _ in uses(deep)] == [A]


@pytest.mark.parametrize(
    ("step", "structured"),
    [
        (None, False),
        (A, True),
        (SOFT, False),
        (Step(of=Sequence((SOFT, SOFT))), False),
        (Step(of=Sequence((SOFT, A))), True),
        (Step(of=Sequence((A,)), optional=True), False),
        (Step(of=Sequence((Step(of=Parallel((SOFT,))),))), False),
        (Step(of=Repeat(step=A, max=2)), True),
        (Step(of=Choice((Branch(step=SOFT), Branch(step=A)))), True),
    ],
)
def test_only_what_is_not_optional_gives_an_expression_structure(step, structured) -> None:
    assert has_structure(step) is structured


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        (Sequence((A, B)), "sequence"),
        (Parallel((A, B)), "parallel"),
        (AllOf((A, B)), "all of"),
        (any_of(A, B), "any of"),
        (KOfN(k=1, steps=(A, B)), "any of"),
        (KOfN(k=2, steps=(A, B, C)), "2 of 3"),
        (Choice((Branch(step=A), Branch(step=B))), "choice"),
        (Repeat(step=A, probability=Decimal("0.5")), "repeat"),
        (Repeat(step=A, max=3), "repeat up to 3 times"),
    ],
)
def test_a_pattern_has_a_name_that_people_use(pattern, name) -> None:
    assert pattern_name(pattern) == name


def test_any_of_is_a_race_in_which_one_suffices() -> None:
    group = any_of(A, B, common_cause=Decimal("0.1"), load_shared=True)
    assert (group.k, group.steps, group.race, group.load_shared) == (1, (A, B), True, True)
    assert group.common_cause == Decimal("0.1")
    assert not KOfN(k=1, steps=(A, B)).race


def test_every_pattern_lists_its_steps() -> None:
    assert Choice((Branch(step=A), Branch(step=B))).steps == (A, B)
    assert Repeat(step=A, max=2).steps == (A,)


def test_an_agreement_without_dates_is_in_force_on_every_day() -> None:
    from datetime import date

    always = Agreement(id="x", provider="p")
    assert always.in_force(date.min)
    assert always.in_force(date.max)
