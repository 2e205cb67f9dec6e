"""Quantities as people write them: exact decimals with a unit (99.95 %, 250 ms, 10 Gbit/s)."""

import re
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from functools import cached_property


class Dimension(StrEnum):
    """What a quantity measures. Quantities of different dimensions never compare."""

    RATIO = "ratio"
    DURATION = "duration"
    RATE = "rate"
    DATA_RATE = "data rate"
    MONEY = "money"
    NUMBER = "number"


# Unit as written -> factor to the SI unit of its dimension (ratio, second, per second, bit per second).
_UNITS: dict[Dimension, dict[str, Fraction]] = {
    Dimension.RATIO: {"": Fraction(1), "%": Fraction(1, 100)},
    Dimension.DURATION: {
        "us": Fraction(1, 1_000_000),
        "ms": Fraction(1, 1_000),
        "s": Fraction(1),
        "min": Fraction(60),
        "h": Fraction(3_600),
        "d": Fraction(86_400),
    },
    Dimension.RATE: {
        "/s": Fraction(1),
        "/min": Fraction(1, 60),
        "/h": Fraction(1, 3_600),
        "/d": Fraction(1, 86_400),
    },
    Dimension.DATA_RATE: {
        "bit/s": Fraction(1),
        "kbit/s": Fraction(10**3),
        "Mbit/s": Fraction(10**6),
        "Gbit/s": Fraction(10**9),
        "Tbit/s": Fraction(10**12),
    },
    Dimension.NUMBER: {"": Fraction(1)},
}

_EXPECTED = {
    Dimension.RATIO: "a percentage such as 99.95% or a ratio such as 0.9995",
    Dimension.DURATION: "a duration such as 250 ms, 2 s, 15 min, 8 h, 30 d or PT8H",
    Dimension.RATE: "a rate such as 200/s, 50/min, 10/h or 5/d",
    Dimension.DATA_RATE: "a data rate such as 64 kbit/s, 100 Mbit/s or 10 Gbit/s",
    Dimension.MONEY: "an amount of money such as 12000 or 12000 EUR",
    Dimension.NUMBER: "a number",
}

_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_QUANTITY = re.compile(rf"\s*({_NUMBER})\s*([^\d\s].*?)?\s*", re.ASCII)
_ISO_8601 = re.compile(
    r"P(?=.)(?:(\d+)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?=.)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)
_ISO_UNITS = ("7 d", "1 d", "1 h", "1 min", "1 s")
_CURRENCY = re.compile(r"[A-Z]{3}")

# Beyond these a number is a typing error or an attack: exact arithmetic on 1e999999 would not end.
_MOST_DIGITS = 60
_LARGEST_EXPONENT = 40
_EXACT = Context(prec=2 * (_MOST_DIGITS + _LARGEST_EXPONENT))


def parse_number(text: str) -> Decimal:
    """The exact decimal that `text` spells.

    Raises:
        ValueError: not a finite number, or out of the range that exact arithmetic accepts.
    """
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number") from None
    if not number.is_finite():
        raise ValueError(f"{text!r} is not a finite number")
    digits = len(number.as_tuple().digits)
    if digits > _MOST_DIGITS or (number and abs(number.adjusted()) > _LARGEST_EXPONENT):
        raise ValueError(
            f"{text[:40]!r} is out of range: at most {_MOST_DIGITS} digits, "
            f"between 1e-{_LARGEST_EXPONENT} and 1e{_LARGEST_EXPONENT}"
        )
    return number


@dataclass(frozen=True)
class Quantity:
    """An exact number with the unit it was written in.

    Attributes:
        amount: the decimal as written, `Decimal("99.95")`.
        unit: the unit as written, `"%"`; empty for plain numbers and ratios.
        dimension: what is measured; it gives the meaning of an empty unit.
    """

    amount: Decimal
    unit: str
    dimension: Dimension

    @classmethod
    def parse(cls, text: str, dimension: Dimension) -> "Quantity":
        """The quantity that `text` spells.

        Raises:
            ValueError: what was found and what was expected, in one sentence.
        """
        if dimension is Dimension.DURATION and text.strip().startswith("P"):
            return cls._parse_iso_8601(text.strip())
        match = _QUANTITY.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not {_EXPECTED[dimension]}")
        amount, unit = parse_number(match[1]), match[2] or ""
        if dimension is Dimension.MONEY:
            known = unit == "" or _CURRENCY.fullmatch(unit) is not None
        else:
            known = unit in _UNITS[dimension]
        if not known:
            raise ValueError(f"{text!r} is not {_EXPECTED[dimension]}")
        return cls(amount, unit, dimension)

    @classmethod
    def _parse_iso_8601(cls, text: str) -> "Quantity":
        match = _ISO_8601.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not {_EXPECTED[Dimension.DURATION]}")
        stated = [
            (parse_number(number), cls.parse(unit, Dimension.DURATION))
            for number, unit in zip(match.groups(), _ISO_UNITS, strict=True)
            if number is not None
        ]
        if len(stated) == 1:  # P90D stays days
            ((number, unit),) = stated
            return cls(_EXACT.multiply(number, unit.amount), unit.unit, Dimension.DURATION)
        seconds = Decimal(0)
        for number, unit in stated:
            seconds = _EXACT.add(seconds, _EXACT.multiply(number, int(unit.exact)))
        return cls(seconds, "s", Dimension.DURATION)

    @classmethod
    def ratio(cls, amount: Decimal) -> "Quantity":
        """A plain ratio, 0.9995."""
        return cls(amount, "", Dimension.RATIO)

    @cached_property
    def exact(self) -> Fraction:
        """The exact value in the SI unit of the dimension (ratio, s, 1/s, bit/s; money in its currency)."""
        if self.dimension is Dimension.MONEY:
            return Fraction(self.amount)
        return Fraction(self.amount) * _UNITS[self.dimension][self.unit]

    @property
    def si(self) -> float:
        """The exact value rounded once to a double."""
        return float(self.exact)

    def __str__(self) -> str:
        number = format(self.amount, "f") if abs(self.amount.adjusted()) < 16 else str(self.amount)
        return f"{number}{self.unit}" if self.unit[:1] in ("", "%", "/") else f"{number} {self.unit}"
