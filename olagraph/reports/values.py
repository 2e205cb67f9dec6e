"""Numbers as people read them: percentages and minutes, times in a fitting unit, never rounded to a target.

Every function takes an optional `against`, the number that the shown one is compared with: digits are added
until what is printed lies on the same side of it as the value does, so that a value below a target never
prints as equal to it.
"""

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

from olagraph.analysis.wording import fitting_unit, in_unit
from olagraph.model.entities import ROUND_THE_CLOCK
from olagraph.model.window import Window, WindowKind

_EXACT = Context(prec=400)
_TIE = Decimal("1e-12")  # what the verdicts take for equal (SEMANTICS §4) is shown as equal
_MOST_PLACES = 40

_TIME_UNITS = (("us", 1e-6), ("ms", 1e-3), ("s", 1.0), ("min", 60.0), ("h", 3_600.0), ("d", 86_400.0))
_TIME_LIMITS = {"us": 1e-3, "ms": 1.0, "s": 120.0, "min": 7_200.0, "h": 172_800.0}

_WINDOW_HOURS = {"day": 24, "week": 168, "month": 720, "quarter": 2_160, "year": 8_760}
"""A month of 30 days, a quarter of 90 and a year of 365, as everybody's table of nines has them."""


def _decimal(value: float) -> Decimal:
    """`value` to twelve digits: those beyond are noise of the arithmetic, and must not decide a rounding."""
    return Decimal(f"{value:.12g}")


def _rounded(
    value: Decimal, *, places: int, against: Decimal | None, rounding: str = ROUND_HALF_EVEN
) -> Decimal:
    """`value` with at least `places` places, on the side of `against` on which it lies.

    The last digit is worth no more than the distance between the two, so that a near miss reads as near.
    """
    distance = None if against is None else abs(value - against)
    if against is not None and distance is not None and distance <= _TIE * max(Decimal(1), abs(against)):
        return against
    for digits in range(max(places, 0), _MOST_PLACES):
        step = Decimal(1).scaleb(-digits)
        shown = value.quantize(step, rounding=rounding, context=_EXACT)
        if (value and not shown) or (distance is not None and step > distance):
            continue
        if against is None or (
            (shown < against) == (value < against) and (shown > against) == (value > against)
        ):
            return shown
    return value


def _plain(value: Decimal) -> str:
    """Without exponent and trailing zeros, thousands grouped."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _places(value: Decimal, *, significant: int) -> int:
    """How many decimal places show `significant` digits of `value`."""
    return significant - 1 - value.adjusted() if value else 0


def percent(complement: float, *, against: float | None = None, significant: int = 2) -> str:
    """The ratio 1 - `complement` as a percentage, never better than it is: "99.94%".

    Args:
        complement: 1 - the ratio, so that nine nines are shown as nine nines.
        against: 1 - the ratio that it is compared with.
        significant: how many digits of `complement` are shown at least.
    """
    missing = _decimal(complement) * 100
    value = _EXACT.subtract(Decimal(100), missing)
    other = None if against is None else _EXACT.subtract(Decimal(100), _decimal(against) * 100)
    places = max(2, _places(missing, significant=significant))
    return f"{_plain(_rounded(value, places=places, against=other, rounding=ROUND_FLOOR))}%"


def share(part: float) -> str:
    """A share of a budget: "38%", "under 1%"."""
    if 0 < part < 0.01:
        return "under 1%"
    return f"{min(part, 1.0) * 100:.0f}%"


def _scaled(
    value: float, factor: float, unit: str, against: float | None, *, rounding: str = ROUND_HALF_EVEN
) -> str:
    scale = _decimal(factor)
    amount = _EXACT.divide(_decimal(value), scale)
    other = None if against is None or math.isinf(against) else _EXACT.divide(_decimal(against), scale)
    shown = _rounded(amount, places=_places(amount, significant=3), against=other, rounding=rounding)
    return in_unit(_plain(shown), unit)


def duration(seconds: float, *, against: float | None = None, working: bool = False) -> str:
    """A time in the unit that fits it, never shorter than it is: "250 ms", "2.4 s", "90 min", "8 h", "3 d".

    Args:
        working: open hours, which are stated in hours and never in days.
    """
    if math.isinf(seconds):
        return "without bound"
    for unit, factor in _TIME_UNITS:
        last = unit == ("h" if working else "d")
        if last or seconds < _TIME_LIMITS[unit]:
            return _scaled(seconds, factor, unit, against, rounding=ROUND_CEILING) if seconds else "0 s"
    raise AssertionError("the last unit takes everything")


def rate(per_second: float, *, against: float | None = None) -> str:
    """A rate in the first unit of which there is at least one: "200/s", "3/h"."""
    return _in_fitting_unit(per_second, "1/s", against)


def data_rate(bits_per_second: float, *, against: float | None = None) -> str:
    """A data rate: "10 Gbit/s"."""
    return _in_fitting_unit(bits_per_second, "bit/s", against)


def _in_fitting_unit(value: float, of: str, against: float | None) -> str:
    if math.isinf(value):
        return "without bound"
    unit, factor = fitting_unit(value, of)
    return _scaled(value, factor, unit, against)


def number(value: float, *, against: float | None = None) -> str:
    """A plain number."""
    return "without bound" if math.isinf(value) else _scaled(value, 1.0, "", against)


def money(amount: float, *, currency: str | None, against: float | None = None) -> str:
    """An amount of money: "12,000 EUR"."""
    if math.isinf(amount):
        return "without bound"
    other = None if against is None else _decimal(against)
    shown = _plain(_rounded(_decimal(amount), places=2, against=other))
    return f"{shown} {currency}" if currency else shown


def per_window(window: Window | None) -> str:
    """How a promise names its window: "a month", "in 30 d", "in any 28 d"; a month where none is stated."""
    if window is None:
        return "a month"
    if window.kind is WindowKind.CALENDAR:
        return f"a {window.unit}"
    return f"in any {window.days} d" if window.kind is WindowKind.ROLLING else f"in {window.days} d"


def downtime(
    complement: float, *, window: Window | None, hours: str | None, against: float | None = None
) -> str | None:
    """How long a share of a window is: 0.0006 of a month is "26 min".

    Args:
        complement: the share of time.
        window: the window it is a share of; None is a month.
        hours: round the clock, or the id of a calendar: its length is not known here, the answer None.
        against: the share it is compared with.
    """
    if hours not in (None, ROUND_THE_CLOCK):
        return None
    if window is None:
        length = _WINDOW_HOURS["month"]
    elif window.kind is WindowKind.CALENDAR:
        length = _WINDOW_HOURS[str(window.unit)]
    else:
        length = 24 * (window.days or 0)
    seconds = complement * length * 3_600
    shown = _clock(seconds)
    alike = against is not None and shown == _clock(against * length * 3_600)
    different = against is not None and abs(complement - against) > _TIE
    return _clock(seconds, exactly=True) if alike and different else shown


def _clock(seconds: float, *, exactly: bool = False) -> str:
    """Hours, minutes and seconds, as many as matter."""
    if seconds < 60:
        return duration(float(f"{seconds:.2g}")) if seconds else "0 s"
    whole = round(seconds)
    if seconds >= 600 and not exactly:
        whole = round(seconds / 60) * 60
    hours, rest = divmod(whole, 3_600)
    minutes, left = divmod(rest, 60)
    parts = [f"{hours:,} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes) + [f"{left} s"] * bool(left)
    return " ".join(parts)


def one_in(complement: float) -> str | None:
    """How many of many: 0.001 is "1 in 1,000"; None for none, and past one in ten."""
    if not 0 < complement <= 0.1:
        return None
    return f"1 in {_plain(_rounded(_decimal(1 / complement), places=0, against=None))}"
