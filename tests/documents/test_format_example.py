"""The example that the format's description prints."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from olagraph.documents import load
from olagraph.model.entities import (
    Claim,
    ClaimStart,
    Comparison,
    Condition,
    Covers,
    Credit,
    CreditTier,
    Exclusion,
    Population,
    Strength,
    Supplier,
    Target,
)
from olagraph.model.quantity import Dimension, Quantity
from olagraph.model.window import Window
from olagraph.model.workflow import AllOf, Branch, Choice, KOfN, Parallel, Repeat, Sequence, Step, any_of

EXAMPLE = Path(__file__).resolve().parents[2] / "fixtures" / "format-example.yaml"


def duration(text):
    return Quantity.parse(text, Dimension.DURATION)


def ratio(text):
    return Quantity.parse(text, Dimension.RATIO)


@pytest.fixture(scope="module")
def portfolio():
    return load(EXAMPLE)


@pytest.fixture(scope="module")
def services(portfolio):
    return {service.id: service for service in portfolio.services}


@pytest.fixture(scope="module")
def agreements(portfolio):
    return {agreement.id: agreement for agreement in portfolio.agreements}


def test_its_header_and_lists_are_complete(portfolio):
    assert (portfolio.name, portfolio.currency) == ("Web shop", "EUR")
    counted = (portfolio.calendars, portfolio.providers, portfolio.customers, portfolio.services)
    assert tuple(map(len, counted)) == (1, 6, 1, 18)
    assert [agreement.id for agreement in portfolio.agreements] == [
        "sla-retail",
        "sla-desk",
        "ola-tier-1",
        "uc-couriers",
        "uc-cloudco",
    ]
    assert [metric.id for metric in portfolio.metrics] == ["first_contact_resolution"]
    assert [incident.id for incident in portfolio.incidents] == [
        "web-shop/2026-11-04T08:10:00Z",
        "INC0012345",
    ]


def test_its_supply_chain_and_incidents_are_read(portfolio, services):
    assert services["courier-a"].supply_chain == (Supplier(provider="haulier", rank=1),)
    _, partial = portfolio.incidents
    assert partial.from_ == datetime(2026, 11, 17, 18, tzinfo=UTC)
    assert partial.to - partial.from_ == timedelta(hours=1)
    assert partial.share == Decimal("0.25")


def test_its_workflow_is_read_pattern_by_pattern(services):
    nodes = tuple(Step(of=f"node-{number}") for number in (1, 2, 3))
    couriers = (("courier-a", "0.7"), ("courier-b", "0.3"))
    assert services["web-shop"].workflow == Step(
        of=Sequence(
            (
                Step(of="frontend"),
                Step(of=any_of(Step(of="pay-a"), Step(of="pay-b"))),
                Step(
                    of=Parallel(
                        (
                            Step(of="stock"),
                            Step(of="fraud-check", optional=True, timeout=duration("300 ms")),
                        )
                    )
                ),
                Step(
                    of=Choice(
                        tuple(
                            Branch(step=Step(of=courier), probability=Decimal(probability))
                            for courier, probability in couriers
                        )
                    )
                ),
                Step(of=Repeat(step=Step(of="otp"), max=3)),
                Step(of=KOfN(k=2, steps=nodes, common_cause=Decimal("0.1"))),
            )
        )
    )


def test_a_list_of_requirements_means_all_of_them(services):
    networks = Step(of=any_of(Step(of="net-a"), Step(of="net-b")))
    assert services["web-shop"].requires == Step(of=AllOf((Step(of="identity"), networks)))


def test_a_plain_list_is_a_sequence(services):
    assert services["desk"].workflow == Step(of=Sequence((Step(of="tier-1"), Step(of="vendor-support"))))


def test_traits_are_numbers_or_text_and_own_parts_are_targets(services):
    assert services["frontend"].traits == (("zones", Decimal(2)), ("disk", "premium"))
    assert services["stock"].own == (
        Target(metric="availability", value=ratio("99.95%")),
        Target(metric="latency", value=duration("150 ms"), for_=Decimal("0.99")),
    )


def test_its_sla_is_read_key_by_key(agreements):
    sla = agreements["sla-retail"]
    assert (sla.provider, sla.customers, sla.covers) == (
        "shop-it",
        ("retail",),
        Covers(services=("web-shop",)),
    )
    assert (sla.from_, sla.to, sla.review) == (date(2026, 1, 1), date(2026, 12, 31), date(2026, 6, 30))
    assert (sla.notice, sla.ref) == (duration("90 d"), "MSA-2024-017 §4.2")
    assert (sla.hours, sla.window) == ("24x7", Window.parse("month"))
    assert sla.exclusions == (
        Exclusion(name="maintenance", at_most=duration("4 h"), per=Window.parse("month")),
    )
    assert sla.claim == Claim(within=duration("30 d"), after=ClaimStart.WINDOW)
    assert sla.extra == (("x-cost-centre", "4711"),)
    assert sla.credits == (
        Credit(
            metric="availability",
            fee=Decimal(12000),
            tiers=(
                CreditTier(below=ratio("99.9%"), credit=Decimal("0.1")),
                CreditTier(below=ratio("99%"), credit=Decimal("0.25")),
            ),
            cap=Decimal("0.5"),
        ),
    )


def test_tickets_have_a_priority_and_a_clock(agreements):
    (target,) = agreements["sla-desk"].targets
    assert (target.population, target.clock) == (Population(name="P1"), "london-office")
    assert (target.value, target.for_) == (duration("8 h"), Decimal("0.9"))


def test_conditions_and_strengths_set_targets_on_one_metric_apart(agreements):
    plain, with_zones, objective, *_ = agreements["uc-cloudco"].targets
    assert plain.when == ()
    assert with_zones.when == (Condition(trait="zones", comparison=Comparison.AT_LEAST, value=Decimal(2)),)
    assert objective.strength is Strength.OBJECTIVE


def test_its_calendar_opens_on_weekdays(portfolio):
    (office,) = portfolio.calendars
    assert [(hours.weekday, hours.opens, hours.closes) for hours in office.hours] == [
        (day, 540, 1020) for day in range(5)
    ]
    assert office.holiday_codes == ("GB-ENG",)
