"""Leaves as Python expressions: what a scalar or an enumeration becomes in the answer.

The usual case is one test of the value's class. Whatever is not usual goes to the type itself, and what the type
refuses makes the plan give up, so that graphql-core states the error.
"""

import enum
from collections.abc import Callable, Collection, Mapping

from graphql import GraphQLEnumType, GraphQLLeafType
from graphql.pyutils import Undefined


class GivesUpError(Exception):
    """A plan met what it leaves to graphql-core: an error, or a kind of value that it does not know."""


_USUAL = {
    "String": "{v}.__class__ is str",
    "ID": "{v}.__class__ is str",
    "Boolean": "{v}.__class__ is bool",
    "Int": "{v}.__class__ is int and -2147483648 <= {v} <= 2147483647",
    "Float": "{v}.__class__ is float and {v} - {v} == 0.0",  # neither infinite nor not a number
}

_PLAIN: Mapping[str, type] = {"String": str, "ID": str, "Boolean": bool}


def usual_test(type_: GraphQLLeafType, *, nullable: bool) -> str | None:
    """The test, on `{v}`, of a value that stands in the answer as it is; None where the type always converts."""
    test = _USUAL.get(type_.name)
    return f"{test} or {{v}} is None" if test and nullable else test


def plain_items(type_: GraphQLLeafType) -> Callable[[Collection[object]], list[object] | None] | None:
    """A function from a list to the same in the answer, None if an item needs more; None for types that always do."""
    cls = _PLAIN.get(type_.name)
    if cls is None:
        return None

    def plain(items: Collection[object]) -> list[object] | None:
        for item in items:
            if item.__class__ is not cls:
                return None
        return items if isinstance(items, list) else list(items)

    return plain


def leaf_converter(type_: GraphQLLeafType, *, nullable: bool) -> Callable[[object], object]:
    """A function from any value to what stands in the answer.

    Raises:
        GivesUpError: (the function) the value is null where it must not be, or not one of the type.
    """
    converted = type_.coerce_output_value

    def convert(value: object) -> object:
        if value is None or value is Undefined:
            if nullable:
                return None
            raise GivesUpError
        if isinstance(value, Exception):
            raise GivesUpError
        leaf = converted(value)
        if leaf is None or leaf is Undefined:
            raise GivesUpError
        return leaf

    return convert


def names_of_members(type_: GraphQLLeafType) -> dict[int, str]:
    """The names of an enumeration's members by identity: hashing a member runs Python code, and its type searches."""
    python = getattr(type_, "wrapped_cls", None)
    if not isinstance(type_, GraphQLEnumType) or not (
        isinstance(python, type) and issubclass(python, enum.Enum)
    ):
        return {}
    return {id(member): type_.coerce_output_value(member) for member in python}
