"""The structure of one assessment by the letter of SEMANTICS §4: what stands for every service, per view."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from tests.oracle.expression import Expression, composed_ratio, every_use, needed
from tests.oracle.reading import Promise, Reading, counting

AVAILABILITY = counting("availability")


@dataclass(frozen=True)
class Component:
    """Something that is up or down on its own.

    Attributes:
        service: whose promise, own part or missing inside it is.
        what: `whole`, `own` or, of a workflow that has no structure, `workflow`.
        ratio: its availability; None = missing.
    """

    service: str
    what: str
    ratio: Fraction | None


@dataclass(frozen=True)
class Whole:
    """An external service of which composition and promise both speak: the better counts, basis by basis."""

    service: str
    promise: Fraction


Standing = tuple[Component | Whole | Expression, ...]
"""What a service stands for: all of these must be up. Expressions name services, standing in turn."""


@dataclass(frozen=True)
class Structure:
    """What stands for the root and for every service reached from it.

    Attributes:
        inside: the composition of every service that stands as a `Whole`.
    """

    root: str
    standings: dict[str, Standing]
    inside: dict[str, Standing] = field(default_factory=dict)

    def missing(self) -> set[str]:
        """The services of what is missing."""
        rows = [*self.standings.values(), *self.inside.values()]
        return {
            part.service for row in rows for part in row if isinstance(part, Component) and part.ratio is None
        }


def strictest(promises: Iterable[Promise]) -> Fraction | None:
    """The strictest availability of several promises; a 100 % target counts as what it says to assume."""
    ratios = (composed_ratio(target, "availability") for promise in promises for target in promise.targets)
    return max(ratios, default=None)


def contracted(reading: Reading, root: str, provider: str, *, resold: bool) -> Structure:
    """The view `contracted`: promises that back the root's workflow; the same provider is looked through."""

    def stand(service: str) -> Standing:
        if resold or reading.provider(service) != provider:
            promised = strictest(reading.backing(provider, service, AVAILABILITY))
            return (Component(service, "whole", promised),)
        if reading.is_leaf(service, AVAILABILITY):
            return (Component(service, "whole", None),)
        return composition(reading, service, bounded_by=None, own_bounded=False)

    return _settled(_reached(root, stand), root)


def achievable(
    reading: Reading, root: str, provider: str, *, resold: bool, assessed: tuple[str, str]
) -> Structure:
    """The view `achievable`: leaf promises and own parts, all the way down; `assessed` proves nothing."""
    promised = _promises(reading, root, provider, resold=resold, assessed=assessed)
    edges = {service: needs(reading, service) for service in promised}

    def composed(service: str, *, own_bounded: bool) -> Standing:
        return composition(reading, service, bounded_by=promised[service], own_bounded=own_bounded)

    def leaf(service: str) -> Component:
        known = [
            promise
            for user in reading.users(service)
            for promise in reading.backing(user, service, AVAILABILITY)
            if promise.provider == reading.provider(service) and (promise.agreement, service) != assessed
        ]
        ratios = [value for value in (promised[service], strictest(known)) if value is not None]
        return Component(service, "whole", max(ratios, default=None))

    def plain(service: str) -> Standing:
        leaves = reading.is_leaf(service, AVAILABILITY)
        return (leaf(service),) if leaves else composed(service, own_bounded=False)

    wholes = {
        service
        for service, promise in promised.items()
        if promise is not None and reading.external(service) and not reading.is_leaf(service, AVAILABILITY)
    }

    def incomplete(whole: str) -> bool:
        def stand(service: str) -> Standing:
            stands_by_promise = service in wholes and service != whole
            return (Component(service, "whole", promised[service]),) if stands_by_promise else plain(service)

        composes = _reaches_component(whole, {service: plain(service) for service in edges})
        return not composes or bool(_settled(_reached(whole, stand), whole).missing())

    by_promise_alone = {service for service in wholes if incomplete(service)}
    edges |= {service: set() for service in by_promise_alone}  # their insides do not count
    shared = {service for service in wholes if _parts_used_elsewhere(service, root, edges)}
    inside: dict[str, Standing] = {}

    def stand(service: str) -> Standing:
        promise = promised[service]
        if service in by_promise_alone:
            return (Component(service, "whole", promise),)
        if service in shared:
            return composed(service, own_bounded=True)
        if service in wholes and promise is not None:
            inside[service] = composed(service, own_bounded=False)
            return (Whole(service, promise),)
        return plain(service)

    standings = _reached(root, stand, inside)
    settled = _settled({**standings, **{f"inside {name}": row for name, row in inside.items()}}, root)
    return Structure(
        root,
        {name: settled.standings[name] for name in standings},
        {name: settled.standings[f"inside {name}"] for name in inside},
    )


def needs(reading: Reading, service: str) -> set[str]:
    """The services that a service's structure uses, optional steps left out."""
    return {used for expression in _expressions(reading, service) for used in every_use(expression)}


def composition(
    reading: Reading, service: str, *, bounded_by: Fraction | None, own_bounded: bool
) -> Standing:
    """A service's workflow ∧ `requires` ∧ own, as far as they are stated.

    Args:
        bounded_by: the promise backing the use, which bounds an own part not stated beside `requires` alone.
        own_bounded: it bounds one not stated beside a workflow, too.
    """
    standing: list[Component | Whole | Expression] = [*_expressions(reading, service)]
    own = reading.own(service, AVAILABILITY)
    workflow = reading.workflow.get(service)
    if own:
        standing.append(Component(service, "own", strictest([Promise("", "", service, tuple(own))])))
    elif workflow is None:
        standing.append(Component(service, "own", bounded_by))
    elif needed(workflow) is None:
        standing.append(Component(service, "workflow", None))
    elif own_bounded:
        standing.append(Component(service, "own", bounded_by))
    return tuple(standing)


def _expressions(reading: Reading, service: str) -> list[Expression]:
    stated = (reading.workflow.get(service), reading.requires.get(service))
    return [
        kept for expression in stated if expression is not None and (kept := needed(expression)) is not None
    ]


def _promises(
    reading: Reading, root: str, provider: str, *, resold: bool, assessed: tuple[str, str]
) -> dict[str, Fraction | None]:
    """Per service reached: the strictest promise backing a use of it in it, resellers seen through."""
    found: dict[str, list[Promise]] = {root: []}
    pending = [root]
    uses = [(provider, root)] if resold else []
    while pending:
        service = pending.pop()
        for used in needs(reading, service):
            if resold or used != root:  # nobody uses what is assessed, not even a cycle back to it
                uses.append((reading.provider(service), used))
            if used not in found:
                found[used] = []
                pending.append(used)
    for user, used in uses:
        found[used] += [
            promise
            for promise in reading.trail(user, used, AVAILABILITY)
            if (promise.agreement, promise.service) != assessed
        ]
    return {service: strictest(promises) for service, promises in found.items()}


def _closure(start: Iterable[str], edges: dict[str, set[str]], without: str | None = None) -> set[str]:
    seen: set[str] = set()
    pending = [service for service in start if service != without]
    while pending:
        service = pending.pop()
        if service not in seen:
            seen.add(service)
            pending.extend(edges[service] - {without})
    return seen


def _parts_used_elsewhere(service: str, root: str, edges: dict[str, set[str]]) -> bool:
    parts = _closure(edges[service], edges) - {service}
    return bool(parts & _closure([root], edges, without=service))


def _reached(
    root: str, stand: Callable[[str], Standing], inside: dict[str, Standing] | None = None
) -> dict[str, Standing]:
    standings: dict[str, Standing] = {}
    pending = [root]
    while pending:
        service = pending.pop()
        if service in standings:
            continue
        standings[service] = stand(service)
        rows = [*standings[service], *(inside or {}).get(service, ())]
        pending += [used for part in rows if isinstance(part, Expression) for used in every_use(part)]
    return standings


def _reaches_component(service: str, standings: dict[str, Standing]) -> bool:
    seen: set[str] = set()
    pending = [service]
    while pending:
        current = pending.pop()
        if current in seen:
            continue
        seen.add(current)
        if current not in standings:
            return True  # a leaf
        for part in standings[current]:
            if not isinstance(part, Expression):
                return True
            pending.extend(every_use(part))
    return False


def _settled(standings: dict[str, Standing], root: str) -> Structure:
    """A service whose structure reaches no leaf and no own part is unknown, service by service (§5)."""
    return Structure(
        root,
        {
            name: row
            if _reaches_component(name, standings)
            else (Component(name.removeprefix("inside "), "whole", None),)
            for name, row in standings.items()
        },
    )
