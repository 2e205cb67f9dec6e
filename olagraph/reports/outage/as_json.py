"""An outage as JSON: the contract of docs/outage.md."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import zip_longest
from typing import TYPE_CHECKING

from olagraph.analysis.outage.results import AgreementImpact, Budget, Due
from olagraph.model.moment import moment_text
from olagraph.reports import plain
from olagraph.reports.outage.subject import OutageReport

if TYPE_CHECKING:
    from olagraph.analysis.outage.still_up import StillUp


def render(report: OutageReport) -> str:
    """The outage as one JSON object; equal outages give equal bytes."""
    return plain.document(as_object(report))


def as_object(report: OutageReport) -> plain.JsonObject:
    """The outage as plain values. Seconds are numbers, instants UTC, durations ISO 8601."""
    outage = report.outage
    share = outage.capacity_lost
    still_up = report.still_up_by_delivery()
    return {
        "failed": {
            each.name: list(getattr(outage.failed, each.name))
            for each in fields(outage.failed)
            if getattr(outage.failed, each.name)
        },
        "from": moment_text(outage.from_),
        "for": None if outage.for_ is None else _duration(outage.for_),
        **({} if share == 1 else {"capacity_lost": float(share)}),
        "services": [
            {"service": name, "state": impact.state.value, "path": list(outage.path(name))}
            for name, impact in outage.services.items()
        ],
        "agreements": [_agreement(each, still_up, report.portfolio.currency) for each in outage.agreements],
        "not_known": list(outage.not_known),
        "customers": list(outage.customers),
        "net_exposure": {},
        **({} if outage.proven else {"proven": False}),
    }


def _agreement(
    impact: AgreementImpact,
    still_up: "Mapping[tuple[str, str], Sequence[StillUp]]",
    currency: str | None,
) -> plain.JsonObject:
    agreement, budget, escalation = impact.agreement, impact.budget, impact.escalation
    return {
        "agreement": agreement.id,
        "customer": list(agreement.customers),
        "service": impact.service,
        "state": impact.state.value,
        "downtime_s": None if budget is None or budget.downtime is None else _seconds(budget.downtime),
        "budget_s": None if budget is None else float(budget.allowed),
        "breach": None if budget is None else budget.breach,
        "breaches_at": None if budget is None else _optional(budget.breaches_at),
        "credit_owed": None,
        "credit_recoverable": None,
        "currency": currency,
        "kind": impact.kind.value,
        "ref": agreement.ref,
        "holds_until": None if budget is None else _optional(budget.holds_until),
        "targets": [
            _budget(each, given)
            for each, given in zip_longest(impact.budgets, still_up.get((agreement.id, impact.service), ()))
        ],
        "due": [_due(each) for each in impact.due],
        "call": {
            "service": escalation.service,
            "provider": escalation.provider,
            "contact": escalation.contact,
            "agreements": list(escalation.agreements),
        },
    }


def _budget(budget: Budget, given: "StillUp | None") -> plain.JsonObject:
    left = budget.left
    return {
        "metric": budget.target.metric,
        "target": budget.target.value.si,
        "window": str(budget.window),
        "window_from": moment_text(budget.begins),
        "window_to": moment_text(budget.ends),
        "budget_s": float(budget.allowed),
        "already_s": _seconds(budget.already),
        "downtime_s": None if budget.downtime is None else _seconds(budget.downtime),
        "left_s": None if left is None else float(left),
        "breach": budget.breach,
        "breaches_at": _optional(budget.breaches_at),
        "holds_until": _optional(budget.holds_until),
        "remarks": [remark.value for remark in budget.remarks],
        "still_up": None if given is None else _still_up(given),
    }


def _still_up(given: "StillUp") -> plain.JsonObject:
    """Availability given the outage."""
    return {
        "independent": plain.level(given.independent),
        "independent_complement": plain.complement(given.independent),
        "guaranteed": plain.level(given.guaranteed),
        "guaranteed_complement": plain.complement(given.guaranteed),
    }


def _due(due: Due) -> plain.JsonObject:
    target = due.target
    return {
        "metric": target.metric,
        "value_s": target.value.si,
        "for": plain.plain_value(target.for_),
        "priority": target.population.name if target.population is not None else None,
        "at": moment_text(due.at),
        "remarks": [remark.value for remark in due.remarks],
    }


def _optional(moment: datetime | None) -> str | None:
    return None if moment is None else moment_text(moment)


def _seconds(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


def _duration(span: timedelta) -> str:
    """ISO 8601 in hours, minutes and seconds: PT4H, PT1H30M."""
    minutes, seconds = divmod(span, timedelta(minutes=1))
    hours, minutes = divmod(minutes, 60)
    rest = f"{seconds.total_seconds():.6f}".rstrip("0").rstrip(".")
    parts = [f"{hours}H"] * bool(hours) + [f"{minutes}M"] * bool(minutes) + [f"{rest}S"] * bool(seconds)
    return f"PT{''.join(parts)}"
