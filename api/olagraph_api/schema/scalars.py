"""The scalars: exact in and out, one clear message for what they do not take.

Texts are what they come as. Literals in a document may be numbers where a number can mean only one thing; variables may
be JSON numbers as far as JSON keeps their digits.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, NewType

import strawberry
from graphql import (
    BooleanValueNode,
    FloatValueNode,
    GraphQLError,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    print_ast,
)
from strawberry.types.scalar import ScalarDefinition

from olagraph.model.moment import moment_text, parse_moment
from olagraph.model.quantity import Dimension, Quantity
from olagraph_api.schema.numbers import decimal_of, exact_number, json_number, plain_decimal

Duration = NewType("Duration", Quantity)
"""A length of time as it was written."""

QuantityText = NewType("QuantityText", str)
"""A value with its unit as the portfolio file has it."""

MoneyText = NewType("MoneyText", str)
"""An amount of money with its currency."""

BigInt = NewType("BigInt", int)
"""A whole number of any size."""

Json = NewType("Json", object)
"""Plain values in the shape of the portfolio file: text, bool, None, int, Decimal, lists and dicts."""

_LONGEST = 100
_WHOLE = re.compile(rf"[+-]?\d{{1,{_LONGEST}}}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


# Dates and times ---------------------------------------------------------------------------------------------


def _date(value: object) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"{value!r} is not a day: {error}") from None
    raise ValueError(f"{_shown(value)} is not a day such as 2026-12-31")


def _written_date(value: object) -> str:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} is no day")
    return value.isoformat()


def _instant(value: object) -> datetime:
    if isinstance(value, str) and len(value) <= _LONGEST:
        return parse_moment(value)
    raise ValueError(f"{_shown(value)} is not an instant such as 2026-12-01T09:00:00Z")


def _written_instant(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} is no instant")
    return moment_text(value)


def _duration(value: object) -> Quantity:
    if isinstance(value, str) and len(value) <= _LONGEST:
        quantity = Quantity.parse(value, Dimension.DURATION)
        if quantity.amount < 0:
            raise ValueError(f"{value!r} is negative")
        return quantity
    raise ValueError(f"{_shown(value)} is not a duration such as PT4H, PT1H30M, PT0.25S or 4 h")


def _written_duration(value: object) -> str:
    """ISO 8601 in hours, minutes and seconds; in days if it was written in days."""
    if isinstance(value, timedelta):
        seconds = Fraction(value // timedelta(microseconds=1), 1_000_000)
    elif isinstance(value, Quantity) and value.dimension is Dimension.DURATION:
        if value.unit == "d":
            return f"P{plain_decimal(value.amount)}D"
        seconds = value.exact
    else:
        raise TypeError(f"{type(value).__name__} is no duration")
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    parts = [f"{hours}H"] * bool(hours) + [f"{minutes}M"] * bool(minutes)
    if seconds or not parts:
        parts.append(f"{plain_decimal(decimal_of(seconds))}S")
    return f"PT{''.join(parts)}"


# Numbers -----------------------------------------------------------------------------------------------------


def _written_decimal(value: object) -> str:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} is no decimal")
    return plain_decimal(value)


def _whole(value: object) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    if not isinstance(value, str) and (number := exact_number(value)) == number.to_integral_value():
        return int(number)
    raise ValueError(f"{_shown(value)} is not a whole number")


def _written_whole(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{type(value).__name__} is no whole number")
    return f"{Decimal(value):f}"  # str() refuses numbers of thousands of digits


def _quantity(value: object) -> str:
    """The text, once it is known to be a quantity of some dimension; which, its metric tells."""
    text = value.strip() if isinstance(value, str) else str(exact_number(value))
    if len(text) <= _LONGEST and any(_spells(text, dimension) for dimension in Dimension):
        return text
    raise ValueError(
        f"{_shown(value)} is not a quantity such as 99.95%, 0.9995, 250 ms, 2 s, 8 h, 200/s, 10 Gbit/s or 12 EUR"
    )


def _spells(text: str, dimension: Dimension) -> bool:
    try:
        Quantity.parse(text, dimension)
    except ValueError:
        return False
    return True


def _written_quantity(value: object) -> str:
    if not isinstance(value, Quantity):
        raise TypeError(f"{type(value).__name__} is no quantity")
    return str(value)


def _money(value: object) -> str:
    text = value.strip() if isinstance(value, str) else str(exact_number(value))
    if len(text) > _LONGEST:
        raise ValueError(f"{_shown(value)} is not an amount of money such as 12000 EUR")
    return str(Quantity.parse(text, Dimension.MONEY))


def _written_money(value: object) -> str:
    if not isinstance(value, Quantity) or value.dimension is not Dimension.MONEY:
        raise TypeError(f"{type(value).__name__} is no money")
    return str(value)


# Plain values ------------------------------------------------------------------------------------------------


def _plain(value: object) -> Any:
    """Plain values with exact numbers."""
    match value:
        case None | bool() | str() | int():
            return value
        case float() | Decimal():
            return exact_number(value)
        case list():
            return [_plain(each) for each in value]
        case dict():
            return {key: _plain(each) for key, each in value.items()}
    raise ValueError(f"{_shown(value)} is no plain value")


def _written_plain(value: object) -> Any:
    """Plain values as JSON holds them; whatever is no number and has no place in JSON by its text."""
    match value:
        case Enum():
            return _written_plain(value.value)
        case None | bool() | str():
            return value
        case int():
            return json_number(Decimal(value))
        case Decimal():
            return json_number(value)
        case float():
            return value if value - value == 0 else None  # JSON has no infinity
        case Fraction():
            return float(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): _written_plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_written_plain(each) for each in value]
        case set() | frozenset():
            return sorted((_written_plain(each) for each in value), key=str)
    raise TypeError(f"{type(value).__name__} is no plain value")


# Literals ----------------------------------------------------------------------------------------------------


def _text_literal(node: ValueNode, _variables: Mapping[str, Any] | None) -> object:
    """A text; nothing else."""
    if isinstance(node, StringValueNode):
        return node.value
    raise ValueError(f"{print_ast(node)} is not in quotes")


def _number_literal(node: ValueNode, _variables: Mapping[str, Any] | None) -> object:
    """A text, or the digits of a number as they stand in the document."""
    if isinstance(node, StringValueNode | IntValueNode | FloatValueNode):
        return node.value
    raise ValueError(f"{print_ast(node)} is not a number")


def _plain_literal(node: ValueNode, variables: Mapping[str, Any] | None) -> object:
    match node:
        case StringValueNode() | BooleanValueNode():
            return node.value
        case NullValueNode():
            return None
        case IntValueNode():
            return int(exact_number(node.value))
        case FloatValueNode():
            return exact_number(node.value)
        case ListValueNode():
            return [_plain_literal(each, variables) for each in node.values]
        case ObjectValueNode():
            return {each.name.value: _plain_literal(each.value, variables) for each in node.fields}
        case VariableNode():
            return (variables or {}).get(node.name.value)
    raise ValueError(f"{print_ast(node)} is no plain value: names stand in quotes")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


@dataclass(frozen=True, slots=True)
class _Told:
    """A function whose complaints about a client's value reach the client."""

    function: Callable[..., Any]

    def __call__(self, *arguments: object) -> Any:
        try:
            return self.function(*arguments)
        except ValueError as error:
            raise GraphQLError(str(error)) from None


def _scalar(
    name: str,
    description: str,
    *,
    write: Callable[[object], object],
    read: Callable[[object], object],
    literal: Callable[[ValueNode, Mapping[str, Any] | None], object],
    specified_by: str | None = None,
) -> ScalarDefinition:
    def read_literal(node: ValueNode, variables: Mapping[str, Any] | None = None) -> object:
        return read(literal(node, variables))

    return strawberry.scalar(
        name=name,
        description=description,
        specified_by_url=specified_by,
        serialize=write,
        parse_value=_Told(read),
        parse_literal=_Told(read_literal),
    )


SCALARS: Mapping[object, ScalarDefinition] = {
    date: _scalar(
        "Date",
        "A day: 2026-12-31.",
        write=_written_date,
        read=_date,
        literal=_text_literal,
    ),
    datetime: _scalar(
        "DateTime",
        "An instant: 2026-12-01T09:00:00Z. Always in UTC when it is read; an offset is required when it is sent.",
        write=_written_instant,
        read=_instant,
        literal=_text_literal,
        specified_by="https://datatracker.ietf.org/doc/html/rfc3339",
    ),
    Duration: _scalar(
        "Duration",
        "A length of time in ISO 8601, exact: PT4H, PT1H30M, PT0.25S; P90D where it is stated in days, of 24 hours"
        " each. What is sent may also be written as in the portfolio file: 4 h, 250 ms.",
        write=_written_duration,
        read=_duration,
        literal=_text_literal,
    ),
    Decimal: _scalar(
        "Decimal",
        "An exact decimal number as text: 0.9995. What is sent may be a number as well.",
        write=_written_decimal,
        read=exact_number,
        literal=_number_literal,
    ),
    QuantityText: _scalar(
        "Quantity",
        "A value with its unit as the portfolio file has it, exact: 99.95%, 2 s, 200/s, 12 EUR. A number without a"
        " unit is a ratio, or whatever its metric counts.",
        write=_written_quantity,
        read=_quantity,
        literal=_number_literal,
    ),
    MoneyText: _scalar(
        "Money",
        "An amount of money with its currency, exact: 12000 EUR.",
        write=_written_money,
        read=_money,
        literal=_number_literal,
    ),
    BigInt: _scalar(
        "BigInt",
        "A whole number of any size, as text.",
        write=_written_whole,
        read=_whole,
        literal=_number_literal,
    ),
    Json: _scalar(
        "JSON",
        "Plain values in the shape of the portfolio file. A number that a JSON number could not hold exactly is text.",
        write=_written_plain,
        read=_plain,
        literal=_plain_literal,
    ),
}
"""The scalars by the Python type that stands for them in the types of the schema."""
