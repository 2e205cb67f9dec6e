"""What an assessment says: verdicts, values on three bases, findings, explanations. All frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import TypeAlias

from olagraph.metrics.basis import Basis
from olagraph.model.entities import ROUND_THE_CLOCK, Agreement, Metric, Strength, Target

__all__ = [
    "Answer",
    "Assessment",
    "Basis",
    "Explanation",
    "ExplanationStep",
    "Feasibility",
    "Finding",
    "Level",
    "Missing",
    "MissingReason",
    "NotAssessed",
    "PartKind",
    "Severity",
    "StepKind",
    "SubjectType",
    "TargetAssessment",
    "Verdict",
    "View",
    "ViewAssessment",
    "WeakPart",
]


class Verdict(StrEnum):
    """The verdict ladder (SEMANTICS §4), listed from the worst to the best."""

    INFEASIBLE = "INFEASIBLE"
    """Even with every promise exactly at its target and the most favourable dependence, the target is missed."""
    UNSUPPORTED = "UNSUPPORTED"
    """Independent failures miss the target; only luck would meet it."""
    UNKNOWN = "UNKNOWN"
    """The missing promises decide."""
    CONDITIONAL = "CONDITIONAL"
    """Met if failures are independent, not by the contracts alone."""
    SUPPORTED = "SUPPORTED"
    """The contracts alone guarantee it."""

    @property
    def rank(self) -> int:
        """0 for the worst verdict to 4 for the best."""
        return _RANKS[self]


_RANKS = {verdict: rank for rank, verdict in enumerate(Verdict)}


class View(StrEnum):
    """Which promises are composed (SEMANTICS §4)."""

    CONTRACTED = "contracted"
    """The promises that directly back the service's workflow: one level of paper."""
    ACHIEVABLE = "achievable"
    """Leaf promises and own parts only, all the way down."""


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for an error, 1 for a warning, 2 for an info."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A value on one basis, from everything missing at its worst to everything missing at its best.

    Attributes:
        at_worst, at_best: the value in SI units; equal where nothing is missing; `math.inf` is legal.
        complement_at_worst, complement_at_best: 1 - value at full precision, for ratios; else None.
        certified: False where the value is one end of certified bounds because the exact one is out of reach.
    """

    at_worst: float
    at_best: float
    complement_at_worst: float | None = None
    complement_at_best: float | None = None
    certified: bool = True

    @property
    def single(self) -> bool:
        """Whether the value is one number rather than an interval."""
        if self.complement_at_worst is not None:
            return self.complement_at_worst == self.complement_at_best
        return self.at_worst == self.at_best


class MissingReason(StrEnum):
    """Why nothing stands for a part of the structure."""

    NO_AGREEMENT = "NO_AGREEMENT"
    """No agreement covers the use."""
    METRIC_GAP = "METRIC_GAP"
    """An agreement covers the use but none states the metric, or the own part is silent on it."""
    CONDITION_UNMET = "CONDITION_UNMET"
    """The promises hold only under conditions that the service's traits do not meet."""
    POPULATION_MISMATCH = "POPULATION_MISMATCH"
    """The promises speak of other cases."""
    NOT_COUNTED = "NOT_COUNTED"
    """Only drafts, objectives or best-effort targets speak of it."""
    INCOMMENSURABLE = "INCOMMENSURABLE"
    """The promise has no sound conversion to the target's terms."""
    OWN_PART = "OWN_PART"
    """The provider's own part is not stated."""
    CYCLE = "CYCLE"
    """The value would depend on itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A part of the structure for which nothing stands.

    Attributes:
        service: the service that is used (or whose own part is missing).
        user: the provider that uses it; None for an own part.
        reason: why it is missing.
        detail: one clause for people.
    """

    service: str
    user: str | None
    reason: MissingReason
    detail: str = ""


class PartKind(StrEnum):
    """What stands for a part of the structure."""

    AGREEMENT = "agreement"
    OWN = "own"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakPart:
    """One of the parts that cost most of the budget.

    Attributes:
        kind: agreement, own part or missing promise.
        id: the agreement's id, or the service's id for an own part or a missing promise.
        service: the service it speaks of.
        share: its share of the independent unavailability, 0 to 1 (times: of the sum of terms).
        value: the value it enters with, in SI units; None where missing.
        complement: 1 - value for ratios.
        in_time: of a percentile promise the share of cases within `value`.
        ref: the clause.
        components: how many components the agreement stands for; `service` and `value` are those of the costliest.
        converted: its value is not the number in the contract, whose terms differ from the target's.
    """

    kind: PartKind
    id: str
    service: str
    share: float
    value: float | None = None
    complement: float | None = None
    in_time: float | None = None
    ref: str | None = None
    components: int = 1
    converted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewAssessment:
    """One view's verdict and values.

    Attributes:
        guaranteed, independent, ceiling: None where the basis has no meaning for the metric.
        time_at: for percentile times, per basis the smallest time that reaches the target's fraction
            (`math.inf`: none does).
        missing: what nothing stands for.
        weakest: the parts that cost most, at most three, the most expensive first.
    """

    verdict: Verdict
    guaranteed: Level | None
    independent: Level | None
    ceiling: Level | None
    time_at: Mapping[Basis, Level] | None = None
    missing: tuple[Missing, ...] = ()
    weakest: tuple[WeakPart, ...] = ()

    def level(self, basis: Basis) -> Level | None:
        """The value on `basis`."""
        return {
            Basis.GUARANTEED: self.guaranteed,
            Basis.INDEPENDENT: self.independent,
            Basis.CEILING: self.ceiling,
        }[basis]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetAssessment:
    """The assessment of one target of one agreement on one covered service.

    Attributes:
        agreement: as stated; `target` holds the inherited and effective terms.
        target: the target assessed, its window, hours and exclusions resolved.
        metric: the row of the metric table.
        verdict: the headline, the worse of the two views.
        gap: by how much the deciding value misses the target, in the target's unit, negative = headroom;
            None for UNKNOWN.
        worse: the view that decides headline, gap and weakest.
        draft: whether the agreement is a draft.
        resold: whether the agreement's provider is not the service's.
    """

    agreement: Agreement
    service: str
    target: Target
    metric: Metric
    verdict: Verdict
    contracted: ViewAssessment
    achievable: ViewAssessment
    worse: View
    gap: float | None
    draft: bool = False
    resold: bool = False

    @property
    def weakest(self) -> tuple[WeakPart, ...]:
        """The weakest parts of the worse view."""
        return self.view(self.worse).weakest

    def view(self, view: View) -> ViewAssessment:
        """One of the two views."""
        return self.contracted if view is View.CONTRACTED else self.achievable


Identity: TypeAlias = tuple[str | None, str | None, str | None]
"""What tells the targets of one agreement on one metric apart: statistic, priority, terms of their own."""


def identity(agreement: Agreement, target: Target) -> Identity:
    """The identity of a target, whose terms may be filled in from its agreement: of those only its own count."""
    own = [str(target.window)] if target.window not in (None, agreement.window) else []
    own += [str(target.clock)] if target.clock is not None else []
    own += [str(target.hours)] if target.hours not in (None, ROUND_THE_CLOCK, agreement.hours) else []
    own += [str(target.strength)] if target.strength is not Strength.COMMITMENT else []
    own += [f"{c.trait} {c.comparison} {c.value}" for c in target.when]
    return (
        None if target.for_ is None else str(target.for_),
        target.population.name if target.population is not None else None,
        " ".join(own) or None,
    )


class SubjectType(StrEnum):
    """What a finding is about."""

    AGREEMENT = "agreement"
    SERVICE = "service"
    PROVIDER = "provider"
    PORTFOLIO = "portfolio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A business fault: something a service manager should know or change. Never an invalid input.

    Attributes:
        code: stable, SEMANTICS §7.
        subject_type, subject: what it is about.
        message: one sentence for people, with the clause.
        service, metric: where it applies.
        evidence: `path`, `agreements`, `clauses`, numbers and thresholds: plain values only.
        fix: what to do, where something can be done.
        fingerprint: identity from run to run; no numbers go into it.
        target: which of an agreement's targets on the metric it speaks of (`identity`); None = no single one.
    """

    code: str
    severity: Severity
    subject_type: SubjectType
    subject: str
    message: str
    service: str | None = None
    metric: str | None = None
    evidence: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    fix: str | None = None
    fingerprint: str = ""
    target: Identity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAssessed:
    """A target that got no verdict, and why."""

    agreement: str
    service: str | None
    metric: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What one portfolio's promises are worth on one day.

    Attributes:
        portfolio: its name.
        currency: of money values.
        as_of: the day of assessment.
        revision: of the store's snapshot; None for files.
        not_in_force: ids of agreements not in force on the day.
        targets: one entry per agreement, covered service and target, worst verdict first.
        findings: errors first.
        not_assessed: listed targets without a verdict (objectives, unmet conditions, untracked metrics).
    """

    portfolio: str
    currency: str | None
    as_of: date
    revision: int | None
    not_in_force: tuple[str, ...]
    targets: tuple[TargetAssessment, ...]
    findings: tuple[Finding, ...]
    not_assessed: tuple[NotAssessed, ...] = ()


class StepKind(StrEnum):
    """What one line of an explanation shows."""

    SERVICE = "service"
    PATTERN = "pattern"
    PROMISE = "promise"
    OWN = "own"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationStep:
    """One step of a composition.

    Attributes:
        kind: service, pattern (sequence, any of, ...), promise, own part or missing promise.
        label: the service, pattern or agreement, for people.
        service: the service, where the step is about one.
        agreement, ref: the promise used and its clause.
        guaranteed, independent, ceiling: the step's values; None where a basis has no meaning here.
        share: share of the whole's budget that this step costs (independent basis), 0 to 1.
        notes: conversions and remarks, one sentence each.
        steps: what it is composed of.
    """

    kind: StepKind
    label: str
    service: str | None = None
    agreement: str | None = None
    ref: str | None = None
    guaranteed: Level | None = None
    independent: Level | None = None
    ceiling: Level | None = None
    share: float | None = None
    notes: tuple[str, ...] = ()
    steps: tuple["ExplanationStep", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one target got its verdict: the composition of both views, step by step."""

    assessment: TargetAssessment
    contracted: ExplanationStep
    achievable: ExplanationStep


class Answer(Enum):
    """Whether a target could be promised."""

    YES = "yes"
    """The contracts alone support it."""
    IF_INDEPENDENT = "if failures are independent"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feasibility:
    """Whether a target could be promised on a service, and what could be at best.

    Attributes:
        assessment: the target as if it were promised today.
        answer: in one word.
        best: per view and basis, the best target that could be promised today.
        blocking: the one part that blocks it most, if anything does.
    """

    assessment: TargetAssessment
    answer: Answer
    best: Mapping[View, Mapping[Basis, Level]]
    blocking: WeakPart | None
