"""The scalars: no digit is lost in or out, and what is refused is refused in one clear message."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import strawberry
from graphql import graphql_sync
from hypothesis import given
from hypothesis import strategies as st
from strawberry.schema.config import StrawberryConfig

from olagraph.model.quantity import Dimension, Quantity
from olagraph_api.schema.scalars import SCALARS, BigInt, Duration, Json, MoneyText, QuantityText

SENT: list[Any] = []


def kept(value: Any) -> str:
    """Keep what a resolver got."""
    SENT.append(value)
    return "kept"


@strawberry.type
class Query:
    @strawberry.field
    def date(self, value: date) -> str:
        return kept(value)

    @strawberry.field
    def instant(self, value: datetime) -> str:
        return kept(value)

    @strawberry.field
    def duration(self, value: Duration) -> str:
        return kept(value)

    @strawberry.field
    def decimal(self, value: Decimal) -> str:
        return kept(value)

    @strawberry.field
    def quantity(self, value: QuantityText) -> str:
        return kept(value)

    @strawberry.field
    def money(self, value: MoneyText) -> str:
        return kept(value)

    @strawberry.field
    def whole(self, value: BigInt) -> str:
        return kept(value)

    @strawberry.field
    def plain(self, value: Json) -> str:
        return kept(value)


SCHEMA = strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALARS))
TYPES = {
    "date": "Date!",
    "instant": "DateTime!",
    "duration": "Duration!",
    "decimal": "Decimal!",
    "quantity": "Quantity!",
    "money": "Money!",
    "whole": "BigInt!",
    "plain": "JSON!",
}


def read(field: str, literal: str) -> Any:
    """What a resolver gets that is sent a literal."""
    SENT.clear()
    result = graphql_sync(SCHEMA._schema, f"{{ {field}(value: {literal}) }}")
    if result.errors:
        raise ValueError(result.errors[0].message)
    return SENT.pop()


def read_variable(field: str, value: Any) -> Any:
    """What a resolver gets that is sent a variable as JSON."""
    SENT.clear()
    text = f"query ($v: {TYPES[field]}) {{ {field}(value: $v) }}"
    result = graphql_sync(SCHEMA._schema, text, variable_values={"v": json.loads(json.dumps(value))})
    if result.errors:
        raise ValueError(result.errors[0].message)
    return SENT.pop()


def written(scalar: object, value: object) -> Any:
    """How a value stands in an answer."""
    write = SCALARS[scalar].serialize
    assert write is not None
    return write(value)


READ = [
    ("date", '"2026-12-31"', date(2026, 12, 31)),
    ("instant", '"2026-12-01T09:00:00Z"', datetime(2026, 12, 1, 9, tzinfo=UTC)),
    ("instant", '"2026-12-01T10:00+01:00"', datetime(2026, 12, 1, 9, tzinfo=UTC)),
    ("instant", '"2026-12-01T09:00:00.25Z"', datetime(2026, 12, 1, 9, 0, 0, 250_000, tzinfo=UTC)),
    ("duration", '"PT1H30M"', Quantity(Decimal(5400), "s", Dimension.DURATION)),
    ("duration", '"4 h"', Quantity(Decimal(4), "h", Dimension.DURATION)),
    ("decimal", '"0.9995"', Decimal("0.9995")),
    ("decimal", "0.12345678901234567890123", Decimal("0.12345678901234567890123")),
    ("decimal", "1", Decimal(1)),
    ("quantity", '"99.95%"', "99.95%"),
    ("quantity", '" 2 s "', "2 s"),
    ("quantity", "0.99999999999999999999", "0.99999999999999999999"),
    ("quantity", "200", "200"),
    ("quantity", '"10 Gbit/s"', "10 Gbit/s"),
    ("money", '"12000 EUR"', "12000 EUR"),
    ("money", "12000.50", "12000.50"),
    ("whole", '"123456789012345678901234567890"', 123456789012345678901234567890),
    ("whole", "123456789012345678901234567890", 123456789012345678901234567890),
    ("plain", '{a: [1, 0.1000000000000000055, "x", true, null]}', {"a": [1, Decimal("0.1000000000000000055"), "x", True, None]}),
]  # fmt: skip


@pytest.mark.parametrize(("field", "literal", "expected"), READ)
def test_a_literal_is_read_to_the_last_digit(field: str, literal: str, expected: object) -> None:
    found = read(field, literal)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("decimal", 0.9995, Decimal("0.9995")),
        ("decimal", 1, Decimal(1)),
        ("decimal", "0.12345678901234567890123", Decimal("0.12345678901234567890123")),
        ("quantity", 0.999, "0.999"),
        ("quantity", 12, "12"),
        ("money", 12000, "12000"),
        ("whole", 7, 7),
        ("whole", 7.0, 7),
        ("plain", {"probability": 0.7, "x": [1, 1e-7]}, {"probability": Decimal("0.7"), "x": [1, Decimal("1e-7")]}),
    ],
)  # fmt: skip
def test_a_variable_may_be_a_number_where_json_keeps_it(field: str, value: object, expected: object) -> None:
    assert read_variable(field, value) == expected


def test_variables_stand_inside_plain_literals() -> None:
    result = graphql_sync(
        SCHEMA._schema,
        "query ($v: JSON) { plain(value: {a: $v, b: 2}) }",
        variable_values={"v": [0.5]},
    )
    assert result.errors is None
    assert SENT.pop() == {"a": [Decimal("0.5")], "b": 2}


REFUSED = [
    ("date", '"2026-02-30"', "'2026-02-30' is not a day: day is out of range for month"),
    ("date", '"31.12.2026"', "'31.12.2026' is not a day such as 2026-12-31"),
    ("date", '"20261231"', "'20261231' is not a day such as 2026-12-31"),
    ("date", "20261231", "20261231 is not in quotes"),
    ("instant", '"2026-12-01T09:00:00"', "'2026-12-01T09:00:00' says no time zone"),
    ("instant", '"2026-12-01"', "'2026-12-01' is not"),
    ("instant", '"2026-12-01T09:00:00.1234567Z"', "is not"),
    ("instant", '"0001-01-01T00:00:00+14:00"', "'0001-01-01T00:00:00+14:00' is not a moment: date value out of range"),
    ("duration", '"4 hours"', "'4 hours' is not a duration such as 250 ms, 2 s, 15 min, 8 h, 30 d or PT8H"),
    ("duration", '"-4 h"', "'-4 h' is negative"),
    ("duration", "4", "4 is not in quotes"),
    ("decimal", '"much"', "'much' is not a number"),
    ("decimal", '"NaN"', "'NaN' is not a finite number"),
    ("decimal", "true", "true is not a number"),
    ("decimal", '"1e999"', "'1e999' is out of range"),
    ("quantity", '"99,95%"', "'99,95%' is not a quantity such as 99.95%, 0.9995, 250 ms"),
    ("quantity", '"five"', "'five' is not a quantity such as"),
    ("quantity", "[1]", "[1] is not a number"),
    ("money", '"12 euros"', "'12 euros' is not an amount of money such as 12000 or 12000 EUR"),
    ("whole", '"1.5"', "'1.5' is not a whole number"),
    ("whole", "1.5", "'1.5' is not a whole number"),
    ("plain", "{a: NAME}", "NAME is no plain value: names stand in quotes"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "literal", "message"), REFUSED)
def test_what_is_refused_is_refused_in_one_message(field: str, literal: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        read(field, literal)


@pytest.mark.parametrize("field", ["decimal", "quantity", "money", "plain"])
def test_a_variable_with_more_digits_than_json_holds_is_to_be_sent_as_text(field: str) -> None:
    with pytest.raises(ValueError, match="send it as text"):
        read_variable(field, 0.1234567890123456)


@pytest.mark.parametrize(
    ("scalar", "value", "expected"),
    [
        (date, date(2026, 12, 31), "2026-12-31"),
        (datetime, datetime.fromisoformat("2026-12-01T10:00:00+01:00"), "2026-12-01T09:00:00Z"),
        (datetime, datetime(2026, 12, 1, 9, 0, 0, 250_000, tzinfo=UTC), "2026-12-01T09:00:00.25Z"),
        (Duration, timedelta(hours=4), "PT4H"),
        (Duration, timedelta(hours=1, minutes=30), "PT1H30M"),
        (Duration, timedelta(milliseconds=250), "PT0.25S"),
        (Duration, timedelta(days=400, microseconds=1), "PT9600H0.000001S"),
        (Duration, timedelta(0), "PT0S"),
        (Duration, Quantity.parse("90 d", Dimension.DURATION), "P90D"),
        (Duration, Quantity.parse("250 ms", Dimension.DURATION), "PT0.25S"),
        (Duration, Quantity.parse("0.123456789012345678 s", Dimension.DURATION), "PT0.123456789012345678S"),
        (Decimal, Decimal("1E-7"), "0.0000001"),
        (Decimal, Decimal("0.9990"), "0.9990"),
        (QuantityText, Quantity.parse("99.950%", Dimension.RATIO), "99.950%"),
        (QuantityText, Quantity.parse("200/s", Dimension.RATE), "200/s"),
        (MoneyText, Quantity.parse("12000 EUR", Dimension.MONEY), "12000 EUR"),
        (BigInt, -(10**30), "-1" + "0" * 30),
        (Json, {"a": (Decimal("0.5"), Decimal(2), None, True)}, {"a": [0.5, 2, None, True]}),
        (Json, Decimal("0.12345678901234567890"), "0.12345678901234567890"),
        (Json, 2**53 + 1, str(2**53 + 1)),
        (Json, Decimal("12E+2"), 1200),
        (Json, float("inf"), None),
        (Json, {date(2026, 1, 1), date(2025, 1, 1)}, ["2025-01-01", "2026-01-01"]),
    ],
)  # fmt: skip
def test_an_answer_holds_every_digit(scalar: object, value: object, expected: object) -> None:
    found = written(scalar, value)
    assert found == expected
    assert type(found) is type(expected)


def test_a_whole_number_may_have_thousands_of_digits() -> None:
    """More than Python writes of itself."""
    assert written(BigInt, 10**5000) == "1" + "0" * 5000


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        (date, datetime(2026, 1, 1, tzinfo=UTC)),
        (datetime, date(2026, 1, 1)),
        (Duration, 5),
        (Decimal, 0.5),
        (QuantityText, "99%"),
        (MoneyText, Quantity.parse("5 s", Dimension.DURATION)),
        (BigInt, True),
        (Json, object()),
    ],
)
def test_a_value_of_another_kind_is_a_fault_of_ours(scalar: object, value: object) -> None:
    with pytest.raises(TypeError):
        written(scalar, value)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=8))
def test_every_decimal_comes_back_as_it_was(value: Decimal) -> None:
    assert read("decimal", json.dumps(written(Decimal, value))) == value
    assert Decimal(str(written(Json, value))) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=8))
def test_a_json_number_in_an_answer_reads_as_the_same_number_everywhere(value: Decimal) -> None:
    """By a reader with doubles alone, as JavaScript has them."""
    shown = json.loads(json.dumps(written(Json, value)), parse_int=float)
    assert Decimal(shown) == value if isinstance(shown, str) else Decimal(repr(shown)) == value


@given(st.timedeltas(min_value=timedelta(0)))
def test_every_duration_comes_back_as_it_was(value: timedelta) -> None:
    found = read("duration", json.dumps(written(Duration, value)))
    assert found.exact == Fraction(value // timedelta(microseconds=1), 1_000_000)


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_instant_comes_back_as_it_was(value: datetime) -> None:
    assert read("instant", json.dumps(written(datetime, value))) == value
