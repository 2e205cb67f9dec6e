"""An independent reading of SEMANTICS §9: the states of an outage by trying every further failure."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from hypothesis import strategies as st

from olagraph.model.entities import Portfolio, Provider, ProviderKind, Service
from olagraph.model.quantity import Dimension, Quantity
from olagraph.model.workflow import AllOf, Branch, Choice, KOfN, Parallel, Pattern, Repeat, Sequence, Step

NAMES = "abcdef"
PROVIDERS = ("p", "q")


def hours(number: int) -> Quantity:
    return Quantity(Decimal(number), "h", Dimension.DURATION)


def _patterns(inner: st.SearchStrategy[Step]) -> st.SearchStrategy[Step]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    pattern = st.one_of(
        several.map(Sequence),
        several.map(Parallel),
        several.map(AllOf),
        several.flatmap(lambda steps: st.integers(1, len(steps)).map(lambda k: KOfN(k=k, steps=steps))),
        several.flatmap(lambda steps: st.integers(1, len(steps)).map(lambda k: KOfN(k=k, steps=steps))),
        several.map(lambda steps: Choice(tuple(Branch(step=step) for step in steps))),
        inner.map(lambda step: Repeat(step=step, max=2)),
    )
    return pattern.flatmap(_decorated)


def _decorated(of: str | Pattern) -> st.SearchStrategy[Step]:
    rarely = st.integers(0, 6)
    return st.builds(
        lambda optional, cached: Step(
            of=of, optional=optional == 0, cached_for=hours(cached) if cached else None
        ),
        rarely,
        st.sampled_from([0, 0, 0, 0, 0, 1, 2, 3]),
    )


def steps(names: str) -> st.SearchStrategy[Step]:
    """Expressions over some services."""
    return st.recursive(st.sampled_from(list(names)).flatmap(_decorated), _patterns, max_leaves=5)


@st.composite
def portfolios(draw: st.DrawFn) -> Portfolio:
    """Small portfolios, circles included."""
    services = []
    for name in NAMES:
        services.append(
            Service(
                id=name,
                provider=draw(st.sampled_from(PROVIDERS)),
                workflow=draw(st.none() | steps(NAMES)),
                requires=draw(st.none() | st.none() | steps(NAMES)),
            )
        )
    providers = tuple(Provider(id=each, kind=ProviderKind.EXTERNAL) for each in PROVIDERS)
    return Portfolio(providers=providers, services=tuple(services))


class Structure:
    """Which services are down when some fail, in an outage of some hours (None = open-ended)."""

    def __init__(self, portfolio: Portfolio, lasting: int | None) -> None:
        self.services = {service.id: service for service in portfolio.services}
        self.lasting = lasting

    def unfelt(self, step: Step) -> bool:
        return (
            step.cached_for is not None
            and self.lasting is not None
            and step.cached_for.exact >= self.lasting * 3600
        )

    def fails(self, step: Step, down: frozenset[str]) -> bool | None:
        """Whether what a step does fails, whether it is optional or not; None if it says nothing."""
        if isinstance(step.of, str):
            found: bool | None = step.of in down
        else:
            parts = [None if each.optional else self.fails(each, down) for each in step.of.steps]
            stated = [part for part in parts if part is not None]
            if not stated:
                return None
            k = min(step.of.k, len(stated)) if isinstance(step.of, KOfN) else len(stated)
            found = stated.count(False) < k
        return found and not self.unfelt(step) if found is not None else None

    def down(self, failed: Iterable[str]) -> frozenset[str]:
        """The least fixed point, service by service."""
        found = frozenset(failed)
        while True:
            more = {
                service.id
                for service in self.services.values()
                if any(self.fails(step, found) for step in self.needed(service))
            }
            if more <= found:
                return found
            found |= more

    @staticmethod
    def expressions(service: Service) -> Iterator[Step]:
        yield from (step for step in (service.workflow, service.requires) if step is not None)

    def needed(self, service: Service) -> Iterator[Step]:
        yield from (step for step in self.expressions(service) if not step.optional)

    def at_risk(self, failed: frozenset[str]) -> set[str]:
        """Up, and some further failure takes them down that would not have without the outage."""
        is_down = self.down(failed)
        others = [service for service in self.services if service not in failed]
        found: set[str] = set()
        for bits in range(2 ** len(others)):
            further = {name for place, name in enumerate(others) if bits >> place & 1}
            found |= self.down(failed | further) - self.down(further)
        return found - is_down

    def degraded(self, failed: frozenset[str]) -> set[str]:
        """Up, and an optional step has failed in them or in something up that they need."""
        is_down = self.down(failed)
        found: set[str] = set()
        changed = True
        while changed:
            changed = False
            for service in self.services.values():
                if service.id in found | is_down:
                    continue
                if any(self._soft(step, is_down, found) for step in self.expressions(service)):
                    found.add(service.id)
                    changed = True
        return found

    def _soft(self, step: Step, is_down: frozenset[str], degraded: set[str]) -> bool:
        """Whether anything optional inside a step fails, or something it needs is degraded, and it is felt."""
        if self.unfelt(step):
            return False
        if step.optional and self.fails(step, is_down):
            return True
        if isinstance(step.of, str):
            return not step.optional and step.of in degraded
        return any(self._inside(each, step.optional, is_down, degraded) for each in step.of.steps)

    def _inside(self, step: Step, optional: bool, is_down: frozenset[str], degraded: set[str]) -> bool:
        if not optional or step.optional:
            return self._soft(step, is_down, degraded)
        if isinstance(step.of, str) or self.unfelt(step):
            return False  # that what is used softly is degraded is not felt
        return any(self._inside(each, True, is_down, degraded) for each in step.of.steps)
