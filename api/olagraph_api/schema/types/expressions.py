"""Workflow expressions, written out step by step: a tree as a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import strawberry

from olagraph.documents.workflows import REQUIRES, WORKFLOW
from olagraph.model import workflow
from olagraph.model.workflow import Step
from olagraph_api.schema import types
from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.enums import Pattern
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.scalars import Duration, Json
from olagraph_api.schema.types.references import AService

_PATTERNS = {
    workflow.Sequence: Pattern.SEQUENCE,
    workflow.Parallel: Pattern.PARALLEL,
    workflow.AllOf: Pattern.ALL_OF,
    workflow.Choice: Pattern.CHOICE,
    workflow.Repeat: Pattern.REPEAT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A step at its place in an expression."""

    step: Step
    parent: int | None
    depth: int
    probability: Decimal | None


@shows_record(
    description="A step of an expression: the use of a service, or a pattern with steps of its own below it."
)
class ExpressionStep:
    record: strawberry.Private[_Placed]
    catalogue: strawberry.Private[Catalogue]

    parent: int | None = stated("The place in the list of the step that it is part of; null for the root.")
    depth: int = stated("How many steps are around it.")
    optional: bool = stated("A soft dependency: it degrades, never breaks.", attribute="step.optional")
    timeout: Duration | None = stated(
        "How long the caller waits; it cuts the step's time, and orders failover inside `any_of`.",
        attribute="step.timeout",
    )
    cached_for: Duration | None = stated(
        "An outage shorter than this is not felt.", attribute="step.cached_for"
    )
    probability: Decimal | None = stated(
        "Of a branch of a choice: that it is taken; null on all of them: unknown."
    )

    @field("The service that is used; null for a pattern.")
    def service(self) -> AService | None:
        of = self.record.step.of
        return types.service(self.catalogue, of) if isinstance(of, str) else None

    @field("How the steps below are put together; null for the use of a service.")
    def pattern(self) -> Pattern | None:
        of = self.record.step.of
        if isinstance(of, str):
            return None
        if isinstance(of, workflow.KOfN):
            return Pattern.ANY_OF if of.race else Pattern.K_OF_N
        return _PATTERNS[type(of)]

    @field("Of redundancy: how many branches must work.")
    def k(self) -> int | None:
        of = self.record.step.of
        return of.k if isinstance(of, workflow.KOfN) else None

    @field(
        "Of redundancy: the share of the weakest branch's failures that takes all branches down at once;"
        " null: not stated."
    )
    def common_cause(self) -> Decimal | None:
        of = self.record.step.of
        return of.common_cause if isinstance(of, workflow.KOfN) else None

    @field("Of redundancy: whether all branches are in use and add their throughput.")
    def load_shared(self) -> bool | None:
        of = self.record.step.of
        return of.load_shared if isinstance(of, workflow.KOfN) else None

    @field("Of a repetition: how often it is done at most.")
    def max(self) -> int | None:
        of = self.record.step.of
        return of.max if isinstance(of, workflow.Repeat) else None

    @field("Of a repetition: the probability that it is done once more, each time.")
    def again(self) -> Decimal | None:
        of = self.record.step.of
        return of.probability if isinstance(of, workflow.Repeat) else None


@strawberry.type(description="A workflow, or what a service requires.")
class Expression:
    root: strawberry.Private[Step]
    catalogue: strawberry.Private[Catalogue]

    document: Json = strawberry.field(description="As the portfolio file has it.")

    @field(
        "Every step, each after the one that it is part of and after all that stands before it; the first"
        " is the root."
    )
    def steps(self) -> list[ExpressionStep]:
        return [ExpressionStep(placed, self.catalogue) for placed in _written_out(self.root)]


def worked(catalogue: Catalogue, step: Step | None) -> Expression | None:
    """A workflow."""
    if step is None:
        return None
    return Expression(root=step, catalogue=catalogue, document=Json(WORKFLOW.write(step)))


def required(catalogue: Catalogue, step: Step | None) -> Expression | None:
    """What a service requires."""
    if step is None:
        return None
    return Expression(root=step, catalogue=catalogue, document=Json(REQUIRES.write(step)))


def _written_out(root: Step) -> Iterator[_Placed]:
    pending = [_Placed(step=root, parent=None, depth=0, probability=None)]
    place = 0
    while pending:
        placed = pending.pop()
        yield placed
        of = placed.step.of
        if not isinstance(of, str):
            odds = (
                [branch.probability for branch in of.branches]
                if isinstance(of, workflow.Choice)
                else [None] * len(of.steps)
            )
            below = [
                _Placed(step=step, parent=place, depth=placed.depth + 1, probability=probability)
                for step, probability in zip(of.steps, odds, strict=True)
            ]
            pending.extend(reversed(below))
        place += 1
