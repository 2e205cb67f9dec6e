"""The whole schema."""

from collections.abc import Iterator

import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
)
from graphql.pyutils import Undefined
from strawberry.schema.config import StrawberryConfig

from olagraph_api.mutations.mutation import Mutation
from olagraph_api.schema import types
from olagraph_api.schema.queries import Query
from olagraph_api.schema.scalars import SCALARS
from olagraph_api.subscriptions.subscription import Subscription


def build_schema() -> strawberry.Schema:
    """The schema, built afresh."""
    schema = strawberry.Schema(
        Query,
        Mutation,
        Subscription,
        types=[types.Provider, types.Customer],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    for value in _input_values(schema._schema):
        if value.default_value is None:  # what is left out is null anyway: saying so helps nobody
            value.default_value = Undefined
    return schema


def _input_values(schema: GraphQLSchema) -> Iterator[GraphQLArgument | GraphQLInputField]:
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            yield from type_.fields.values()
        elif isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field in type_.fields.values():
                yield from field.args.values()


SCHEMA = build_schema()
"""The schema that is served."""
