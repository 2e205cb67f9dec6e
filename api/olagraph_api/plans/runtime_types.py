"""The object type of a value, remembered by its class where the class alone decides."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import GraphQLAbstractType, GraphQLInterfaceType, GraphQLObjectType, GraphQLResolveInfo
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE

from olagraph_api.plans.leaves import GivesUpError
from olagraph_api.plans.schema import ExecutableSchema
from olagraph_api.plans.selections import UnsupportedError

Make: TypeAlias = Callable[[Any, Any], dict[str, object]]
"""Makes the answer for an object in a run."""


@dataclass(frozen=True, slots=True)
class Check:
    """What makes a plan give up on an object that is not of a type.

    Attributes:
        cls: objects of this class are of the type for certain, unless they were cast; None = no class says it.
        function: decides about all others; raises where they are not of the type.
    """

    cls: type | None
    function: Callable[[Any], None]

    def statement(self, *, cls: str, function: str) -> str:
        """The Python statement of the check of `o`.

        Args:
            cls, function: their names in the generated code.
        """
        if self.cls is None:
            return f"{function}(o)"
        return f"if o.__class__ is not {cls} or getattr(o, {TYPE_CAST_ATTRIBUTE!r}, None) is not None: {function}(o)"


def _decides(schema: ExecutableSchema, type_: GraphQLObjectType, cls: type) -> bool:
    """Whether every object of a class is of a type, unless it was cast."""
    definition = schema.definition(type_)
    return (
        definition is not None
        and definition.origin is cls
        and not definition.is_graphql_generic
        and definition.concrete_of is None
    )


def check_of(
    schema: ExecutableSchema, type_: GraphQLObjectType, info: GraphQLResolveInfo[Any]
) -> Check | None:
    """What makes the plan give up on what is not of the type; None where graphql-core does not ask.

    Raises:
        UnsupportedError: the type has a check of its own.
    """
    is_type_of = type_.is_type_of
    if is_type_of is None:
        return None
    definition = schema.definition(type_)
    if definition is None or definition.is_type_of is not None:
        raise UnsupportedError(f"is_type_of of {type_}")

    def check(value: object) -> None:
        if isinstance(value, Exception) or is_type_of(value, info) is not True:
            raise GivesUpError

    origin = definition.origin
    certain = _decides(schema, type_, origin) and not issubclass(origin, Exception)
    return Check(origin if certain else None, check)


def dispatched(
    schema: ExecutableSchema,
    abstract: GraphQLAbstractType,
    info: GraphQLResolveInfo[Any],
    make_of: Callable[[str], Make],
) -> Make:
    """A function that makes a value with the `make` of its object type.

    Args:
        schema: the schema.
        abstract: the interface or union.
        info: what its way to find the type is told.
        make_of: the `make` of a possible type, by name; asked once a run has values.

    Raises:
        UnsupportedError: the abstract type finds the type of an object in a way of its own.
    """
    resolve_type = abstract.resolve_type
    definition = schema.definition(abstract) if isinstance(abstract, GraphQLInterfaceType) else None
    if resolve_type is None or (definition is not None and definition.resolve_type is not None):
        raise UnsupportedError(f"resolve_type of {abstract}")
    known: dict[type, Make] = {}

    def make_dispatched(value: object, run: object) -> dict[str, object]:
        make = known.get(value.__class__)
        if make is None or getattr(value, TYPE_CAST_ATTRIBUTE, None) is not None:
            name = None if isinstance(value, Exception) else resolve_type(value, info, abstract)
            type_ = schema.core.type_map.get(name) if isinstance(name, str) else None
            if not isinstance(type_, GraphQLObjectType) or not schema.core.is_sub_type(abstract, type_):
                raise GivesUpError
            make = make_of(type_.name)
            if _decides(schema, type_, value.__class__):
                known[value.__class__] = make
        return make(value, run)

    return make_dispatched
