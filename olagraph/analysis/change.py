"""What lies between two portfolios, and what of an assessment it touches (SEMANTICS §1 and §4)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from olagraph.analysis.touched import Touched
from olagraph.graph import PortfolioGraph
from olagraph.graph.sections import changed, in_same_order
from olagraph.metrics.table import metric_table
from olagraph.model.entities import Agreement, Family, Metric, Service, Target


class Change:
    """From one portfolio to another. What is the same object in both is the same.

    Args:
        before: the graph of the one.
        after: the graph of the other, built on `before`.
        day: of assessment.

    Attributes:
        services, agreements: the ids of those that were added, removed or stated otherwise; agreements with what they
            inherit and what they cover.
        parties: whether any provider or customer was.
        reshaped: whether any service is delivered otherwise than before, by somebody else or elsewhere, or is called
            otherwise.
    """

    def __init__(self, before: PortfolioGraph, after: PortfolioGraph, *, day: date) -> None:
        self._before = before
        self._after = after
        self._day = day
        self.services = changed(before.services, after.services)
        self.agreements = changed(before.agreements, after.agreements) | self._with_other_coverage()
        self.parties = before.providers is not after.providers or before.customers is not after.customers
        self.reshaped = any(self._is_reshaped(service) for service in self.services)
        self._everywhere: set[str] = set()
        self._promised: set[str] = set()
        self._on_metric: dict[str, set[str]] = {}
        self._look_at_services()
        self._look_at_agreements()
        self._look_at_providers()
        self._found: dict[frozenset[str], Touched] = {}

    def _with_other_coverage(self) -> set[str]:
        """The agreements that cover other services because services have changed."""
        if not self.services:
            return set()
        return {
            a.id
            for a in self._after.agreements.values()
            if a.id in self._before.agreements and self._before.covered_by(a) is not self._after.covered_by(a)
        }

    def _is_reshaped(self, name: str) -> bool:
        before, after = self._before.services.get(name), self._after.services.get(name)
        return before is None or after is None or _shape(before) != _shape(after)

    # Which services are touched themselves ------------------------------------------------------------------

    def _look_at_services(self) -> None:
        used: set[str] = set()
        for name in self.services:
            before, after = self._before.services.get(name), self._after.services.get(name)
            if (
                before is not None
                and after is not None
                and _alike(replace(before, own=()), replace(after, own=()))
            ):
                self._note(_differing(before.own, after.own), (name,))
                continue
            self._everywhere.add(name)
            for graph, service in ((self._before, before), (self._after, after)):
                if service is not None:
                    used.update(use.used for use in graph.uses(name))
        self._everywhere.update(name for name in used if self._users_differ(name))

    def _users_differ(self, service: str) -> bool:
        if service not in self._before.services or service not in self._after.services:
            return True
        return self._before.users(service, day=self._day) != self._after.users(service, day=self._day)

    def _look_at_agreements(self) -> None:
        for name in self.agreements:
            before, after = self._before.agreements.get(name), self._after.agreements.get(name)
            concerned: set[str] = set()
            for graph, agreement in ((self._before, before), (self._after, after)):
                if agreement is not None:
                    covered = graph.covered_by(agreement)
                    self._promised.update(covered)
                    concerned.update(s for s in covered if self._is_offered(graph, agreement, s))
                    self._everywhere.update(s for s in covered if self._users_differ(s))
            if (
                before is not None
                and after is not None
                and _alike(replace(before, targets=()), replace(after, targets=()))
            ):
                self._note(_differing(before.targets, after.targets), concerned)
            else:
                self._everywhere |= concerned

    def _is_offered(self, graph: PortfolioGraph, agreement: Agreement, service: str) -> bool:
        """Whether the agreement may back any use of the service."""
        if service not in graph.services:
            return True
        parties = set(agreement.customers)
        return any(
            user != agreement.provider
            and (not parties or not parties.isdisjoint((user, *graph.owners(user))))
            for user in graph.users(service, day=self._day)
        )

    def _note(self, metrics: Iterable[str], services: Iterable[str]) -> None:
        for metric in metrics:
            self._on_metric.setdefault(metric, set()).update(services)

    def _look_at_providers(self) -> None:
        """What a provider delivers, uses or promises, if it or any of its owners is not what it was."""
        if not self.parties:
            return
        names = {*self._before.providers, *self._after.providers}
        others = {name for name in names if self._who(self._before, name) != self._who(self._after, name)}
        for graph in (self._before, self._after) if others else ():
            for service in graph.services.values():
                if service.provider in others:
                    self._everywhere.add(service.id)
                    self._everywhere.update(use.used for use in graph.uses(service.id))
            for agreement in graph.agreements.values():
                if agreement.provider in others:
                    self._everywhere.update(graph.covered_by(agreement))

    @staticmethod
    def _who(graph: PortfolioGraph, provider: str) -> object:
        """What matters about a provider to what its services and promises are worth."""
        known = graph.providers.get(provider)
        return known and (known.kind, graph.owners(provider))

    # What is touched with them ------------------------------------------------------------------------------

    def stated(self) -> frozenset[str]:
        """The services about which anything is stated or promised otherwise, or by other objects, on any metric."""
        return frozenset(self._everywhere.union(self._promised, *self._on_metric.values()))

    def touched(self, metric: Metric) -> Touched:
        """What is touched with regard to a metric."""
        metrics: Iterable[str] = (metric.id,)
        if metric.family is Family.FAILURE_REPAIR:  # any of them is worked out from others
            table = metric_table(self._after.portfolio).values()
            metrics = [other.id for other in table if other.family is metric.family]
        stated = frozenset(self._everywhere.union(*(self._on_metric.get(m, ()) for m in metrics)))
        if stated not in self._found:
            users = {use.user for service in stated for use in self._after.used_by(service)}
            self._found[stated] = Touched(
                stated=stated, using=stated | users, above=self._after.above(stated)
            )
        return self._found[stated]


def comparable(before: PortfolioGraph, after: PortfolioGraph) -> bool:
    """Whether two portfolios differ in entities alone: not in the header, calendars, metrics or the order of things."""
    one, other = before.portfolio, after.portfolio
    return (
        (one.name, one.currency, one.calendars, one.metrics)
        == (other.name, other.currency, other.calendars, other.metrics)
        and in_same_order(before.services, after.services)
        and in_same_order(before.agreements, after.agreements)
    )


def _shape(service: Service) -> tuple[object, ...]:
    delivered = (service.provider, service.workflow, service.requires, bool(service.own))
    return *delivered, service.region, service.zone, service.name


def _alike(one: object, other: object) -> bool:
    """Whether both are the same to the last digit: 99.9 equals 99.90, and yet prints otherwise."""
    return repr(one) == repr(other)


def _differing(before: tuple[Target, ...], after: tuple[Target, ...]) -> set[str]:
    """The metrics on which not the same targets are stated."""
    metrics = {target.metric for target in (*before, *after)}
    return {
        metric
        for metric in metrics
        if not _alike([t for t in before if t.metric == metric], [t for t in after if t.metric == metric])
    }
