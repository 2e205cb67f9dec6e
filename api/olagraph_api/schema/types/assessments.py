"""Assessed targets: what each promise is worth."""

from collections.abc import Iterable
from enum import Enum

import strawberry

from olagraph.analysis import results
from olagraph.analysis.results import identity
from olagraph.reports.order import target_place
from olagraph_api.schema import types
from olagraph_api.schema.arguments import FirstOf
from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.connections import Connection
from olagraph_api.schema.enums import AgreementKind, Basis, Direction, PartKind, Verdict, View, described
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.judged import Judged
from olagraph_api.schema.judgements import told_apart
from olagraph_api.schema.node_ids import NodeKey
from olagraph_api.schema.numbers import finite
from olagraph_api.schema.ordering import Condition, Orders, any_of, every, found_in, one_of
from olagraph_api.schema.paging import Key, Ordered, Page, Paging
from olagraph_api.schema.search import folded
from olagraph_api.schema.types.levels import Level, TimeAt, level_of
from olagraph_api.schema.types.missing import Missing, first_missing
from olagraph_api.schema.types.nodes import Node
from olagraph_api.schema.types.references import AnAgreement, AService
from olagraph_api.schema.types.targets import Target


class AssessmentOrderField(Enum):
    VERDICT = "verdict"
    AGREEMENT = "agreement"
    SERVICE = "service"
    METRIC = "metric"
    GAP = "gap"


described(
    AssessmentOrderField,
    "What assessed targets can be ordered by.",
    {
        AssessmentOrderField.VERDICT: "The verdict, the worst first.",
        AssessmentOrderField.AGREEMENT: "The id of the agreement.",
        AssessmentOrderField.SERVICE: "The id of the service.",
        AssessmentOrderField.METRIC: "The id of the metric.",
        AssessmentOrderField.GAP: "By how much the target is missed.",
    },
)


def _place(target: results.TargetAssessment) -> Key:
    """The place of a target among those that are alike otherwise, as in the reports."""
    own = (part or "" for part in identity(target.agreement, target.target))
    return (*target_place(target), *own)


ORDERS: Orders[AssessmentOrderField, results.TargetAssessment] = Orders(
    {
        AssessmentOrderField.VERDICT: lambda target: (target.verdict.rank, *_place(target)),
        AssessmentOrderField.AGREEMENT: lambda target: (target.agreement.id, *_place(target)),
        AssessmentOrderField.SERVICE: lambda target: (target.service, *_place(target)),
        AssessmentOrderField.METRIC: lambda target: (target.metric.id, *_place(target)),
        AssessmentOrderField.GAP: lambda target: (target.gap, *_place(target)),
    }
)
WORST_FIRST = ORDERS.asked(None)
"""The order of assessed targets that says no other."""


@strawberry.input(description="How assessed targets are ordered.")
class AssessmentOrder:
    field: AssessmentOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which way.")


@strawberry.input(
    description="Which assessed targets: all that is stated must hold, and of a list one of its items must."
)
class AssessmentFilter:
    verdict: list[Verdict] | None = strawberry.field(default=None, description="Verdicts.")
    kind: list[AgreementKind] | None = strawberry.field(default=None, description="Of SLAs, OLAs or UCs.")
    agreement: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of the agreements."
    )
    service: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of the services covered."
    )
    metric: list[str] | None = strawberry.field(default=None, description="Ids of the metrics.")
    customer: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of those whom the agreements are made to."
    )
    provider: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of the providers that make the agreements."
    )
    draft: bool | None = strawberry.field(default=None, description="Only drafts, or only what is none.")
    search: str | None = strawberry.field(
        default=None,
        description="A part of what `search` finds agreements and services by, or of the metric's id, in any case.",
    )

    def among(self, judged: Judged) -> Iterable[results.TargetAssessment] | None:
        """The targets that it may leave, if they are few and known; else None."""
        if self.agreement is not None:
            ids, groups = self.agreement, judged.judgements.targets_of_agreement
        elif self.service is not None:
            ids, groups = self.service, judged.judgements.targets_of_service
        else:
            return None
        return [target for id in dict.fromkeys(ids) for target in groups.get(id, ())]

    def condition(self, catalogue: Catalogue) -> Condition[results.TargetAssessment] | None:
        """What must hold of an assessed target."""
        kind_of, draft = catalogue.graph.kind_of, self.draft
        return every(
            one_of(self.verdict, lambda target: target.verdict),
            one_of(self.kind, lambda target: kind_of(target.agreement)),
            one_of(self.agreement, lambda target: target.agreement.id),
            one_of(self.service, lambda target: target.service),
            one_of(self.metric, lambda target: target.metric.id),
            any_of(self.customer, lambda target: target.agreement.customers),
            one_of(self.provider, lambda target: target.agreement.provider),
            None if draft is None else lambda target: target.draft is draft,
            found_in(
                self.search,
                lambda target: catalogue.agreement_texts[target.agreement.id],
                lambda target: catalogue.service_texts[target.service],
                lambda target: folded(target.metric.id),
            ),
        )


@shows_record(description="One of the parts that cost most of what a target allows.")
class WeakPart:
    record: strawberry.Private[results.WeakPart]
    catalogue: strawberry.Private[Catalogue]

    kind: PartKind = stated("A promise, an own part, or one that is missing.")
    share: float = stated(
        "Its share of the independent unavailability, 0 to 1; of times, of the sum of terms."
    )
    ref: str | None = stated("The clause.")
    complement: float | None = stated("1 - the value, for ratios.")

    @field("The agreement that promises it; null for own parts and for what is missing.")
    def agreement(self) -> AnAgreement | None:
        if self.record.kind is not PartKind.AGREEMENT:
            return None
        return types.agreement(self.catalogue, self.record.id)

    @field("The service that it speaks of.")
    def service(self) -> AService:
        return types.service(self.catalogue, self.record.service)

    @field(
        "The value that it enters with, in SI units and in the terms of the target; null: missing or"
        " infinite."
    )
    def value(self) -> float | None:
        return finite(self.record.value)


@shows_record(description="One view's verdict and values.")
class ViewAssessment:
    record: strawberry.Private[results.ViewAssessment]
    target: strawberry.Private[results.TargetAssessment]
    catalogue: strawberry.Private[Catalogue]

    verdict: Verdict = stated("The verdict in this view.")

    @field(
        "What the contracts alone guarantee, without independence; null: it has no meaning for the metric."
    )
    def guaranteed(self) -> Level | None:
        return level_of(self.record.guaranteed, self.target, self.catalogue.wording.level)

    @field("What follows if failures are independent; null: it has no meaning for the metric.")
    def independent(self) -> Level | None:
        return level_of(self.record.independent, self.target, self.catalogue.wording.level)

    @field(
        "The best that could happen with every promise exactly at its target; null: it has no meaning for"
        " the metric."
    )
    def ceiling(self) -> Level | None:
        return level_of(self.record.ceiling, self.target, self.catalogue.wording.level)

    @field("When a percentile's fraction is reached; null for other targets.")
    def time_at(self) -> list[TimeAt] | None:
        times = self.record.time_at
        if times is None:
            return None
        said = self.catalogue.wording.time
        return [
            TimeAt(basis=basis, time=Level(times[basis], self.target, said))
            for basis in Basis
            if basis in times
        ]

    @field("What nothing stands for.")
    def missing(self, first: FirstOf = None) -> list[Missing]:
        return first_missing(self.catalogue, self.record.missing, first)

    @field("How many parts nothing stands for.")
    def missing_count(self) -> int:
        return len(self.record.missing)

    @field("The parts that cost most, at most three, the most expensive first.")
    def weakest(self) -> list[WeakPart]:
        return [WeakPart(each, self.catalogue) for each in self.record.weakest]


@shows_record(description="The assessment of one target of one agreement on one covered service.")
class TargetAssessment(Node):
    record: strawberry.Private[results.TargetAssessment]
    judged: strawberry.Private[Judged]

    metric: str = stated("The id of the metric.", attribute="metric.id")
    verdict: Verdict = stated("The headline: the worse of the two views.")
    worse: View = stated("The view that decides the headline, the gap and the weakest parts.")
    draft: bool = stated("Whether the agreement is a draft.")
    resold: bool = stated("Whether the agreement's provider is not the service's.")

    def node_key(self) -> NodeKey:
        record, judged = self.record, self.judged
        parts = judged.judgements.parts.get(id(record)) or told_apart(record)
        return NodeKey("TargetAssessment", judged.catalogue.id, parts, judged.asked)

    @field("The agreement that promises it.")
    def agreement(self) -> AnAgreement:
        catalogue = self.judged.catalogue
        return types.Agreement(catalogue.agreement(self.record.agreement), catalogue)

    @field("The service that it is promised on.")
    def service(self) -> AService:
        return types.service(self.judged.catalogue, self.record.service)

    @field("The target in the terms that it is assessed in: window, hours and exclusions resolved.")
    def target(self) -> Target:
        return Target(self.record.target, self.judged.catalogue)

    @field(
        "By how much the value that decides misses the target, in the target's unit (percentiles: in shares"
        " of cases), negative: headroom; null where the verdict is UNKNOWN, or it is infinite."
    )
    def gap(self) -> float | None:
        return finite(self.record.gap)

    @field("What the promises one level down are worth.")
    def contracted(self) -> ViewAssessment:
        record = self.record
        return ViewAssessment(record.contracted, record, self.judged.catalogue)

    @field("What leaf promises and own parts come to, all the way down.")
    def achievable(self) -> ViewAssessment:
        record = self.record
        return ViewAssessment(record.achievable, record, self.judged.catalogue)

    @field("The weakest parts in the worse view, at most three, the most expensive first.")
    def weakest(self) -> list[WeakPart]:
        catalogue = self.judged.catalogue
        return [WeakPart(each, catalogue) for each in self.record.weakest]

    @field("Whether the promise holds, by which number, and on which clause that rests, in one sentence.")
    def sentence(self) -> str:
        return self.judged.catalogue.wording.verdict(self.record)

    @field(
        "What would make it hold, in words; null: nothing is missing, or no single change does.", heavy=True
    )
    def fix(self) -> str | None:
        return self.judged.judgements.fix(self.record)


def target_page(
    judged: Judged,
    ordered: Ordered[results.TargetAssessment],
    paging: Paging,
    condition: Condition[results.TargetAssessment] | None = None,
) -> Connection[TargetAssessment]:
    """A page of a list of assessed targets."""
    return Connection(
        page=Page(ordered, paging, condition),
        shown=lambda record: TargetAssessment(record, judged),
    )


def all_targets(
    judged: Judged, paging: Paging, filter: AssessmentFilter | None, order: AssessmentOrder | None
) -> Connection[TargetAssessment]:
    """A page of all assessed targets that a filter leaves."""
    wanted = ORDERS.asked(order)
    among = filter.among(judged) if filter else None
    ordered = judged.judgements.targets(wanted) if among is None else Ordered.of(among, wanted)
    condition = filter.condition(judged.catalogue) if filter else None
    return target_page(judged, ordered, paging, condition)
