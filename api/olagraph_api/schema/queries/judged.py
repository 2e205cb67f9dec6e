"""Queries for what promises are worth."""

from typing import Annotated

import strawberry

from olagraph_api.schema import types
from olagraph_api.schema.arguments import (
    DEFAULT_PORTFOLIO,
    FILTER,
    ORDER,
    After,
    AsOf,
    Before,
    First,
    Last,
    PortfolioId,
)
from olagraph_api.schema.catalogue import catalogue_of
from olagraph_api.schema.connections import Connection
from olagraph_api.schema.fields import field
from olagraph_api.schema.info import Info
from olagraph_api.schema.judged import Judged, judged_on
from olagraph_api.schema.paging import Paging


@strawberry.type
class JudgedQueries:
    @field(
        "Every assessed target: one entry an agreement, covered service and target, the worst verdict first"
        " if no order is asked for.",
        heavy=True,
    )
    def assessments(
        self,
        info: Info,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        as_of: AsOf = None,
        filter: Annotated[types.AssessmentFilter | None, FILTER] = None,
        order_by: Annotated[types.AssessmentOrder | None, ORDER] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[types.TargetAssessment]:
        paging = Paging(first=first, after=after, last=last, before=before)
        return types.all_targets(_judged(info, portfolio, as_of), paging, filter, order_by)

    @field("What a service manager should know or change, errors first if no order is asked for.", heavy=True)
    def findings(
        self,
        info: Info,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        as_of: AsOf = None,
        filter: Annotated[types.FindingFilter | None, FILTER] = None,
        order_by: Annotated[types.FindingOrder | None, ORDER] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[types.Finding]:
        paging = Paging(first=first, after=after, last=last, before=before)
        return types.all_findings(_judged(info, portfolio, as_of), paging, filter, order_by)

    @field(
        "Why an agreement's targets got their verdicts, step by step; empty: none of them is assessed"
        " on the day.",
        heavy=True,
    )
    def explanation(
        self,
        info: Info,
        agreement: Annotated[strawberry.ID, strawberry.argument(description="The id of the agreement.")],
        service: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only on this covered service.")
        ] = None,
        metric: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only targets on this metric.")
        ] = None,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        as_of: AsOf = None,
    ) -> list[types.Explanation]:
        judged = _judged(info, portfolio, as_of)
        return types.explanations_of(judged, agreement=agreement, service=service, metric=metric)

    @field("Whether a service could be promised with a target, before anything is signed.", heavy=True)
    def check(
        self,
        info: Info,
        service: Annotated[strawberry.ID, strawberry.argument(description="The id of the service.")],
        target: Annotated[
            str,
            strawberry.argument(
                description="What would be promised: `availability 99.95%`, `latency 2 s for 95%`; window, priority,"
                " clock and hours may follow: `resolution_time 8 h for 90% priority P1 clock london-office`."
            ),
        ],
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        as_of: AsOf = None,
    ) -> types.Feasibility:
        return types.feasibility_of(_judged(info, portfolio, as_of), service=service, target=target)


def _judged(info: Info, portfolio: str, as_of: AsOf) -> Judged:
    return judged_on(catalogue_of(info, portfolio), as_of, info)
