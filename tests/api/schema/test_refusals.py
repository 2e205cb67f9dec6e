"""What is not there and what cannot be: null, or one clear message with a stable code."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from graphql import ExecutionResult, execute_sync

from olagraph_api.http.answers import Answer
from olagraph_api.schema import types
from olagraph_api.snapshots import Snapshot
from tests.api.schema.asking import (
    EXECUTABLE,
    context,
    data,
    fixture,
    operation,
    refused,
    snapshot,
    viewer,
)

SHOP = snapshot("format-example")


@pytest.mark.parametrize("root", ["provider", "customer", "service", "agreement"])
@pytest.mark.parametrize("id", ["nothing", "", "web-shop/../retail", "Web-Shop"])
def test_a_single_thing_that_is_not_there_is_null(root: str, id: str) -> None:
    text = f"query ($id: ID!) {{ {root}(id: $id) {{ id }} }}"
    assert data(text, SHOP, {"id": id}) == {root: None}


def test_an_importance_of_nothing_is_null() -> None:
    assert data('{ importance(service: "nothing") { low } }', SHOP) == {"importance": None}


LISTS = [
    "providers",
    "customers",
    "services",
    "agreements",
    "calendars",
    "incidents",
    "assessments",
    "findings",
]


@pytest.mark.parametrize("principal", [None, viewer("other")])
def test_a_portfolio_that_is_not_there_or_not_granted_is_unknown(principal: Any) -> None:
    """The two look alike; a list says so, the portfolio itself is null."""
    name = "default" if principal else "nowhere"
    within = context(SHOP, principal=principal)
    for root in LISTS:
        error = refused(f'{{ {root}(portfolio: "{name}") {{ totalCount }} }}', within)
        assert error["message"] == f"there is no portfolio '{name}'"
        assert error["extensions"] == {"code": "UNKNOWN_PORTFOLIO"}
    assert data(f'{{ portfolio(portfolio: "{name}") {{ id }} }}', within) == {"portfolio": None}
    assert data("{ portfolios { nodes { id } totalCount } }", within)["portfolios"]["totalCount"] == (
        0 if principal else 1
    )


def test_a_portfolio_is_listed_by_its_name_and_opened_for_more() -> None:
    within = context(Snapshot("b", 2, fixture("cloud-shop")), Snapshot("a", 5, fixture("service-desk")))
    answer = data("{ portfolios { nodes { id name revision asOf counts { services } } } }", within)
    assert answer["portfolios"]["nodes"] == [
        {
            "id": id,
            "name": fixture(name).name,
            "revision": revision,
            "asOf": "2026-11-23",
            "counts": {"services": len(fixture(name).services)},
        }
        for id, name, revision in (("a", "service-desk", 5), ("b", "cloud-shop", 2))
    ]


def test_unknown_names_in_an_outage_are_told_all_at_once_with_the_nearest() -> None:
    error = refused(
        '{ outage(providers: ["cloudcoo", "shop-it"], services: ["web-shp"], zones: ["eu-west-1b"]) { from } }',
        SHOP,
    )
    assert error["message"] == (
        "there is no provider 'cloudcoo'; did you mean cloudco?; there is no service 'web-shp'; did you mean web-shop?;"
        " there is no zone 'eu-west-1b'; did you mean eu-west-1a?"
    )
    assert error["extensions"] == {
        "code": "BAD_USER_INPUT",
        "unknown": [
            {"kind": "provider", "name": "cloudcoo", "nearest": ["cloudco"]},
            {"kind": "service", "name": "web-shp", "nearest": ["web-shop"]},
            {"kind": "zone", "name": "eu-west-1b", "nearest": ["eu-west-1a"]},
        ],
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "nothing fails: name a provider, a service, an agreement, a region or a zone"),
        ('services: ["otp"], for: "PT0S"', "an outage lasts longer than no time"),
        ('services: ["otp"], for: "PT0.0000001S"', "0.0000001 s is finer than a microsecond"),
        ('services: ["otp"], for: "9999999999 d"', "9999999999 d is longer than the calendar"),
        ('services: ["otp"], capacityLost: 0', "the share of capacity lost is above 0 and at most 1, not 0.0"),
        ('services: ["otp"], capacityLost: "1.5"', "the share of capacity lost is above 0 and at most 1, not 1.5"),
        ('services: ["otp"], from: "0900-01-01T00:00:00Z"', "an outage begins between 1000 and 9000, not in 900"),
        ('agreements: ["sla-desk"], from: "2025-01-01T00:00:00Z", services: ["nowhere"]', "there is no service 'nowhere'"),
        (
            'services: ["otp"], incidents: [{service: "ot", from: "2026-12-01T00:00:00Z", to: "2026-12-01T01:00:00Z"}]',
            "there is no service 'ot'; did you mean otp?",
        ),
        (
            'services: ["otp"], incidents: [{service: "otp", from: "2026-12-01T01:00:00Z", to: "2026-12-01T01:00:00Z"}]',
            "the incident of otp ends at 2026-12-01 01:00:00+00:00, not after it begins",
        ),
        (
            'services: ["otp"],'
            ' incidents: [{service: "otp", from: "2026-12-01T00:00:00Z", to: "2026-12-01T01:00:00Z", share: 2}]',
            "the share of an incident is above 0 and at most 1, not 2",
        ),
    ],
)  # fmt: skip
def test_an_outage_that_cannot_be_is_refused(arguments: str, said: str) -> None:
    call = f"outage({arguments})" if arguments else "outage"
    error = refused(f"{{ {call} {{ from }} }}", SHOP)
    assert error["message"] == said
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{ explanation(agreement: "sla-retial") { assessment { metric } } }', "there is no agreement 'sla-retial'; did you mean sla-retail or sla-desk or ola-tier-1?"),
        ('{ explanation(agreement: "sla-retail", service: "otp") { assessment { metric } } }', "there is no service covered by sla-retail 'otp'"),
        ('{ explanation(agreement: "sla-retail", metric: "jitter") { assessment { metric } } }', "there is no target of sla-retail on the metric 'jitter'"),
        ('{ check(service: "webshop", target: "availability 99.9%") { answer } }', "there is no service 'webshop'; did you mean web-shop?"),
        ('{ check(service: "web-shop", target: "availabilty 99.9%") { answer } }', "unknown metric 'availabilty'; did you mean 'availability'"),
        ('{ check(service: "web-shop", target: "availability") { answer } }', "a value is missing after 'availability'"),
        ('{ check(service: "web-shop", target: "") { answer } }', "unknown metric ''"),
        ('{ cutSets(service: "web-shp") { count } }', "there is no service 'web-shp'; did you mean web-shop?"),
        ('{ cutSets(service: "web-shop", smallest: 1001) { count } }', "'smallest' must lie between 0 and 1000, not 1001"),
        ('{ cutSets(service: "web-shop", smallest: -1) { count } }', "'smallest' must lie between 0 and 1000, not -1"),
        ('{ services(after: "x") { totalCount } }', "the cursor is not one of this list in this order"),
        ("{ services(first: -1) { totalCount } }", "'first' must lie between 0 and 1000, not -1"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_a_code(text: str, said: str) -> None:
    error = refused(text, SHOP)
    assert error["message"].startswith(said)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


def test_the_cursor_of_one_order_is_refused_in_another() -> None:
    cursor = data("{ services(first: 1) { pageInfo { endCursor } } }", SHOP)["services"]["pageInfo"][
        "endCursor"
    ]
    text = "query ($after: String) { services(after: $after, orderBy: {field: NAME}) { totalCount } }"
    assert "in this order" in refused(text, SHOP, {"after": cursor})["message"]
    assert "in this order" in refused("query ($after: String) { agreements(after: $after, orderBy: {field: TO})"
        " { totalCount } }", SHOP, {"after": cursor})["message"]  # fmt: skip


def masked(monkeypatch: pytest.MonkeyPatch, resolver: Callable[..., Any]) -> dict[str, Any]:
    """How an answer is told where a resolver fails as no one expected."""
    monkeypatch.setattr(types, "service", resolver)
    result = execute_sync(
        EXECUTABLE.core,
        operation('{ service(id: "otp") { id } }').query.document,
        context_value=context(SHOP),
    )
    assert isinstance(result, ExecutionResult)
    shown: dict[str, Any] = orjson.loads(Answer.of(result).encoded())
    return shown


def test_what_nobody_expected_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a word of what it was; the log has it, under the request's id."""

    def fails(*_arguments: Any) -> Any:
        raise ValueError("the password is hunter2")

    shown = masked(monkeypatch, fails)
    (error,) = shown["errors"]
    assert error["message"] == "Internal error"
    assert error["extensions"]["code"] == "INTERNAL"
    assert "hunter2" not in str(shown)


def test_a_value_error_of_the_analysis_is_no_fault_of_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is documented to be about the question is told."""

    def fails(*_arguments: Any, **_settings: Any) -> Any:
        raise ValueError("math domain error")

    monkeypatch.setattr("olagraph_api.schema.types.explanations.explain", fails)
    result = execute_sync(
        EXECUTABLE.core,
        operation('{ explanation(agreement: "sla-retail") { assessment { metric } } }').query.document,
        context_value=context(SHOP),
    )
    assert isinstance(result, ExecutionResult)
    assert orjson.loads(Answer.of(result).encoded())["errors"][0]["message"] == "Internal error"
