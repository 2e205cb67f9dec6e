"""Concentration as text, for service managers and for whoever keeps the register of suppliers."""

from collections.abc import Iterator, Sequence

from olagraph.analysis.concentration.results import Concentration, CutBy, CutSets, LossImpact, Promised
from olagraph.analysis.losses import LossKind
from olagraph.model.entities import ProviderKind
from olagraph.reports.concentration.importance_text import importance_lines
from olagraph.reports.concentration.subject import ConcentrationReport
from olagraph.reports.layout import Ink, Layout
from olagraph.reports.names import Names, enumeration, plural
from olagraph.reports.values import per_window, percent, share
from olagraph.reports.visible import label

_MOST_LOSSES = 10
_MOST_NAMED = 5

_ORDERS = {1: "alone", 2: "in pairs"}


def render(report: ConcentrationReport, layout: Layout) -> str:
    """The report in lines of the layout's width, a section a kind of loss."""
    names, found = Names(report.portfolio), report.concentration
    providers = found.of_kind(LossKind.PROVIDER)
    external = [each for each in providers if each.provider_kind is ProviderKind.EXTERNAL]
    internal = [each for each in providers if each.provider_kind is ProviderKind.INTERNAL]
    sections = [
        list(_head(found, layout)),
        *(
            list(_section(heading, losses, found, names, layout))
            for heading, losses in (
                ("External providers", external),
                ("Internal providers", internal),
                ("Owners, each with everything it owns", found.of_kind(LossKind.OWNER)),
                ("Regions", found.of_kind(LossKind.REGION)),
                ("Zones", found.of_kind(LossKind.ZONE)),
            )
            if losses
        ),
        *(list(importance_lines(each, names, layout)) for each in report.importance),
        *(list(_cut_sets(each, names, layout)) for each in report.cut_sets),
        list(_remarks(found, names, layout)),
    ]
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


def _head(found: Concentration, layout: Layout) -> Iterator[str]:
    title = f"{label(found.portfolio) or 'Portfolio'}: concentration on {found.as_of}"
    for line in layout.wrap(title, indent=0):
        yield layout.paint(line, Ink.HEADING)
    yield from layout.wrap(
        f"{plural(found.services, 'service')}, {plural(found.slas, 'SLA')} in force. What each loss takes along, the "
        "most SLAs first, then customers, then services.",
        indent=0,
    )


def _section(
    heading: str, losses: Sequence[LossImpact], found: Concentration, names: Names, layout: Layout
) -> Iterator[str]:
    yield layout.paint(heading, Ink.HEADING)
    for impact in losses[:_MOST_LOSSES]:
        yield from _loss(impact, found, names, layout)
    rest = losses[_MOST_LOSSES:]
    if rest:
        named = enumeration([_name(each, names) for each in rest], most=_MOST_NAMED)
        yield from layout.wrap(f"and {len(rest):,} more: {named}", indent=4, first="  + ")


def _name(impact: LossImpact, names: Names) -> str:
    party = impact.loss.kind in (LossKind.PROVIDER, LossKind.OWNER)
    return names.provider(impact.loss.id) if party else label(impact.loss.id)


def _loss(impact: LossImpact, found: Concentration, names: Names, layout: Layout) -> Iterator[str]:
    headline = layout.wrap(f"{_name(impact, names)}: {_toll(impact, found)}", indent=4, first="  - ")
    yield layout.paint(headline[0], Ink.BAD) if impact.slas_down else headline[0]
    yield from headline[1:]
    for sentence in (_slas(impact, names), _holdings(impact, names)):
        if sentence:
            yield from layout.wrap(sentence, indent=6, first="      ")


def _toll(impact: LossImpact, found: Concentration) -> str:
    """What goes down, in numbers."""
    down = f"{len(impact.down):,} of {plural(found.services, 'service')}"
    if impact.slas_down:
        said = (
            f"takes down {len(impact.slas_down):,} of {plural(found.slas, 'SLA')} ({share(impact.share_of_slas)}), "
            f"{plural(len(impact.customers), 'customer')}, {down}"
        )
    else:
        said = f"takes down no SLA, {down}" if impact.down else "takes nothing down"
    at_risk = plural(len(impact.at_risk), "service")
    return f"{said}; puts {at_risk} at risk" if impact.at_risk else said


def _slas(impact: LossImpact, names: Names) -> str:
    parts = []
    if impact.slas_down:
        parts.append(f"down: {_clauses(impact.slas_down, names)}")
    if impact.tightest_sla is not None:
        parts.append(f"the tightest of them {_promise(impact.tightest_sla, names)}")
    if impact.slas_at_risk:
        parts.append(f"at risk: {_clauses(impact.slas_at_risk, names)}")
    return "; ".join(parts)


def _clauses(agreements: Sequence[str], names: Names) -> str:
    return enumeration([names.clause(each) for each in agreements], most=_MOST_NAMED)


def _holdings(impact: LossImpact, names: Names) -> str:
    """What it delivers, and under which promises."""
    verb = "provides" if impact.loss.kind in (LossKind.PROVIDER, LossKind.OWNER) else "holds"
    parts = []
    if impact.provides:
        parts.append(f"{verb} {plural(len(impact.provides), 'service')}")
    if impact.supplies:
        parts.append(f"stands behind {plural(len(impact.supplies), 'service')} of others as a supplier")
    if impact.agreements:
        parts.append(plural(len(impact.agreements), "agreement"))
    if impact.tightest_promise is not None:
        parts.append(f"its tightest promise {_promise(impact.tightest_promise, names)}")
    return ", ".join(parts)


def _promise(promised: Promised, names: Names) -> str:
    value = percent(float(1 - promised.target.value.exact))
    window = f" {per_window(promised.target.window)}" if promised.target.window else ""
    return f"{value}{window} ({names.clause(promised.agreement.id)})"


def _cut_sets(found: CutSets, names: Names, layout: Layout) -> Iterator[str]:
    what = {CutBy.COMPONENT: "components", CutBy.PROVIDER: "providers", CutBy.OWNER: "owners"}[found.by]
    yield layout.paint(f"Which {what} take {names.service(found.service)} down together", Ink.HEADING)
    if found.orders is None:
        yield from layout.wrap(
            "the minimal cut sets are out of reach: too many parts share too much", indent=2
        )
        return
    counts = [
        f"{count:,} {_ORDERS.get(order, f'in sets of {order:,}')}"
        for order, count in enumerate(found.orders)
        if count
    ]
    yield from layout.wrap(
        enumeration(counts, most=_MOST_NAMED) or "nothing takes it down", indent=2, first="  "
    )
    name = names.service if found.by is CutBy.COMPONENT else names.provider
    for members in found.smallest:
        yield from layout.wrap(" + ".join(map(name, members)), indent=4, first="  - ")
    more = sum(found.orders) - len(found.smallest)
    if more:
        yield f"  + {more:,} more"


def _remarks(found: Concentration, names: Names, layout: Layout) -> Iterator[str]:
    if not found.proven:
        yield from layout.wrap(
            "At risk counts every service that is up and rests on something that has lost a branch; that the branch "
            "mattered is not proven for all of them, as the portfolio is large.",
            indent=0,
        )
    if found.not_known:
        named = enumeration([names.service(each) for each in found.not_known], most=_MOST_NAMED)
        yield from layout.wrap(
            f"Not known: nobody says what {named} {'is' if len(found.not_known) == 1 else 'are'} made of. More may "
            "hang on the losses above than is shown.",
            indent=0,
        )
