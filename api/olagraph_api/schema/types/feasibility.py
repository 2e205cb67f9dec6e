"""Whether a target could be promised, before anything is signed."""

import strawberry

from olagraph.analysis import results
from olagraph.analysis.check import check
from olagraph.analysis.settings import Settings
from olagraph.documents.spelled_target import spelled_target
from olagraph.reports.feasibility.answer import best_said
from olagraph_api.schema import types
from olagraph_api.schema.enums import Answer, Basis, View
from olagraph_api.schema.fields import field, shows_record, stated
from olagraph_api.schema.judged import Judged
from olagraph_api.schema.refusing import refusing
from olagraph_api.schema.types.assessments import WeakPart
from olagraph_api.schema.types.levels import Level
from olagraph_api.schema.types.references import ATargetAssessment


@strawberry.type(description="The best that could be promised today, in one view and on one basis.")
class BestLevel:
    view: View = strawberry.field(description="The view.")
    basis: Basis = strawberry.field(description="The basis.")
    level: Level = strawberry.field(
        description="The value; of a percentile the time in which its fraction is reached."
    )


@shows_record(description="Whether a target could be promised on a service, and what could be at best.")
class Feasibility:
    record: strawberry.Private[results.Feasibility]
    judged: strawberry.Private[Judged]

    answer: Answer = stated("In one word.")

    @field("The target as if it were promised today, in an agreement that is not in the portfolio.")
    def assessment(self) -> ATargetAssessment:
        return types.TargetAssessment(self.record.assessment, self.judged)

    @field("The best that could be promised, by view and basis.")
    def best(self) -> list[BestLevel]:
        record, wording = self.record, self.judged.catalogue.wording
        return [
            BestLevel(
                view=view,
                basis=basis,
                level=Level(
                    record=levels[basis], asked=record.assessment, said=best_said(record, view, wording)
                ),
            )
            for view, levels in record.best.items()
            for basis in Basis
            if basis in levels
        ]

    @field("The one part that is most in the way; null: none is.")
    def blocking(self) -> WeakPart | None:
        blocking = self.record.blocking
        if blocking is None:
            return None
        return WeakPart(blocking, self.judged.catalogue)

    @field(
        "Whether the promise would hold, by which number, and on which clause that rests, in one sentence."
    )
    def sentence(self) -> str:
        return self.judged.catalogue.wording.verdict(self.record.assessment)


def feasibility_of(judged: Judged, *, service: str, target: str) -> Feasibility:
    """Whether a target could be promised.

    Args:
        target: spelled on one line.

    Raises:
        GraphQLError: a target that cannot be read, or a service that is not there.
    """
    catalogue = judged.catalogue
    with refusing(values=True):
        asked = spelled_target(
            target,
            catalogue.metrics,
            calendars=[calendar.id for calendar in catalogue.portfolio.calendars],
            currency=catalogue.portfolio.currency,
        )
    with refusing():
        found = check(
            catalogue.portfolio,
            Settings(as_of=judged.judgements.day),
            service=service,
            target=asked,
            graph=catalogue.graph,
        )
    return Feasibility(found, judged)
