"""What is written reads as what it was."""

import json
from decimal import Decimal

import yaml
from hypothesis import HealthCheck, given, settings

from olagraph.documents import dump, load_text
from olagraph.model.entities import Portfolio
from tests.documents.portfolio_strategies import portfolios

WHOLE = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def types(value: object) -> object:
    """A value with its types: 1, true and "1" differ."""
    if isinstance(value, dict):
        return {key: types(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(map(types, value))
    return type(value).__name__, value


@WHOLE
@given(portfolios())
def test_a_portfolio_written_as_yaml_reads_as_the_same_portfolio(portfolio):
    text = dump(portfolio)
    again = load_text(text, "written.yaml")
    assert again == portfolio
    assert dump(again) == text
    assert types(again.extra) == types(portfolio.extra)
    for one, other in zip(again.services, portfolio.services, strict=True):
        assert types(one.traits) == types(other.traits)
    # Other readers of YAML take it too.
    assert yaml.safe_load(text)["olagraph"] == 1


@WHOLE
@given(portfolios())
def test_a_portfolio_written_as_json_reads_as_the_same_portfolio(portfolio):
    text = dump(portfolio, format="json")
    assert json.loads(text)["olagraph"] == 1
    assert load_text(text, "written.json") == portfolio


def test_numbers_stay_as_people_wrote_them(reads):
    text = dump(
        reads(
            """
            services:
              - {id: shop, provider: p, own: [{availability: 99.950%}, {latency: 0.25 s, for: 99.90%}]}
            """
        )
    )
    assert "own: [{availability: 99.950%}, {latency: 0.25 s, for: 99.90%}]" in text


def test_numbers_of_extra_keys_stay_exact(reads):
    portfolio = reads("x-rate: 0.1000000000000000055511151231257827\n")
    assert portfolio.extra == (("x-rate", Decimal("0.1000000000000000055511151231257827")),)
    assert load_text(dump(portfolio, format="json"), "x.json").extra == portfolio.extra


def test_no_exclusions_at_all_is_another_thing_than_the_parents_exclusions(reads):
    portfolio = reads(
        "services: [{id: s, provider: p}]\n"
        "agreements: [{id: none, provider: p, exclusions: []}, {id: parents, provider: p}]\n"
    )
    assert [agreement.exclusions for agreement in portfolio.agreements] == [(), None]
    assert load_text(dump(portfolio), "x.yaml") == portfolio


def test_failover_in_order_reads_as_it_was(reads):
    portfolio = reads(
        """
        services:
          - {id: a, provider: p}
          - {id: b, provider: p}
          - {id: s, provider: p, workflow: {any_of: [{step: a, timeout: 1 s}, {step: [b], timeout: 2 s}]}}
        """
    )
    assert load_text(dump(portfolio), "x.yaml") == portfolio


def test_an_empty_portfolio_can_be_written():
    assert dump(Portfolio()) == "olagraph: 1\n"
