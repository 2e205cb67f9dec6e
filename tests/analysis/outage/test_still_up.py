"""How available the survivors are, against summing over all their states and over the worst joint law."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olagraph.analysis.outage.downtime import instant
from olagraph.analysis.outage.impact import outage_in
from olagraph.analysis.outage.index import OutageIndex
from olagraph.analysis.outage.results import Failed
from olagraph.analysis.outage.spending import spendable
from olagraph.analysis.outage.still_up import StillUp, still_up
from olagraph.graph import PortfolioGraph
from olagraph.metrics.conversion import Terms
from olagraph.model.entities import Agreement, Covers, Customer, Exclusion, Portfolio, Target
from olagraph.model.quantity import Dimension, Quantity
from olagraph.model.window import Window
from tests.analysis.brute_force import States
from tests.analysis.outage.by_hand import NAMES, Structure, portfolios
from tests.analysis.small import delivered

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
DAY = 86_400


def asked(portfolio: Portfolio, *services: str, hours: int | None = 4) -> StillUp:
    index = OutageIndex(PortfolioGraph(portfolio))
    lasting = None if hours is None else timedelta(hours=hours)
    (only,) = still_up(index, outage_in(index, failed=Failed(services=services), from_=START, for_=lasting))
    return only


SHARED = delivered(
    "[{k_of_n: {k: 2, of: [a, b, c]}}, {any_of: [a, d]}, e]",
    "availability: 90%",
    terms="window: month",
    a="availability: 99.9%; window: month",
    b="availability: 99%; window: month",
    c="availability: 99.5%; window: month",
    d="availability: 98%; window: month",
    e="availability: 99.95%; window: month",
)
U = {"a": 0.001, "b": 0.01, "c": 0.005, "d": 0.02, "e": 0.0005}


def _is_down(down: frozenset[str]) -> bool:
    up = {name: name not in down for name in "abcde"}
    return not (up["a"] + up["b"] + up["c"] >= 2 and (up["a"] or up["d"]) and up["e"])


@pytest.mark.parametrize("failed", ["a", "b", "d", "c"])
def test_the_rest_is_as_available_as_all_its_states_say(failed: str) -> None:
    found = asked(SHARED, failed)
    names = [name for name in "abcde" if name != failed]

    def down(states: frozenset[int]) -> bool:
        return _is_down(frozenset({failed} | {names[each] for each in states}))

    states = States.of(len(names), down)
    assert found.independent is not None
    assert found.independent.complement_at_worst == pytest.approx(
        states.independent([U[name] for name in names]), abs=1e-12
    )
    # December has 744 h, the outage 4: whoever may fail for 744 u hours a month may do so inside it.
    spent = [min(1.0, U[name] * 744 / 4) for name in names]
    assert found.guaranteed is not None
    assert found.guaranteed.complement_at_worst == pytest.approx(
        states.extreme(spent, largest=True), abs=1e-9
    )


def test_a_branch_through_which_nothing_is_felt_is_up_however_deep_that_lies() -> None:
    portfolio = delivered(
        "[{any_of: [{sequence: [{step: a, cached_for: 8 h}, {step: e, optional: true}]}, a]}, e,"
        " {step: a, optional: true}]",
        "availability: 90%",
        terms="window: month",
        a="availability: 99.9%; window: month",
        e="availability: 99.95%; window: month",
    )
    found = asked(portfolio, "a")
    assert found.independent is not None
    assert found.independent.complement_at_worst == pytest.approx(U["e"], abs=1e-12)


def promised(portfolio: Portfolio, availability: dict[str, str]) -> Portfolio:
    """The portfolio with an own part and an SLA of every service."""
    services = tuple(
        replace(each, own=(target(availability[each.id]),)) if each.id in availability else each
        for each in portfolio.services
    )
    slas = tuple(
        Agreement(
            id=f"sla-{each.id}",
            provider=each.provider,
            customers=("c",),
            covers=Covers(services=(each.id,)),
            targets=(target("1%"),),
        )
        for each in services
    )
    return replace(portfolio, services=services, agreements=slas, customers=(Customer(id="c"),))


def target(ratio: str) -> Target:
    return Target(metric="availability", value=Quantity.parse(ratio, Dimension.RATIO))


@settings(deadline=None, max_examples=60)
@given(
    portfolio=portfolios(),
    failed=st.frozensets(st.sampled_from(list(NAMES)), min_size=1, max_size=2),
    lasting=st.sampled_from([1, 2, 3]),
    ratios=st.lists(st.sampled_from(["50%", "80%", "90%", "99%", "100%"]), min_size=6, max_size=6),
)
def test_given_an_outage_the_rest_is_what_all_its_states_say(
    portfolio: Portfolio, failed: frozenset[str], lasting: int, ratios: list[str]
) -> None:
    """Circles, optional and cached steps, groups within groups; every service may fail by its own part alone."""
    promises = dict(zip(NAMES, ratios, strict=True))
    index = OutageIndex(PortfolioGraph(promised(portfolio, promises)))
    out = outage_in(index, failed=Failed(services=tuple(failed)), from_=START, for_=timedelta(hours=lasting))
    by_hand = Structure(portfolio, lasting)
    others = [name for name in NAMES if name not in failed]
    u = {name: 1 - Fraction(promises[name][:-1]) / 100 for name in others}
    # A month of December has 744 hours; what an own part may fail in it, it may fail inside the outage.
    spent = {name: min(Fraction(1), share * 744 / lasting) for name, share in u.items()}
    for each in still_up(index, out):

        def is_down(down: frozenset[int], service: str = each.service) -> bool:
            return service in by_hand.down(failed | {others[place] for place in down})

        states = States.of(len(others), is_down)
        assert each.independent is not None
        assert each.independent.complement_at_worst == pytest.approx(
            states.independent([float(u[name]) for name in others]), abs=1e-9
        )
        assert each.guaranteed is not None
        assert each.guaranteed.complement_at_worst == pytest.approx(
            states.extreme([float(spent[name]) for name in others], largest=True), abs=1e-7
        )


def test_of_so_many_slas_the_first_are_asked_about() -> None:
    index = OutageIndex(PortfolioGraph(promised(SHARED, {})))
    out = outage_in(index, failed=Failed(services=("d",)), from_=START)
    assert [each.agreement for each in still_up(index, out)] == ["sla-s"]
    assert still_up(index, out, most=0) == ()


def test_of_an_open_ended_outage_nothing_is_guaranteed() -> None:
    assert asked(SHARED, "d", hours=None).guaranteed is None


def test_what_is_cached_longer_than_the_outage_is_not_felt() -> None:
    portfolio = delivered(
        "[{any_of: [a, b]}, {step: d, cached_for: 1 d}, {k_of_n: {k: 2, of: [{step: c, cached_for: 1 d}, e]}}]",
        "availability: 90%",
        a="availability: 99%",
        b="availability: 98%",
        c="availability: 97%",
        d="availability: 96%",
        e="availability: 95%",
    )
    found = asked(portfolio, "a")
    assert found.independent is not None
    assert found.independent.complement_at_worst == pytest.approx(1 - 0.98 * 0.95, abs=1e-12)


def test_a_failed_delivery_is_down_for_its_user_alone() -> None:
    portfolio = delivered(
        "[{any_of: [a, t]}]",
        "availability: 90%",
        services=("{id: t, provider: team, workflow: [a], own: [{availability: 97%}]}",),
        agreements=(
            "{id: uc-team, kind: UC, provider: p-a, customer: team, covers: [a], targets: [{availability: 99%}]}",
            "{id: ola, kind: OLA, provider: team, customer: us, covers: [t], targets: [{availability: 90%}]}",
        ),
        a="availability: 99%",
    )
    index = OutageIndex(PortfolioGraph(portfolio))
    found = outage_in(index, failed=Failed(agreements=("uc-a",)), from_=START, for_=timedelta(hours=4))
    (only,) = still_up(index, found)
    assert only.independent is not None
    assert only.independent.complement_at_worst == pytest.approx(1 - 0.97 * 0.99, abs=1e-12)


def test_nothing_is_asked_of_what_is_down() -> None:
    index = OutageIndex(PortfolioGraph(SHARED))
    found = outage_in(index, failed=Failed(services=("e",)), from_=START)
    assert still_up(index, found) == ()


def spent(window: str | None, begin: datetime, length: int, **terms: Any) -> Fraction:
    """How many seconds of an interval a promise of 99 % may be down."""
    first = instant(begin)
    target = Target(metric="availability", value=Quantity.parse("99%", Dimension.RATIO))
    stated = Terms(window=None if window is None else Window.parse(window), **terms)
    return spendable(target, stated, window=None, begin=first, end=first + length) * length


def test_a_budget_may_be_spent_inside_an_interval_once_a_window() -> None:
    evening = datetime(2026, 12, 1, 23, 50, tzinfo=UTC)
    assert spent("day", evening, 300) == 300
    assert spent("day", evening, 600) == 600
    assert spent("day", evening, 2 * 3600) == 600 + 864
    assert spent("rolling 1d", evening, 2 * 3600) == 864
    assert spent("1d", evening, 2 * 3600) == 2 * 864
    assert spent("rolling 1d", evening, 2 * DAY) == 2 * 864
    assert spent("1d", evening, 2 * DAY) == 3 * 864
    assert spent(None, evening, 20 * DAY) == Fraction(744 * 36)


def test_excluded_time_may_be_down_on_top() -> None:
    nightly = Exclusion(name="backup", at_most=Quantity.parse("1 h", Dimension.DURATION))
    noon = datetime(2026, 12, 1, tzinfo=UTC)
    assert spent("day", noon, DAY, exclusions=(nightly,)) == 3600 + 23 * 36
    storms = Exclusion(name="storms", unlimited=True)
    assert spent("day", noon, DAY, exclusions=(storms,)) == DAY
    assert spent("day", noon, DAY, hours="office") == DAY
