"""What each loss takes along, against the text of the outage rules and against outages themselves."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from hypothesis import given, settings

from olagraph.analysis.concentration.concentrating import concentration
from olagraph.analysis.concentration.results import Concentration, LossImpact
from olagraph.analysis.losses import Loss, LossKind
from olagraph.analysis.outage.impact import outage_in
from olagraph.analysis.outage.index import OutageIndex
from olagraph.analysis.outage.results import Failed, ServiceState
from olagraph.analysis.settings import Settings
from olagraph.documents import load_text
from olagraph.graph import PortfolioGraph
from olagraph.model.entities import AgreementKind, Portfolio, ProviderKind, Service, Supplier
from tests.analysis.concentration.small_portfolios import PARENTS, REGIONS, is_down, portfolios
from tests.analysis.drawn import SETTINGS, drawn
from tests.analysis.small import DAY, delivered, written

TODAY = Settings(as_of=DAY)


def lost(found: Concentration, kind: LossKind, name: str) -> LossImpact:
    (impact,) = (each for each in found.losses if each.loss == Loss(kind, name))
    return impact


def placed(seed: int) -> Portfolio:
    """A random portfolio, resellers and circles included, in regions and zones and with supply chains."""
    portfolio, random = drawn(seed, "availability"), Random(seed)
    providers = [provider.id for provider in portfolio.providers]
    services = (
        replace(
            service,
            region=random.choice([None, "north", "south"]),
            zone=random.choice([None, "1a", "1b"]),
            supply_chain=(Supplier(provider=random.choice(providers)),) if random.random() < 0.3 else (),
        )
        for service in portfolio.services
    )
    return replace(portfolio, services=tuple(services))


def failed(loss: Loss) -> Failed:
    match loss.kind:
        case LossKind.REGION:
            return Failed(regions=(loss.id,))
        case LossKind.ZONE:
            return Failed(zones=(loss.id,))
        case _:
            return Failed(providers=(loss.id,))


def test_a_loss_takes_along_what_an_outage_of_it_does() -> None:
    start = datetime(SETTINGS.as_of.year, SETTINGS.as_of.month, SETTINGS.as_of.day, tzinfo=UTC)
    at_risk = 0
    for seed in range(120):
        portfolio = placed(seed)
        index = OutageIndex(PortfolioGraph(portfolio))
        found = concentration(portfolio, SETTINGS)
        assert found.proven
        assert found.not_known == index.not_known(day=SETTINGS.as_of)
        owners = {provider.parent for provider in portfolio.providers}
        for impact in found.losses:
            if impact.loss.kind is LossKind.PROVIDER and impact.loss.id in owners:
                continue  # an outage of it is one of everything it owns
            out = outage_in(index, failed=failed(impact.loss), from_=start)
            states = {name: service.state for name, service in out.services.items()}
            assert set(impact.down) == {s for s, state in states.items() if state is ServiceState.DOWN}
            assert set(impact.at_risk) == {s for s, state in states.items() if state is ServiceState.AT_RISK}
            slas = [a for a in out.agreements if a.kind is AgreementKind.SLA and a.state is ServiceState.DOWN]
            assert set(impact.slas_down) == {a.agreement.id for a in slas}
            assert set(impact.customers) == {c for a in slas for c in a.agreement.customers} & {"c1", "c2"}
            at_risk += len(impact.at_risk)
    assert at_risk


@settings(deadline=None, max_examples=80)
@given(portfolio=portfolios(supply_chains=True))
def test_a_loss_takes_down_what_the_text_says(portfolio: Portfolio) -> None:
    services = {service.id: service for service in portfolio.services}
    found = concentration(portfolio, TODAY)
    for impact in found.losses:

        def holds(service: Service, loss: Loss = impact.loss) -> bool:
            held_by: dict[LossKind, str | None] = {
                LossKind.PROVIDER: service.provider,
                LossKind.OWNER: PARENTS.get(service.provider),
                LossKind.REGION: service.region or REGIONS.get(service.provider),
                LossKind.ZONE: service.zone,
            }
            return loss.id == held_by[loss.kind]

        def strikes(service: Service, loss: Loss = impact.loss) -> bool:
            behind = {each.provider for each in service.supply_chain}
            if loss.kind is LossKind.OWNER:
                behind = {PARENTS.get(each) or each for each in behind}
            supplied = loss.kind in (LossKind.PROVIDER, LossKind.OWNER) and loss.id in behind
            return holds(service, loss) or supplied

        assert set(impact.down) == {name for name in services if is_down(services, name, strikes)}
        assert impact.slas_down == (("sla",) if is_down(services, "root", strikes) else ())
        assert impact.share_of_slas == len(impact.slas_down)
        assert set(impact.provides) == {s.id for s in portfolio.services if holds(s)}


def test_losses_are_ranked_by_slas_then_customers_then_services_then_id() -> None:
    found = concentration(placed(7), SETTINGS)
    ranks = [
        (-len(each.slas_down), -len(each.customers), -len(each.down), each.loss.id) for each in found.losses
    ]
    assert ranks == sorted(ranks)
    assert {each.loss.kind for each in found.losses} >= {LossKind.PROVIDER, LossKind.REGION}


def test_a_supplier_without_paper_of_ours_counts() -> None:
    portfolio = delivered(
        "{any_of: [a, b]}",
        "availability: 99%",
        providers=("{id: fab, kind: external}",),
        services=("{id: other, provider: them}",),
        a="availability: 99%",
        b="availability: 99%",
    )
    chained = tuple(
        replace(s, supply_chain=(Supplier(provider="fab", rank=2),)) if s.id != "s" else s
        for s in portfolio.services
    )
    fab = lost(concentration(replace(portfolio, services=chained), TODAY), LossKind.PROVIDER, "fab")
    assert fab.provider_kind is ProviderKind.EXTERNAL
    assert fab.supplies == ("a", "b", "other")
    assert fab.provides == fab.agreements == ()
    assert fab.slas_down == ("sla",)
    assert fab.share_of_slas == 1


def test_a_lost_branch_puts_at_risk_only_what_needed_it() -> None:
    """`s` needs `a` anyway: that the pair in `m` has lost `b` brings it no closer to being down."""
    portfolio = delivered(
        "[m, a]",
        "availability: 99%",
        services=("{id: m, provider: team, workflow: {any_of: [a, b]}}",),
        a="availability: 99%",
        b="availability: 99%",
    )
    found = concentration(portfolio, TODAY)
    assert lost(found, LossKind.PROVIDER, "p-b").at_risk == ("m",)
    assert lost(found, LossKind.PROVIDER, "p-a").at_risk == ("m",)
    assert lost(found, LossKind.PROVIDER, "p-a").slas_down == ("sla",)


def test_the_tightest_promise_and_the_tightest_sla_are_told_apart() -> None:
    portfolio = delivered(
        "[a]",
        "availability: 99.5%",
        terms="window: month",
        agreements=(
            "{id: sla-2, provider: us, customer: d, covers: [s], targets: [{availability: 99.95%}]}",
        ),
        a="availability: 99% | availability: 99.9%, strength: guarantee",
    )
    impact = lost(concentration(portfolio, TODAY), LossKind.PROVIDER, "p-a")
    assert impact.customers == ("c", "d")
    assert impact.agreements == ("uc-a",)
    assert impact.tightest_promise is not None
    assert str(impact.tightest_promise.target.value) == "99.9%"
    assert impact.tightest_sla is not None
    assert impact.tightest_sla.agreement.id == "sla-2"


def test_agreements_not_signed_or_not_in_force_do_not_count() -> None:
    portfolio = delivered(
        "[a]",
        "availability: 99%",
        terms="status: draft",
        agreements=(
            "{id: old, provider: us, customer: d, covers: [s], to: 2020-01-01, targets: [{availability: 99%}]}",
        ),
        a="availability: 99%",
    )
    found = concentration(portfolio, TODAY)
    assert found.slas == 0
    assert all(each.slas_down == () and each.share_of_slas == 0 for each in found.losses)


def test_an_empty_portfolio_has_no_losses() -> None:
    assert concentration(Portfolio(), TODAY).losses == ()


def test_silence_is_listed() -> None:
    portfolio = written(services=("{id: s, provider: us, workflow: [x]}", "{id: x, provider: them}"))
    assert concentration(portfolio, TODAY).not_known == ("x",)


def test_a_chain_of_ten_thousand_services_is_walked_without_recursion() -> None:
    many = 10_000
    rows = [{"id": f"s{i}", "provider": "us", "workflow": f"s{i + 1}"} for i in range(many)]
    rows.append({"id": f"s{many}", "provider": "them"})
    providers = [{"id": "us", "kind": "internal"}, {"id": "them", "kind": "external"}]
    text = json.dumps({"olagraph": 1, "providers": providers, "services": rows})
    found = concentration(load_text(text, "chain.json"), TODAY)
    assert len(lost(found, LossKind.PROVIDER, "them").down) == many + 1


def test_a_portfolio_too_large_for_proof_leaves_nothing_out() -> None:
    """Two hundred copies of a deep structure: what cannot be proven counts, and says so."""
    rows = ["{id: a, provider: them}", "{id: b, provider: others}"]
    rows.append("{id: s0, provider: us, workflow: {any_of: [a, b]}}")
    rows += [f"{{id: s{i}, provider: us, workflow: s{i - 1}}}" for i in range(1, 300)]
    found = concentration(written(services=rows), TODAY)
    assert not found.proven
    assert len(lost(found, LossKind.PROVIDER, "them").at_risk) == 300
