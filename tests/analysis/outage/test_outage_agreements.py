"""The agreements that an outage affects: the soonest breach first, what falls due, whom to call."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from olagraph.analysis.outage.impact import outage
from olagraph.analysis.outage.results import Escalation, Failed, Outage, Remark, ServiceState
from olagraph.documents import load_text
from olagraph.model.entities import Incident, Portfolio
from tests.analysis.small import delivered, written

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"


def fixture(name: str) -> Portfolio:
    return load_text((FIXTURES / f"{name}.yaml").read_text(encoding="utf-8"), name)


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return START.replace(hour=hour, minute=minute, second=second)


def asked(portfolio: Portfolio, *services: str, hours: float | None = 4, **more: Any) -> Outage:
    lasting = None if hours is None else timedelta(hours=hours)
    return outage(portfolio, failed=Failed(services=services), from_=START, for_=lasting, **more)


def test_the_example_of_the_format() -> None:
    found = outage(
        fixture("format-example"),
        failed=Failed(providers=("cloudco",), services=("frontend",)),
        from_=START,
        for_=timedelta(hours=4),
    )
    assert found.services["web-shop"].state is ServiceState.DOWN
    assert found.path("web-shop") == ("web-shop", "frontend")
    first = found.agreements[0]
    assert (first.agreement.id, first.service, first.state) == ("sla-retail", "web-shop", ServiceState.DOWN)
    assert first.budget is not None
    assert first.budget.downtime == 14400
    assert first.budget.allowed == 2664
    assert first.budget.breaches_at == at(9, 44, 24)
    assert first.escalation == Escalation(
        service="frontend", provider="cloudco", contact="noc@cloudco.example", agreements=("uc-cloudco",)
    )
    assert found.not_known == ()
    assert found.customers == ("retail",)


def test_slas_come_first_and_the_soonest_breach_before_the_others() -> None:
    portfolio = delivered(
        "[a]",
        "availability: 99%",
        terms="window: day",
        agreements=(
            "{id: sooner, kind: SLA, provider: us, customer: d, covers: [s], window: day, targets: [{availability: 99.5%}]}",
            "{id: later, kind: SLA, provider: us, customer: c, covers: [s], window: month, targets: [{availability: 90%}]}",
        ),
        a="availability: 99.9%",
    )
    found = asked(portfolio, "a", hours=1)
    assert [each.agreement.id for each in found.agreements] == ["sooner", "sla", "later", "uc-a"]
    assert found.customers == ("d", "c")
    later = found.agreements[2].budget
    assert later is not None
    assert later.breaches_at is None
    assert later.holds_until == START + timedelta(hours=74.4)


def test_every_target_that_counts_has_its_budget_and_the_soonest_leads() -> None:
    portfolio = delivered(
        "[a]",
        "availability: 99%, window: year",
        "availability: 99.9%, window: day",
        "availability: 99.99%, strength: objective",
        "availability: 99.999%, when: {zones: '>=2'}",
        a="availability: 99.9%",
    )
    sla = asked(portfolio, "a").agreements[0]
    assert [float(each.allowed) for each in sla.budgets] == [86.4, 315360.0]
    assert sla.budget == sla.budgets[0]


def test_what_is_only_at_risk_loses_nothing() -> None:
    portfolio = delivered(
        "[{any_of: [a, b]}]", "availability: 99%", a="availability: 99%", b="availability: 99%"
    )
    sla = asked(portfolio, "a").agreements[0]
    assert sla.state is ServiceState.AT_RISK
    assert sla.budget is not None
    assert sla.budget.downtime == 0
    assert not sla.budget.breach
    assert sla.due == ()


def test_an_agreement_without_availability_has_no_budget() -> None:
    found = asked(delivered("[a]", "latency: 2 s", a="availability: 99%"), "a")
    assert found.agreements[0].budget is None


def test_targets_on_restoring_and_on_tickets_fall_due() -> None:
    portfolio = delivered(
        "[a]",
        "restore_time: 4 h",
        "resolution_time: 8 h, for: 90%, priority: P1, clock: office",
        "response_time: 15 min, for: 95%, priority: P1",
        "resolution_time: 1 h, for: mean",
        "latency: 2 s",
        a="availability: 99%",
    )
    due = asked(portfolio, "a").agreements[0].due
    assert [(each.metric.id, each.at, each.remarks) for each in due] == [
        ("response_time", at(9, 15), ()),
        ("restore_time", at(13), ()),
        ("resolution_time", at(17), (Remark.ELAPSED_TIME,)),
    ]


def test_where_hours_are_not_24x7_elapsed_time_was_counted() -> None:
    portfolio = delivered(
        "[a]", "availability: 99%", terms="window: day, hours: office", a="availability: 99%"
    )
    budget = asked(portfolio, "a").agreements[0].budget
    assert budget is not None
    assert budget.remarks == (Remark.ELAPSED_TIME,)
    assert budget.allowed == 864


def test_incidents_of_the_portfolio_and_those_told_use_up_the_same_budget() -> None:
    portfolio = delivered("[a]", "availability: 99%", terms="window: day", a="availability: 99%")
    had = Incident(service="s", from_=at(1), to=at(1, 10))
    told = Incident(service="s", from_=at(2), to=at(2, 4), share=Decimal("0.5"))
    other = Incident(service="a", from_=at(3), to=at(4))
    found = asked(replace(portfolio, incidents=(had, other)), "a", hours=None, incidents=(told,))
    budget = found.agreements[0].budget
    assert budget is not None
    assert budget.already == 720
    assert budget.breaches_at == at(9, 2, 24)


def test_a_share_of_capacity_is_lost_by_its_share() -> None:
    portfolio = delivered("[a]", "availability: 99%", terms="window: day", a="availability: 99%")
    found = asked(portfolio, "a", hours=1, capacity_lost=Fraction(1, 10))
    budget = found.agreements[0].budget
    assert budget is not None
    assert budget.downtime == 360
    assert not budget.breach


def test_the_contact_is_the_nearest_owners_if_the_provider_states_none() -> None:
    portfolio = written(
        providers=(
            "{id: group, kind: external, contact: duty@group.example}",
            "{id: unit, kind: external, parent: group}",
        ),
        services=("{id: a, provider: unit}", "{id: s, provider: us, workflow: [a]}"),
        agreements=(
            "{id: uc, kind: UC, provider: unit, customer: us, covers: [a], targets: [{availability: 99%}]}",
            "{id: sla, kind: SLA, provider: us, customer: c, covers: [s], targets: [{availability: 99%}]}",
        ),
    )
    call = asked(portfolio, "a").agreements[0].escalation
    assert call == Escalation(service="a", provider="unit", contact="duty@group.example", agreements=("uc",))


def test_a_resold_service_is_called_for_at_the_reseller() -> None:
    found = outage(fixture("bank-payments"), failed=Failed(providers=("skyvault",)), from_=START, for_=None)
    sla = next(each for each in found.agreements if each.agreement.id == "sla-statements-retail")
    assert sla.escalation.provider == "licora"
    assert sla.escalation.agreements == ("uc-licora-archive",)


def test_drafts_and_what_is_not_in_force_are_left_out() -> None:
    found = outage(
        fixture("bank-payments"), failed=Failed(services=("card-payment",)), from_=START, for_=None
    )
    assert {each.agreement.id for each in found.agreements} == {"sla-card-retail", "sla-card-merchants"}
    later = outage(
        fixture("bank-payments"),
        failed=Failed(services=("card-payment",)),
        from_=START.replace(year=2027),
        for_=None,
    )
    assert {each.agreement.id for each in later.agreements} == {"sla-card-merchants"}


def test_circles_fall_together() -> None:
    found = outage(
        fixture("bank-payments"), failed=Failed(services=("core-banking",)), from_=START, for_=None
    )
    assert found.services["key-vault"].state is ServiceState.DOWN
    assert found.path("strong-auth") == ("strong-auth", "key-vault", "core-banking")


def test_the_start_may_be_told_in_any_time_zone() -> None:
    portfolio = delivered("[a]", "availability: 99%", a="availability: 99%")
    local = START.astimezone(datetime.fromisoformat("2026-12-01T00:00:00+09:00").tzinfo)
    found = outage(portfolio, failed=Failed(services=("a",)), from_=local, for_=timedelta(hours=4))
    assert found == asked(portfolio, "a")
