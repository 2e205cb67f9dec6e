"""An outage as text for the first minute of an incident: who is hit, what breaches when, whom to call."""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from itertools import zip_longest
from typing import TYPE_CHECKING

from olagraph.analysis.outage.results import (
    AgreementImpact,
    Budget,
    CauseKind,
    Due,
    Escalation,
    Outage,
    Remark,
    ServiceState,
)
from olagraph.analysis.results import Level
from olagraph.model.entities import AgreementKind
from olagraph.reports import values
from olagraph.reports.layout import Ink, Layout
from olagraph.reports.names import Names, enumeration, plural
from olagraph.reports.outage.subject import OutageReport
from olagraph.reports.visible import label

if TYPE_CHECKING:
    from olagraph.analysis.outage.still_up import StillUp

_MOST_SERVICES = 20
_MOST_SLAS = 50
_MOST_OTHERS = 10
_MARKS = {
    ServiceState.DOWN: ("✘", Ink.WORST),
    ServiceState.AT_RISK: ("▲", Ink.DOUBTFUL),
    ServiceState.DEGRADED: ("◐", Ink.DOUBTFUL),
}
_UNPROVEN = "proof was out of reach: some may rest on what has lost a branch without needing the branch"
_STATES = {
    ServiceState.DOWN: "Down",
    ServiceState.AT_RISK: "At risk: up, with redundancy lost",
    ServiceState.DEGRADED: "Degraded: up, without something optional",
}
_REMARKS = {
    Remark.ELAPSED_TIME: "elapsed time was counted, not opening hours",
    Remark.WINDOW_ASSUMED: "no window is stated, a month was taken",
    Remark.BLOCKS: "where the block begins is not stated, the worst midnight was taken",
    Remark.UNLIMITED_EXCLUSION: "the target excludes some time without a limit; such time does not count",
    Remark.CAUSE_EXCLUDED: "the target excludes some causes; outages by them do not count",
}


def render(report: OutageReport, layout: Layout) -> str:
    """The outage in lines of the layout's width."""
    said = _Told(report, layout)
    sections = [
        said.head(),
        said.agreements("SLAs, the soonest breach first", sla=True),
        *(said.services(state) for state in ServiceState),
        said.not_known(),
        said.agreements("Between the providers", sla=False),
    ]
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


class _Told:
    """One outage in words."""

    def __init__(self, report: OutageReport, layout: Layout) -> None:
        self._outage: Outage = report.outage
        self._layout = layout
        self._names = Names(report.portfolio)
        self._still_up = report.still_up_by_delivery()

    # Who is hit ------------------------------------------------------------------------------------------------

    def head(self) -> list[str]:
        """What failed, who is hit, and when the first SLA breaches."""
        outage, layout = self._outage, self._layout
        what = enumeration(list(self._failed()), most=4)
        lasting = (
            "open-ended" if outage.for_ is None else f"for {_clock(Fraction(outage.for_.total_seconds()))}"
        )
        lost = (
            "" if outage.capacity_lost == 1 else f", {values.share(float(outage.capacity_lost))} of it lost"
        )
        title = f"Outage of {what}{lost}, from {outage.from_:%Y-%m-%d %H:%M} UTC, {lasting}"
        return [
            *(layout.paint(line, Ink.HEADING) for line in layout.wrap(title, indent=0)),
            *layout.wrap(self._headline(), indent=0),
        ]

    def _failed(self) -> Iterator[str]:
        failed, names = self._outage.failed, self._names
        yield from map(names.provider, failed.providers)
        yield from map(names.service, failed.services)
        yield from map(names.clause, failed.agreements)
        yield from (f"region {label(region)}" for region in failed.regions)
        yield from (f"zone {label(zone)}" for zone in failed.zones)

    def _headline(self) -> str:
        slas = [each for each in self._outage.agreements if each.kind is AgreementKind.SLA]
        down = [each for each in slas if each.state is ServiceState.DOWN]
        first = next((each for each in slas if each.budget is not None and each.budget.breach), None)
        if not slas:
            return "No SLA is affected, as far as is known."
        if not down:
            said = f"No SLA is down; {plural(len(slas), 'promise')} to customers at risk or degraded."
        else:
            hit = {customer for each in down for customer in each.agreement.customers}
            promises = "1 promise is" if len(down) == 1 else f"{len(down):,} promises are"
            whom = f", to {plural(len(hit), 'customer')}" if hit else ""  # standard terms name nobody
            said = f"{promises} down{whom}."
        if first is None or first.budget is None or first.budget.breaches_at is None:
            return f"{said} No SLA breaches{' ' + self._unless(slas) if down else ''}."
        return (
            f"{said} The first SLA to breach is {self._whose(first)}: {self._when(first.budget.breaches_at)}."
        )

    def _unless(self, slas: list[AgreementImpact]) -> str:
        until = min((b.holds_until for each in slas for b in each.budgets if b.holds_until), default=None)
        return "by then" if until is None else f"by then; the first would, if it went on, {self._when(until)}"

    def _whose(self, impact: AgreementImpact) -> str:
        customers = self._names.customers(impact.agreement)
        return f"{label(impact.agreement.id)}{f' of {customers}' if customers else ''}"

    def _when(self, moment: datetime) -> str:
        """`at 09:44:24 UTC, 44 min 24 s in`; with the date on another day."""
        start = self._outage.from_
        day = "" if moment.date() == start.date() else f"{moment:%Y-%m-%d} "
        seconds = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
        since = Fraction((moment - start).total_seconds())
        after = f"{_clock(since)} in" if since > 0 else "before it began" if since < 0 else "at once"
        return f"at {day}{seconds} UTC, {after}"

    # Agreements ------------------------------------------------------------------------------------------------

    def agreements(self, heading: str, *, sla: bool) -> list[str]:
        """The affected agreements, SLAs or the others."""
        found = [each for each in self._outage.agreements if (each.kind is AgreementKind.SLA) is sla]
        if not found:
            return []
        lines = [self._layout.paint(heading, Ink.HEADING)]
        most = _MOST_SLAS if sla else _MOST_OTHERS
        for impact in found[:most]:
            lines += self._agreement(impact, in_full=sla)
        if len(found) > most:
            lines.append(f"  + {len(found) - most:,} more; --format json lists them")
        return lines

    def _agreement(self, impact: AgreementImpact, *, in_full: bool) -> Iterator[str]:
        layout, agreement = self._layout, impact.agreement
        icon, ink = _MARKS[impact.state]
        clause = f" ({label(agreement.ref)})" if agreement.ref else ""
        customers = self._names.customers(agreement)
        whom = f" for {customers}" if customers else ""
        mark = f"{icon} {impact.state}"
        said = f"{label(agreement.id)}{clause}: {self._names.service(impact.service)}{whom}"
        if not in_full:
            said += "".join(f"; {self._short(each)}" for each in impact.budgets[:1])
        first, *rest = layout.wrap(said, indent=11, first=mark)
        yield first.replace(mark, layout.paint(mark, ink), 1)
        yield from rest
        if not in_full:
            return
        still_up = self._still_up.get((agreement.id, impact.service), ())
        for budget, given in zip_longest(impact.budgets, still_up):
            yield from layout.wrap(self._budget(budget), indent=6)
            if given is not None and (said := _given(given)):
                yield from layout.wrap(said, indent=6)
        for due in impact.due:
            yield from layout.wrap(self._due(due), indent=6)
        path = self._outage.path(impact.service)
        if len(path) > 1:
            yield from layout.wrap(f"through {self._chain(path[1:])}", indent=6)
        yield from layout.wrap(self._call(impact.escalation), indent=8, first="      → ")

    def _promise(self, budget: Budget) -> str:
        complement = float(1 - budget.target.value.exact)
        return (
            f"{label(budget.target.metric)} {values.percent(complement)} {values.per_window(budget.window)}"
        )

    def _short(self, budget: Budget) -> str:
        at = budget.breaches_at
        return f"{self._promise(budget)} {f'breaches {self._when(at)}' if at else 'holds'}"

    def _budget(self, budget: Budget) -> str:
        window = f"{budget.begins:%Y-%m-%d} to {budget.ends:%Y-%m-%d}"
        said = f"{self._promise(budget)} allows {_clock(budget.allowed)} from {window}"
        if budget.already:
            said += f", {_clock(budget.already)} of it used up before"
        if budget.breaches_at is not None:
            said += f"; breaches {self._when(budget.breaches_at)}"
        elif budget.left is not None:
            said += f"; {_clock(budget.left)} are left after this outage"
        if budget.breaches_at is None and budget.holds_until is not None:
            said += f"; would breach {self._when(budget.holds_until)}, if it went on"
        return said + _remarked(budget.remarks)

    def _due(self, due: Due) -> str:
        target = due.target
        of = f" of {label(target.population.name)}" if target.population is not None else ""
        value = values.duration(target.value.si)
        return f"{label(target.metric)} {value}{of} falls due {self._when(due.at)}{_remarked(due.remarks)}"

    def _call(self, escalation: Escalation) -> str:
        papers = enumeration([self._names.clause(each) for each in escalation.agreements], most=2)
        contact = label(escalation.contact) if escalation.contact else "no contact stated"
        under = f", under {papers}" if papers else ""
        return f"call {self._names.provider(escalation.provider)} ({contact}){under}"

    # Services ----------------------------------------------------------------------------------------------------

    def services(self, state: ServiceState) -> list[str]:
        """The services in one state with what carries the outage to them."""
        found = [name for name, impact in self._outage.services.items() if impact.state is state]
        if not found:
            return []
        icon, ink = _MARKS[state]
        lines = [self._layout.paint(f"{icon} {_STATES[state]} ({len(found):,})", ink)]
        for name in found[:_MOST_SERVICES]:
            lines += self._layout.wrap(
                f"{self._chain(self._outage.path(name))}{self._cause(name)}", indent=4, first="  -"
            )
        if len(found) > _MOST_SERVICES:
            lines.append(f"  + {len(found) - _MOST_SERVICES:,} more; --format json lists them")
        if state is ServiceState.AT_RISK and not self._outage.proven:
            lines += self._layout.wrap(_UNPROVEN, indent=4)
        return lines

    def _chain(self, path: tuple[str, ...]) -> str:
        return " → ".join(map(self._names.service, path))

    def _cause(self, service: str) -> str:
        cause = self._outage.services[service].cause
        if cause is None or cause.kind is CauseKind.SERVICE:
            return ""
        if cause.kind is CauseKind.AGREEMENT:
            return f" (delivered under {self._names.clause(cause.id)})"
        if cause.kind is CauseKind.SUPPLIER:
            return f" (in its supply chain: {self._names.provider(cause.id)})"
        name = self._names.provider(cause.id) if cause.kind is CauseKind.PROVIDER else label(cause.id)
        return f" ({cause.kind} {name})"

    def not_known(self) -> list[str]:
        """The services of which nobody says what they depend on."""
        found = self._outage.not_known
        if not found:
            return []
        names = enumeration([self._names.service(name) for name in found], most=_MOST_SERVICES)
        heading = f"Not known ({len(found):,}): nobody says what they depend on, so they may be hit as well"
        lines = self._layout.wrap(heading, indent=2, first="? ")
        return [
            *(self._layout.paint(line, Ink.UNKNOWN) for line in lines),
            *self._layout.wrap(names, indent=4),
        ]


def _remarked(remarks: tuple[Remark, ...]) -> str:
    return f" ({'; '.join(_REMARKS[remark] for remark in remarks)})" if remarks else ""


def _given(still_up: "StillUp") -> str:
    """How available what is still up is; empty where no basis has a value."""
    said = []
    if still_up.independent is not None:
        said.append(f"{_level(still_up.independent)} available if failures are independent")
    if still_up.guaranteed is not None:
        said.append(f"{_level(still_up.guaranteed)} of the outage guaranteed by contract")
    return f"with this lost: {', '.join(said)}" if said else ""


def _level(level: Level) -> str:
    assert level.complement_at_worst is not None
    assert level.complement_at_best is not None
    worst, best = values.percent(level.complement_at_worst), values.percent(level.complement_at_best)
    return worst if level.single else f"between {worst} and {best}"


def _clock(seconds: Fraction) -> str:
    """Hours, minutes and seconds: "4 h", "44 min 24 s"; parts of a second where there is nothing else."""
    if seconds < 1:
        return values.duration(float(seconds))
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours:,} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes) + [f"{rest} s"] * bool(rest)
    return " ".join(parts)
