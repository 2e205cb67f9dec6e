"""What an outage takes along: the question and its answer (SEMANTICS §9)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from olagraph.analysis.outage.agreements import Agreements
from olagraph.analysis.outage.downtime import instant, seconds
from olagraph.analysis.outage.index import OutageIndex
from olagraph.analysis.outage.results import Failed, Outage
from olagraph.analysis.outage.states import impacts
from olagraph.analysis.outage.strikes import check_names, strikes
from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Incident, Portfolio

_YEARS = range(1000, 9000)
"""When an outage may begin, so that its windows lie within the calendar."""


def outage(
    portfolio: Portfolio,
    *,
    failed: Failed,
    from_: datetime,
    for_: timedelta | None = None,
    capacity_lost: Fraction = Fraction(1),
    incidents: Iterable[Incident] = (),
) -> Outage:
    """What becomes of every service and agreement. See `outage_in`, which answers many questions on one index."""
    return outage_in(
        OutageIndex(PortfolioGraph(portfolio)),
        failed=failed,
        from_=from_,
        for_=for_,
        capacity_lost=capacity_lost,
        incidents=incidents,
    )


def outage_in(
    index: OutageIndex,
    *,
    failed: Failed,
    from_: datetime,
    for_: timedelta | None = None,
    capacity_lost: Fraction = Fraction(1),
    incidents: Iterable[Incident] = (),
) -> Outage:
    """What becomes of every service and agreement of the portfolio that was indexed.

    Agreements are those signed and in force on the day of the start, in UTC.

    Args:
        failed: what fails, all at once.
        from_: the start, with a time zone.
        for_: the duration; None = open-ended.
        capacity_lost: the share of what failed that is lost, above 0 and at most 1: downtime counts by it, the states
            are those of losing all of it.
        incidents: had besides those of the portfolio, or in place of those that have the same ids.

    Raises:
        UnknownName: an id that is not there; `UnknownNames` for several, all at once.
        ValueError: nothing fails, an agreement that does not hold on the day, or a time or share out of range.
    """
    _check(from_, for_, capacity_lost)
    from_ = from_.astimezone(UTC)
    day = from_.date()
    check_names(index, failed, day)
    lasting = None if for_ is None else seconds(for_)
    struck = strikes(index, failed, day=day, lasting=lasting)
    services = impacts(index.network, struck)
    found = Outage(
        failed=failed,
        from_=from_,
        for_=for_,
        capacity_lost=capacity_lost,
        services=services,
        agreements=(),
        customers=(),
        not_known=index.not_known_but(services.affected, day=day),
        proven=services.proven,
    )
    told = {incident.id: incident for incident in incidents}
    had: dict[str, list[Incident]] = defaultdict(list)
    for service in services if index.incidents else ():
        had[service] += (each for each in index.incidents.get(service, ()) if each.id not in told)
    for incident in told.values():
        had[incident.service].append(incident)
    agreements = Agreements(
        index,
        struck,
        found,
        services,
        day=day,
        end=None if lasting is None else instant(from_) + lasting,
        incidents={service: tuple(each) for service, each in had.items() if each},
    )
    return replace(found, agreements=agreements.impacts(), customers=agreements.customers())


def _check(from_: datetime, for_: timedelta | None, capacity_lost: Fraction) -> None:
    if from_.tzinfo is None:
        raise ValueError("the start of an outage needs a time zone")
    if from_.year not in _YEARS:
        raise ValueError(f"an outage begins between {_YEARS.start} and {_YEARS.stop}, not in {from_.year}")
    if for_ is not None and for_ <= timedelta(0):
        raise ValueError("an outage lasts longer than no time")
    if not 0 < capacity_lost <= 1:
        raise ValueError(f"the share of capacity lost is above 0 and at most 1, not {float(capacity_lost)}")
