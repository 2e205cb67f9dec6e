"""How the types of the schema are written down.

Many of them show a record of the model or of a result: they hold it, and their plain fields are its attributes, read
where they are and never copied. All other fields are computed by methods.
"""

import dataclasses
import inspect
from collections.abc import Callable
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Literal, TypeVar, dataclass_transform

import strawberry
from strawberry.types.base import StrawberryObjectDefinition

from olagraph_api.plans import ATTRIBUTE, HEAVY

T = TypeVar("T", bound=type)
F = TypeVar("F", bound=Callable[..., Any])


def field(description: str, *, name: str | None = None, heavy: bool = False) -> Callable[[F], F]:
    """A field that a method computes.

    Args:
        description: for the schema.
        name: of the field in the schema; None = follows from the method's.
        heavy: it may take long: queries that have a field of this name run in a thread of their own.
    """
    decorated: Callable[[F], F] = strawberry.field(
        name=name, description=description, metadata={HEAVY: heavy}
    )
    return decorated


def mutation(description: str) -> Callable[[F], F]:
    """A mutation: a field that changes something."""
    decorated: Callable[[F], F] = strawberry.mutation(description=description)
    return decorated


def subscription(description: str) -> Callable[[F], F]:
    """A subscription: a field whose values are events."""
    decorated: Callable[[F], F] = strawberry.subscription(description=description)
    return decorated


def stated(
    description: str, *, attribute: str | None = None, name: str | None = None, init: Literal[False] = False
) -> Any:
    """A field that holds an attribute of the record.

    Args:
        description: for the schema.
        attribute: its name, dots and all; None = that of the field.
        name: of the field in the schema; None = follows from Python's.
        init: for type checkers: it is no argument of the type.
    """
    made = strawberry.field(name=name, description=description, metadata={ATTRIBUTE: attribute})
    made.init = init
    return made


@dataclass_transform(field_specifiers=(strawberry.field, stated))
def shows_record(*, description: str, name: str | None = None) -> Callable[[T], T]:
    """An object type with a private field `record` whose `stated` fields are attributes of it.

    It is made of its private fields, in their order.
    """

    def decorated(cls: T) -> T:
        for held in inspect.get_annotations(cls).keys() - vars(cls).keys():
            # By position: with keywords, of which Strawberry makes all its fields, making one takes twice as long.
            setattr(cls, held, dataclasses.field(kw_only=False))
        made: T = strawberry.type(cls, description=description, name=name)
        definition: StrawberryObjectDefinition = made.__strawberry_definition__  # type: ignore[attr-defined]
        for each in definition.fields:
            if ATTRIBUTE in each.metadata:
                path = f"record.{each.metadata[ATTRIBUTE] or each.python_name}"
                each.metadata = MappingProxyType({**each.metadata, ATTRIBUTE: path})
                setattr(made, each.python_name, property(attrgetter(path)))
        return made

    return decorated
