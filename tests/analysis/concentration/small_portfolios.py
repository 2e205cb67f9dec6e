"""Small random portfolios of services with one promise each, and their states tried one by one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import prod

from hypothesis import strategies as st

from olagraph.model.entities import (
    Agreement,
    Covers,
    Customer,
    Portfolio,
    Provider,
    ProviderKind,
    Service,
    Supplier,
    Target,
)
from olagraph.model.quantity import Dimension, Quantity
from olagraph.model.workflow import AllOf, KOfN, Parallel, Sequence, Step

OURS = "root", "one", "two"
LEAVES = "abcde"
SUPPLIERS = "p", "q", "r"
PARENTS = {"p": "holding", "q": "holding"}
REGIONS = {"r": "north"}
RATIOS = "50%", "80%", "90%", "99%", "99.9%", "100%"


def availability(ratio: str) -> Target:
    return Target(metric="availability", value=Quantity(Decimal(ratio[:-1]), "%", Dimension.RATIO))


def _several(inner: st.SearchStrategy[Step]) -> st.SearchStrategy[Step]:
    steps = st.lists(inner, min_size=1, max_size=4).map(tuple)
    groups = steps.flatmap(lambda of: st.integers(1, len(of)).map(lambda k: KOfN(k=k, steps=of)))
    return st.one_of(steps.map(Sequence), steps.map(Parallel), steps.map(AllOf), groups, groups).flatmap(
        lambda of: st.integers(0, 7).map(lambda chance: Step(of=of, optional=chance == 0))
    )


def expressions(names: Iterable[str]) -> st.SearchStrategy[Step]:
    """Expressions over services."""
    return st.recursive(st.sampled_from(list(names)).map(lambda name: Step(of=name)), _several, max_leaves=8)


@st.composite
def portfolios(draw: st.DrawFn, *, supply_chains: bool = False) -> Portfolio:
    """`us` promises `root`; its suppliers promise their services to everybody, each of them in one agreement."""
    services = []
    for place, name in enumerate(OURS):
        below = (*OURS[place + 1 :], *LEAVES)
        own = draw(st.none() | st.sampled_from(RATIOS))
        services.append(
            Service(
                id=name,
                provider="us",
                workflow=draw(expressions(below)),
                requires=draw(st.none() | expressions(below)),
                own=() if own is None else (availability(own),),
            )
        )
    agreements = [
        Agreement(
            id="sla",
            provider="us",
            customers=("c",),
            covers=Covers(services=("root",)),
            targets=(availability("10%"),),
        )
    ]
    for provider in SUPPLIERS:
        agreements.append(
            Agreement(
                id=f"uc-{provider}",
                provider=provider,
                covers=Covers(all=True),
                targets=(availability(draw(st.sampled_from(RATIOS))),),
            )
        )
    for leaf in LEAVES:
        chain = draw(st.lists(st.sampled_from(SUPPLIERS), max_size=1)) if supply_chains else ()
        services.append(
            Service(
                id=leaf,
                provider=draw(st.sampled_from(SUPPLIERS)),
                supply_chain=tuple(Supplier(provider=each) for each in chain),
                region=draw(st.sampled_from([None, "north", "south"])),
                zone=draw(st.sampled_from([None, "1a", "1b"])),
            )
        )
    external = ("holding", *SUPPLIERS)
    return Portfolio(
        name="small",
        providers=(
            Provider(id="us", kind=ProviderKind.INTERNAL),
            *(
                Provider(id=p, kind=ProviderKind.EXTERNAL, parent=PARENTS.get(p), region=REGIONS.get(p))
                for p in external
            ),
        ),
        customers=(Customer(id="c"),),
        services=tuple(services),
        agreements=tuple(agreements),
    )


def is_down(services: Mapping[str, Service], name: str, failed: Callable[[Service], bool]) -> bool:
    """Whether a service is down when some have failed, by the text; no circles."""
    service = services[name]
    return failed(service) or any(
        _fails(services, step, failed)
        for step in (service.workflow, service.requires)
        if step is not None and not step.optional
    )


def _fails(services: Mapping[str, Service], step: Step, failed: Callable[[Service], bool]) -> bool | None:
    """Whether an expression fails; None if it says nothing."""
    if isinstance(step.of, str):
        return is_down(services, step.of, failed)
    parts = [None if each.optional else _fails(services, each, failed) for each in step.of.steps]
    stated = [part for part in parts if part is not None]
    if not stated:
        return None
    k = min(step.of.k, len(stated)) if isinstance(step.of, KOfN) else len(stated)
    return stated.count(False) < k


@dataclass(frozen=True)
class States:
    """All states of some members and whether a service is down in each."""

    members: tuple[str, ...]
    down: frozenset[frozenset[str]]

    @classmethod
    def of(cls, members: Iterable[str], down: Callable[[frozenset[str]], bool]) -> "States":
        names = tuple(members)
        return cls(names, frozenset(state for state in _subsets(names) if down(state)))

    def probability(self, q: Mapping[str, float]) -> float:
        """Of being down if members fail independently."""
        return self._weight(self.down, q)

    def _weight(self, states: Iterable[frozenset[str]], q: Mapping[str, float]) -> float:
        return sum(prod(q[m] if m in state else 1 - q[m] for m in self.members) for state in states)

    def minimal_cuts(self) -> set[frozenset[str]]:
        """The states that are down and of which no part is."""
        return {s for s in self.down if not any(s - {m} in self.down for m in s)}

    def holding(self, element: Iterable[str], q: Mapping[str, float]) -> float:
        """The probability that some minimal cut that holds a member of `element` has failed."""
        named = set(element)
        cuts = [cut for cut in self.minimal_cuts() if cut & named]
        return self._weight((s for s in self.down if any(cut <= s for cut in cuts)), q)


def _subsets(names: tuple[str, ...]) -> Iterator[frozenset[str]]:
    for chosen in product((False, True), repeat=len(names)):
        yield frozenset(name for name, is_in in zip(names, chosen, strict=True) if is_in)


def by_order(cuts: Iterable[frozenset[str]]) -> dict[int, int]:
    """How many sets have how many members."""
    sizes = [len(cut) for cut in cuts]
    return {size: sizes.count(size) for size in sizes}
