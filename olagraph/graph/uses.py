"""Who uses whom."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from olagraph.graph.sections import changed
from olagraph.model.entities import Service
from olagraph.model.workflow import uses

VIA = ("workflow", "requires")
"""How one service may use another."""

_FEW = 8
"""So many changed services are looked at one by one; after more changes everything is looked at."""


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


class Uses:
    """Every use of one service by another.

    Args:
        services: by id.
        earlier: the uses between other services; those in both come in the same order.

    Attributes:
        of: by service, what it uses directly, workflow before requires.
        by: by service, the direct uses of it.
    """

    of: dict[str, tuple[Use, ...]]
    by: dict[str, tuple[Use, ...]]

    def __init__(self, services: Mapping[str, Service], *, earlier: "Uses | None" = None) -> None:
        self._services = services
        self._used_first: tuple[str, ...] | None = None
        self._cycles: tuple[tuple[str, ...], ...] | None = None
        if earlier is None:
            self.of = {service.id: tuple(_uses_of(service)) for service in services.values()}
            self.by = _by_used(self.of.values())
        else:
            self._follow(earlier)

    def _follow(self, earlier: "Uses") -> None:
        """What has changed since, and the rest as it was."""
        restated = changed(earlier._services, self._services)
        self.of = dict(earlier.of)
        users = set()
        for name in restated:
            service = self._services.get(name)
            before = self.of.pop(name, ()) if service is None else self.of.get(name, ())
            after = () if service is None else tuple(_uses_of(service))
            if service is not None:
                self.of[name] = after
            if before != after:
                users.add(name)
        self.by = earlier.by
        if users:
            self._replace_uses_by(users, earlier)
        elif earlier.of.keys() == self.of.keys():
            self._used_first = earlier._used_first
        self._cycles = self._cycles_after(earlier._cycles, users)

    def _replace_uses_by(self, users: set[str], earlier: "Uses") -> None:
        of = [use for user in users for use in (*earlier.of.get(user, ()), *self.of.get(user, ()))]
        new = _by_used(self.of.get(user, ()) for user in users)
        places = {name: place for place, name in enumerate(self._services)}
        self.by = dict(earlier.by)
        for used in {use.used for use in of}:
            kept = [use for use in earlier.by.get(used, ()) if use.user not in users]
            found = sorted((*kept, *new.get(used, ())), key=lambda use: places[use.user])
            self.by[used] = tuple(found)

    def _cycles_after(
        self, earlier: tuple[tuple[str, ...], ...] | None, users: set[str]
    ) -> tuple[tuple[str, ...], ...] | None:
        """The circles once the uses by some services have changed; None where that takes a look at everything."""
        if earlier is None or len(users) > _FEW or any(users & set(group) for group in earlier):
            return earlier if not users else None
        groups = set(earlier)
        for user in users & self.of.keys():
            below = self.upstream(user)
            if user in below:
                group = below & self.downstream(user)
                groups = {known for known in groups if not group & set(known)} | {tuple(sorted(group))}
        return tuple(sorted(groups))

    def upstream(self, service: str, *, via: Container[str] = VIA) -> frozenset[str]:
        """Every service that `service` uses, directly or through others; itself if it is on a cycle."""
        return _reached(service, lambda s: (use.used for use in self.of[s] if use.via in via))

    def downstream(self, service: str, *, via: Container[str] = VIA) -> frozenset[str]:
        """Every service that uses `service`, directly or through others; itself if it is on a cycle."""
        return _reached(service, lambda s: (use.user for use in self.by.get(s, ()) if use.via in via))

    def above(self, services: Iterable[str]) -> frozenset[str]:
        """Some services and every service that uses any of them, directly or through others."""
        found = set(services)
        pending = list(found)
        while pending:
            new = {use.user for use in self.by.get(pending.pop(), ())} - found
            found |= new
            pending.extend(new)
        return frozenset(found)

    def path(self, *, user: str, used: str, longest: int) -> tuple[str, ...]:
        """A shortest chain of at most so many uses from one service to another, both ends included; empty if none."""
        came_from: dict[str, str | None] = {user: None}
        level = [user]
        for _ in range(longest):
            if not level or used in came_from:
                break
            following = []
            for service in level:
                for use in self.of[service]:
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
            for start in self._services:
                pending: list[tuple[str, bool]] = [(start, False)]
                while pending:
                    service, entered = pending.pop()
                    if entered:
                        order.append(service)
                    elif service not in seen:
                        seen.add(service)
                        pending.append((service, True))
                        pending.extend((use.used, False) for use in self.of[service])
            self._used_first = tuple(order)
        return self._used_first

    def cycles(self) -> tuple[tuple[str, ...], ...]:
        """The groups of services that use each other in a circle, each group sorted by id."""
        if self._cycles is None:
            self._cycles = self._find_cycles()
        return self._cycles

    def _find_cycles(self) -> tuple[tuple[str, ...], ...]:
        sorter = TopologicalSorter({s: {use.used for use in direct} for s, direct in self.of.items()})
        try:
            sorter.prepare()
        except CycleError:
            # networkx takes a fifth of a second to import; most portfolios have no cycle.
            import networkx

            graph = networkx.DiGraph((use.user, use.used) for direct in self.of.values() for use in direct)
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


def _by_used(found: Iterable[Iterable[Use]]) -> dict[str, tuple[Use, ...]]:
    by: dict[str, list[Use]] = {}
    for direct in found:
        for use in direct:
            by.setdefault(use.used, []).append(use)
    return {used: tuple(uses_of_it) for used, uses_of_it in by.items()}


def _reached(start: str, following: Callable[[str], Iterable[str]]) -> frozenset[str]:
    seen: set[str] = set()
    pending = list(following(start))
    while pending:
        service = pending.pop()
        if service not in seen:
            seen.add(service)
            pending.extend(following(service))
    return frozenset(seen)
