"""Queries for everything that the schema can say of a portfolio."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from tests.api.schema.asking import EXECUTABLE

CORE = EXECUTABLE.core


def selections(type_: GraphQLNamedType, page: int, *, inside: bool = False) -> str:
    """Every field of a type and of what it is made of; of other things that it refers to, what needs no looking up.

    Args:
        type_: where to begin.
        page: how many items of every list that has pages.
        inside: it is referred to by something else.
    """
    if is_abstract_type(type_):
        possible = CORE.get_possible_types(type_)
        each = (f"... on {one.name} {selections(one, page, inside=inside)}" for one in possible)
        return "{ __typename " + " ".join(each) + " }"
    assert isinstance(type_, GraphQLObjectType)
    refers_to_others = not inside or not any(interface.name == "Node" for interface in type_.interfaces)
    written = []
    for name, field in type_.fields.items():
        named = get_named_type(field.type)
        # Aliased, as fields of different types may share a name within an abstract one.
        key = f"{type_.name}_{name}: {name}{_paged(field, page)}"
        if is_leaf_type(named):
            written.append(key)
        elif refers_to_others:
            written.append(f"{key} {selections(named, page, inside=inside or not _is_thin(type_))}")
    return "{ __typename " + " ".join(written) + " }"


def _is_thin(type_: GraphQLObjectType) -> bool:
    """Whether it is what Relay puts around things."""
    return type_.name.endswith(("Connection", "Edge"))


def _paged(field: GraphQLField, page: int) -> str:
    return f"(first: {page})" if "first" in field.args else ""


@cache
def everything(root: str, *, page: int = 2, **arguments: str) -> str:
    """A query for everything below a root field.

    Args:
        root: its name.
        page: how many items of every list that has pages.
        arguments: those that it is asked with, its page apart: literals, or variables named as the argument.
    """
    field = CORE.query_type.fields[root]  # type: ignore[union-attr]
    given = [f"{name}: {value}" for name, value in arguments.items()]
    given += [f"first: {page}"] if "first" in field.args else []
    declared = [
        f"{value}: {field.args[name].type}" for name, value in arguments.items() if value == f"${name}"
    ]
    head = f"query ({', '.join(declared)}) " if declared else ""
    call = f"{root}({', '.join(given)})" if given else root
    return f"{head}{{ {call} {selections(get_named_type(field.type), page)} }}"


def reached(value: Any) -> Iterator[tuple[str, str]]:
    """The types and fields of every object in an answer to such a query."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            type_, _, field = key.partition("_")
            if field and type_ in CORE.type_map:
                yield type_, field
            yield from reached(below)
    elif isinstance(value, list):
        for item in value:
            yield from reached(item)
