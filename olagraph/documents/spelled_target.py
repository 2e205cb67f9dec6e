"""A target spelled on one line: "availability 99.95%", "latency 2 s for 95% window month"."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches

from olagraph.metrics.table import DIMENSIONS, STATISTIC_FAMILIES
from olagraph.model.entities import MEAN, ROUND_THE_CLOCK, Metric, Population, Target
from olagraph.model.quantity import Dimension, Quantity
from olagraph.model.window import Window

_TERMS = ("for", "window", "priority", "clock", "hours")
_TERM = re.compile(rf"\s+({'|'.join(_TERMS)})\s+")
SPELLING = (
    "METRIC VALUE [for FRACTION|mean] [window WINDOW] [priority NAME] [clock CALENDAR] [hours CALENDAR]"
)


def spelled_target(
    text: str, metrics: Mapping[str, Metric], *, calendars: Sequence[str], currency: str | None = None
) -> Target:
    """The target that `text` spells, as a file would state it.

    Args:
        metrics: every metric of the portfolio, by id.
        calendars: the ids of its calendars.
        currency: its currency; money in another one is refused.

    Raises:
        ValueError: what was found and what was expected, in one sentence.
    """
    head, *rest = _TERM.split(text.strip())
    name, _, amount = head.partition(" ")
    terms = dict(zip(rest[::2], rest[1::2], strict=True))
    if len(terms) < len(rest) // 2:
        raise ValueError(f"a term is stated twice; expected {SPELLING}")
    metric, turned = _metric(name, metrics)
    if not amount.strip():
        raise ValueError(f"a value is missing after {name!r}; expected {SPELLING}")
    value = Quantity.parse(amount, DIMENSIONS[metric.unit])
    _in_range(value)
    if value.dimension is Dimension.MONEY and value.unit not in ("", currency):
        raise ValueError(
            f"{value.unit} is not the portfolio's currency, {currency or 'which it does not state'}"
        )
    return Target(
        metric=metric.id,
        value=_turned_round(value) if turned else value,
        for_=_statistic(terms["for"], metric) if "for" in terms else None,
        window=Window.parse(terms["window"]) if "window" in terms else None,
        population=Population(name=terms["priority"].strip()) if "priority" in terms else None,
        clock=_calendar(terms["clock"], calendars) if "clock" in terms else None,
        hours=_calendar(terms["hours"], calendars) if "hours" in terms else None,
    )


def _metric(name: str, metrics: Mapping[str, Metric]) -> tuple[Metric, bool]:
    """The metric of that name, and whether the name is its complement's."""
    if name in metrics:
        return metrics[name], False
    complements = {metric.complement: metric for metric in metrics.values() if metric.complement}
    if name in complements:
        return complements[name], True
    raise _unknown("metric", name, [*metrics, *complements])


def _calendar(name: str, calendars: Sequence[str]) -> str:
    name = name.strip()
    if name not in (ROUND_THE_CLOCK, *calendars):
        raise _unknown("calendar", name, [ROUND_THE_CLOCK, *calendars])
    return name


def _unknown(kind: str, name: str, known: Sequence[str]) -> ValueError:
    near = get_close_matches(name, known, n=3)
    nearest = f"did you mean {' or '.join(map(repr, near))}?" if near else f"there are {', '.join(known)}"
    return ValueError(f"unknown {kind} {name!r}; {nearest}")


def _in_range(value: Quantity) -> None:
    if value.amount < 0 or (value.dimension is Dimension.RATIO and value.exact > 1):
        expected = "a ratio between 0% and 100%" if value.dimension is Dimension.RATIO else "0 or more"
        raise ValueError(f"{value} is out of range; expected {expected}")


def _turned_round(value: Quantity) -> Quantity:
    """1 - `value` in the same unit."""
    whole = Decimal(100) if value.unit == "%" else Decimal(1)
    return Quantity(whole - value.amount, value.unit, Dimension.RATIO)


def _statistic(text: str, metric: Metric) -> Decimal | str | None:
    """A fraction of cases, `mean`, or None for all of them."""
    if metric.family not in STATISTIC_FAMILIES:
        raise ValueError(f"`for` does not go with {metric.id}; it goes with times and jitter")
    if text.strip() == MEAN:
        return MEAN
    share = Quantity.parse(text, Dimension.RATIO)
    if not 0 < share.exact <= 1:
        raise ValueError(f"{text!r} is not a fraction of cases such as 95%")
    if share.exact == 1:
        return None
    return share.amount / 100 if share.unit == "%" else share.amount
