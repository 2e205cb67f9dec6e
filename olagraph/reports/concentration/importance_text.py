"""Importances as a table, the most critical first."""

import math
from collections.abc import Iterator

from olagraph.analysis.concentration.results import ElementKind, Importance, ServiceImportance
from olagraph.reports.layout import Ink, Layout, padded
from olagraph.reports.names import Names, plural
from olagraph.reports.values import share
from olagraph.reports.visible import label

_MOST_ELEMENTS = 10
_NUMBERS = 9
_HEADINGS = ("q", "Birnbaum", "critical", "F-Vesely", "RAW", "RRW")
_LEGEND = (
    "critical: the share of the unavailability that goes if it is perfect; F-Vesely: the share of cases in which it "
    "takes part; RAW, RRW: how many times worse the service is if it fails, and better if it is perfect"
)
_KINDS = {
    ElementKind.COMPONENT: "Components",
    ElementKind.COMMON_CAUSE: "Common causes",
    ElementKind.AGREEMENT: "Agreements, with all that rests on them",
    ElementKind.PROVIDER: "Providers, with all their components",
    ElementKind.OWNER: "Owners, with everything they own",
    ElementKind.REGION: "Regions, with all that lies there",
    ElementKind.ZONE: "Zones, with all that lies there",
}


def importance_lines(found: ServiceImportance, names: Names, layout: Layout) -> Iterator[str]:
    """The importances in one service: a table a kind of element."""
    terms = f"in the terms of {names.clause(found.agreement)}" if found.agreement else "round the clock"
    yield layout.paint(f"What matters to {names.service(found.service)}, {terms}", Ink.HEADING)
    bounds = f"{found.high:.3g}" if found.exact else f"between {found.low:.3g} and {found.high:.3g}"
    yield from layout.wrap(f"unavailability {bounds}, if failures are independent", indent=2, first="  ")
    if found.missing:
        yield from layout.wrap(
            f"{plural(len(found.missing), 'missing promise')} taken as perfect: all numbers are those at best",
            indent=2,
            first="  ",
        )
    if not found.exact:
        yield from layout.wrap(
            "the exact value is out of reach, and with it all importances", indent=2, first="  "
        )
    if found.elements:
        yield from layout.wrap(_LEGEND, indent=2, first="  ")
    for kind, heading in _KINDS.items():
        elements = found.of_kind(kind)
        if elements:
            yield from _table(heading, elements, names, layout)


def _table(heading: str, elements: tuple[Importance, ...], names: Names, layout: Layout) -> Iterator[str]:
    width = max(layout.width - len(_HEADINGS) * _NUMBERS, 20)
    titles = "".join(f"{title:>{_NUMBERS}}" for title in _HEADINGS)
    yield layout.paint(f"{padded(f'  {heading}', width)}{titles}", Ink.QUIET)
    for element in elements[:_MOST_ELEMENTS]:
        numbers = (
            _number(element.unavailability),
            _number(element.birnbaum),
            _share(element.criticality),
            _share(element.fussell_vesely),
            _factor(element.raw),
            _factor(element.rrw),
        )
        yield padded(f"    {_name(element, names)}", width) + "".join(
            f"{each:>{_NUMBERS}}" for each in numbers
        )
    if len(elements) > _MOST_ELEMENTS:
        yield f"    + {len(elements) - _MOST_ELEMENTS:,} more"


def _name(element: Importance, names: Names) -> str:
    match element.kind:
        case ElementKind.COMPONENT:
            missing = " (missing)" if element.missing else ""
            return f"{names.service(element.id)}{missing}"
        case ElementKind.PROVIDER | ElementKind.OWNER:
            return names.provider(element.id)
        case ElementKind.AGREEMENT:
            return names.clause(element.id)
        case ElementKind.COMMON_CAUSE | ElementKind.REGION | ElementKind.ZONE:
            return label(element.id)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2g}"


def _share(value: float | None) -> str:
    return "–" if value is None else "<1%" if 0 < value < 0.01 else share(value)


def _factor(value: float | None) -> str:
    if value is None:
        return "–"
    return "∞" if math.isinf(value) else f"{value:,.3g}" if value < 1000 else f"{value:.1e}"
