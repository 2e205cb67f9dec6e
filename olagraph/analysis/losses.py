"""What one loss takes down: components, providers, owners, regions and zones, without any numbers.

A service is lost with its provider, with its provider's owners, with its region and zone, and with what it
needs. Circles
recover together (the least fixed point of "down", SEMANTICS §5).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from olagraph.graph import PortfolioGraph
from olagraph.metrics.bit_sets import at_least
from olagraph.model.entities import Service
from olagraph.model.workflow import KOfN, Step


class LossKind(StrEnum):
    """What may be lost at once."""

    COMPONENT = "component"
    PROVIDER = "provider"
    OWNER = "owner"
    REGION = "region"
    ZONE = "zone"


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that may be lost."""

    kind: LossKind
    id: str


class Losses:
    """For every service the single losses that take it down, as bit sets over all losses.

    Args:
        earlier: those of a portfolio with the same providers.
        restated: the services that are others since.
    """

    def __init__(
        self, graph: PortfolioGraph, *, earlier: "Losses | None" = None, restated: Collection[str] = ()
    ) -> None:
        self._parents = {p.parent for p in graph.portfolio.providers}
        if earlier is None:
            self._places: dict[Loss, int] = {}
            self._losses: list[Loss] = []
            self._own = {service.id: self._own_losses(graph, service) for service in graph.services.values()}
            self._down = dict.fromkeys(self._own, 0)
            self._settle(graph, graph.used_first())
            return
        self._places, self._losses = dict(earlier._places), list(earlier._losses)
        self._own, self._down = dict(earlier._own), dict(earlier._down)
        for name in restated:
            self._own.pop(name, None)
            if name in graph.services:
                self._own[name] = self._own_losses(graph, graph.services[name])
        above = graph.above(restated)
        for name in above:
            self._down.pop(name, None)
        touched = [service for service in graph.used_first() if service in above]
        self._down.update(dict.fromkeys(touched, 0))
        self._settle(graph, touched)

    def _bit(self, kind: LossKind, name: str) -> int:
        loss = Loss(kind, name)
        place = self._places.get(loss)
        if place is None:
            place = self._places[loss] = len(self._losses)
            self._losses.append(loss)
        return 1 << place

    def _own_losses(self, graph: PortfolioGraph, service: Service) -> int:
        bits = self._bit(LossKind.PROVIDER, service.provider)
        for owner in graph.owners(service.provider):
            bits |= self._bit(LossKind.OWNER, owner)
        if service.provider in self._parents:  # it is lost with everything else it owns
            bits |= self._bit(LossKind.OWNER, service.provider)
        region = service.region or graph.providers[service.provider].region
        if region:
            bits |= self._bit(LossKind.REGION, region)
        if service.zone:
            bits |= self._bit(LossKind.ZONE, service.zone)
        if service.own or (service.workflow is None and service.requires is None):
            bits |= self._bit(LossKind.COMPONENT, service.id)
        return bits

    def _settle(self, graph: PortfolioGraph, order: Sequence[str]) -> None:
        """Rounds from "nothing is down"; in an order that needs one round where there are no circles."""
        changed = True
        while changed:
            changed = False
            for service in order:
                stated = graph.services[service]
                bits = self._own[service]
                for expression in (stated.workflow, stated.requires):
                    if expression is not None:
                        bits |= self._of_step(expression)
                if bits != self._down[service]:
                    self._down[service] = bits
                    changed = True
            changed = changed and bool(graph.cycles())

    def _of_step(self, step: Step) -> int:
        if step.optional:
            return 0
        pattern = step.of
        if isinstance(pattern, str):
            return self._down[pattern]
        below = [self._of_step(inner) for inner in pattern.steps if not inner.optional]
        if isinstance(pattern, KOfN):
            return at_least(below, len(below) - min(pattern.k, len(below)) + 1)
        bits = 0
        for down in below:
            bits |= down
        return bits

    def of_service(self, service: str) -> int:
        """The losses that take a service down, as a bit set; see `members`."""
        return self._down[service]

    def of_group(self, group: KOfN) -> list[Loss]:
        """The losses that leave fewer branches up than the group needs.

        An owner that provides a branch itself is lost as a provider.
        """
        down = [self._of_step(step) for step in group.steps]
        anywhere = at_least(down, 1)
        found: dict[Loss, None] = {}
        for loss in self.members(at_least(down, len(down) - group.k + 1)):
            provider = self._places.get(Loss(LossKind.PROVIDER, loss.id))
            provides = provider is not None and anywhere >> provider & 1
            as_provider = loss.kind is LossKind.OWNER and provides
            found[Loss(LossKind.PROVIDER, loss.id) if as_provider else loss] = None
        return list(found)

    def members(self, bits: int) -> Iterator[Loss]:
        """The losses in a bit set."""
        while bits:
            lowest = bits & -bits
            yield self._losses[lowest.bit_length() - 1]
            bits ^= lowest

    def of_component(self, service: str) -> int:
        """The bit set of a service's own component; empty if it has none."""
        place = self._places.get(Loss(LossKind.COMPONENT, service))
        return 0 if place is None else 1 << place

    def bit_of(self, loss: Loss) -> int:
        """The bit set of one loss."""
        return 1 << self._places[loss]

    def components(self) -> int:
        """The bit set of all components."""
        bits = 0
        for loss, place in self._places.items():
            if loss.kind is LossKind.COMPONENT:
                bits |= 1 << place
        return bits
