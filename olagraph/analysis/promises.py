"""Which promise backs which use (SEMANTICS §1, "Which promise backs which use" and "Resellers")."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from olagraph.analysis.results import Missing, MissingReason
from olagraph.analysis.settings import Settings
from olagraph.graph import PortfolioGraph
from olagraph.metrics.conversion import Terms
from olagraph.model.entities import (
    MEAN,
    ROUND_THE_CLOCK,
    Agreement,
    Comparison,
    Condition,
    Metric,
    Service,
    Strength,
    Target,
)

BACKING_STRENGTHS = frozenset({Strength.GUARANTEE, Strength.COMMITMENT})
"""Only these back anything; objectives and best effort are shown, never counted."""


class Statistic(StrEnum):
    """What kind of figure a target on a time is."""

    HARD = "hard"
    """It always holds."""
    PERCENTILE = "percentile"
    """It holds in a fraction of the cases."""
    MEAN = "mean"

    @property
    def backed_by(self) -> frozenset["Statistic"]:
        """The kinds of promise that say anything about it: a hard one about all, a percentile never about a
        hard one.
        """
        return frozenset({self, Statistic.HARD})


def statistic_of(target: Target) -> Statistic:
    """The kind of figure that a target is."""
    if target.for_ is None:
        return Statistic.HARD
    return Statistic.MEAN if target.for_ == MEAN else Statistic.PERCENTILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One target of one agreement on one service, with the terms that hold for it.

    `agreement` is None for an own part, which its provider states of itself.
    """

    agreement: Agreement | None
    service: str
    target: Target
    terms: Terms

    @property
    def name(self) -> str:
        """The agreement's id; empty for an own part."""
        return self.agreement.id if self.agreement is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """The promises that together back a use: all candidates at the nearest level that state the metric.

    Attributes:
        user: the provider that uses the service.
        service: the service used.
        promises: at least one.
        unreached: in a chain of resellers, the provider whose own contract for the service is missing.
    """

    user: str
    service: str
    promises: tuple[Promise, ...]
    unreached: str | None = None


def states(service: Service, metric: str) -> tuple[Target, ...]:
    """The own parts of `service` on `metric`."""
    return tuple(target for target in service.own if target.metric == metric)


def conditions_met(target: Target, service: Service) -> bool:
    """Whether the service's traits meet every condition of the target's `when`."""
    traits = dict(service.traits)
    return all(_condition_met(condition, traits.get(condition.trait)) for condition in target.when)


def _condition_met(condition: Condition, trait: object) -> bool:
    if trait is None:
        return False
    wanted = condition.value
    if condition.comparison is Comparison.EQUAL:
        return trait == wanted
    if condition.comparison is Comparison.UNEQUAL:
        return trait != wanted
    if not (isinstance(trait, Decimal) and isinstance(wanted, Decimal)):
        return False
    match condition.comparison:
        case Comparison.AT_LEAST:
            return trait >= wanted
        case Comparison.AT_MOST:
            return trait <= wanted
        case Comparison.MORE:
            return trait > wanted
        case _:
            return trait < wanted


def terms_of(agreement: Agreement | None, target: Target, metric: Metric) -> Terms:
    """The terms that hold for a target: its own where it states them, else its agreement's."""
    hours = target.hours or (agreement.hours if agreement else None) or ROUND_THE_CLOCK
    exclusions = target.exclusions
    if exclusions is None:
        exclusions = agreement.exclusions if agreement is not None else None
    return Terms(
        window=target.window or (agreement.window if agreement else None),
        hours=hours,
        exclusions=exclusions or (),
        clock=(target.clock or hours) if metric.ticket else None,
        population=target.population,
        averaged_over=target.averaged_over,
    )


_Key = tuple[str, str, str | None, Statistic | None]


class Promises:
    """Resolves uses to promises on one day. Answers are remembered, service by service."""

    def __init__(self, graph: PortfolioGraph, settings: Settings) -> None:
        self._graph = graph
        self._settings = settings
        self._found: dict[str, dict[_Key, Backing | Missing]] = {}
        self._trails: dict[str, dict[_Key, Backing | Missing]] = {}
        self._users: dict[str, tuple[str, ...]] = {}

    def after(self, graph: PortfolioGraph, stated: AbstractSet[str]) -> "Promises":
        """The promises of another portfolio, which differ on the uses of the stated services alone."""
        promises = Promises(graph, self._settings)
        promises._found = dict(self._found)
        promises._trails = dict(self._trails)
        promises._users = dict(self._users)
        for service in stated:
            promises._found.pop(service, None)
            promises._trails.pop(service, None)
            promises._users.pop(service, None)
        return promises

    def about(self, services: Iterable[str]) -> list[object]:
        """What stands for everything about each of some services and the promises on the uses of it."""
        found = self._found
        return [found.setdefault(service, {}) for service in services]

    def backing(
        self,
        *,
        user: str,
        service: str,
        metric: Metric,
        population: str | None,
        statistic: Statistic | None = None,
    ) -> Backing | Missing:
        """What backs the use of `service` by the provider `user`, or why nothing does.

        Args:
            statistic: the kind of figure asked for; None = any that is stated.
        """
        found = self._found.setdefault(service, {})
        key = (user, metric.id, population, statistic)
        if key not in found:
            found[key] = self._resolve(user, service, metric, population, statistic)
        return found[key]

    def _resolve(
        self, user: str, service: str, metric: Metric, population: str | None, statistic: Statistic | None
    ) -> Backing | Missing:
        found_agreement = found_metric = False
        reasons: list[MissingReason] = []
        for level in self._graph.candidates(user=user, service=service, day=self._settings.as_of):
            found_agreement = True
            counted: list[Promise] = []
            for agreement in level:
                for target in agreement.targets:
                    if target.metric != metric.id:
                        continue
                    found_metric = True
                    reason = self._not_counted(target, self._graph.services[service], population, statistic)
                    if reason is None:
                        terms = terms_of(agreement, target, metric)
                        counted.append(
                            Promise(agreement=agreement, service=service, target=target, terms=terms)
                        )
                    else:
                        reasons.append(reason)
            if counted:
                return Backing(user=user, service=service, promises=tuple(counted))
        if not found_agreement:
            return Missing(service=service, user=user, reason=MissingReason.NO_AGREEMENT)
        if not found_metric:
            return Missing(service=service, user=user, reason=MissingReason.METRIC_GAP)
        return Missing(service=service, user=user, reason=min(reasons, key=list(MissingReason).index))

    @staticmethod
    def _not_counted(
        target: Target, service: Service, population: str | None, statistic: Statistic | None
    ) -> MissingReason | None:
        if statistic is not None and statistic_of(target) not in statistic.backed_by:
            return MissingReason.METRIC_GAP
        if target.population is not None and target.population.name != population:
            return MissingReason.POPULATION_MISMATCH
        if not conditions_met(target, service):
            return MissingReason.CONDITION_UNMET
        if target.strength not in BACKING_STRENGTHS:
            return MissingReason.NOT_COUNTED
        return None

    def trail(
        self,
        *,
        user: str,
        service: str,
        metric: Metric,
        population: str | None,
        statistic: Statistic | None = None,
    ) -> Backing | Missing:
        """`backing`, every promise followed through resellers until the service's own provider promises.

        Where a trail ends before that, the last promise stands, and `unreached` names the reseller that has no contract
        of its own for the service.
        """
        trails = self._trails.setdefault(service, {})
        key = (user, metric.id, population, statistic)
        if key not in trails:
            direct = self.backing(
                user=user, service=service, metric=metric, population=population, statistic=statistic
            )
            if isinstance(direct, Backing):
                direct = self._follow(direct, metric, population, statistic, ())
            trails[key] = direct
        return trails[key]

    def _follow(
        self,
        backing: Backing,
        metric: Metric,
        population: str | None,
        statistic: Statistic | None,
        passed: tuple[str, ...],
    ) -> Backing:
        own = self._graph.services[backing.service].provider
        ends: list[Promise] = []
        unreached: str | None = None
        for promise in backing.promises:
            seller = promise.agreement.provider if promise.agreement is not None else own
            if seller == own:
                ends.append(promise)
                continue
            beyond = self.backing(
                user=seller,
                service=backing.service,
                metric=metric,
                population=population,
                statistic=statistic,
            )
            if isinstance(beyond, Missing) or seller in passed:
                ends.append(promise)
                unreached = seller
                continue
            followed = self._follow(beyond, metric, population, statistic, (*passed, backing.user))
            ends.extend(followed.promises)
            unreached = unreached or followed.unreached
        return Backing(user=backing.user, service=backing.service, promises=tuple(ends), unreached=unreached)

    def users(self, service: str) -> tuple[str, ...]:
        """The providers that use the service on the day: through a service of their own, or to resell it."""
        if service not in self._users:
            self._users[service] = self._graph.users(service, day=self._settings.as_of)
        return self._users[service]

    def own_provider_backings(
        self, *, service: str, metric: Metric, population: str | None
    ) -> tuple[Backing, ...]:
        """Every promise of the service's own provider that backs any use of it in the portfolio."""
        own = self._graph.services[service].provider
        found = []
        for user in self.users(service):
            if user == own:
                continue
            backing = self.backing(user=user, service=service, metric=metric, population=population)
            if isinstance(backing, Backing):
                promises = tuple(
                    p for p in backing.promises if p.agreement is not None and p.agreement.provider == own
                )
                if promises:
                    found.append(Backing(user=user, service=service, promises=promises))
        return tuple(found)
