"""Quantities are exact, keep what was written, and refuse what means nothing."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olagraph.model.quantity import Dimension, Quantity, parse_number

RATIO, DURATION, RATE, DATA, MONEY, NUMBER = (
    Dimension.RATIO,
    Dimension.DURATION,
    Dimension.RATE,
    Dimension.DATA_RATE,
    Dimension.MONEY,
    Dimension.NUMBER,
)

READ = [
    # text, dimension, exact SI value, as written back
    ("99.95%", RATIO, Fraction(1999, 2000), "99.95%"),
    ("99.95 %", RATIO, Fraction(1999, 2000), "99.95%"),
    ("0.9995", RATIO, Fraction(1999, 2000), "0.9995"),
    ("1e-7", RATIO, Fraction(1, 10**7), "0.0000001"),
    ("100%", RATIO, Fraction(1), "100%"),
    ("99.9999999999%", RATIO, 1 - Fraction(1, 10**12), "99.9999999999%"),
    (".5", RATIO, Fraction(1, 2), "0.5"),
    ("5.", RATIO, Fraction(5), "5"),
    ("250 ms", DURATION, Fraction(1, 4), "250 ms"),
    ("250ms", DURATION, Fraction(1, 4), "250 ms"),
    ("10 us", DURATION, Fraction(1, 10**5), "10 us"),
    ("2 s", DURATION, Fraction(2), "2 s"),
    ("15 min", DURATION, Fraction(900), "15 min"),
    ("8 h", DURATION, Fraction(28_800), "8 h"),
    ("0.1 h", DURATION, Fraction(360), "0.1 h"),
    ("30d", DURATION, Fraction(2_592_000), "30 d"),
    ("PT8H", DURATION, Fraction(28_800), "8 h"),
    ("P90D", DURATION, Fraction(7_776_000), "90 d"),
    ("P1DT2H3M4.5S", DURATION, Fraction(93_784) + Fraction(1, 2), "93784.5 s"),
    ("P2W", DURATION, Fraction(1_209_600), "14 d"),
    ("P0.5D", DURATION, Fraction(43_200), "0.5 d"),
    ("200/s", RATE, Fraction(200), "200/s"),
    ("60 /min", RATE, Fraction(1), "60/min"),
    ("1/h", RATE, Fraction(1, 3600), "1/h"),
    ("1/d", RATE, Fraction(1, 86_400), "1/d"),
    ("64 kbit/s", DATA, Fraction(64_000), "64 kbit/s"),
    ("10 Gbit/s", DATA, Fraction(10**10), "10 Gbit/s"),
    ("1.5 Tbit/s", DATA, Fraction(15 * 10**11), "1.5 Tbit/s"),
    ("7 bit/s", DATA, Fraction(7), "7 bit/s"),
    ("100 Mbit/s", DATA, Fraction(10**8), "100 Mbit/s"),
    ("12000", MONEY, Fraction(12_000), "12000"),
    ("12000.50 EUR", MONEY, Fraction(24_001, 2), "12000.50 EUR"),
    ("7", NUMBER, Fraction(7), "7"),
    ("-7.25", NUMBER, Fraction(-29, 4), "-7.25"),
    ("+7", NUMBER, Fraction(7), "7"),
]


@pytest.mark.parametrize(("text", "dimension", "exact", "back"), READ, ids=lambda value: str(value))
def test_a_quantity_is_read_exactly_and_written_as_it_was(text, dimension, exact, back) -> None:
    quantity = Quantity.parse(text, dimension)
    assert quantity.exact == exact
    assert quantity.si == float(exact)
    assert str(quantity) == back
    assert Quantity.parse(str(quantity), dimension).exact == exact


@pytest.mark.parametrize(
    ("text", "dimension", "expected"),
    [
        ("99.95 percent", RATIO, "a percentage such as 99.95%"),
        ("8 h", RATIO, "a percentage"),
        ("8", DURATION, "a duration such as 250 ms"),
        ("8 hours", DURATION, "a duration"),
        ("8 H", DURATION, "a duration"),
        ("P", DURATION, "a duration"),
        ("PT", DURATION, "a duration"),
        ("P8H", DURATION, "a duration"),
        ("P1Y", DURATION, "a duration"),  # how long a year is depends on which
        ("P1M", DURATION, "a duration"),
        ("200", RATE, "a rate such as 200/s"),
        ("200/week", RATE, "a rate"),
        ("10 GB/s", DATA, "a data rate"),
        ("10 gbit/s", DATA, "a data rate"),
        ("12 euros", MONEY, "an amount of money"),
        ("12 eur", MONEY, "an amount of money"),
        ("7%", NUMBER, "a number"),
        ("", NUMBER, "a number"),
        ("seven", NUMBER, "a number"),
        ("7 8", NUMBER, "a number"),
        ("0x10", NUMBER, "a number"),
        ("1_000", NUMBER, "a number"),
        ("nan", NUMBER, "a number"),
        ("inf", NUMBER, "a number"),
        ("٣", NUMBER, "a number"),  # digits of other scripts look like what they are not
    ],
)
def test_what_is_no_such_quantity_is_refused_with_what_was_expected(text, dimension, expected) -> None:
    with pytest.raises(ValueError, match="is not") as raised:
        Quantity.parse(text, dimension)
    assert repr(text) in str(raised.value)
    assert expected in str(raised.value)


@pytest.mark.parametrize("text", ["1e41", "1e-41", "1" * 61, "1e999999999", "9" * 10_000])
def test_numbers_whose_exact_arithmetic_would_not_end_are_refused(text) -> None:
    with pytest.raises(ValueError, match="out of range"):
        Quantity.parse(text, NUMBER)


@pytest.mark.parametrize("text", ["0", "0.00", "0e999999", "1e40", "1e-40", "1" * 41])
def test_numbers_at_the_edge_of_the_range_are_read(text) -> None:
    assert Quantity.parse(text, NUMBER).exact == Fraction(Decimal(text))


@pytest.mark.parametrize("text", ["Infinity", "-Infinity", "NaN", "sNaN", "-nan"])
def test_only_finite_numbers_are_numbers(text) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        parse_number(text)


@given(st.decimals(min_value=0, max_value=1, places=14))
def test_a_percentage_and_its_ratio_are_the_same_number(ratio: Decimal) -> None:
    percent = Quantity.parse(f"{ratio * 100:f}%", RATIO)
    assert percent.exact == Quantity.ratio(ratio).exact == Fraction(ratio)


@given(st.decimals(min_value=-(10**20), max_value=10**20, places=10))
def test_what_is_written_back_is_the_number_read(amount: Decimal) -> None:
    quantity = Quantity(amount, "", NUMBER)
    assert Quantity.parse(str(quantity), NUMBER).exact == quantity.exact


def test_quantities_are_equal_as_written() -> None:
    assert Quantity.parse("1 h", DURATION) == Quantity.parse("1  h", DURATION)
    assert Quantity.parse("1 h", DURATION) != Quantity.parse("60 min", DURATION)
    assert len({Quantity.parse("1 h", DURATION), Quantity.parse("1 h", DURATION)}) == 1
