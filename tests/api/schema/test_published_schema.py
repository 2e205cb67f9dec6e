"""The schema as it is published: written down, described, in the shape that clients rely on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_specified_scalar_type,
    validate_schema,
)

from olagraph_api.schema import SCHEMA
from olagraph_api.schema.build import build_schema
from tests.api.schema.asking import EXECUTABLE

CORE = EXECUTABLE.core
EXPORTED = Path(__file__).parents[3] / "api" / "schema.graphql"


def test_the_exported_schema_is_the_one_that_is_served() -> None:
    assert EXPORTED.read_text(encoding="utf-8") == SCHEMA.as_str() + "\n"


def test_the_schema_is_valid_and_built_alike_every_time() -> None:
    assert validate_schema(CORE) == []
    assert build_schema().as_str() == SCHEMA.as_str()


def parts() -> Iterator[tuple[str, str | None]]:
    """Everything that can have a description, by name."""
    for name, type_ in CORE.type_map.items():
        if name.startswith("__") or is_specified_scalar_type(type_):
            continue
        yield name, type_.description
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field, definition in type_.fields.items():
                yield f"{name}.{field}", definition.description
                for argument, value in definition.args.items():
                    yield f"{name}.{field}({argument})", value.description
        elif isinstance(type_, GraphQLInputObjectType):
            for field, value in type_.fields.items():
                yield f"{name}.{field}", value.description
        elif isinstance(type_, GraphQLEnumType):
            for member, value in type_.values.items():
                yield f"{name}.{member}", value.description


def test_nothing_lacks_a_description() -> None:
    """Types, fields, arguments, enumerations and their values."""
    assert [name for name, description in parts() if not (description or "").strip()] == []


def test_a_description_is_a_sentence_that_ends() -> None:
    """And has no space at either end or twice in the middle, as joined literals easily have."""
    odd = [
        name
        for name, description in parts()
        if description and (description != " ".join(description.split()) or description[-1] not in ".;")
    ]
    assert odd == []


def read_types() -> dict[str, GraphQLObjectType]:
    """The object types that a query can reach."""
    found: dict[str, GraphQLObjectType] = {}
    pending: list[object] = [CORE.query_type]
    while pending:
        type_ = pending.pop()
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            pending.extend(CORE.get_possible_types(type_))
        elif isinstance(type_, GraphQLObjectType) and type_.name not in found:
            found[type_.name] = type_
            pending.extend(get_named_type(field.type) for field in type_.fields.values())
    return found


def test_lists_without_a_page_are_short_by_nature() -> None:
    """What a target or an agreement states itself, one entry an enumeration's value, or what was asked for by name."""
    plain = {
        f"{name}.{field}"
        for name, type_ in read_types().items()
        if not name.endswith("Connection")
        for field, definition in type_.fields.items()
        if "[" in str(definition.type) and not is_leaf_type(get_named_type(definition.type))
        if "first" not in definition.args
    }
    assert plain == {
        "Agreement.credits",
        "Agreement.customers",
        "Agreement.exclusions",
        "Agreement.targets",
        "AgreementImpact.budgets",
        "AgreementImpact.customers",
        "AgreementImpact.due",
        "Calendar.hours",
        "Credit.tiers",
        "CutSets.orders",
        "Edit.fields",
        "Escalation.agreements",
        "Explanation.achievable",
        "Explanation.contracted",
        "Expression.steps",
        "Failed.agreements",
        "Failed.providers",
        "Failed.services",
        "Feasibility.best",
        "Outage.states",
        "Portfolio.severities",
        "Portfolio.summary",
        "Query.explanation",
        "Query.metrics",
        "Service.own",
        "Service.supplyChain",
        "Service.traits",
        "ServiceImpact.path",
        "Target.exclusions",
        "TargetAssessment.weakest",
        "ViewAssessment.timeAt",
        "ViewAssessment.weakest",
    }


@pytest.mark.parametrize("name", ["PageInfo", "ServiceConnection", "ServiceEdge", "LossConnection"])
def test_connections_have_the_names_that_relay_gives_them(name: str) -> None:
    fields = CORE.type_map[name].fields  # type: ignore[attr-defined]
    if name == "PageInfo":
        assert set(fields) == {"hasNextPage", "hasPreviousPage", "startCursor", "endCursor"}
    elif name.endswith("Edge"):
        assert {key: str(field.type) for key, field in fields.items()} == {
            "cursor": "String!",
            "node": "Service!",
        }
    else:
        assert {"nodes", "edges", "pageInfo", "totalCount"} == set(fields)
