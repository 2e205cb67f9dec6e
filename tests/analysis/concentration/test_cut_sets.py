"""Minimal cut sets by component, provider and owner, against all sets tried one by one."""

from math import comb

import pytest
from hypothesis import given, settings

from olagraph.analysis.concentration.cutting import cut_sets
from olagraph.analysis.concentration.results import CutBy
from olagraph.analysis.names import UnknownName
from olagraph.analysis.settings import Settings
from olagraph.model.entities import Portfolio, Service
from olagraph.model.workflow import has_structure
from tests.analysis.concentration.small_portfolios import (
    PARENTS,
    SUPPLIERS,
    States,
    by_order,
    is_down,
    portfolios,
)
from tests.analysis.small import DAY, delivered, written

TODAY = Settings(as_of=DAY)


def by_hand(portfolio: Portfolio, by: CutBy) -> States:
    services = {service.id: service for service in portfolio.services}

    def held_by(service: Service) -> set[str]:
        if by is CutBy.COMPONENT:
            return {service.id} if service.own or not has_structure(service.workflow) else set()
        providers = {service.provider, *(each.provider for each in service.supply_chain)}
        return providers if by is CutBy.PROVIDER else {PARENTS.get(each, each) for each in providers}

    members = {
        CutBy.COMPONENT: tuple(services),
        CutBy.PROVIDER: ("us", *SUPPLIERS),
        CutBy.OWNER: ("us", "holding", "r"),
    }[by]
    return States.of(
        members,
        lambda failed: is_down(services, "root", lambda service: bool(held_by(service) & failed)),
    )


@pytest.mark.parametrize("by", CutBy)
@settings(deadline=None, max_examples=40)
@given(portfolio=portfolios(supply_chains=True))
def test_the_cut_sets_are_those_of_all_states(by: CutBy, portfolio: Portfolio) -> None:
    cuts = by_hand(portfolio, by).minimal_cuts()
    found = cut_sets(portfolio, TODAY, service="root", by=by, limit=1000)
    assert {frozenset(members) for members in found.smallest} == cuts
    assert found.count == len(cuts) == len(found.smallest)
    assert found.orders is not None
    assert {order: count for order, count in enumerate(found.orders) if count} == by_order(cuts)
    sizes = [len(members) for members in found.smallest]
    assert sizes == sorted(sizes)
    assert found.lowest_order == min(sizes, default=None)


def test_fifty_thousand_million_sets_are_counted_and_the_first_few_listed() -> None:
    names = [f"n{i}" for i in range(120)]
    portfolio = delivered(
        f"{{k_of_n: {{k: 114, of: [{', '.join(names)}]}}}}",
        "availability: 10%",
        **dict.fromkeys(names, "availability: 90%"),
    )
    found = cut_sets(portfolio, TODAY, service="s", limit=3)
    assert found.count == comb(120, 7) == 59_487_568_920
    assert found.lowest_order == 7
    assert len(found.smallest) == 3


def test_a_reseller_is_a_way_to_lose_what_it_resells() -> None:
    portfolio = written(
        providers=("{id: shop, kind: external}",),
        services=("{id: s, provider: us, workflow: x}", "{id: x, provider: them}"),
        agreements=(
            "{id: bought, provider: shop, customer: us, covers: [x], targets: [{availability: 99%}]}",
            "{id: made, provider: them, customer: shop, covers: [x], targets: [{availability: 99%}]}",
        ),
    )
    found = cut_sets(portfolio, TODAY, service="s", by=CutBy.PROVIDER)
    assert found.smallest == (("shop",), ("them",), ("us",))


def test_circles_recover_together_and_rest_on_what_they_need() -> None:
    portfolio = written(
        services=(
            "{id: s, provider: us, workflow: {any_of: [t, a]}}",
            "{id: t, provider: us, workflow: {any_of: [s, b]}}",
            "{id: a, provider: them}",
            "{id: b, provider: them}",
        )
    )
    assert cut_sets(portfolio, TODAY, service="s").orders == ()  # each keeps the other up
    portfolio = written(
        services=(
            "{id: s, provider: us, workflow: [t, a]}",
            "{id: t, provider: us, workflow: [s, b]}",
            "{id: a, provider: them}",
            "{id: b, provider: them}",
        )
    )
    assert cut_sets(portfolio, TODAY, service="s").smallest == (("a",), ("b",))


def test_an_unknown_service_and_a_negative_limit_are_refused() -> None:
    portfolio = written(services=("{id: s, provider: us}",))
    with pytest.raises(UnknownName, match="there is no service 't'"):
        cut_sets(portfolio, TODAY, service="t")
    with pytest.raises(ValueError, match="at least 0"):
        cut_sets(portfolio, TODAY, service="s", limit=-1)
