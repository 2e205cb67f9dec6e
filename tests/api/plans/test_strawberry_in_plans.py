"""What Strawberry lets a schema do is done by plans as well, or left to graphql-core."""

import enum
import json
from typing import Any

import pytest
import strawberry
from graphql import execute_sync
from strawberry.permission import BasePermission

from olagraph_api.limits import Allowance, Limits
from olagraph_api.plans import ATTRIBUTE, Documents, ExecutableSchema, attempt

LIMITS = Limits()


class Admin(BasePermission):
    """Lets in who says so."""

    message = "not for you"

    def has_permission(self, source: Any, info: strawberry.Info, **kwargs: Any) -> bool:
        return bool(info.context == "admin")


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Person(Named):
    @strawberry.field
    @staticmethod
    def initials(person: strawberry.Parent["Person"]) -> str:
        return person.name[:1]

    @strawberry.field
    @staticmethod
    def shout(root: strawberry.Parent["Person"], times: int = 1) -> str:
        return root.name.upper() * times


@strawberry.type
class Pet:
    name: str

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        return isinstance(value, dict) or getattr(value, "name", "") == "rex"


@strawberry.type
class Robot(Named):
    pass


class Row:
    """Not a type of the schema."""

    def __init__(self, name: str | None) -> None:
        self.name = name


@strawberry.type
class Boxed(Exception):  # noqa: N818
    text: str


@strawberry.enum
class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"


@strawberry.type
class Shown(Named):
    """Shows a row."""

    row: strawberry.Private[Row]
    nick: str | None = strawberry.field(metadata={ATTRIBUTE: "row.name"})
    colour: Colour | None = None
    score: float | None = None


@strawberry.type
class Query:
    @strawberry.field
    def person(self) -> Person:
        return Person(name="ada")

    @strawberry.field(permission_classes=[Admin])
    def secret(self) -> str:
        return "42"

    @strawberry.field
    def pets(self) -> list[Pet]:
        return [Pet(name="rex")]

    @strawberry.field
    def cast(self) -> list[Named]:
        first, second = Row("r1"), Person(name="r2")
        return [strawberry.cast(Robot, first), strawberry.cast(Robot, second), Person(name="p")]  # type: ignore[list-item]

    @strawberry.field
    def mixed(self) -> list[Named]:
        return [Person(name="p"), Robot(name="r"), Person(name="q")]

    @strawberry.field
    def wrong(self) -> list[Robot]:
        return [Robot(name="r"), Person(name="p")]  # type: ignore[list-item]  # Strawberry takes any Named

    @strawberry.field
    def raised(self) -> Boxed | None:
        return Boxed(text="a value that is an exception")

    @strawberry.field
    def boxes(self) -> list[str]:
        return ("a", "b")  # type: ignore[return-value]

    @strawberry.field
    def no_list(self) -> list[str]:
        return "ab"  # type: ignore[return-value]

    @strawberry.field
    def number(self) -> int:
        return 2**31

    @strawberry.field
    def truth(self) -> int:
        return True

    @strawberry.field
    def text(self) -> str | None:
        return 5  # type: ignore[return-value]

    @strawberry.field
    def shown(self) -> list[Shown]:
        return [
            Shown(name="a", row=Row("r"), nick="r", colour=Colour.RED, score=0.5),
            Shown(name="b", row=Row(None), nick=None, score=3),
        ]

    @strawberry.field
    def shown_by_value(self) -> Shown:
        return Shown(name="a", row=Row("r"), nick="r", colour="green")  # type: ignore[arg-type]

    @strawberry.field
    def shown_wrongly(self) -> Shown:
        return Shown(name="a", row=Row("r"), nick="r", colour="blue")  # type: ignore[arg-type]

    @strawberry.field
    def infinite(self) -> float | None:
        return float("inf")


SCHEMA = ExecutableSchema(strawberry.Schema(Query, types=[Person, Robot, Shown]))


def answered(text: str, context: object) -> tuple[bool, str, str]:
    """Whether a plan answered; its answer, or else that of graphql-core; that of graphql-core."""
    operation = Documents(SCHEMA, LIMITS).read(text).operation(None)
    values = operation.variables({})
    plan = operation.plan(values)
    expected = json.dumps(
        execute_sync(SCHEMA.core, operation.query.document, context_value=context).formatted
    )
    if plan is None:
        return False, expected, expected
    tried = attempt(plan, variables=values, context=context, allowance=Allowance.starting_now(LIMITS))
    if tried.result is None:
        return False, expected, expected
    return True, json.dumps(tried.result.formatted), expected


@pytest.mark.parametrize(
    ("text", "context", "by_plan"),
    [
        ("{ person { name initials shout(times: 2) } }", None, True),
        ("{ secret }", "admin", True),
        ("{ secret }", "viewer", False),
        ("{ pets { name } }", None, False),
        ("{ cast { __typename name } }", None, True),
        ("{ mixed { __typename name ... on Person { initials } } }", None, True),
        ("{ wrong { __typename name } }", None, True),
        ("{ raised { __typename } }", None, False),
        ("{ boxes }", None, True),
        ("{ noList }", None, False),
        ("{ number }", None, False),
        ("{ truth }", None, True),
        ("{ text }", None, True),
        ("{ infinite }", None, False),
        ("{ shown { name nick colour score } }", None, True),
        ("{ shownByValue { nick colour } }", None, True),
        ("{ shownWrongly { nick colour } }", None, False),
    ],
)
def test_the_answer_is_that_of_graphql_core(text: str, context: object, by_plan: bool) -> None:
    """Permissions, parents, casts, own checks of types, values that are not quite of their type."""
    planned, answer, expected = answered(text, context)
    assert (planned, answer) == (by_plan, expected)


def test_a_plan_reads_a_value_where_it_lies() -> None:
    operation = Documents(SCHEMA, LIMITS).read("{ shown { nick } }").operation(None)
    plan = operation.plan(operation.variables({}))
    assert plan is not None
    assert "o.row.name" in plan.source


def test_documents_are_kept_up_to_so_many_tokens() -> None:
    """The one that was not asked for the longest is forgotten first; one that is too large for all is not kept."""
    documents = Documents(SCHEMA, Limits(cached_tokens=20, root_fields=100))
    texts = ["{ a: text }", "{ b: text }", "{ c: text }", "{ d: text }", "{ e: text }"]
    for text in texts:
        documents.keep(text, documents.read(text))
    assert [documents.known(text) is not None for text in texts] == [False, False, True, True, True]
    large = "{ text " + "text " * 30 + "}"
    documents.keep(large, documents.read(large))
    assert documents.known(large) is None
