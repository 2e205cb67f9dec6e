"""Numbers as clients send and read them: a digit is never lost on the way."""

from decimal import Context, Decimal
from fractions import Fraction

from olagraph.model.quantity import parse_number

# A double holds every decimal of so many digits apart from every other, so reading one back gives what was written.
_SAFE_DIGITS = 15
_LARGEST_WHOLE = 2**53 - 1
_EXACT = Context(prec=1_000)


def exact_number(value: object) -> Decimal:
    """The decimal that a JSON number or a text spells.

    Raises:
        ValueError: no number, out of range, or a JSON number whose digits may have been lost on the way here.
    """
    if isinstance(value, str):
        return parse_number(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError(f"{value!r} is not a number")
    number = parse_number(str(value))
    if isinstance(value, float) and len(number.normalize().as_tuple().digits) > _SAFE_DIGITS:
        raise ValueError(f"{value!r} has more digits than a JSON number holds for sure: send it as text")
    return number


def json_number(value: Decimal) -> int | float | str:
    """A decimal as a JSON number where every reader gets the same number out of it, else as text."""
    if value == value.to_integral_value() and abs(value) <= _LARGEST_WHOLE:
        return int(value)
    nearest = float(value)
    if len(value.normalize().as_tuple().digits) <= _SAFE_DIGITS and Decimal(repr(nearest)) == value:
        return nearest
    return str(value)


def plain_decimal(value: Decimal) -> str:
    """A decimal without exponent: "0.9995"."""
    return format(value, "f")


def decimal_of(value: Fraction) -> Decimal:
    """A fraction that is a decimal, as products and sums of decimals are; else to a thousand digits."""
    return _EXACT.divide(value.numerator, value.denominator)


def finite(value: float | None) -> float | None:
    """A number; None for infinity, which JSON does not have."""
    return value if value is not None and value - value == 0.0 else None
