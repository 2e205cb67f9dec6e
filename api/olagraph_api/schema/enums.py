"""The enumerations: words of the model and of the results, each value described.

Members of the model's enumerations stand for their names in the schema, so that results are shown as they are.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

import strawberry

from olagraph.analysis.concentration.results import CutBy, ElementKind
from olagraph.analysis.losses import LossKind as AnyLossKind
from olagraph.analysis.outage.results import CauseKind, Remark, ServiceState
from olagraph.analysis.results import (
    Answer,
    Basis,
    MissingReason,
    PartKind,
    Severity,
    StepKind,
    Verdict,
    View,
)
from olagraph.documents.changes import Action
from olagraph.model.entities import AgreementKind, AgreementStatus, Better, ProviderKind, Strength
from olagraph_api.security.principals import Role

__all__ = [
    "Action",
    "AgreementKind",
    "AgreementStatus",
    "Answer",
    "Basis",
    "CauseKind",
    "CutBy",
    "DependencyKind",
    "Direction",
    "ElementKind",
    "LossKind",
    "MissingReason",
    "PartKind",
    "Pattern",
    "ProviderKind",
    "Remark",
    "Role",
    "ServiceState",
    "Severity",
    "StepKind",
    "Strength",
    "Verdict",
    "View",
]

E = TypeVar("E", bound=Enum)


class DependencyKind(Enum):
    """How one service needs another; the value is the graph's word for it."""

    WORKFLOW = "workflow"
    REQUIRES = "requires"


class LossKind(Enum):
    """What may be lost at once in a concentration."""

    PROVIDER = AnyLossKind.PROVIDER
    OWNER = AnyLossKind.OWNER
    REGION = AnyLossKind.REGION
    ZONE = AnyLossKind.ZONE


class Pattern(Enum):
    """The patterns of workflow expressions."""

    SEQUENCE = "sequence"
    PARALLEL = "parallel"
    ALL_OF = "all_of"
    ANY_OF = "any_of"
    K_OF_N = "k_of_n"
    CHOICE = "choice"
    REPEAT = "repeat"


class Direction(Enum):
    """Which way a list is ordered."""

    ASC = "ascending"
    DESC = "descending"


def described(enumeration: type[E], description: str, values: Mapping[E, str]) -> None:
    """Make an enumeration one of the schema.

    Args:
        enumeration: any; its members' names are the values.
        description: for the schema.
        values: what each member means.
    """
    definition: Any = strawberry.enum(enumeration, description=description).__strawberry_definition__  # type: ignore[attr-defined]
    for value in definition.values:
        value.description = values[enumeration[value.name]]


described(
    Verdict,
    "What a promise is worth, from the worst to the best.",
    {
        Verdict.INFEASIBLE: "Even with every promise exactly at its target and the most favourable dependence, the"
        " target is missed.",
        Verdict.UNSUPPORTED: "Independent failures miss the target; only luck would meet it.",
        Verdict.UNKNOWN: "The missing promises decide.",
        Verdict.CONDITIONAL: "Met if failures are independent, not by the contracts alone.",
        Verdict.SUPPORTED: "The contracts alone guarantee it.",
    },
)
described(
    Severity,
    "How bad a finding is.",
    {
        Severity.ERROR: "A promise to a customer is not backed, or a service is oversubscribed.",
        Severity.WARNING: "A promise rests on something that it should not rest on.",
        Severity.INFO: "Something worth knowing.",
    },
)
described(
    AgreementKind,
    "The kinds of agreement of ITIL and ISO 20000.",
    {
        AgreementKind.SLA: "Service level agreement: to a customer.",
        AgreementKind.OLA: "Operational level agreement: internal provider to internal provider.",
        AgreementKind.UC: "Underpinning contract: external supplier to us.",
    },
)
described(
    AgreementStatus,
    "Whether an agreement counts.",
    {
        AgreementStatus.DRAFT: "Assessed, marked as a draft, and never backing anything.",
        AgreementStatus.SIGNED: "Backs what it promises.",
    },
)
described(
    ProviderKind,
    "Whether a provider is one of our own teams or a supplier.",
    {
        ProviderKind.INTERNAL: "One of our own teams.",
        ProviderKind.EXTERNAL: "A supplier.",
    },
)
described(
    Strength,
    "How firmly a target is meant. Only guarantees and commitments back anything.",
    {
        Strength.GUARANTEE: "Guaranteed; backs what rests on it.",
        Strength.COMMITMENT: "Committed to, the default; backs what rests on it.",
        Strength.OBJECTIVE: "Aimed at: shown, never counted.",
        Strength.BEST_EFFORT: "Best effort: shown, never counted.",
    },
)
described(
    ServiceState,
    "What becomes of a service in an outage, the worst first. Untouched services are not listed.",
    {
        ServiceState.DOWN: "Not available.",
        ServiceState.AT_RISK: "Up, but what failed is relevant to it: redundancy is lost.",
        ServiceState.DEGRADED: "Up, but an optional step has failed, or only some of its users still have it.",
    },
)
described(
    View,
    "Which promises are composed.",
    {
        View.CONTRACTED: "The promises that directly back the service's workflow: one level of paper.",
        View.ACHIEVABLE: "Leaf promises and own parts only, all the way down the graph.",
    },
)
described(
    Basis,
    "What is assumed about failures that coincide.",
    {
        Basis.GUARANTEED: "Nothing: outages may coincide in the worst way, conversions at their worst.",
        Basis.INDEPENDENT: "Distinct components fail independently: a long-run mean, not a bound for each window.",
        Basis.CEILING: "Every promise exactly at its target, and the most favourable dependence.",
    },
)
described(
    DependencyKind,
    "How one service needs another.",
    {
        DependencyKind.WORKFLOW: "It is a step of its workflow.",
        DependencyKind.REQUIRES: "It supports it: network, identity, hosting.",
    },
)
described(
    LossKind,
    "What may be lost at once.",
    {
        LossKind.PROVIDER: "A provider with everything that it provides or supplies.",
        LossKind.OWNER: "An owner with everything that it owns.",
        LossKind.REGION: "Everything that lies in a region.",
        LossKind.ZONE: "Everything that lies in a zone.",
    },
)
described(
    CutBy,
    "What the members of a cut set are.",
    {
        CutBy.COMPONENT: "What a service does itself.",
        CutBy.PROVIDER: "Providers, each with everything that it provides or supplies, alone.",
        CutBy.OWNER: "Ultimate owners, each with everything that it owns; a provider that nobody owns is its own.",
    },
)
described(
    Direction,
    "Which way a list is ordered. What is not stated comes last either way; equals are ordered by id.",
    {
        Direction.ASC: "The smallest first; of verdicts and severities the worst.",
        Direction.DESC: "The greatest first; of verdicts and severities the mildest.",
    },
)
described(
    Role,
    "What an account may do.",
    {
        Role.VIEWER: "Read portfolios, their history and everything that is computed from them.",
        Role.EDITOR: "Change portfolios, too.",
        Role.ADMIN: "Create and remove portfolios, and manage keys, too.",
    },
)
described(
    Pattern,
    "The patterns of workflow expressions.",
    {
        Pattern.SEQUENCE: "One after the other: all must work, times add.",
        Pattern.PARALLEL: "All at once, wait for all: all must work, the slowest decides.",
        Pattern.ALL_OF: "Supporting services that must all work; they add no time.",
        Pattern.ANY_OF: "Redundancy: one suffices; a race, or failover in order if branches carry a timeout.",
        Pattern.K_OF_N: "Redundancy: at least k of the branches must work.",
        Pattern.CHOICE: "One branch is taken, with probabilities or unknown ones.",
        Pattern.REPEAT: "A step done several times, or again with a probability.",
    },
)
described(
    MissingReason,
    "Why nothing stands for a part of a service.",
    {
        MissingReason.NO_AGREEMENT: "No agreement covers the use.",
        MissingReason.METRIC_GAP: "An agreement covers the use but none states the metric, or the own part is silent"
        " on it.",
        MissingReason.CONDITION_UNMET: "The promises hold only under conditions that the service's traits do not meet.",
        MissingReason.POPULATION_MISMATCH: "The promises speak of other cases.",
        MissingReason.NOT_COUNTED: "Only drafts, objectives or best-effort targets speak of it.",
        MissingReason.INCOMMENSURABLE: "The promise has no sound conversion to the target's terms.",
        MissingReason.OWN_PART: "The provider's own part is not stated.",
        MissingReason.CYCLE: "The value would depend on itself.",
    },
)
described(
    PartKind,
    "What stands for a part of a service.",
    {
        PartKind.AGREEMENT: "A promise.",
        PartKind.OWN: "The provider's own part.",
        PartKind.MISSING: "Nothing: a promise is missing.",
    },
)
described(
    StepKind,
    "What a step of an explanation shows.",
    {
        StepKind.SERVICE: "A service, with what it is composed of below it.",
        StepKind.PATTERN: "A pattern of its workflow.",
        StepKind.PROMISE: "The promise that stands for a use.",
        StepKind.OWN: "The provider's own part.",
        StepKind.MISSING: "A use for which nothing stands.",
    },
)
described(
    Answer,
    "Whether a target could be promised.",
    {
        Answer.YES: "The contracts alone support it.",
        Answer.IF_INDEPENDENT: "If failures are independent.",
        Answer.NO: "It could not.",
        Answer.UNKNOWN: "The missing promises decide.",
    },
)
described(
    CauseKind,
    "How a failure strikes a service at first hand.",
    {
        CauseKind.SERVICE: "The service itself fails.",
        CauseKind.PROVIDER: "Its provider fails, or an owner of it.",
        CauseKind.SUPPLIER: "A provider in its supply chain fails.",
        CauseKind.REGION: "Its region fails.",
        CauseKind.ZONE: "Its zone fails.",
        CauseKind.AGREEMENT: "What it is delivered under fails, or what the service used is delivered to it under.",
    },
)
described(
    Remark,
    "What a computed budget or instant leaves out.",
    {
        Remark.ELAPSED_TIME: "The target speaks of opening hours; elapsed time was counted.",
        Remark.WINDOW_ASSUMED: "Neither target nor agreement states a window; a month was taken.",
        Remark.BLOCKS: "Where a block of days begins is not known; the worst midnight was taken.",
        Remark.UNLIMITED_EXCLUSION: "The target excludes some time without a limit; if this outage is such time, it"
        " does not count.",
        Remark.CAUSE_EXCLUDED: "The target excludes outages by their cause; if this one has it, it does not count.",
    },
)
described(
    ElementKind,
    "Whose importance is measured.",
    {
        ElementKind.COMPONENT: "What one promise, own part or missing promise stands for.",
        ElementKind.COMMON_CAUSE: "The event that takes all branches of a redundant group down at once.",
        ElementKind.AGREEMENT: "All components that rest on one agreement, at once.",
        ElementKind.PROVIDER: "All components of the services of one provider, at once.",
        ElementKind.OWNER: "All components of the services of one provider and of everybody whom it owns, at once.",
        ElementKind.REGION: "All components of the services that lie in one region, at once.",
        ElementKind.ZONE: "All components of the services that lie in one zone, at once.",
    },
)
described(
    Action,
    "What becomes of an entity in a change.",
    {
        Action.ADDED: "It is new.",
        Action.CHANGED: "Some of its fields differ.",
        Action.REMOVED: "It is gone.",
    },
)
described(
    Better,
    "Which way a metric improves.",
    {
        Better.HIGHER: "More is better: availability, throughput.",
        Better.LOWER: "Less is better: times, cost.",
    },
)
