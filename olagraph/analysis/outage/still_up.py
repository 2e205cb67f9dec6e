"""How available what is still up is, given the outage (SEMANTICS §9). Asked apart, because it takes its time."""

from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Context
from fractions import Fraction
from itertools import islice
from typing import TypeAlias

from olagraph.analysis.items import make_item
from olagraph.analysis.judging import judge
from olagraph.analysis.outage.downtime import instant, seconds
from olagraph.analysis.outage.given import given
from olagraph.analysis.outage.index import OutageIndex
from olagraph.analysis.outage.results import Outage, ServiceState
from olagraph.analysis.outage.spending import spendable
from olagraph.analysis.promises import Promises, terms_of
from olagraph.analysis.results import Level, ViewAssessment
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph.metrics.conversion import Terms
from olagraph.model.entities import (
    ROUND_THE_CLOCK,
    Agreement,
    AgreementKind,
    Exclusion,
    Family,
    Portfolio,
    Service,
    Target,
)
from olagraph.model.quantity import Quantity
from olagraph.model.window import Window

_DOWNWARDS = Context(prec=50, rounding=ROUND_FLOOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class StillUp:
    """The availability of a service under an SLA, given the outage.

    Attributes:
        independent: if all that is left fails independently: the share of time in the long run.
        guaranteed: what the contracts guarantee of the outage itself, if everybody else spends his whole budget
            inside it; None for an open-ended outage, and where the basis has no value.
    """

    agreement: str
    service: str
    target: Target
    independent: Level | None
    guaranteed: Level | None


def still_up(index: OutageIndex, outage: Outage, *, most: int | None = None) -> tuple[StillUp, ...]:
    """Every availability target of an SLA whose service is affected and up, in the order of the outage.

    Args:
        most: of so many SLAs, the first; None = of all of them.
    """
    asked = (
        impact
        for impact in outage.agreements
        if impact.kind is AgreementKind.SLA and impact.state is not ServiceState.DOWN
    )
    wanted = [
        (impact.agreement.id, impact.service, budget.target)
        for impact in islice(asked, most)
        for budget in impact.budgets
    ]
    if not wanted:
        return ()
    portfolio = given(index, outage)
    settings = Settings(as_of=outage.from_.date())
    long_run = _World(index, portfolio, settings)
    spent: dict[_AskedIn, _World] = {}
    found = []
    for agreement, service, target in wanted:
        view = long_run.achievable(agreement, service, target)
        guaranteed = None
        if outage.for_ is not None:
            asked_in = (target.window, target.hours, target.exclusions)
            if asked_in not in spent:
                inside = _Spending(index, portfolio, outage, target).portfolio()
                spent[asked_in] = _World(index, inside, settings)
            guaranteed = spent[asked_in].achievable(agreement, service, _in_elapsed_time(target)).guaranteed
        found.append(
            StillUp(
                agreement=agreement,
                service=service,
                target=target,
                independent=view.independent,
                guaranteed=guaranteed,
            )
        )
    return tuple(found)


_AskedIn: TypeAlias = tuple[Window | None, str | None, tuple[Exclusion, ...] | None]


class _World:
    """One portfolio, asked again and again."""

    def __init__(self, index: OutageIndex, portfolio: Portfolio, settings: Settings) -> None:
        self._metrics = index.metrics
        self._graph = PortfolioGraph(portfolio)
        self._settings = settings
        self._promises = Promises(self._graph, settings)

    def achievable(self, agreement: str, service: str, target: Target) -> ViewAssessment:
        """The achievable view of a target: what stands below the service, all the way down."""
        metric = self._metrics[target.metric]
        stated = self._graph.agreements[agreement]
        item = make_item(self._graph, stated, service, target, metric, windows=frozenset())
        (assessed,) = judge(self._graph, self._promises, self._settings, [item])
        return assessed.achievable.view


class _Spending:
    """The portfolio in which every promise is what it still allows to be up during the outage."""

    def __init__(self, index: OutageIndex, portfolio: Portfolio, outage: Outage, asked: Target) -> None:
        assert outage.for_ is not None
        self._metrics = index.metrics
        self._given = portfolio
        self._begin = instant(outage.from_)
        self._end = self._begin + seconds(outage.for_)
        self._asked = asked

    def portfolio(self) -> Portfolio:
        """Every value in elapsed time, of which nothing is excluded."""
        agreements = (self._agreement(a) for a in PortfolioGraph(self._given).agreements.values())
        services = (self._service(service) for service in self._given.services)
        return replace(self._given, agreements=tuple(agreements), services=tuple(services))

    def _agreement(self, agreement: Agreement) -> Agreement:
        targets = tuple(
            self._spent(target, terms_of(agreement, target, self._metrics[target.metric]))
            for target in agreement.targets
        )
        return replace(agreement, targets=targets, hours=None, window=None, exclusions=None, inherits=None)

    def _service(self, service: Service) -> Service:
        """An own part has the terms of the target asked about, except where it states its own."""
        asked = self._asked
        own = tuple(
            self._spent(
                target,
                Terms(
                    window=asked.window,
                    hours=target.hours or asked.hours or ROUND_THE_CLOCK,
                    exclusions=(asked.exclusions if target.exclusions is None else target.exclusions) or (),
                    averaged_over=target.averaged_over,
                ),
            )
            for target in service.own
        )
        return replace(service, own=own)

    def _spent(self, target: Target, terms: Terms) -> Target:
        if self._metrics[target.metric].family is not Family.STRUCTURE_FUNCTION:
            return target
        share = spendable(target, terms, window=self._asked.window, begin=self._begin, end=self._end)
        return _in_elapsed_time(replace(target, value=_at_least(1 - share), assume=None, averaged_over=None))


def _in_elapsed_time(target: Target) -> Target:
    return replace(target, window=None, hours=ROUND_THE_CLOCK, exclusions=())


def _at_least(ratio: Fraction) -> Quantity:
    """The ratio as a decimal, rounded down: it is a bound."""
    return Quantity.ratio(_DOWNWARDS.divide(ratio.numerator, ratio.denominator))
