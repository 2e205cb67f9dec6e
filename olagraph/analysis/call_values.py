"""What a promise is worth to the families in which every visit counts: shares, times, rates, costs (SEMANTICS §5)."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from olagraph.analysis.parts import (
    ConvertedPromise,
    Part,
    Question,
    missing_part,
    promised_unavailability,
)
from olagraph.analysis.promises import Promise
from olagraph.analysis.results import Missing, MissingReason, PartKind
from olagraph.metrics.composition import Value
from olagraph.metrics.conversion import (
    Conversion,
    Converted,
    Incommensurable,
    Share,
    convert_hard,
    convert_request_share,
)
from olagraph.metrics.families.mean_times import MeanTime
from olagraph.metrics.families.time_law import ALWAYS_IN_TIME, NEVER_IN_TIME, TimePromise
from olagraph.model.entities import MEAN, Better, Family, Metric, Target


class Form(StrEnum):
    """In which form the values of a question are composed."""

    SHARE = "share of failing requests"
    LAW = "points of a time law"
    MEAN = "mean"
    NUMBER = "number"


def form_of(metric: Metric, statistic: str | None) -> Form:
    """The form for a metric and a statistic (`hard`, `mean` or `percentile`; None where the metric takes none)."""
    if metric.family is Family.SUCCESS_RATE:
        return Form.SHARE
    if statistic == "percentile":
        return Form.LAW
    return Form.MEAN if statistic == "mean" else Form.NUMBER


CallValue = Value | TimePromise | MeanTime


@dataclass(frozen=True, slots=True)
class CallPart:
    """One component: what it stands for and its values with what is not known of it at its worst and at its best."""

    part: Part
    at_worst: CallValue
    at_best: CallValue

    @property
    def open(self) -> bool:
        """Whether anything about it is not known."""
        return self.at_worst != self.at_best


def missing_call_part(form: Form, metric: Metric, missing: Missing) -> CallPart:
    """A part of which nothing is known: from the worst to the best value there is."""
    part, _ = missing_part(missing)
    return CallPart(part, *_extremes(form, metric))


def _extremes(form: Form, metric: Metric) -> tuple[CallValue, CallValue]:
    never, at_once = Fraction(0), math.inf
    match form:
        case Form.SHARE:
            return Value(Fraction(1), Fraction(1)), Value(Fraction(0), Fraction(0))
        case Form.LAW:
            return NEVER_IN_TIME, ALWAYS_IN_TIME
        case Form.MEAN:
            return MeanTime(math.inf, math.inf), MeanTime(Fraction(0), Fraction(0))
        case Form.NUMBER:
            if metric.better is Better.HIGHER:
                return Value(never, never), Value(at_once, at_once)
            return Value(at_once, at_once), Value(never, never)


def nothing_of(form: Form) -> CallValue:
    """The value of a component that takes no time, fails never and costs nothing."""
    match form:
        case Form.LAW:
            return ALWAYS_IN_TIME
        case Form.MEAN:
            return MeanTime(Fraction(0), Fraction(0))
        case _:
            return Value(Fraction(0), Fraction(0))


def promised_call_part(
    question: Question, form: Form, promises: Sequence[Promise], *, kind: PartKind, user: str | None
) -> CallPart:
    """The component bounded by all of `promises` together: times unite their points, others take the strictest."""
    service = promises[0].service
    worst, best = _extremes(form, question.metric)
    match form:
        case Form.SHARE:
            converted = [(p, _share(question, promised_unavailability(p.target), p)) for p in promises]
            sound = [(p, c) for p, c in converted if isinstance(c, Converted)]
            sound.sort(key=lambda pair: (pair[1].at_worst.worst, pair[0].name))
            if sound:
                worst = _strictest_share([c.at_worst for _, c in sound])
                best = _strictest_share([c.at_best for _, c in sound])
            used = [ConvertedPromise(promise=p, steps=c.steps) for p, c in sound]
            reasons = [c.reason for _, c in converted if isinstance(c, Incommensurable)]
        case Form.LAW:
            used, worst, best, reasons = _law(question, promises, worst, best)
        case Form.NUMBER | Form.MEAN:
            used, worst, best, reasons = _numbers(question, form, promises, worst, best)
    if not used:
        missing = Missing(
            service=service,
            user=user,
            reason=MissingReason.INCOMMENSURABLE,
            detail="; ".join(dict.fromkeys(reasons)),
        )
        part, _ = missing_part(missing)
        return CallPart(
            replace(part, promises=tuple(ConvertedPromise(promise=p) for p in promises)), worst, best
        )
    return CallPart(Part(kind=kind, service=service, user=user, promises=tuple(used)), worst, best)


def _share(question: Question, epsilon: Fraction, promise: Promise) -> Converted | Incommensurable:
    if question.raw:
        share = Share(worst=epsilon, favourable=epsilon)
        return Converted(at_worst=share, at_best=share)
    return convert_request_share(epsilon, promise=promise.terms, target=question.terms)


def _strictest_share(shares: Iterable[Share]) -> Value:
    found = list(shares)
    return Value(min(s.worst for s in found), min(s.favourable for s in found))


def late_share(target: Target) -> Fraction:
    """1 - F of one point of a promise; a time that always holds is never exceeded."""
    return Fraction(0) if target.for_ is None else 1 - Fraction(target.for_)


def _law(
    question: Question, promises: Sequence[Promise], worst: CallValue, best: CallValue
) -> tuple[list[ConvertedPromise], CallValue, CallValue, list[str]]:
    converted = [(p, _share(question, late_share(p.target), p)) for p in promises]
    sound = [(p, c) for p, c in converted if isinstance(c, Converted)]
    sound.sort(key=lambda pair: (pair[0].target.value.exact, pair[0].name))
    reasons = [c.reason for _, c in converted if isinstance(c, Incommensurable)]
    if sound:
        worst = TimePromise(
            worst=tuple((p.target.value.exact, c.at_worst.worst) for p, c in sound),
            favourable=tuple((p.target.value.exact, c.at_worst.favourable) for p, c in sound),
        )
        best = TimePromise(
            worst=tuple((p.target.value.exact, c.at_best.worst) for p, c in sound),
            favourable=tuple((p.target.value.exact, c.at_best.favourable) for p, c in sound),
        )
    return [ConvertedPromise(promise=p, steps=c.steps) for p, c in sound], worst, best, reasons


def _numbers(
    question: Question, form: Form, promises: Sequence[Promise], worst: CallValue, best: CallValue
) -> tuple[list[ConvertedPromise], CallValue, CallValue, list[str]]:
    """The strictest value that carries over; else the promised one is the best that could be true."""
    higher = question.metric.better is Better.HIGHER
    sign = -1 if higher else 1
    ranked = sorted(promises, key=lambda p: (sign * p.target.value.exact, p.name))
    certain: CallValue | None = None
    used: list[ConvertedPromise] = []
    reasons: list[str] = []
    for promise in ranked:
        steps, carries, reason = _carries_over(question, promise)
        if reason is not None:
            reasons.append(reason)
            continue
        value = _number(form, promise)
        if not used:
            best = value
        if carries and certain is None:
            certain = value
        used.append(ConvertedPromise(promise=promise, steps=steps))
    return used, certain if certain is not None else worst, best, reasons


def _carries_over(question: Question, promise: Promise) -> tuple[tuple[Conversion, ...], bool, str | None]:
    """The conversion's steps, whether the value holds as it stands, and why it says nothing at all."""
    if question.raw or question.metric.family is Family.SUM:
        return (), True, None
    if promise.target.for_ == MEAN:
        # A mean over a window is a weighted share of the means of the windows it is made of.
        share = convert_request_share(Fraction(1, 2), promise=promise.terms, target=question.terms)
        if isinstance(share, Incommensurable):
            return (), False, share.reason
    hard = convert_hard(promise=promise.terms, target=question.terms)
    return hard.steps, hard.carries_over, None


def _number(form: Form, promise: Promise) -> CallValue:
    value = promise.target.value.exact
    if form is Form.MEAN:
        stated = promise.target.for_ == MEAN
        return MeanTime(longest=value, shortest=value if stated else Fraction(0), stated=stated)
    return Value(value, value)
