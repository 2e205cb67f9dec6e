"""Numbers and windows as the sentences of a conversion print them: rounded for people, never compared."""

from decimal import Decimal
from fractions import Fraction

from olagraph.model.window import Window, WindowKind

_SIGNIFICANT = 4


def number(value: Fraction, *, like: Fraction | None = None) -> str:
    """A number to four significant digits, or to as many decimals as `like` needs for its own four."""
    scale = value if like is None else like
    if scale == 0:
        return str(round(value))
    leading = (Decimal(scale.numerator) / Decimal(scale.denominator)).adjusted()
    decimals = max(0, _SIGNIFICANT - 1 - leading)
    digits = Decimal(round(value * 10**decimals)).scaleb(-decimals)
    text = format(digits, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: Fraction) -> str:
    """A share as a percentage."""
    return f"{number(100 * share)}%"


def kept(share: Fraction) -> str:
    """What a share of failure leaves, as a percentage with enough nines to tell: 0.001 is 99.9 %."""
    return f"{number(100 * (1 - share), like=100 * share)}%"


def hours(days: Fraction) -> str:
    """A length of time."""
    return f"{number(24 * days)} h"


def days(count: int) -> str:
    """A whole number of days."""
    return f"{count} day{'s' * (count != 1)}"


def each(window: Window) -> str:
    """How often: `a month`, `every 30 d`, `any 28 d`."""
    if window.kind is WindowKind.CALENDAR:
        return f"a {window.unit}"
    return f"any {window.days} d" if window.kind is WindowKind.ROLLING else f"every {window.days} d"


def worst(window: Window) -> str:
    """The window in which a promise means least: `the worst month`, `the worst 28 d`."""
    return f"the worst {window.unit if window.kind is WindowKind.CALENDAR else f'{window.days} d'}"
