"""A portfolio as it is during an outage: what has failed is down for certain, what is cached is not felt."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from olagraph.analysis.outage.downtime import seconds
from olagraph.analysis.outage.index import OutageIndex
from olagraph.analysis.outage.results import Outage
from olagraph.analysis.outage.strikes import Strikes, strikes
from olagraph.model.entities import Family, Portfolio, Provider, ProviderKind, Service, Target
from olagraph.model.quantity import Quantity
from olagraph.model.workflow import Branch, Choice, KOfN, Parallel, Pattern, Repeat, Sequence, Step

_NOBODY = " nobody"  # ids hold no spaces, so this is nobody's
_NOTHING = " nothing"


def given(index: OutageIndex, outage: Outage) -> Portfolio:
    """The portfolio of `index` during the outage.

    What has failed belongs to an internal provider of its own and states an own part that is never up: a stated
    composition is improved by no promise (SEMANTICS §4). A use that fails by itself becomes a use of such a service.
    """
    lasting = None if outage.for_ is None else seconds(outage.for_)
    struck = strikes(index, outage.failed, day=outage.from_.date(), lasting=lasting)
    never = tuple(
        Target(metric=metric.id, value=Quantity.ratio(Decimal(0)))
        for metric in index.metrics.values()
        if metric.family is Family.STRUCTURE_FUNCTION
    )
    lost = _lost(index, struck)
    portfolio = index.graph.portfolio
    services = (
        replace(service, provider=_NOBODY, workflow=None, requires=None, own=never)
        if service.id in struck.causes
        else _during(service, lost.get(service.id, frozenset()), lasting)
        for service in portfolio.services
    )
    return replace(
        portfolio,
        providers=(*portfolio.providers, Provider(id=_NOBODY, kind=ProviderKind.INTERNAL)),
        services=(*services, Service(id=_NOTHING, provider=_NOBODY, own=never)),
    )


def _lost(index: OutageIndex, struck: Strikes) -> Mapping[str, frozenset[str]]:
    """By service, the services that it uses under agreements that have failed."""
    network = index.network
    found: dict[str, set[str]] = defaultdict(set)
    for edge in struck.failure.cut.tolist():
        user = network.services[network.owner[network.needed.user[edge]]]
        found[user].add(network.services[network.needed.operand[edge]])
    return {user: frozenset(used) for user, used in found.items()}


def _during(service: Service, lost: frozenset[str], lasting: Fraction | None) -> Service:
    workflow, requires = (
        None if step is None else _step(step, lost, lasting) for step in (service.workflow, service.requires)
    )
    if workflow is service.workflow and requires is service.requires:
        return service
    return replace(service, workflow=workflow, requires=requires)


def _step(step: Step, lost: frozenset[str], lasting: Fraction | None) -> Step:
    """The step during the outage; what is not felt of it is optional."""
    cached = step.cached_for
    if cached is not None and lasting is not None and cached.exact >= lasting:
        return replace(step, optional=True)
    of = step.of
    if isinstance(of, str):
        return replace(step, of=_NOTHING) if of in lost else step
    changed = _pattern(of, lost, lasting)
    return step if changed is of else replace(step, of=changed)


def _pattern(pattern: Pattern, lost: frozenset[str], lasting: Fraction | None) -> Pattern:
    steps = tuple(_step(step, lost, lasting) for step in pattern.steps)
    if all(new is old for new, old in zip(steps, pattern.steps, strict=True)):
        return pattern
    match pattern:
        case KOfN():
            # A branch through which nothing is felt is up.
            up = sum(_unfelt(new) > _unfelt(old) for new, old in zip(steps, pattern.steps, strict=True))
            if up >= pattern.k:
                return Sequence(tuple(replace(step, optional=True) for step in steps))
            return replace(pattern, k=pattern.k - up, steps=steps)
        case Choice():
            branches = zip(pattern.branches, steps, strict=True)
            return Choice(tuple(Branch(step=step, probability=b.probability) for b, step in branches))
        case Repeat():
            return replace(pattern, step=steps[0])
        case Sequence() | Parallel():
            return type(pattern)(steps)
        case _:
            return replace(pattern, steps=steps)


def _unfelt(step: Step) -> bool:
    """Whether nothing is felt through a step, as it is optional, or all is of which it consists."""
    return step.optional or (not isinstance(step.of, str) and all(map(_unfelt, step.of.steps)))
