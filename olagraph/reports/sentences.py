"""What an assessment says, in words: targets, values on a basis, one sentence a verdict."""

import math
from decimal import Decimal
from typing import Protocol

from olagraph.analysis.results import (
    Basis,
    Level,
    Missing,
    MissingReason,
    PartKind,
    TargetAssessment,
    Verdict,
    View,
    ViewAssessment,
    WeakPart,
)
from olagraph.analysis.wording import possessive
from olagraph.model.entities import MEAN, ROUND_THE_CLOCK, Better, Family, Metric, Target
from olagraph.model.quantity import Dimension, Quantity
from olagraph.reports import values
from olagraph.reports.names import Names, distinct, enumeration
from olagraph.reports.visible import label, visible

VERDICT_WORDS = {
    Verdict.SUPPORTED: "holds",
    Verdict.CONDITIONAL: "holds only if failures are independent",
    Verdict.UNSUPPORTED: "does not hold",
    Verdict.INFEASIBLE: "cannot hold",
    Verdict.UNKNOWN: "is not known",
}

NOT_KNOWN = "not known"
NO_MEANING = "–"

_MISSING_WORDS = {
    MissingReason.NO_AGREEMENT: "no agreement covers",
    MissingReason.METRIC_GAP: "nothing on this metric is promised for",
    MissingReason.CONDITION_UNMET: "only under conditions that are not met is anything promised for",
    MissingReason.POPULATION_MISMATCH: "only for other cases is anything promised for",
    MissingReason.NOT_COUNTED: "only drafts or objectives speak of",
    MissingReason.INCOMMENSURABLE: "only in terms that do not convert is anything promised for",
    MissingReason.OWN_PART: "nothing is stated for the own part of",
    MissingReason.CYCLE: "the value depends on itself at",
}


class Asked(Protocol):
    """What a value is held against: a target with the row of its metric."""

    @property
    def target(self) -> Target: ...

    @property
    def metric(self) -> Metric: ...


class Wording:
    """Sentences about one portfolio's assessments.

    Args:
        names: what its things are called.
        currency: of money values.
    """

    def __init__(self, names: Names, *, currency: str | None) -> None:
        self.names = names
        self.currency = currency and label(currency)

    def target(self, target: Target, metric: Metric) -> str:
        """A target as one says it: "availability 99.9% a month", "latency 2 s for 95%"."""
        return f"{metric_name(metric)} {self.promised(target)}{_terms(target)}"

    def promised(self, target: Target) -> str:
        """The promised number as written: "99.9%", "2 s for 95%", "2 s on average"."""
        return f"{self._written(target.value)}{_statistic(target)}"

    def _written(self, value: Quantity) -> str:
        """A quantity as written, a ratio as the percentage it is, money with its currency: never rounded."""
        if value.dimension is Dimension.RATIO and not value.unit:
            value = Quantity(value.amount.scaleb(2), "%", Dimension.RATIO)
        if value.dimension is Dimension.MONEY and not value.unit and self.currency:
            value = Quantity(value.amount, self.currency, Dimension.MONEY)
        return visible(str(value))

    def allowed(self, assessment: TargetAssessment) -> str | None:
        """What a target on a ratio allows: "43 min", "1 in 1,000 fails"; None for other targets."""
        if assessment.metric.unit != "ratio":
            return None
        allowed = _beside(target_complement(assessment), assessment, against=None)
        unstated = assessment.metric.family is Family.STRUCTURE_FUNCTION and assessment.target.window is None
        return f"{allowed} {values.per_window(None)}" if allowed and unstated else allowed

    def level(self, level: Level | None, assessment: Asked, *, detailed: bool = False) -> str:
        """A value on one basis against its target: "99.94% (26 min)", "at most 2.4 s".

        Args:
            level: None, where the basis has no meaning, is a dash.
            detailed: with more digits, and without what a ratio amounts to (minutes, requests, the time).
        """
        if level is None:
            return NO_MEANING
        worst, best = _extremes(level, assessment)
        if worst and best:
            return NOT_KNOWN
        ends = (level.at_worst, level.complement_at_worst), (level.at_best, level.complement_at_best)
        at_worst, at_best = (self._number(*end, assessment, detailed=detailed) for end in ends)
        lower = assessment.metric.better is Better.LOWER and not is_ratio(assessment)
        if level.single or at_worst == at_best:
            text = at_worst
        elif worst:
            text = f"at {'least' if lower else 'most'} {at_best}"
        elif best:
            text = f"at {'most' if lower else 'least'} {at_worst}"
        else:
            text = f"{at_worst} to {at_best}"
        return text if level.certified else f"{text} (bounds)"

    def quantity(self, value: float, metric: Metric, *, against: float | None = None) -> str:
        """A value that is no ratio, in the metric's unit."""
        match metric.unit:
            case "s":
                return values.duration(value, against=against, working=metric.ticket)
            case "1/s":
                return values.rate(value, against=against)
            case "bit/s":
                return values.data_rate(value, against=against)
            case "money":
                return values.money(value, currency=self.currency, against=against)
            case _:
                return values.number(value, against=against)

    def _number(self, value: float, complement: float | None, assessment: Asked, *, detailed: bool) -> str:
        if not is_ratio(assessment):
            return self.quantity(value, assessment.metric, against=assessment.target.value.si)
        share = 1 - value if complement is None else complement
        against = target_complement(assessment)
        if detailed:
            return values.percent(share, against=against, significant=4)
        text = values.percent(share, against=against)
        if isinstance(assessment.target.for_, Decimal):
            return f"{text} within {self._written(assessment.target.value)}"
        extra = _beside(share, assessment, against=against)
        return f"{text} ({extra})" if extra else text

    def times(self, view: ViewAssessment, assessment: TargetAssessment) -> str | None:
        """When a percentile's fraction is reached: "time for 95%: guaranteed never, independent 2.4 s"."""
        if not view.time_at:
            return None
        parts = [
            f"{basis.value} {self.time(view.time_at[basis], assessment)}"
            for basis in (Basis.GUARANTEED, Basis.INDEPENDENT)
            if basis in view.time_at
        ]
        return f"time for {_written_fraction(assessment.target)}: {', '.join(parts)}"

    def time(self, level: Level, assessment: Asked) -> str:
        """When a percentile's fraction is reached on one basis: "2.4 s", "2.4 s to never"."""
        target = assessment.target.value.si
        ends = [
            "never" if math.isinf(end) else self.quantity(end, assessment.metric, against=target)
            for end in (level.at_worst, level.at_best)
        ]
        return " to ".join(distinct(ends))

    def weak_part(self, part: WeakPart, assessment: TargetAssessment) -> str:
        """A weak part with its value and clause: "CloudCo's 99.5% on Frontend (MSA §4.2)"."""
        service = self.names.service(part.service)
        value = self._part_value(part, assessment)
        stated = self._stated_differently(part, assessment)
        if stated:
            value = f"{stated} ({value} here)"
        match part.kind:
            case PartKind.AGREEMENT:
                clause = label(part.ref) if part.ref else self.names.clause(part.id)
                promiser = possessive(self.names.promiser(part.id))
                return f"{promiser} {value or 'promise'} on {service} ({clause})"
            case PartKind.OWN:
                return f"the provider's own part of {service}{f', {value}' if value else ''}"
            case PartKind.MISSING:
                return f"{service}, for which nothing stands"

    def _part_value(self, part: WeakPart, assessment: TargetAssessment) -> str | None:
        if part.value is None:
            return None
        if part.complement is not None:
            return values.percent(part.complement)
        value = self.quantity(part.value, assessment.metric)
        if part.in_time is None or part.in_time >= 1:
            return value
        return f"{value} for {values.percent(1 - part.in_time)}"

    def _stated_differently(self, part: WeakPart, assessment: TargetAssessment) -> str | None:
        """What the contract says where a conversion made another number of it: "99.9% a year".

        None where they agree, or where the agreement states the metric more than once.
        """
        found = self.names.agreement(part.id) if part.kind is PartKind.AGREEMENT else None
        stated = [each for each in found.targets if each.metric == assessment.metric.id] if found else []
        if not found or len(stated) != 1 or assessment.metric.unit != "ratio" or part.value is None:
            return None
        (target,) = stated
        entered = 1 - part.value if part.complement is None else part.complement
        if math.isclose(float(1 - target.value.exact), entered, rel_tol=1e-9):
            return None
        window = target.window or found.window
        return self.promised(target) + (f" {values.per_window(window)}" if window else "")

    def missing(self, missing: tuple[Missing, ...]) -> str:
        """What nothing stands for, by reason: "no agreement covers Payroll and Stock"."""
        by_reason: dict[MissingReason, list[str]] = {}
        for each in missing:
            by_reason.setdefault(each.reason, []).append(self.names.service(each.service))
        return "; ".join(
            f"{_MISSING_WORDS[reason]} {enumeration(distinct(services), most=3)}"
            for reason, services in by_reason.items()
        )

    def verdict(self, assessment: TargetAssessment) -> str:
        """One sentence: whether the promise holds, by which number, and on which clause that rests."""
        view = assessment.view(assessment.worse)
        whose = self.names.customers(assessment.agreement)
        promised = self.promised(assessment.target)
        subject = f"{possessive(whose)} {promised}" if whose else f"The promised {promised}"
        weakest = self.weak_part(assessment.weakest[0], assessment) if assessment.weakest else None
        guaranteed, independent, ceiling = (
            self.level(level, assessment) for level in (view.guaranteed, view.independent, view.ceiling)
        )
        rests = f" rests on {weakest}" if weakest else ""
        if_independent = (
            f"if {'failures' if assessment.metric.unit == 'ratio' else 'the parts'} are independent"
        )
        match assessment.verdict:
            case Verdict.SUPPORTED:
                said = f"{subject} holds: the contracts alone guarantee {guaranteed}"
                return f"{said}, most of it resting on {weakest}." if weakest else f"{said}."
            case Verdict.CONDITIONAL:
                said = f"{independent} {if_independent}"
                if view.guaranteed is not None:
                    said = f"{said}, only {guaranteed} guaranteed"
                return f"{subject}{rests}: {said}." if weakest else f"{subject}: {said}."
            case Verdict.UNSUPPORTED:
                value = independent if view.independent is not None else guaranteed
                how = if_independent if view.independent is not None else "guaranteed"
                joined = f"{rests} and is missed" if rests else " is missed"
                return f"{subject}{joined}: {value} {how}."
            case Verdict.INFEASIBLE:
                joined = f"{rests} and cannot hold" if rests else " cannot hold"
                return f"{subject}{joined}: {ceiling} at the very best."
            case Verdict.UNKNOWN:
                why = self.missing(view.missing)
                if not why and not _certified(view):
                    why = (
                        "an exact value is out of reach here, and its bounds lie on both sides of the target"
                    )
                elif not why and weakest:
                    why = f"what {weakest} is worth in the terms of this target is not known"
                value = independent if view.independent is not None else guaranteed
                known = f" What is known gives {value}." if value not in (NOT_KNOWN, NO_MEANING) else ""
                return f"{subject} cannot be judged{f': {why}' if why else ''}.{known}"


def _certified(view: ViewAssessment) -> bool:
    return all(level.certified for level in map(view.level, Basis) if level is not None)


def metric_name(metric: Metric) -> str:
    """A metric's id in words."""
    return label(metric.id).replace("_", " ")


def is_ratio(assessment: Asked) -> bool:
    """Whether the bases hold ratios: a ratio metric, or F(t) of a percentile."""
    return assessment.metric.unit == "ratio" or isinstance(assessment.target.for_, Decimal)


def target_complement(assessment: Asked) -> float:
    """1 - the ratio that the bases are compared with: the target's value, or its fraction of cases."""
    fraction = assessment.target.for_
    if isinstance(fraction, Decimal):
        return float(1 - fraction)
    return float(1 - assessment.target.value.exact)


def views_shown(assessment: TargetAssessment) -> tuple[View, ...]:
    """Both views where they differ, else the one that decided (SEMANTICS §4)."""
    contracted, achievable = assessment.contracted, assessment.achievable
    same = contracted.verdict is achievable.verdict and all(
        contracted.level(basis) == achievable.level(basis) for basis in Basis
    )
    return (assessment.worse,) if same else tuple(View)


def _statistic(target: Target) -> str:
    if target.for_ is None:
        return ""
    return " on average" if target.for_ == MEAN else f" for {_written_fraction(target)}"


def _written_fraction(target: Target) -> str:
    assert isinstance(target.for_, Decimal), "only percentiles have a fraction of cases"
    return str(Quantity(target.for_.scaleb(2).normalize(), "%", Dimension.RATIO))


def _terms(target: Target) -> str:
    """Window, population, clock and hours in words."""
    parts = []
    if target.window is not None:
        parts.append(values.per_window(target.window))
    if target.population is not None:
        parts.append(f"of {label(target.population.name)}")
    if target.clock is not None:
        parts.append(f"on the clock of {label(target.clock)}")
    elif target.hours not in (None, ROUND_THE_CLOCK):
        parts.append(f"in the hours of {label(str(target.hours))}")
    return "".join(f" {part}" for part in parts)


def _beside(complement: float, assessment: Asked, *, against: float | None) -> str | None:
    """What a share that fails amounts to: minutes of a window, or one in how many requests."""
    family = assessment.metric.family
    if complement >= 1:
        return None
    if family is Family.STRUCTURE_FUNCTION:
        target = assessment.target
        return values.downtime(complement, window=target.window, hours=target.hours, against=against)
    if family is Family.SUCCESS_RATE:
        failing = values.one_in(complement)
        return failing and f"{failing} fails"
    return None


def _extremes(level: Level, assessment: Asked) -> tuple[bool, bool]:
    """Whether the ends of an interval are the worst and the best there is: nothing known on that side."""
    if is_ratio(assessment):
        worst, best = 0.0, 1.0
    elif assessment.metric.better is Better.LOWER:
        worst, best = math.inf, 0.0
    else:
        worst, best = 0.0, math.inf
    if level.single:
        return False, False
    return level.at_worst == worst, level.at_best == best and not level.complement_at_best
