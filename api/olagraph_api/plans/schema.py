"""A Strawberry schema as graphql-core executes it."""

from dataclasses import dataclass, field

import strawberry
from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

HEAVY = "heavy"
"""The key of `strawberry.field(metadata=...)` that marks a field whose resolver may compute for long."""

ATTRIBUTE = "attribute"
"""The key of `strawberry.field(metadata=...)` that says where in an object a field's value lies: `record.name`.

The attribute that is called as the field must have the same value: graphql-core reads that one.
"""


@dataclass(frozen=True, slots=True)
class ExecutableSchema:
    """The schema that documents are validated against and executed on.

    Args:
        strawberry_schema: its extensions (in the sense of Strawberry's SchemaExtension) are not run.
    """

    strawberry_schema: strawberry.Schema
    core: GraphQLSchema = field(init=False)
    converter: GraphQLCoreConverter = field(init=False)

    def __post_init__(self) -> None:
        # Strawberry has no public name for it.
        object.__setattr__(self, "core", self.strawberry_schema._schema)
        object.__setattr__(self, "converter", self.strawberry_schema.schema_converter)

    def definition(
        self, type_: GraphQLObjectType | GraphQLInterfaceType
    ) -> StrawberryObjectDefinition | None:
        """What Strawberry knows about a type; None for those of graphql-core itself."""
        found = type_.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        return found if isinstance(found, StrawberryObjectDefinition) else None

    def field_definition(self, definition: GraphQLField) -> StrawberryField | None:
        """What Strawberry knows about a field; None for those of graphql-core itself."""
        found = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        return found if isinstance(found, StrawberryField) else None
