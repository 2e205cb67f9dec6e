"""The root of all subscriptions."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from datetime import date, datetime
from typing import Annotated, TypeAlias, TypeVar

import strawberry
from anyio import to_thread

from olagraph.analysis import results
from olagraph.stores import Change
from olagraph_api.context import Context, unknown_portfolio
from olagraph_api.schema.arguments import DEFAULT_PORTFOLIO, PortfolioId
from olagraph_api.schema.catalogue import CATALOGUE
from olagraph_api.schema.fields import subscription
from olagraph_api.schema.info import Info
from olagraph_api.schema.judged import Judged
from olagraph_api.schema.types.assessments import AssessmentFilter, TargetAssessment
from olagraph_api.schema.types.findings import Finding, FindingFilter
from olagraph_api.security.principals import Permission
from olagraph_api.snapshots import Snapshot
from olagraph_api.subscriptions.differences import Differences, differences

K = TypeVar("K")
V = TypeVar("V")

Parts: TypeAlias = tuple[str | None, ...]


@strawberry.type(
    description="What has become of assessed targets since the event before. The first event says only where it begins."
)
class AssessmentsChanged:
    revision: int = strawberry.field(description="The revision that is assessed now.")
    as_of: date = strawberry.field(description="The day of assessment: today in UTC.")
    nodes: list[TargetAssessment] = strawberry.field(
        description="Those whose verdict or values differ, and those that are new, as they are now."
    )
    gone: list[strawberry.ID] = strawberry.field(
        description="The node ids of those that are not assessed any more."
    )


@strawberry.type(
    description="What has become of findings since the event before. The first event says only where it begins."
)
class FindingsChanged:
    revision: int = strawberry.field(description="The revision that is assessed now.")
    as_of: date = strawberry.field(description="The day of assessment: today in UTC.")
    appeared: list[Finding] = strawberry.field(description="Findings that were not there.")
    changed: list[Finding] = strawberry.field(description="Findings whose numbers or words differ.")
    gone: list[strawberry.ID] = strawberry.field(description="The fingerprints of those that are settled.")


@strawberry.type(description="A change of a portfolio. The first event is the one that it is at.")
class PortfolioChanged:
    revision: int = strawberry.field(description="The revision that it led to.")
    by: str = strawberry.field(description="Who made it.")
    at: datetime = strawberry.field(description="When.")
    what: str = strawberry.field(description="What was done, in words.")


@strawberry.type(description="What changes, as it changes.")
class Subscription:
    @subscription(description="Verdicts and values that change, with the portfolio or with the day.")
    async def assessments_changed(
        self,
        info: Info,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        filter: Annotated[
            AssessmentFilter | None, strawberry.argument(description="Only those that it leaves.")
        ] = None,
    ) -> AsyncGenerator[AssessmentsChanged]:
        def kept(judged: Judged) -> Mapping[Parts, results.TargetAssessment]:
            condition = filter.condition(judged.catalogue) if filter else None
            found = judged.judgements.by_parts
            return found if condition is None else {key: t for key, t in found.items() if condition(t)}

        async with aclosing(_changes(info.context, portfolio, kept)) as events:
            async for judged, found in events:
                nodes = [TargetAssessment(t, judged) for t in (*found.changed, *found.appeared)]
                gone = [TargetAssessment(t, judged).node_id() for t in found.gone.values()]
                yield AssessmentsChanged(
                    revision=judged.catalogue.snapshot.revision,
                    as_of=judged.judgements.day,
                    nodes=nodes,
                    gone=gone,
                )

    @subscription(description="Findings that appear, change, or are settled.")
    async def findings_changed(
        self,
        info: Info,
        portfolio: PortfolioId = DEFAULT_PORTFOLIO,
        filter: Annotated[
            FindingFilter | None, strawberry.argument(description="Only those that it leaves.")
        ] = None,
    ) -> AsyncGenerator[FindingsChanged]:
        def kept(judged: Judged) -> Mapping[str, results.Finding]:
            condition = filter.condition(judged) if filter else None
            found = judged.judgements.by_fingerprint
            return found if condition is None else {key: f for key, f in found.items() if condition(f)}

        async with aclosing(_changes(info.context, portfolio, kept)) as events:
            async for judged, found in events:
                yield FindingsChanged(
                    revision=judged.catalogue.snapshot.revision,
                    as_of=judged.judgements.day,
                    appeared=[Finding(each, judged) for each in found.appeared],
                    changed=[Finding(each, judged) for each in found.changed],
                    gone=[strawberry.ID(fingerprint) for fingerprint in found.gone],
                )

    @subscription(description="The change that a portfolio is at, and each one after it, in order.")
    async def portfolio_changed(
        self, info: Info, portfolio: PortfolioId = DEFAULT_PORTFOLIO
    ) -> AsyncGenerator[PortfolioChanged]:
        context = info.context
        context.require(Permission.READ, portfolio)
        known: int | None = None
        async with aclosing(context.snapshots.changes(portfolio)) as snapshots:
            async for snapshot in snapshots:
                begin = snapshot.revision - 1 if known is None else known
                for change in await to_thread.run_sync(_between, context, snapshot, begin):
                    yield PortfolioChanged(
                        revision=change.revision, by=change.by, at=change.at, what=change.what
                    )
                known = snapshot.revision
        if known is None:
            raise unknown_portfolio(portfolio)


async def _changes(
    context: Context, portfolio: str, kept: Callable[[Judged], Mapping[K, V]]
) -> AsyncGenerator[tuple[Judged, Differences[K, V]]]:
    """What changes of an assessment; at first nothing, which says where it begins.

    Raises:
        GraphQLError: there is no such portfolio, or it is not granted.
    """
    context.require(Permission.READ, portfolio)
    known: Mapping[K, V] | None = None
    async with aclosing(context.snapshots.assessments(portfolio)) as assessed:
        async for snapshot, day in assessed:
            context.see(snapshot)
            catalogue = snapshot.part(CATALOGUE)
            judged = Judged(catalogue, catalogue.judgements(day), None)
            now = await to_thread.run_sync(kept, judged)
            found = differences(now if known is None else known, now)
            if known is None or found:
                yield judged, found
            known = now
    if known is None:
        raise unknown_portfolio(portfolio)


def _between(context: Context, snapshot: Snapshot, known: int) -> list[Change]:
    """The changes after a revision, up to that of a snapshot, the earliest first."""
    logged = context.store.changes(snapshot.id, since=known, until=snapshot.revision)
    return [entry.change for entry in logged]
