"""Small portfolios in which much follows from something else: covers by tag or inherited, names that mean two things."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from olagraph.model.entities import (
    Agreement,
    AgreementKind,
    Covers,
    Customer,
    Portfolio,
    Provider,
    ProviderKind,
    Service,
    Target,
)
from olagraph.model.quantity import Quantity
from olagraph.model.workflow import AllOf, Choice, KOfN, Repeat, Sequence, Step

NAMES = ("a", "b", "c", "d")
TAGS = ("red", "blue")
TARGET = Target(metric="availability", value=Quantity.ratio(Decimal("0.99")))

names = st.lists(st.sampled_from(NAMES), unique=True, min_size=1)


@st.composite
def covers(draw: st.DrawFn, services: list[str]) -> Covers | None:
    """Any way to say what is covered."""
    match draw(st.sampled_from(["none", "none", "all", "tags", "list"])):
        case "all":
            return Covers(all=True)
        case "tags":
            return Covers(tags=tuple(draw(st.lists(st.sampled_from(TAGS), unique=True, min_size=1))))
        case "list":
            return Covers(services=tuple(draw(st.lists(st.sampled_from(services), unique=True, min_size=1))))
    return None


@st.composite
def intertwined(draw: st.DrawFn) -> Portfolio:
    """Providers and customers of the same few names, agreements that inherit from those before them."""
    providers, customers, services, agreements = (draw(names) for _ in range(4))
    provider = st.sampled_from(providers)
    parties = st.lists(st.sampled_from(sorted({*providers, *customers})), unique=True, max_size=2)
    return Portfolio(
        providers=tuple(Provider(id=each, kind=draw(st.sampled_from(ProviderKind))) for each in providers),
        customers=tuple(Customer(id=each) for each in customers),
        services=tuple(
            Service(
                id=each,
                provider=draw(provider),
                tags=tuple(draw(st.lists(st.sampled_from(TAGS), unique=True))),
            )
            for each in services
        ),
        agreements=tuple(
            Agreement(
                id=each,
                provider=draw(provider),
                kind=draw(st.none() | st.sampled_from(AgreementKind)),
                customers=tuple(draw(parties)),
                covers=draw(covers(services)),
                inherits=draw(st.none() | st.sampled_from(agreements[:index])) if index else None,
                targets=draw(st.sampled_from([(), (TARGET,)])),
            )
            for index, each in enumerate(agreements)
        ),
    )


def without_redundancy(step: Step, several: type[AllOf] | type[Sequence]) -> Step:
    """An expression with all branches of every group needed.

    Args:
        several: what takes the place of a group.
    """
    of = step.of
    if not isinstance(of, str):
        steps = tuple(without_redundancy(inner, several) for inner in of.steps)
        if isinstance(of, Repeat):
            of = replace(of, step=steps[0])
        elif isinstance(of, Choice):
            pairs = zip(of.branches, steps, strict=True)
            of = Choice(tuple(replace(branch, step=inner) for branch, inner in pairs))
        else:
            of = several(steps) if isinstance(of, KOfN) else type(of)(steps)
    return replace(step, of=of)
