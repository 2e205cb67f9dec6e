"""Plans answer as graphql-core does, to the byte."""

import json

import pytest
from graphql import execute_sync
from hypothesis import given, settings

from olagraph_api.limits import Allowance, Limits
from olagraph_api.plans import (
    NOT_ATTEMPTED,
    Attempt,
    Documents,
    ExecutableSchema,
    Operation,
    answer,
    attempt,
)
from tests.api.plans.queries import queries
from tests.api.shop import Shop, schema, shop

SCHEMA = ExecutableSchema(schema())
LIMITS = Limits(
    depth=50,
    aliases=10_000,
    directives=10_000,
    expanded_fields=10_000,
    tokens=100_000,
    root_fields=1_000,
    cost=10**12,
)
DATA = shop()


def attempted(text: str, variables: dict[str, object], context: Shop = DATA) -> tuple[Operation, Attempt]:
    """What comes of the plan."""
    operation = Documents(SCHEMA, LIMITS).read(text).operation(None)
    values = operation.variables(variables)
    plan = operation.plan(values)
    if plan is None:
        return operation, NOT_ATTEMPTED
    return operation, attempt(
        plan, variables=values, context=context, allowance=Allowance.starting_now(LIMITS)
    )


def answered(text: str, variables: dict[str, object]) -> str:
    """Our answer as JSON."""
    operation, tried = attempted(text, variables)
    allowance = Allowance.starting_now(LIMITS)
    result = answer(operation, given=variables, context=DATA, allowance=allowance, attempted=tried)
    return json.dumps(result.formatted)


def planned(text: str, variables: dict[str, object]) -> str:
    """The answer of the plan as JSON, with nothing left to graphql-core."""
    _, tried = attempted(text, variables)
    assert tried.result is not None
    return json.dumps(tried.result.formatted)


def expected(text: str, variables: dict[str, object]) -> str:
    """The answer of graphql-core alone."""
    document = Documents(SCHEMA, LIMITS).read(text).operation(None).query.document
    result = execute_sync(
        SCHEMA.core, document, context_value=DATA, variable_values=variables, hide_suggestions=True
    )
    return json.dumps(result.formatted)


@given(queries(SCHEMA.core))
@settings(max_examples=150)
def test_random_queries_are_answered_alike(query: tuple[str, dict[str, object]]) -> None:
    """Aliases, fragments, variables, @skip and @include, abstract types, resolvers with arguments, errors."""
    text, variables = query
    assert answered(text, variables) == expected(text, variables)


PLANNED = [
    "{ __typename }",
    "{ services { nodes { id name description criticality weight active tags label matrix } totalCount } }",
    "{ services(first: 3) { nodes { id agreements(kind: OLA) { edges { cursor node { id kind begins } } } } } }",
    "{ subjects(first: 9) { __typename ... on Node { id } ... on Target { value budget } } }",
    '{ node(id: "a1") { id ... on Agreement { parties { __typename ... on Service { name } } } } }',
    '{ nodes(ids: ["s1", "none", "p"]) { __typename id ... on Provider { name kind } } }',
    '{ a: service(id: "s0") { ...S } b: service(id: "none") { ...S } } fragment S on Service { id dependencies { nodes { id } } }',
    '{ agreements(matching: {kinds: [SLA], prefix: "a"}) { nodes { targets { metric value tags } service { id } } } }',
    '{ echo(text: "x", day: "2026-02-03") numbers(count: 0) services { pageInfo { hasNextPage endCursor } } }',
    "{ services { ...A ...B } } fragment A on ServiceConnection { nodes { id } } fragment B on ServiceConnection { nodes { name } }",
]


@pytest.mark.parametrize("text", PLANNED)
def test_a_plan_answers_all_that_goes_well(text: str) -> None:
    """No part of these is left to graphql-core."""
    assert planned(text, {}) == expected(text, {})


FAILING = [
    "{ agreements { nodes { id strict } } }",
    "{ agreements { nodes { id fragile(limit: 3) } } }",
    "{ agreements { edges { node { fragile strict } } totalCount } broken }",
    "{ services { totalCount } brokenStrictly }",
    "{ stream }",
    "query ($n: Int = 3) { services(first: $n) { totalCount } }",
]


@pytest.mark.parametrize("text", FAILING)
def test_errors_are_those_of_graphql_core(text: str) -> None:
    """Messages, places, paths, and what becomes null."""
    variables: dict[str, object] = {"n": None} if "$n" in text else {}
    assert answered(text, variables) == expected(text, variables)


@pytest.mark.parametrize("yes", [True, False])
def test_each_choice_of_conditions_has_its_plan(yes: bool) -> None:
    text = "query ($yes: Boolean!) { services { nodes { id name @skip(if: $yes) tags @include(if: $yes) } } }"
    assert planned(text, {"yes": yes}) == expected(text, {"yes": yes})


def test_a_query_that_fails_does_not_run_its_root_resolvers_twice() -> None:
    """What they gave to the plan is handed on to graphql-core."""
    before = DATA.calls
    answered("{ services { totalCount } broken }", {})
    assert DATA.calls == before + 1


def test_each_request_gets_its_own_context() -> None:
    """A plan keeps nothing of the request that it was compiled for."""
    operation = Documents(SCHEMA, LIMITS).read("{ services { totalCount } }").operation(None)
    values = operation.variables({})
    plan = operation.plan(values)
    assert plan is operation.plan(values)
    assert plan is not None
    totals = []
    for services in (1, 3):
        context, allowance = shop(services=services), Allowance.starting_now(LIMITS)
        tried = attempt(plan, variables=values, context=context, allowance=allowance)
        assert tried.result is not None
        totals.append(tried.result.data)
    assert totals == [{"services": {"totalCount": 1}}, {"services": {"totalCount": 3}}]


@pytest.mark.parametrize(
    "text",
    [
        "{ __schema { queryType { name } } }",
        "{ later }",
        'mutation { change(change: {id: "x"}) { total } }',
    ],
)
def test_what_plans_do_not_do_is_left_to_graphql_core(text: str) -> None:
    """Introspection, coroutine functions, mutations."""
    operation = Documents(SCHEMA, LIMITS).read(text).operation(None)
    assert operation.plan(operation.variables({})) is None
