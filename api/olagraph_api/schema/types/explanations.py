"""Explanations: why a target got its verdict, step by step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import strawberry

from olagraph.analysis import results
from olagraph.analysis.explain import explain
from olagraph.analysis.settings import Settings
from olagraph.reports.sentences import Asked
from olagraph_api.schema import types
from olagraph_api.schema.enums import StepKind
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.judged import Judged
from olagraph_api.schema.refusing import refusing
from olagraph_api.schema.types.levels import Level, level_of
from olagraph_api.schema.types.references import AnAgreement, AService, ATargetAssessment


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A step at its place in an explanation."""

    step: results.ExplanationStep
    parent: int | None
    depth: int


@shows_record(description="One step of a composition.")
class ExplanationStep:
    record: strawberry.Private[_Placed]
    target: strawberry.Private[results.TargetAssessment]
    judged: strawberry.Private[Judged]

    parent: int | None = stated("The place in the list of the step that it is part of; null for the whole.")
    depth: int = stated("How many steps are around it.")
    kind: StepKind = stated("What it shows.", attribute="step.kind")
    label: str = stated("The service, pattern or agreement, for people.", attribute="step.label")
    ref: str | None = stated("The clause of the promise used.", attribute="step.ref")
    share: float | None = stated(
        "Its share of what the whole uses up, failures being independent, 0 to 1.", attribute="step.share"
    )
    notes: list[str] = stated("Conversions and remarks, one sentence each.", attribute="step.notes")

    @field("The service, where the step is about one.")
    def service(self) -> AService | None:
        service = self.record.step.service
        return None if service is None else types.service(self.judged.catalogue, service)

    @field("The promise that is used.")
    def agreement(self) -> AnAgreement | None:
        agreement = self.record.step.agreement
        return None if agreement is None else types.agreement(self.judged.catalogue, agreement)

    @property
    def _said(self) -> Callable[[results.Level, Asked], str]:
        return partial(self.judged.catalogue.wording.level, detailed=True)

    @field("What is guaranteed of it; null: no value, or no meaning here.")
    def guaranteed(self) -> Level | None:
        return level_of(self.record.step.guaranteed, self.target, self._said)

    @field("What it is worth if failures are independent; null: no value, or no meaning here.")
    def independent(self) -> Level | None:
        return level_of(self.record.step.independent, self.target, self._said)

    @field("The best that it could be worth; null: no value, or no meaning here.")
    def ceiling(self) -> Level | None:
        return level_of(self.record.step.ceiling, self.target, self._said)


@shows_record(description="Why one target got its verdict: the composition of both views, step by step.")
class Explanation:
    record: strawberry.Private[results.Explanation]
    judged: strawberry.Private[Judged]

    @field("The assessed target.")
    def assessment(self) -> ATargetAssessment:
        return types.TargetAssessment(self.record.assessment, self.judged)

    @field(
        "What the promises one level down come to: every step after the one that it is part of; the"
        " first is the whole."
    )
    def contracted(self) -> list[ExplanationStep]:
        return self._steps(self.record.contracted)

    @field(
        "What leaf promises and own parts come to: every step after the one that it is part of; the"
        " first is the whole."
    )
    def achievable(self) -> list[ExplanationStep]:
        return self._steps(self.record.achievable)

    def _steps(self, root: results.ExplanationStep) -> list[ExplanationStep]:
        target, judged = self.record.assessment, self.judged
        return [ExplanationStep(placed, target, judged) for placed in _written_out(root)]


def _written_out(root: results.ExplanationStep) -> Iterator[_Placed]:
    pending = [_Placed(step=root, parent=None, depth=0)]
    place = 0
    while pending:
        placed = pending.pop()
        yield placed
        below = [_Placed(step=step, parent=place, depth=placed.depth + 1) for step in placed.step.steps]
        pending.extend(reversed(below))
        place += 1


def explanations_of(
    judged: Judged, *, agreement: str, service: str | None, metric: str | None
) -> list[Explanation]:
    """The explanations of an agreement's assessed targets.

    Raises:
        GraphQLError: an agreement, service or metric that is not there, or that the agreement does not cover or state.
    """
    with refusing():
        found = explain(
            judged.catalogue.portfolio,
            Settings(as_of=judged.judgements.day),
            agreement=agreement,
            service=service,
            metric=metric,
            graph=judged.catalogue.graph,
        )
    return [Explanation(each, judged) for each in found]
