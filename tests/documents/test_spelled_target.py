"""Targets spelled on the command line mean what a file would mean."""

from decimal import Decimal

import pytest

from olagraph.documents.spelled_target import spelled_target
from olagraph.metrics.table import metric_table
from olagraph.model.entities import Population, Portfolio, Target
from olagraph.model.quantity import Dimension, Quantity
from olagraph.model.window import Window


def spelled(text: str) -> Target:
    """The target that `text` spells in a portfolio with one calendar."""
    return spelled_target(text, metric_table(Portfolio()), calendars=["london-office"])


def ratio(text: str) -> Quantity:
    """A ratio."""
    return Quantity.parse(text, Dimension.RATIO)


def duration(text: str) -> Quantity:
    """A duration."""
    return Quantity.parse(text, Dimension.DURATION)


def test_a_metric_and_a_value() -> None:
    assert spelled("availability 99.95%") == Target(metric="availability", value=ratio("99.95%"))
    assert spelled("  availability   0.9995 ") == Target(metric="availability", value=ratio("0.9995"))


def test_a_complement_is_turned_round_exactly() -> None:
    assert spelled("unavailability 0.05%").value == ratio("99.95%")
    assert spelled("error_rate 1e-7").value == ratio("0.9999999")


def test_a_statistic() -> None:
    assert spelled("latency 2 s for 95%") == Target(
        metric="latency", value=duration("2 s"), for_=Decimal("0.95")
    )
    assert spelled("latency 2 s for 0.95").for_ == Decimal("0.95")
    assert spelled("latency 2 s for mean").for_ == "mean"
    assert spelled("latency 2 s for 100%").for_ is None


def test_every_term_in_any_order() -> None:
    assert spelled(
        "resolution_time 8 h priority P1 clock london-office for 90% window month hours 24x7"
    ) == Target(
        metric="resolution_time",
        value=duration("8 h"),
        for_=Decimal("0.9"),
        population=Population(name="P1"),
        clock="london-office",
        window=Window.parse("month"),
        hours="24x7",
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "unknown metric ''"),
        ("availabilty 99%", "did you mean 'availability'"),
        ("availability", "a value is missing"),
        ("availability 101%", "out of range"),
        ("availability -1%", "out of range"),
        ("latency -1 s", "expected 0 or more"),
        ("availability 2 s", "is not a percentage"),
        ("availability 99% for 95%", "`for` does not go with availability"),
        ("latency 2 s for 0%", "is not a fraction of cases"),
        ("latency 2 s for 95% for 99%", "a term is stated twice"),
        ("availability 99% window fortnight", "is not a window"),
        ("resolution_time 8 h clock london-ofice", "did you mean 'london-office'"),
        ("availability nan", "is not a percentage"),
        ("availability 1e999999", "out of range"),
    ],
)
def test_what_spells_no_target_is_refused_in_one_sentence(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        spelled(text)
    assert "\n" not in str(refused.value)


def test_money_in_another_currency_is_refused() -> None:
    metrics = metric_table(Portfolio())
    assert spelled_target("cost 5 EUR", metrics, calendars=[], currency="EUR").value.unit == "EUR"
    with pytest.raises(ValueError, match="USD is not the portfolio's currency, EUR"):
        spelled_target("cost 5 USD", metrics, calendars=[], currency="EUR")
