"""Numbers and parties as the sentences of findings print them: rounded for people, never compared."""

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from olagraph.analysis.items import Item
from olagraph.graph import PortfolioGraph
from olagraph.model.entities import MEAN, Agreement, Metric, Target

_EXACT = Context(prec=400)
"""Wide enough for every double."""

UNITS = {
    "1/s": (("/s", 1.0), ("/min", 1 / 60), ("/h", 1 / 3_600), ("/d", 1 / 86_400)),
    "bit/s": (("Tbit/s", 1e12), ("Gbit/s", 1e9), ("Mbit/s", 1e6), ("kbit/s", 1e3), ("bit/s", 1.0)),
}
"""By the unit of computed values, those that people use, the largest first."""


def percent(complement: float, *, asked: bool = False) -> str:
    """1 - complement as a percentage with two telling digits: 0.00059995 is 99.94%.

    Never better than it is, or, where it is `asked` of somebody, never less than is needed.
    """
    if complement <= 0:
        return "100%"
    if complement >= 1:
        return "0%"
    loss = _trimmed(complement) * 100
    digits = max(2, 1 - loss.adjusted())
    rounding = ROUND_CEILING if asked else ROUND_FLOOR
    kept = _EXACT.subtract(Decimal(100), loss)
    return f"{_plain(kept.quantize(Decimal(1).scaleb(-digits), rounding, context=_EXACT))}%"


def duration(seconds: float) -> str:
    """A time in the unit people would use, never shorter than it is."""
    if math.isinf(seconds):
        return "for ever"
    for unit, length in (("h", 3_600), ("min", 60), ("s", 1)):
        if seconds >= length:
            return f"{_rounded_up(seconds / length)} {unit}"
    return f"{_rounded_up(seconds * 1000)} ms"


def value(metric: Metric, number: float, complement: float | None = None) -> str:
    """A value in the metric's unit; with a complement it is a share, of a percentile the share served in time."""
    if complement is not None or metric.unit == "ratio":
        return percent(complement if complement is not None else 1 - number)
    if metric.unit == "s":
        return duration(number)
    if math.isinf(number):
        return "unlimited"
    unit, length = fitting_unit(number, metric.unit) if metric.unit in UNITS else ("", 1.0)
    return in_unit(f"{Decimal(_plain(Decimal(f'{number / length:.6g}'))):,f}", unit)


def fitting_unit(number: float, unit: str) -> tuple[str, float]:
    """The first of the units that people use of which there is at least one, and its length in `unit`."""
    units = UNITS[unit]
    smallest = units[-1] if number else next(each for each in units if each[1] == 1.0)
    return next((each for each in units if number >= each[1]), smallest)


def in_unit(amount: str, unit: str) -> str:
    """`200/s`, `10 Gbit/s`."""
    return f"{amount}{unit}" if unit[:1] in ("", "/") else f"{amount} {unit}"


def target_phrase(target: Target) -> str:
    """What is promised, as written: `availability 99.9%`, `resolution_time 8 h for 90 %, P1`."""
    words = f"{target.metric} {target.value}"
    if target.for_ == MEAN:
        words += " on average"
    elif target.for_ is not None:
        words += f" for {_plain(Decimal(target.for_) * 100)}%"
    return f"{words}, {target.population.name}" if target.population is not None else words


def agreement_phrase(graph: PortfolioGraph, agreement: Agreement) -> str:
    """An agreement by its maker and clause: `CloudCo's uc-cloudco (MSA §4.2)`."""
    maker = possessive(graph.party_name(agreement.provider))
    clause = f" ({agreement.ref})" if agreement.ref else ""
    return f"{maker} {agreement.id}{clause}"


def possessive(name: str) -> str:
    """`CloudCo's`, `Security services'`."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def promised_to(graph: PortfolioGraph, agreement: Agreement) -> str:
    """The other party, or `everybody`."""
    return ", ".join(graph.party_name(party) for party in agreement.customers) or "everybody"


def item_phrase(graph: PortfolioGraph, item: Item) -> str:
    """One assessed target: `Retail's availability 99.9% on Web shop`."""
    service = graph.service_name(item.service)
    draft = " (draft)" if item.draft else ""
    return f"{promised_to(graph, item.agreement)}: {target_phrase(item.target)} on {service}{draft}"


def listing(names: list[str], *, most: int = 3) -> str:
    """`a, b and c`, or the first few and how many more."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 2 else names)


def _rounded_up(number: float) -> str:
    exact = _trimmed(number)
    digits = max(0, 2 - exact.adjusted())
    return _plain(exact.quantize(Decimal(1).scaleb(-digits), ROUND_CEILING, context=_EXACT))


def _trimmed(number: float) -> Decimal:
    """Twelve digits: those beyond are noise of the arithmetic and must not decide a rounding."""
    return Decimal(f"{number:.12g}")


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
