"""The portfolio as a graph: who uses whom, who promises what to whom, paths and cycles.

Everything here is about references, nothing about values: which agreement is near enough to back a use is a
question of the graph (SEMANTICS §1), what it is worth is `analysis`'s.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from graphlib import CycleError, TopologicalSorter

from olagraph.model.entities import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    Customer,
    Portfolio,
    Provider,
    ProviderKind,
    Service,
    Target,
)
from olagraph.model.workflow import uses

VIA = ("workflow", "requires")
"""How one service may use another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One service using another.

    Attributes:
        user: the service that uses.
        used: the service used.
        via: one of `VIA`.
        optional: every occurrence of it in the user is optional.
    """

    user: str
    used: str
    via: str
    optional: bool


def inherited(agreement: Agreement, parent: Agreement) -> Agreement:
    """`agreement` with what it leaves open filled in from `parent` (SEMANTICS §1).

    A child that states a (metric, priority) replaces all the parent's targets on it. Inherited are targets, covers,
    hours, window, exclusions, credits, claim and notice; never id, kind, parties, dates or review.
    """
    stated = {_metric_and_priority(target) for target in agreement.targets}
    kept = tuple(target for target in parent.targets if _metric_and_priority(target) not in stated)
    return replace(
        agreement,
        targets=agreement.targets + kept,
        covers=agreement.covers if agreement.covers is not None else parent.covers,
        hours=agreement.hours if agreement.hours is not None else parent.hours,
        window=agreement.window if agreement.window is not None else parent.window,
        exclusions=agreement.exclusions if agreement.exclusions is not None else parent.exclusions,
        credits=agreement.credits if agreement.credits is not None else parent.credits,
        claim=agreement.claim if agreement.claim is not None else parent.claim,
        notice=agreement.notice if agreement.notice is not None else parent.notice,
    )


def _metric_and_priority(target: Target) -> tuple[str, str | None]:
    return target.metric, target.population.name if target.population else None


class PortfolioGraph:
    """Look-ups and walks over one portfolio. Built once, never changed.

    Attributes:
        portfolio: the snapshot.
        providers, customers, services: by id.
        agreements: by id, with what they inherit filled in.
    """

    def __init__(self, portfolio: Portfolio) -> None:
        self.portfolio = portfolio
        self.providers: Mapping[str, Provider] = {p.id: p for p in portfolio.providers}
        self.customers: Mapping[str, Customer] = {c.id: c for c in portfolio.customers}
        self.services: Mapping[str, Service] = {s.id: s for s in portfolio.services}
        self.agreements: Mapping[str, Agreement] = self._with_inheritance(portfolio.agreements)
        self._provided: dict[str, list[Service]] = defaultdict(list)
        for service in portfolio.services:
            self._provided[service.provider].append(service)
        self._covered = {a.id: self._services_covered_by(a) for a in self.agreements.values()}
        self._by_service: dict[str, dict[str | None, list[Agreement]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for agreement in self.agreements.values():
            for covered in self._covered[agreement.id]:
                for party in agreement.customers or (None,):
                    self._by_service[covered][party].append(agreement)
        self._uses: dict[str, tuple[Use, ...]] = {}
        self._used_by: dict[str, list[Use]] = defaultdict(list)
        for service in portfolio.services:
            self._uses[service.id] = tuple(_uses_of(service))
            for use in self._uses[service.id]:
                self._used_by[use.used].append(use)
        self._used_first: tuple[str, ...] | None = None
        self._cycles: tuple[tuple[str, ...], ...] | None = None
        self._owners = {p.id: tuple(self._walk_owners(p.id)) for p in portfolio.providers}

    @staticmethod
    def _with_inheritance(agreements: Iterable[Agreement]) -> dict[str, Agreement]:
        stated = {a.id: a for a in agreements}
        effective: dict[str, Agreement] = {}
        for agreement in stated.values():
            chain = [agreement]
            while chain[-1].inherits is not None and chain[-1].id not in effective:
                chain.append(stated[chain[-1].inherits])
            for child in reversed(chain):
                if child.id not in effective:
                    parent = child.inherits
                    effective[child.id] = child if parent is None else inherited(child, effective[parent])
        return {a: effective[a] for a in stated}

    def _services_covered_by(self, agreement: Agreement) -> tuple[str, ...]:
        covers = agreement.covers
        if covers is None:
            return ()
        if not covers.all and not covers.tags:
            return tuple(dict.fromkeys(covers.services))
        provided = self._provided.get(agreement.provider, ())
        own = [s for s in provided if covers.all or set(covers.tags) & set(s.tags)]
        return tuple(dict.fromkeys((*covers.services, *(s.id for s in own))))

    def _walk_owners(self, provider: str) -> Iterator[str]:
        owner = self.providers[provider].parent
        while owner is not None:
            yield owner
            owner = self.providers[owner].parent

    # Parties ---------------------------------------------------------------------------------------------

    def owners(self, provider: str) -> tuple[str, ...]:
        """The owners of `provider`, nearest first."""
        return self._owners[provider]

    def is_external(self, provider: str) -> bool:
        """Whether `provider` is a supplier rather than one of our own teams."""
        return self.providers[provider].kind is ProviderKind.EXTERNAL

    def kind_of(self, agreement: Agreement) -> AgreementKind:
        """The stated kind, else the one that follows from the parties (SEMANTICS §7, `KIND_MISMATCH`)."""
        if agreement.kind is not None:
            return agreement.kind
        if any(party in self.customers for party in agreement.customers):
            return AgreementKind.SLA
        return AgreementKind.UC if self.is_external(agreement.provider) else AgreementKind.OLA

    def party_name(self, party: str) -> str:
        """What people call a provider or a customer."""
        found = self.customers.get(party) or self.providers.get(party)
        return (found.name if found else None) or party

    def service_name(self, service: str) -> str:
        """What people call a service."""
        return self.services[service].name or service

    # Agreements -------------------------------------------------------------------------------------------

    def covered_by(self, agreement: Agreement) -> tuple[str, ...]:
        """The ids of the services that `agreement` covers, each promised on its own."""
        return self._covered[agreement.id]

    def covering(self, service: str) -> tuple[Agreement, ...]:
        """Every agreement that covers `service`, whoever it is made to."""
        found = {a.id: a for party in self._by_service.get(service, {}).values() for a in party}
        return tuple(found.values())

    def candidates(self, *, user: str, service: str, day: date) -> Iterator[tuple[Agreement, ...]]:
        """The agreements that may back the use of `service` by the provider `user`, one level of nearness
        after another.

        Signed, in force on `day`, covering the service, made by another provider than `user`; nearest first: made to
        `user`, to its owners, to everybody (SEMANTICS §1). Levels without a candidate are left out.
        """
        parties = self._by_service.get(service)
        if parties is None:
            return
        for party in (user, *self.owners(user), None):
            level = tuple(
                a
                for a in parties.get(party, ())
                if a.provider != user and a.status is AgreementStatus.SIGNED and a.in_force(day)
            )
            if level:
                yield level

    # Services ---------------------------------------------------------------------------------------------

    def uses(self, service: str) -> tuple[Use, ...]:
        """What `service` uses directly, workflow before requires."""
        return self._uses[service]

    def used_by(self, service: str) -> tuple[Use, ...]:
        """The direct uses of `service`."""
        return tuple(self._used_by.get(service, ()))

    def users(self, service: str, *, day: date) -> tuple[str, ...]:
        """The providers that use `service`: through a service of their own, or to resell it on `day`."""
        own = self.services[service].provider
        through = (self.services[use.user].provider for use in self._used_by.get(service, ()))
        resellers = (a.provider for a in self.covering(service) if a.provider != own and a.in_force(day))
        return tuple(dict.fromkeys((*through, *resellers)))

    def upstream(self, service: str, *, via: Container[str] = VIA) -> frozenset[str]:
        """Every service that `service` uses, directly or through others; itself if it is on a cycle.

        Args:
            via: the kinds of uses that are followed.
        """
        return self._reached(service, lambda s: (use.used for use in self._uses[s] if use.via in via))

    def downstream(self, service: str, *, via: Container[str] = VIA) -> frozenset[str]:
        """Every service that uses `service`, directly or through others; itself if it is on a cycle.

        Args:
            via: the kinds of uses that are followed.
        """
        return self._reached(
            service, lambda s: (use.user for use in self._used_by.get(s, ()) if use.via in via)
        )

    def above(self, services: Iterable[str]) -> frozenset[str]:
        """Some services and every service that uses any of them, directly or through others."""
        found = set(services)
        pending = list(found)
        while pending:
            new = {use.user for use in self._used_by.get(pending.pop(), ())} - found
            found |= new
            pending.extend(new)
        return frozenset(found)

    @staticmethod
    def _reached(start: str, following: Callable[[str], Iterable[str]]) -> frozenset[str]:
        seen: set[str] = set()
        pending = list(following(start))
        while pending:
            service = pending.pop()
            if service not in seen:
                seen.add(service)
                pending.extend(following(service))
        return frozenset(seen)

    def path(self, *, user: str, used: str, longest: int = 64) -> tuple[str, ...]:
        """A shortest chain of uses from one service to another, both ends included.

        Empty if there is none, or none of at most `longest` uses: nobody reads a longer one.
        """
        came_from: dict[str, str | None] = {user: None}
        level = [user]
        for _ in range(longest):
            if not level or used in came_from:
                break
            following = []
            for service in level:
                for use in self._uses[service]:
                    if use.used not in came_from:
                        came_from[use.used] = service
                        following.append(use.used)
            level = following
        if used not in came_from:
            return ()
        chain: list[str] = []
        at: str | None = used
        while at is not None:
            chain.append(at)
            at = came_from[at]
        return tuple(reversed(chain))

    def used_first(self) -> tuple[str, ...]:
        """All services, each after those that it uses, as far as circles allow."""
        if self._used_first is None:
            order: list[str] = []
            seen: set[str] = set()
            for start in self.services:
                pending: list[tuple[str, bool]] = [(start, False)]
                while pending:
                    service, entered = pending.pop()
                    if entered:
                        order.append(service)
                    elif service not in seen:
                        seen.add(service)
                        pending.append((service, True))
                        pending.extend((use.used, False) for use in self._uses[service])
            self._used_first = tuple(order)
        return self._used_first

    def cycles(self) -> tuple[tuple[str, ...], ...]:
        """The groups of services that use each other in a circle, each group sorted by id."""
        if self._cycles is None:
            self._cycles = self._find_cycles()
        return self._cycles

    def _find_cycles(self) -> tuple[tuple[str, ...], ...]:
        sorter = TopologicalSorter({s: {use.used for use in direct} for s, direct in self._uses.items()})
        try:
            sorter.prepare()
        except CycleError:
            # networkx takes a fifth of a second to import; most portfolios have no cycle.
            import networkx

            graph = networkx.DiGraph((use.user, use.used) for direct in self._uses.values() for use in direct)
            groups = networkx.strongly_connected_components(graph)
            circular = (g for g in groups if len(g) > 1 or any(graph.has_edge(s, s) for s in g))
            return tuple(sorted(tuple(sorted(group)) for group in circular))
        return ()


def _uses_of(service: Service) -> Iterator[Use]:
    for via, expression in zip(VIA, (service.workflow, service.requires), strict=True):
        if expression is None:
            continue
        optional: dict[str, bool] = {}
        for step, soft in uses(expression):
            optional[str(step.of)] = optional.get(str(step.of), True) and soft
        for used, soft in optional.items():
            yield Use(user=service.id, used=used, via=via, optional=soft)
