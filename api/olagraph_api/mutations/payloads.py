"""What mutations answer: what changed, or why nothing did."""

from collections.abc import Callable
from enum import Enum
from typing import Annotated, TypeAlias

import strawberry

from olagraph_api.changes import Changed, NotChanged, Problem, ProblemCode
from olagraph_api.context import Context
from olagraph_api.schema.enums import described
from olagraph_api.schema.fields import field
from olagraph_api.schema.types.changes import Edit

_MOST_EDITS = 100

First: TypeAlias = Annotated[int, strawberry.argument(description="How many at most, 1,000 at most.")]


class UserErrorCode(Enum):
    """Why a change was not made."""

    INVALID = ProblemCode.INVALID
    UNKNOWN_ID = ProblemCode.UNKNOWN_ID
    AMBIGUOUS = ProblemCode.AMBIGUOUS
    ALREADY_THERE = ProblemCode.ALREADY_THERE
    CONFLICT = ProblemCode.CONFLICT


described(
    UserErrorCode,
    "Why a change was not made.",
    {
        UserErrorCode.INVALID: "The portfolio would not be valid; every fault is told.",
        UserErrorCode.UNKNOWN_ID: "What is to be changed is not there.",
        UserErrorCode.AMBIGUOUS: "Several things answer to what was named.",
        UserErrorCode.ALREADY_THERE: "What is to be created exists.",
        UserErrorCode.CONFLICT: "Somebody else changed the portfolio since it was read; the message says who and what.",
    },
)


@strawberry.type(description="One reason why a change was not made.")
class UserError:
    message: str = strawberry.field(description="Place, cause and remedy, for people.")
    code: UserErrorCode = strawberry.field(description="What kind of reason it is.")
    field: list[str] | None = strawberry.field(
        description="The steps from the mutation's arguments to the place: names and positions; null: no one place."
    )


def user_error(problem: Problem) -> UserError:
    """A problem as clients read it."""
    return UserError(
        message=problem.message,
        code=UserErrorCode(problem.code),
        field=None if problem.field is None else list(problem.field),
    )


@strawberry.type(
    description="What became of a portfolio. Either it changed as a whole, or `userErrors` say why not."
)
class ChangePayload:
    edits: strawberry.Private[tuple[Edit, ...]]
    revision: int | None = strawberry.field(
        description="The revision after the change; null where it was not made."
    )
    written: bool = strawberry.field(
        description="False where nothing differs from what is there, nothing was to be written, or it was not made."
    )
    user_errors: list[UserError] = strawberry.field(description="Why it was not made; empty if it was.")

    @field(description="What changed, entity by entity.")
    def changes(self, first: First = _MOST_EDITS) -> list[Edit]:
        return list(self.edits[:first])

    @field(description="How many entities changed.")
    def changes_count(self) -> int:
        return len(self.edits)


@strawberry.type(description="What became of the removal of a portfolio.")
class RemovePortfolioPayload:
    removed: bool = strawberry.field(description="Whether it was removed.")
    user_errors: list[UserError] = strawberry.field(description="Why it was not; empty if it was.")


@strawberry.type(description="What became of the assessment that was to be written.")
class WriteAssessmentPayload:
    revision: int | None = strawberry.field(
        description="The revision that it speaks of; null where it was not written."
    )
    user_errors: list[UserError] = strawberry.field(description="Why it was not written; empty if it was.")


def payload(context: Context, portfolio_id: str, make: Callable[[], Changed]) -> ChangePayload:
    """The answer to a change of a portfolio."""
    try:
        changed = make()
    except NotChanged as refused:
        return ChangePayload(edits=(), revision=None, written=False, user_errors=errors(context, refused))
    return ChangePayload(
        edits=tuple(Edit(each, portfolio_id) for each in changed.edits),
        revision=changed.revision,
        written=changed.written,
        user_errors=[],
    )


def errors(context: Context, refused: NotChanged) -> list[UserError]:
    """Why nothing was written; the audit log is told the first reason."""
    context.outcome.refused = refused.problems[0].code.value
    return [user_error(problem) for problem in refused.problems]
