"""A complement spelled out is its metric turned round, exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olagraph.documents import dump, load_text
from olagraph.documents.quantities import turned_round
from olagraph.model.entities import CreditTier
from olagraph.model.quantity import Dimension, Quantity


def ratio(text):
    return Quantity.parse(text, Dimension.RATIO)


def target(reads, stated):
    portfolio = reads(f"services: [{{id: s, provider: p, own: [{{{stated}}}]}}]")
    assert load_text(dump(portfolio), "x.yaml") == portfolio
    return portfolio.services[0].own[0]


@pytest.mark.parametrize(
    ("stated", "metric", "value"),
    [
        ("unavailability: 1e-7", "availability", "0.9999999"),
        ("unavailability: 0.1%", "availability", "99.9%"),
        ("error_rate: 0.05", "success_rate", "0.95"),
        ("packet_loss: 1e-13", "packet_delivery", "0.9999999999999"),
        (
            "packet_loss: 0.000000000000000000000000000000001%",
            "packet_delivery",
            "99.999999999999999999999999999999999%",
        ),
        ("unavailability: 0", "availability", "1"),
        ("unavailability: 100%", "availability", "0%"),
    ],
)
def test_a_complement_becomes_its_metric_in_the_same_unit(reads, stated, metric, value):
    own = target(reads, stated)
    assert (own.metric, own.value) == (metric, ratio(value))


@given(st.decimals(0, 1, places=38))
def test_no_digit_is_lost_and_turning_round_twice_changes_nothing(share):
    quantity = Quantity.ratio(share)
    assert turned_round(quantity).exact + quantity.exact == 1
    assert turned_round(turned_round(quantity)) == quantity


def test_what_is_assumed_beside_a_complement_is_turned_round_too(reads):
    own = target(reads, "unavailability: 0%, assume: 0.05%")
    assert (own.value, own.assume) == (ratio("100%"), ratio("99.95%"))


def test_thresholds_of_a_complements_credits_change_sides(reads):
    portfolio = reads(
        """
        services: [{id: s, provider: p}]
        agreements:
          - id: u
            provider: p
            credits: [{metric: error_rate, tiers: [{above: 1%, credit: 10%}, {below: 0.002, credit: 0}]}]
        """
    )
    (credit,) = portfolio.agreements[0].credits
    assert credit.metric == "success_rate"
    assert credit.tiers == (
        CreditTier(below=ratio("99%"), credit=Decimal("0.1")),
        CreditTier(above=ratio("0.998"), credit=Decimal(0)),
    )
    assert load_text(dump(portfolio), "x.yaml") == portfolio


def test_a_metric_of_ones_own_may_have_a_complement(reads):
    portfolio = reads(
        """
        metrics: [{id: kept, unit: ratio, better: higher, family: success_rate, complement: missed}]
        services: [{id: s, provider: p, own: [{missed: 3%}]}]
        """
    )
    (own,) = portfolio.services[0].own
    assert (own.metric, own.value) == ("kept", ratio("97%"))


def test_a_complement_too_small_to_turn_round_is_refused(faults_at):
    faults_at(
        "services: [{id: s, provider: p, own: [{packet_loss: «1.2345678901234567890123456789e-35}]}]",
        "services[s].own[0].packet_loss",
        ": 1 - 1.2345678901234567890123456789E-35: '0.99999999999999999999999999999999998765' is "
        "out of range: at most 60 digits, between 1e-40 and 1e40",
    )
