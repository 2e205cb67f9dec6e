"""What stands for one part of a structure: promises made commensurable, own parts, missing promises
(SEMANTICS §4, §6).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from olagraph.analysis.promises import Backing, Promise, Statistic, statistic_of
from olagraph.analysis.results import Missing, MissingReason, PartKind
from olagraph.metrics.conversion import (
    Conversion,
    Converted,
    Incommensurable,
    Share,
    Terms,
    convert_time_share,
)
from olagraph.metrics.system import Component
from olagraph.model.entities import Metric, Service, Target

WORST = Share(worst=Fraction(1), favourable=Fraction(1))
BEST = Share(worst=Fraction(0), favourable=Fraction(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of every part: a metric under the terms of one target.

    Targets that ask the same question share one composition.

    Attributes:
        terms: the target's window, hours, exclusions, clock, population.
        term: the first and last day of the assessed agreement, where they matter to a conversion.
        statistic: what kind of figure is asked for, for metrics whose targets take `for`.
        raw: take every number as it stands, unconverted: what somebody who ignores the terms would compute.
    """

    metric: Metric
    terms: Terms
    term: tuple[date, date] | None = None
    statistic: Statistic | None = None
    raw: bool = False

    def __hash__(self) -> int:
        return hash((self.metric.id, self.terms.window, self.terms.hours, self.statistic, self.raw))

    @property
    def population(self) -> str | None:
        """The name of the population asked about."""
        return self.terms.population.name if self.terms.population is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedPromise:
    """A promise and how it came to be stated in the terms of the question."""

    promise: Promise
    steps: tuple[Conversion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One component of a structure.

    Attributes:
        kind: a promise, an own part, or missing.
        service: the service it speaks of.
        user: the provider that uses it; None for an own part.
        promises: what bounds it, the strictest first.
        missing: why nothing stands for it.
    """

    kind: PartKind
    service: str
    user: str | None = None
    promises: tuple[ConvertedPromise, ...] = ()
    missing: Missing | None = None

    @property
    def agreement(self) -> str | None:
        """The id of the agreement that binds most."""
        agreement = self.promises[0].promise.agreement if self.promises else None
        return agreement.id if agreement is not None else None

    @property
    def converted(self) -> bool:
        """Whether any of its promises had to be converted."""
        return any(promise.steps for promise in self.promises)

    @property
    def id(self) -> str:
        """The agreement's id, or the service's for an own part or a missing promise."""
        return self.service if self.kind is PartKind.MISSING else self.agreement or self.service


def promised_unavailability(target: Target) -> Fraction:
    """1 - the promised ratio, exact; a 100 % target composes with what it says to assume (SEMANTICS §6)."""
    value = target.assume if target.assume is not None else target.value
    return 1 - value.exact


def own_targets(question: Question, service: Service) -> tuple[Target, ...]:
    """The own parts that the service states on what is asked."""
    return tuple(
        target
        for target in service.own
        if target.metric == question.metric.id
        and (target.population is None or target.population.name == question.population)
        and (question.statistic is None or statistic_of(target) in question.statistic.backed_by)
    )


def own_terms(question: Question, target: Target) -> Terms:
    """An own part has the terms of the target asked about, except where it states its own."""
    return replace(
        question.terms,
        hours=target.hours or question.terms.hours,
        exclusions=question.terms.exclusions if target.exclusions is None else target.exclusions,
        population=target.population,
        averaged_over=target.averaged_over,
    )


def missing_part(missing: Missing) -> tuple[Part, Component]:
    """A part of which nothing is known."""
    part = Part(kind=PartKind.MISSING, service=missing.service, user=missing.user, missing=missing)
    return part, Component(at_worst=WORST, at_best=BEST)


def availability_part(question: Question, backings: Iterable[Backing]) -> tuple[Part, Component]:
    """The component bounded by every promise of `backings`: they speak of the same event, the strictest counts."""
    promises = list(dict.fromkeys(promise for backing in backings for promise in backing.promises))
    user = next(iter(backing.user for backing in backings), None)
    return _bounded(question, promises, kind=PartKind.AGREEMENT, user=user)


def own_availability_part(
    question: Question, service: str, targets: Iterable[Target]
) -> tuple[Part, Component]:
    """A stated own part."""
    promises = [
        Promise(agreement=None, service=service, target=target, terms=own_terms(question, target))
        for target in targets
    ]
    return _bounded(question, promises, kind=PartKind.OWN, user=None)


def _bounded(
    question: Question, promises: list[Promise], *, kind: PartKind, user: str | None
) -> tuple[Part, Component]:
    converted = [(promise, _convert(question, promise)) for promise in promises]
    sound = [(promise, answer) for promise, answer in converted if isinstance(answer, Converted)]
    service = promises[0].service
    if not sound:
        found = dict.fromkeys(answer.reason for _, answer in converted if isinstance(answer, Incommensurable))
        reasons = "; ".join(found)
        missing = Missing(service=service, user=user, reason=MissingReason.INCOMMENSURABLE, detail=reasons)
        part, component = missing_part(missing)
        return replace(part, promises=tuple(ConvertedPromise(promise=p) for p in promises)), component
    # Equals by name, so that the order of a file decides nothing.
    sound.sort(key=lambda pair: (pair[1].at_worst.worst, pair[1].at_best.worst, pair[0].name))
    part = Part(
        kind=kind,
        service=service,
        user=user,
        promises=tuple(ConvertedPromise(promise=p, steps=answer.steps) for p, answer in sound),
    )
    return part, Component(
        at_worst=_strictest([answer.at_worst for _, answer in sound]),
        at_best=_strictest([answer.at_best for _, answer in sound]),
    )


def _convert(question: Question, promise: Promise) -> Converted | Incommensurable:
    unavailability = promised_unavailability(promise.target)
    if question.raw:
        share = Share(worst=unavailability, favourable=unavailability)
        return Converted(at_worst=share, at_best=share)
    return convert_time_share(
        unavailability, promise=promise.terms, target=question.terms, term=question.term
    )


def _strictest(shares: list[Share]) -> Share:
    if len(shares) == 1:
        return shares[0]
    return Share(worst=min(s.worst for s in shares), favourable=min(s.favourable for s in shares))
