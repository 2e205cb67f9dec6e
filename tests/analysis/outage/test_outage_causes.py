"""What fails at first hand: suppliers with what they own, places, supply chains, and what is delivered under paper."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from olagraph.analysis.names import UnknownName, UnknownNames
from olagraph.analysis.outage.impact import outage, outage_in
from olagraph.analysis.outage.index import OutageIndex
from olagraph.analysis.outage.results import Cause, CauseKind, Failed, Outage, ServiceState
from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Portfolio, Provider, ProviderKind, Supplier
from tests.analysis.small import delivered, written

START = datetime(2026, 12, 1, 9, tzinfo=UTC)


def asked(portfolio: Portfolio, **failed: str) -> Outage:
    """The outage of one thing, or of several apart by spaces."""
    return outage(
        portfolio,
        failed=Failed(**{kind: tuple(names.split()) for kind, names in failed.items()}),
        from_=START,
        for_=timedelta(hours=4),
    )


def states(found: Outage) -> dict[str, str]:
    return {name: impact.state.value for name, impact in found.services.items()}


def test_a_provider_fails_with_everything_that_it_owns() -> None:
    portfolio = written(
        providers=(
            "{id: group, kind: external}",
            "{id: sub, kind: external, parent: group}",
            "{id: subsub, kind: external, parent: sub}",
        ),
        services=("{id: a, provider: sub}", "{id: b, provider: subsub}", "{id: c, provider: them}"),
    )
    found = asked(portfolio, providers="group")
    assert states(found) == {"a": "DOWN", "b": "DOWN"}
    assert found.services["b"].cause == Cause(CauseKind.PROVIDER, "group")
    assert states(asked(portfolio, providers="sub them")) == {"a": "DOWN", "b": "DOWN", "c": "DOWN"}


def test_services_lie_in_their_own_region_before_their_providers() -> None:
    portfolio = written(
        providers=("{id: cloud, kind: external, region: north}",),
        services=(
            "{id: a, provider: cloud}",
            "{id: b, provider: cloud, region: south}",
            "{id: c, provider: them, region: north, zone: north-1}",
        ),
    )
    assert states(asked(portfolio, regions="north")) == {"a": "DOWN", "c": "DOWN"}
    assert states(asked(portfolio, regions="south")) == {"b": "DOWN"}
    assert states(asked(portfolio, zones="north-1")) == {"c": "DOWN"}


def test_a_suppliers_own_supplier_counts_and_so_does_its_owner() -> None:
    portfolio = written(
        providers=("{id: deep, kind: external, parent: group}", "{id: group, kind: external}"),
        services=("{id: a, provider: them}", "{id: s, provider: us, workflow: [a]}"),
    )
    behind = tuple(
        replace(service, supply_chain=(Supplier(provider="deep", rank=2),)) if service.id == "a" else service
        for service in portfolio.services
    )
    portfolio = replace(portfolio, services=behind)
    for name in ("deep", "group"):
        found = asked(portfolio, providers=name)
        assert states(found) == {"a": "DOWN", "s": "DOWN"}
        assert found.services["a"].cause == Cause(CauseKind.SUPPLIER, name)
        assert found.path("s") == ("s", "a")


TWO_USERS = written(
    services=(
        "{id: shared, provider: them}",
        "{id: ours, provider: us, workflow: [shared]}",
        "{id: teams, provider: team, workflow: [shared]}",
        "{id: soft, provider: us, workflow: [teams, {step: shared, optional: true}]}",
    ),
    agreements=(
        "{id: uc-us, kind: UC, provider: them, customer: us, covers: [shared], targets: [{availability: 99%}]}",
        "{id: uc-team, kind: UC, provider: them, customer: team, covers: [shared], targets: [{availability: 99%}]}",
        "{id: sla, kind: SLA, provider: us, customer: c, covers: [ours], targets: [{availability: 99%}]}",
    ),
)


def test_an_agreement_fails_for_those_it_is_made_to() -> None:
    found = asked(TWO_USERS, agreements="uc-us")
    assert states(found) == {"ours": "DOWN", "shared": "DEGRADED", "soft": "DEGRADED"}
    assert found.path("ours") == ("ours", "shared")
    assert found.path("soft") == ("soft", "shared")
    assert found.path("shared") == ("shared",)
    assert [(each.agreement.id, each.state) for each in found.agreements] == [
        ("sla", ServiceState.DOWN),
        ("uc-us", ServiceState.DOWN),
    ]
    assert found.agreements[0].escalation.agreements == ("uc-us",)


def test_a_service_of_which_no_delivery_is_left_is_down() -> None:
    found = asked(TWO_USERS, agreements="uc-us uc-team")
    assert states(found) == {"shared": "DOWN", "ours": "DOWN", "teams": "DOWN", "soft": "DOWN"}
    assert found.path("soft") == ("soft", "teams", "shared")


RESOLD = written(
    services=("{id: raw, provider: others}", "{id: s, provider: us, workflow: [raw]}"),
    agreements=(
        "{id: uc-reseller, kind: UC, provider: them, customer: us, covers: [raw], targets: [{availability: 99%}]}",
        "{id: uc-maker, kind: UC, provider: others, customer: them, covers: [raw], targets: [{availability: 99%}]}",
        "{id: uc-team, kind: UC, provider: others, customer: team, covers: [raw], targets: [{availability: 99%}]}",
    ),
)


@pytest.mark.parametrize("failed", [{"agreements": "uc-maker"}, {"providers": "them"}])
def test_what_a_reseller_no_longer_gets_or_sells_fails_with_him(failed: dict[str, str]) -> None:
    found = asked(RESOLD, **failed)
    assert states(found) == {"s": "DOWN", "raw": "DEGRADED"}
    down = {each.agreement.id for each in found.agreements if each.state is ServiceState.DOWN}
    assert "uc-reseller" in down
    assert "uc-team" not in down


def test_unknown_names_are_refused_all_at_once_with_the_nearest() -> None:
    portfolio = delivered("[a]", "availability: 99%", a="availability: 99.9%")
    with pytest.raises(
        UnknownNames, match=r"no provider 'p-aa'; did you mean p-a\?; there is no zone 'nowhere'"
    ) as both:
        asked(portfolio, providers="p-aa", zones="nowhere")
    assert [each.name for each in both.value.each] == ["p-aa", "nowhere"]
    with pytest.raises(UnknownName, match="no service 'aa'"):
        asked(portfolio, services="aa")


def test_what_cannot_be_asked_is_refused() -> None:
    portfolio = written(
        services=("{id: a, provider: them}",),
        agreements=(
            "{id: old, kind: UC, provider: them, customer: us, covers: [a], to: 2025-12-31, targets: [{availability: 99%}]}",
            "{id: draft, kind: UC, provider: them, customer: us, covers: [a], status: draft, targets: [{availability: 99%}]}",
        ),
    )
    index = OutageIndex(PortfolioGraph(portfolio))
    good = Failed(services=("a",))
    with pytest.raises(ValueError, match="nothing fails"):
        outage_in(index, failed=Failed(), from_=START)
    with pytest.raises(ValueError, match="old is not in force on 2026-12-01"):
        outage_in(index, failed=Failed(agreements=("old",)), from_=START)
    with pytest.raises(ValueError, match="draft is a draft"):
        outage_in(index, failed=Failed(agreements=("draft",)), from_=START)
    with pytest.raises(ValueError, match="time zone"):
        outage_in(index, failed=good, from_=START.replace(tzinfo=None))
    with pytest.raises(ValueError, match="lasts longer"):
        outage_in(index, failed=good, from_=START, for_=timedelta(0))
    with pytest.raises(ValueError, match="capacity"):
        outage_in(index, failed=good, from_=START, capacity_lost=Fraction(3, 2))
    with pytest.raises(ValueError, match="between 1000 and 9000"):
        outage_in(index, failed=good, from_=START.replace(year=9999))


def test_silence_does_not_read_as_unaffected() -> None:
    """Not known is what says nothing itself and what no OLA, UC or standard terms stand for."""
    portfolio = written(
        services=(
            "{id: hit, provider: them}",
            "{id: silent, provider: them}",
            "{id: promised, provider: them}",
            "{id: terms, provider: them}",
            "{id: drafted, provider: them}",
            "{id: sold, provider: us}",
            "{id: own, provider: us, own: [{availability: 99%}]}",
            "{id: made, provider: us, requires: [own]}",
        ),
        agreements=(
            "{id: uc, kind: UC, provider: them, customer: us, covers: [promised], targets: [{availability: 99%}]}",
            "{id: st, kind: UC, provider: them, covers: [terms], targets: [{availability: 99%}]}",
            "{id: d, kind: UC, provider: them, customer: us, covers: [drafted], status: draft, targets: [{availability: 99%}]}",
            "{id: sla, kind: SLA, provider: us, customer: c, covers: [sold], targets: [{availability: 99%}]}",
        ),
    )
    assert asked(portfolio, services="hit").not_known == ("drafted", "silent", "sold")


def test_a_supplier_that_is_not_there_owns_and_provides_nothing() -> None:
    portfolio = replace(
        delivered("[a]", "availability: 99%", a="availability: 99.9%"),
        providers=(
            *delivered("[a]", "availability: 99%", a="availability: 99.9%").providers,
            Provider(id="idle", kind=ProviderKind.EXTERNAL, region="moon"),
        ),
    )
    assert states(asked(portfolio, providers="idle", regions="moon")) == {}
