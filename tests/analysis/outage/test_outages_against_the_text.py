"""Everything that may fail at once, on random portfolios, against a reading of the text that shares nothing with the code.

Providers that own one another, regions, zones, supply chains, agreements and resellers; circles, optional steps, groups.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from olagraph.analysis.outage.impact import outage
from olagraph.analysis.outage.results import Failed
from olagraph.model.entities import (
    Agreement,
    AgreementStatus,
    Covers,
    Customer,
    Portfolio,
    Provider,
    ProviderKind,
    Service,
    Supplier,
)
from olagraph.model.workflow import Branch, Choice, Pattern, Repeat, Step
from tests.analysis.outage.by_hand import Structure, steps

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
NAMES = "abcde"
PROVIDERS = ("p", "q", "r", "s")
REGIONS = ("north", "south")
ZONES = ("1a", "1b")


@st.composite
def portfolios(draw: st.DrawFn) -> Portfolio:
    """Five services of four providers, each of whom may own those after it."""
    providers = tuple(
        Provider(
            id=name,
            kind=ProviderKind.EXTERNAL,
            parent=draw(st.none() | st.sampled_from(PROVIDERS[:place])) if place else None,
            region=draw(st.none() | st.sampled_from(REGIONS)),
        )
        for place, name in enumerate(PROVIDERS)
    )
    some = st.sampled_from(PROVIDERS)
    services = tuple(
        Service(
            id=name,
            provider=draw(some),
            workflow=draw(st.none() | steps(NAMES)),
            requires=draw(st.none() | st.none() | steps(NAMES)),
            region=draw(st.none() | st.none() | st.sampled_from(REGIONS)),
            zone=draw(st.none() | st.sampled_from(ZONES)),
            supply_chain=tuple(Supplier(provider=each) for each in draw(st.none() | some) or ()),
        )
        for name in NAMES
    )
    agreements = tuple(
        Agreement(
            id=f"g{number}",
            provider=draw(some),
            customers=tuple(draw(st.lists(st.sampled_from((*PROVIDERS, "c")), unique=True, max_size=2))),
            covers=Covers(
                services=tuple(
                    draw(st.lists(st.sampled_from(list(NAMES)), unique=True, min_size=1, max_size=2))
                )
            ),
            status=draw(st.sampled_from([AgreementStatus.SIGNED] * 4 + [AgreementStatus.DRAFT])),
            to=draw(st.none() | st.none() | st.just(date(2026, 11, 30))),
        )
        for number in range(draw(st.integers(0, 6)))
    )
    return Portfolio(
        providers=providers, customers=(Customer(id="c"),), services=services, agreements=agreements
    )


@dataclass(frozen=True)
class Deliveries:
    """Who gets which service under what, on the day."""

    portfolio: Portfolio
    failed: frozenset[str]

    def holding(self) -> Iterator[Agreement]:
        return (
            each
            for each in self.portfolio.agreements
            if each.status is AgreementStatus.SIGNED and each.in_force(START.date())
        )

    def covering(self, service: str) -> list[Agreement]:
        return [a for a in self.holding() if a.covers is not None and service in a.covers.services]

    def owners(self, provider: str) -> Iterator[str]:
        parents = {each.id: each.parent for each in self.portfolio.providers}
        owner = parents[provider]
        while owner is not None:
            yield owner
            owner = parents[owner]

    def fails(self, user: str, service: str, asked: frozenset[str] = frozenset()) -> bool:
        """Whether a provider no longer gets a service, apart from the service's own state."""
        provider = next(each.provider for each in self.portfolio.services if each.id == service)
        if user == provider or user in asked:
            return False
        candidates = [a for a in self.covering(service) if a.provider != user]
        levels = [[a for a in candidates if party in a.customers] for party in (user, *self.owners(user))]
        levels.append([a for a in candidates if not a.customers])
        nearest = next((level for level in levels if level), [])
        return any(
            a.id in self.failed
            or (a.provider != provider and self.fails(a.provider, service, asked | {user}))
            for a in nearest
        )

    def sale_fails(self, agreement: Agreement, service: str) -> bool:
        return agreement.id in self.failed or self.fails(agreement.provider, service)


def gone(portfolio: Portfolio, providers: frozenset[str]) -> frozenset[str]:
    """Providers with everybody whom they own."""
    while True:
        more = providers | {each.id for each in portfolio.providers if each.parent in providers}
        if more == providers:
            return providers
        providers = more


def expected(portfolio: Portfolio, failed: Failed) -> dict[str, str]:
    """The states of the services that are listed."""
    lost = gone(portfolio, frozenset(failed.providers))
    regions = {each.id: each.region for each in portfolio.providers}
    struck = {
        service.id
        for service in portfolio.services
        if service.id in failed.services
        or service.provider in lost
        or any(each.provider in lost for each in service.supply_chain)
        or (service.region or regions[service.provider]) in failed.regions
        or service.zone in failed.zones
    }
    makers = {service.id: service.provider for service in portfolio.services}
    resold = {
        a.id
        for a in portfolio.agreements
        if a.provider in lost and any(makers[s] != a.provider for s in (a.covers or Covers()).services)
    }
    deliveries = Deliveries(portfolio, frozenset(failed.agreements) | resold)
    spoken_of = {
        s for a in portfolio.agreements if a.id in deliveries.failed for s in (a.covers or Covers()).services
    }
    partly = set()
    cut: set[tuple[str, str]] = set()
    for name in sorted(spoken_of - struck):
        sold = [deliveries.sale_fails(a, name) for a in deliveries.covering(name)]
        used = {
            service.id: deliveries.fails(service.provider, name)
            for service in portfolio.services
            if name in mentioned(service)
        }
        if any(sold):
            if all(sold) and all(used.values()):
                struck.add(name)
            else:
                partly.add(name)
                cut |= {(user, name) for user, fails in used.items() if fails}
    # Who no longer gets a service is as if he used one of his own that needs it, and that has failed.
    services = [
        replace(
            each, workflow=renamed(each.workflow, each.id, cut), requires=renamed(each.requires, each.id, cut)
        )
        for each in portfolio.services
    ]
    own = [
        Service(id=f"{used} for {user}", provider="p", requires=Step(of=used)) for user, used in sorted(cut)
    ]
    by_hand = Structure(replace(portfolio, services=(*services, *own)), None)
    everything = frozenset(struck) | {each.id for each in own}
    down, at_risk = by_hand.down(everything), by_hand.at_risk(everything)
    degraded = by_hand.degraded(everything) | partly
    states = dict.fromkeys(degraded, "DEGRADED") | dict.fromkeys(at_risk, "AT_RISK")
    states |= dict.fromkeys(down, "DOWN")
    return {name: state for name, state in states.items() if name in makers}


def mentioned(service: Service) -> set[str]:
    pending = [step for step in (service.workflow, service.requires) if step is not None]
    found = set()
    while pending:
        step = pending.pop()
        if isinstance(step.of, str):
            found.add(step.of)
        else:
            pending.extend(step.of.steps)
    return found


def renamed(step: Step | None, user: str, cut: set[tuple[str, str]]) -> Step | None:
    """The expression with every use that fails made one of the user's own."""
    if step is None:
        return None
    if isinstance(step.of, str):
        return replace(step, of=f"{step.of} for {user}") if (user, step.of) in cut else step
    return replace(step, of=_renamed(step.of, user, cut))


def _renamed(pattern: Pattern, user: str, cut: set[tuple[str, str]]) -> Pattern:
    inner = tuple(each for each in (renamed(step, user, cut) for step in pattern.steps) if each is not None)
    match pattern:
        case Choice():
            return Choice(tuple(Branch(step=step) for step in inner))
        case Repeat():
            return replace(pattern, step=inner[0])
        case _:
            return replace(pattern, steps=inner)


@settings(deadline=None, max_examples=100)
@given(portfolio=portfolios(), data=st.data())
def test_states_are_those_of_the_text(portfolio: Portfolio, data: st.DataObject) -> None:
    def some(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(data.draw(st.lists(st.sampled_from(names), unique=True, max_size=1))) if names else ()

    places = [each.region for each in portfolio.services] + [each.region for each in portfolio.providers]
    regions = {place for place in places if place is not None}
    zones = {each.zone for each in portfolio.services if each.zone is not None}
    holding = tuple(each.id for each in Deliveries(portfolio, frozenset()).holding())
    failed = Failed(
        providers=some(PROVIDERS),
        services=some(tuple(NAMES)),
        agreements=some(holding),
        regions=some(tuple(sorted(regions))),
        zones=some(tuple(sorted(zones))),
    )
    if failed:
        found = outage(portfolio, failed=failed, from_=START)
        assert {name: str(each.state) for name, each in found.services.items()} == expected(portfolio, failed)
