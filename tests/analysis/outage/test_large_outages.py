"""Outages that reach thousands of services: the shortcuts that they take show nothing that is not so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olagraph.analysis.outage import redundancy, worlds
from olagraph.analysis.outage.impact import outage, outage_in
from olagraph.analysis.outage.index import OutageIndex
from olagraph.analysis.outage.results import Failed, Outage, ServiceState
from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Agreement, Covers, Portfolio, Provider, ProviderKind, Service
from olagraph.model.workflow import KOfN, Sequence, Step
from tests.analysis.drawn import SETTINGS, drawn
from tests.analysis.outage.by_hand import NAMES, Structure, portfolios
from tests.analysis.small import delivered, written

START = datetime(2026, 12, 1, 9, tzinfo=UTC)


def listed(found: Outage, state: ServiceState) -> set[str]:
    return {name for name, impact in found.services.items() if impact.state is state}


@pytest.fixture
def in_worlds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every outage counts as large, however few services it reaches."""
    monkeypatch.setattr(redundancy, "_FEW", 0)


@pytest.mark.usefixtures("in_worlds")
@settings(deadline=None, max_examples=80)
@given(
    portfolio=portfolios(),
    failed=st.frozensets(st.sampled_from(list(NAMES)), min_size=1, max_size=3),
    lasting=st.sampled_from([None, 1, 2, 3]),
)
def test_states_are_those_of_the_text(
    portfolio: Portfolio, failed: frozenset[str], lasting: int | None
) -> None:
    by_hand = Structure(portfolio, lasting)
    found = outage(
        portfolio,
        failed=Failed(services=tuple(failed)),
        from_=START,
        for_=None if lasting is None else timedelta(hours=lasting),
    )
    assert found.proven
    assert listed(found, ServiceState.DOWN) == by_hand.down(failed)
    assert listed(found, ServiceState.AT_RISK) == by_hand.at_risk(failed)


@pytest.mark.usefixtures("in_worlds")
@settings(deadline=None, max_examples=40)
@given(portfolio=portfolios(), failed=st.frozensets(st.sampled_from(list(NAMES)), min_size=1, max_size=3))
def test_what_worlds_show_alone_is_so(portfolio: Portfolio, failed: frozenset[str]) -> None:
    """Nothing is searched for beyond them: whatever else they have reached counts as at risk, and that is said."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(redundancy, "_MOST_SEARCHED", 0)
        found = outage(portfolio, failed=Failed(services=tuple(failed)), from_=START)
    at_risk = Structure(portfolio, None).at_risk(failed)
    assert listed(found, ServiceState.AT_RISK) >= at_risk
    if found.proven:
        assert listed(found, ServiceState.AT_RISK) == at_risk


@pytest.mark.usefixtures("in_worlds")
def test_deliveries_that_fail_and_circles_are_no_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    for seed in range(60):
        portfolio = drawn(seed, "availability")
        index = OutageIndex(PortfolioGraph(portfolio))
        start = datetime(SETTINGS.as_of.year, SETTINGS.as_of.month, SETTINGS.as_of.day, tzinfo=UTC)
        for agreement in index.covered.agreements:
            failed = Failed(agreements=(agreement.id,))
            try:
                found = outage_in(index, failed=failed, from_=start)
            except ValueError:
                continue  # a draft
            with monkeypatch.context() as patch:
                patch.setattr(redundancy, "_FEW", 10**9)
                assert outage_in(index, failed=failed, from_=start) == found
            compared += len(listed(found, ServiceState.AT_RISK))
    assert compared


def layers(width: int, depth: int, seed: int) -> Portfolio:
    """Each service needs one of the layer below and one of two others of it."""
    chance = Random(seed)
    services = []
    for layer in range(depth):
        for i in range(width):
            name = f"l{layer}-{i}"
            if layer + 1 == depth:
                services.append(Service(id=name, provider=f"p{i % 10}"))
                continue
            one, two, three = (f"l{layer + 1}-{each}" for each in chance.sample(range(width), 3))
            pair = Step(of=KOfN(k=1, steps=(Step(of=two), Step(of=three)), race=True))
            services.append(Service(id=name, provider="us", workflow=Step(of=Sequence((Step(of=one), pair)))))
    external = tuple(Provider(id=f"p{i}", kind=ProviderKind.EXTERNAL) for i in range(10))
    slas = tuple(
        Agreement(id=f"sla-{i}", provider="us", covers=Covers(services=(f"l0-{i}",))) for i in range(width)
    )
    return Portfolio(
        providers=(Provider(id="us", kind=ProviderKind.INTERNAL), *external),
        services=tuple(services),
        agreements=slas,
    )


def test_of_hundreds_at_risk_all_are_shown_to_be() -> None:
    portfolio = layers(300, 4, seed=1)
    index = OutageIndex(PortfolioGraph(portfolio))
    found = outage_in(index, failed=Failed(providers=("p3",)), from_=START)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(redundancy, "_FEW", 10**9)
        one_by_one = outage_in(index, failed=Failed(providers=("p3",)), from_=START)
    assert found.proven
    assert found == one_by_one
    assert len(listed(found, ServiceState.AT_RISK)) > 150


def test_where_proof_is_out_of_reach_nothing_is_left_out_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    portfolio = layers(300, 4, seed=1)
    failed = Failed(providers=("p3",))
    proven = outage(portfolio, failed=failed, from_=START)
    monkeypatch.setattr(redundancy, "_MOST_SEARCHED", 0)
    monkeypatch.setattr(worlds, "_MOST_ROUNDS", 1)
    found = outage(portfolio, failed=failed, from_=START)
    assert not found.proven
    assert listed(found, ServiceState.DOWN) == listed(proven, ServiceState.DOWN)
    assert listed(found, ServiceState.AT_RISK) >= listed(proven, ServiceState.AT_RISK)


@pytest.mark.parametrize(
    ("workflow", "idle"),
    [
        ("[{any_of: [a, b]}, a]", 1),
        ("[{any_of: [a, b]}, m]", 1),
        ("[{any_of: [a, b]}, {any_of: [a, c]}]", 0),
        ("[{k_of_n: {k: 2, of: [a, b, c]}}, a]", 0),
        ("[{k_of_n: {k: 2, of: [a, b, c]}}, a, c]", 1),
        ("[{any_of: [a, b]}, {step: a, cached_for: 1 h}]", 0),
        ("[{any_of: [a, b]}, {step: a, optional: true}]", 0),
    ],
)
def test_a_group_is_idle_where_enough_of_its_branches_are_needed_anyway(workflow: str, idle: int) -> None:
    portfolio = written(
        services=(
            f"{{id: s, provider: us, workflow: {workflow}}}",
            "{id: m, provider: us, requires: [a]}",
            *(f"{{id: {name}, provider: them}}" for name in "abc"),
        )
    )
    network = OutageIndex(PortfolioGraph(portfolio)).network
    assert len(network.idle) == idle
    found = outage(portfolio, failed=Failed(services=("b",)), from_=START, for_=timedelta(minutes=30))
    assert ("s" in found.services) == (not idle)


def test_what_becomes_of_services_reads_like_any_mapping() -> None:
    portfolio = delivered(
        "[{any_of: [a, b]}]", "availability: 99%", a="availability: 99%", b="availability: 99%"
    )
    services = outage(portfolio, failed=Failed(services=("a",)), from_=START).services
    assert list(services) == ["a", "s"]
    assert len(services) == 2
    assert "b" not in services
    assert "nobody" not in services
    with pytest.raises(KeyError):
        services["b"]
    assert dict(services) == services


def test_what_becomes_of_agreements_reads_like_any_sequence() -> None:
    portfolio = delivered("[a]", "availability: 99%", a="availability: 99%")
    agreements = outage(portfolio, failed=Failed(services=("a",)), from_=START).agreements
    assert [each.agreement.id for each in agreements] == ["sla", "uc-a"]
    assert [each.agreement.id for each in agreements[-1:]] == ["uc-a"]
    assert agreements[-1] is agreements[1]
    assert agreements == tuple(agreements)
    with pytest.raises(IndexError):
        agreements[2]


def test_a_target_is_its_agreements_own_whatever_others_promise_alike() -> None:
    portfolio = delivered(
        "[a]",
        "availability: 99%, x-note: {seen: [1, 2]}",
        agreements=(
            "{id: other, kind: SLA, provider: us, customer: d, covers: [s], targets: [{availability: 0.99, measured_at: door}]}",
        ),
        a="availability: 99%",
    )
    found = outage(portfolio, failed=Failed(services=("a",)), from_=START)
    targets = {each.agreement.id: each.budgets[0].target for each in found.agreements}
    assert targets["other"].measured_at == "door"
    assert dict(targets["sla"].extra) == {"x-note": {"seen": (1, 2)}}
    assert str(targets["sla"].value) == "99%"


def test_a_portfolio_without_agreements_has_none_affected() -> None:
    portfolio = replace(layers(3, 2, seed=0), agreements=())
    assert outage(portfolio, failed=Failed(providers=("p0",)), from_=START).agreements == ()
