"""How far the loss of a provider, owner, region or zone reaches: one walk for all losses at once, as bit sets.

A service is lost with its provider, with its provider's owners, with the suppliers behind it and their owners, with its
region and zone, and with what it needs. Circles recover together (the least fixed point of "down", SEMANTICS §5). A use
is lost with the resellers that it is delivered through as well.
"""

from collections.abc import Iterable, Iterator
from functools import cache, reduce
from operator import and_, or_

from olagraph.analysis.concentration.deliveries import Deliveries
from olagraph.analysis.losses import Loss, LossKind
from olagraph.graph import PortfolioGraph
from olagraph.metrics.bit_sets import at_least
from olagraph.model.entities import Agreement, Service
from olagraph.model.workflow import KOfN, Step, has_structure


class Reach:
    """What every loss takes down or touches.

    Attributes:
        losses: what may be lost; bit i of every set is the i-th of them.
        provided: by service, the losses that hold it itself: its provider's, its region's, its zone's.
        supplied: by service, the losses that hold a supplier of its supply chain.
        struck: by service, the losses that strike it at first hand: these, and those that leave nobody to whom it is
            delivered.
        cut: by provider and service used, the losses that end its delivery.
        down: by service, the losses that take it down.
        reached: by service, the losses that take it down or something below it that is not optional.
    """

    def __init__(self, graph: PortfolioGraph, deliveries: Deliveries) -> None:
        self._graph = graph
        self._deliveries = deliveries
        self._parents = {p.parent for p in graph.portfolio.providers}
        self._places: dict[Loss, int] = {}
        self.of_provider = cache(self._of_provider)
        self.cut = cache(self._resellers)
        services = graph.portfolio.services
        self.provided = {s.id: self._provided(s) for s in services}
        self.supplied = {
            s.id: _any(self.of_provider(supplier.provider) for supplier in s.supply_chain) for s in services
        }
        self.struck = {
            s.id: self.provided[s.id] | self.supplied[s.id] | self._undelivered(s) for s in services
        }
        self.down = dict(self.struck)
        self._settle()
        self.reached = dict(self.struck)
        self._spread()

    @property
    def losses(self) -> tuple[Loss, ...]:
        """See the class."""
        return tuple(self._places)

    def _bit(self, kind: LossKind, name: str) -> int:
        return 1 << self._places.setdefault(Loss(kind, name), len(self._places))

    # At first hand -----------------------------------------------------------------------------------------

    def _of_provider(self, provider: str) -> int:
        """The losses that hold a provider."""
        bits = self._bit(LossKind.PROVIDER, provider)
        for owner in self._graph.owners(provider):
            bits |= self._bit(LossKind.OWNER, owner)
        if provider in self._parents:  # it is lost with everything else it owns
            bits |= self._bit(LossKind.OWNER, provider)
        return bits

    def _provided(self, service: Service) -> int:
        bits = self.of_provider(service.provider)
        region = service.region or self._graph.providers[service.provider].region
        if region is not None:
            bits |= self._bit(LossKind.REGION, region)
        if service.zone is not None:
            bits |= self._bit(LossKind.ZONE, service.zone)
        return bits

    def _resellers(self, user: str, service: str) -> int:
        """The losses that end the delivery of a service to a provider."""
        return _any(map(self.of_provider, self._deliveries.resellers(user=user, service=service)))

    def undelivered(self, agreement: Agreement, service: str) -> int:
        """The losses that end the delivery of a service under an agreement, if its seller is not its provider."""
        seller = agreement.provider
        if seller == self._graph.services[service].provider:
            return 0
        return self.of_provider(seller) | self.cut(seller, service)

    def _undelivered(self, service: Service) -> int:
        """The losses that leave nobody to whom a service is delivered."""
        sold = [self.undelivered(a, service.id) for a in self._deliveries.covering(service.id)]
        if not sold or not all(sold):
            return 0
        used = (
            self.cut(self._graph.services[use.user].provider, service.id)
            for use in self._graph.used_by(service.id)
        )
        return reduce(and_, (*sold, *used))

    # Upwards -----------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Rounds from "nothing is down"; in an order that needs one round where there are no circles."""
        order = [self._graph.services[service] for service in self._graph.used_first()]
        changed = True
        while changed:
            changed = False
            for service in order:
                bits = self.down[service.id]
                for expression in _needed(service):
                    bits |= self._of_step(expression, service.provider)
                if bits != self.down[service.id]:
                    self.down[service.id] = bits
                    changed = bool(self._graph.cycles())

    def _of_step(self, step: Step, user: str) -> int:
        """The losses that take an expression down that has structure."""
        pattern = step.of
        if isinstance(pattern, str):
            return self.down[pattern] | self.cut(user, pattern)
        below = [self._of_step(inner, user) for inner in pattern.steps if has_structure(inner)]
        k = min(pattern.k, len(below)) if isinstance(pattern, KOfN) else len(below)
        return at_least(below, len(below) - k + 1)

    def _spread(self) -> None:
        order = [self._graph.services[service] for service in self._graph.used_first()]
        uses = {service.id: tuple(_needed_uses(service)) for service in order}
        changed = True
        while changed:
            changed = False
            for service in order:
                bits = self.reached[service.id]
                for used in uses[service.id]:
                    bits |= self.reached[used] | self.cut(service.provider, used)
                if bits != self.reached[service.id]:
                    self.reached[service.id] = bits
                    changed = bool(self._graph.cycles())


def _any(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)


def _needed(service: Service) -> Iterator[Step]:
    """The expressions of a service that have structure."""
    return (e for e in (service.workflow, service.requires) if e is not None and has_structure(e))


def _needed_uses(service: Service) -> Iterator[str]:
    pending = list(_needed(service))
    while pending:
        step = pending.pop()
        if isinstance(step.of, str):
            yield step.of
        else:
            pending.extend(inner for inner in step.of.steps if has_structure(inner))
