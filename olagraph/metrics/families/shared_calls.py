"""Failure shares where one promise stands at several places of a call tree (SEMANTICS §5, success rate).

A promise speaks of all calls of its service together: with v calls a request, v·ε of them fail, and they may
all fall on the worst of the places (`most_failure`) or on the most harmless one (`least_failure`). The worst
is a linear programme; `most_failure` proves an upper bound of it by duality: a price for each node's
failures, chosen by a heuristic. Any prices prove a sound bound, good ones a sharp one.
"""

from collections.abc import Collection

from olagraph.metrics.composition import (
    Choice,
    KOfN,
    Limited,
    Node,
    Number,
    NumberType,
    Part,
    Walk,
    fold,
    quotient,
)
from olagraph.metrics.families.call_rules import ceiling_failure, guaranteed_failure
from olagraph.metrics.families.k_of_n import worst_failure_branches
from olagraph.metrics.families.occurrences import Between, Places, Sharing, burden, visits_per_use

_SERIES = Between.SEQUENCE | Between.PARALLEL | Between.TIMEOUT

MOST_BURDENS = 32
"""How many shared nodes get a pass of their own for the ceiling, which keeps it linear."""

_ROUNDS = 3
"""How often prices are chosen anew, with what the last ones paid for taken as free."""


def most_failure(walk: Walk, failures: list[Number], shared: Sharing, *, number: NumberType) -> Number:
    """An upper bound of the failing share of requests, over every dependence and every spread of failing calls.

    Exact where no promise stands on both sides of a choice or redundancy.

    Args:
        failures: of each component, the share of its calls that fail.
    """
    plain = _estimates(walk, failures, free=(), number=number)
    series = _SERIES | Between.AGAIN
    if all(between is None or between in series for between in shared.between):
        return plain[walk.root]
    certain = [estimate >= 1 for estimate in plain]
    bounds: list[Number] = [1]
    paid: Collection[int] = ()
    for attempt in range(_ROUNDS + 1):
        estimates = _estimates(walk, failures, free=paid, number=number) if attempt else plain
        for spread in (frozenset[int](), shared.partings):
            prices, capped = _prices(walk, estimates, certain, spread=spread)
            bounds.append(_proven(walk, failures, prices, capped, number=number))
        paid = _never_optional(walk) if not attempt else _paid(walk, prices)
    return min(bounds)


def _estimates(
    walk: Walk, failures: list[Number], *, free: Collection[int], number: NumberType
) -> list[Number]:
    """The failure share of every node by the rules place by place, components in `free` taken as perfect."""
    estimates: list[Number] = []
    for node, below in zip(walk.nodes, walk.children, strict=True):
        if isinstance(node, Part):
            estimates.append(0 if node.component in free else failures[node.component])
        else:
            estimates.append(guaranteed_failure(node, [estimates[child] for child in below], number=number))
    return estimates


def _never_optional(walk: Walk) -> set[int]:
    """Components called by every request: their whole v·ε is paid for in any case."""
    reached = {walk.root}
    found: set[int] = set()
    for place in reversed(range(len(walk.nodes))):
        if place not in reached:
            continue
        node = walk.nodes[place]
        if isinstance(node, Part):
            found.add(node.component)
        elif not (isinstance(node, KOfN) and node.k < len(node.steps)) and not _optional(node):
            reached.update(walk.children[place])
    return found


def _paid(walk: Walk, prices: list[Number]) -> set[int]:
    return {
        node.component
        for node, price in zip(walk.nodes, prices, strict=True)
        if isinstance(node, Part) and price >= 1
    }


def _optional(node: Node) -> bool:
    return isinstance(node, Limited) and node.optional


Prices = list[Number]
Capped = dict[tuple[int, int], Number]
"""By use (place of the parent, position of the child): what a visit costs that is taken to fail for certain."""


def _prices(
    walk: Walk, estimates: list[Number], certain: list[bool], *, spread: Collection[int]
) -> tuple[Prices, Capped]:
    """A price for each node, such that the root's failures cost at most the sum of price × failures of components.

    Along series and choices a price goes down as it is. Of redundant branches those with the lowest estimates
    are relied upon, at equal prices; of those in `spread`, whose branches share a promise, all. A node used
    at several places has the highest of its prices. A node that fails for certain is paid for by its visits
    instead.
    """
    prices: Prices = [0] * len(walk.nodes)
    prices[walk.root] = 1
    capped: Capped = {}
    for place in reversed(range(len(walk.nodes))):
        price, node, below = prices[place], walk.nodes[place], walk.children[place]
        if not price or _optional(node):
            continue
        relied: Collection[int] = range(len(below))
        if isinstance(node, KOfN):
            if place not in spread:
                _, relied = worst_failure_branches(node.k, [estimates[child] for child in below])
            price = quotient(price, len(relied) - node.k + 1)
        for position in relied:
            child = below[position]
            if certain[child]:
                capped[place, position] = price
            else:
                prices[child] = max(prices[child], price)
    return prices, capped


def _proven(
    walk: Walk, failures: list[Number], prices: Prices, capped: Capped, *, number: NumberType
) -> Number:
    """The bound that `prices` prove: every call of a component costs price × ε, wherever it is made."""

    def cost(place: int, below: list[Number]) -> Number:
        node = walk.nodes[place]
        if isinstance(node, Part):
            return number(prices[place] * failures[node.component])
        weights = visits_per_use(walk, place, number=number)
        terms = [
            number(weight * (spent + capped.get((place, position), 0))) if weight else number(0)
            for position, (weight, spent) in enumerate(zip(weights, below, strict=True))
        ]
        if isinstance(node, Choice) and node.probabilities is None:
            return max(terms)
        return sum(terms, start=number(0))

    return fold(walk, cost)


def least_failure(walk: Walk, failures: list[Number], shared: Sharing, *, number: NumberType) -> Number:
    """A lower bound of the failing share of requests, over every dependence and every spread of failing calls.

    Two bounds count, the better of them: place by place with the other places failing first, and as many
    failing calls as there are, as many of them in one request as there can be.

    Args:
        failures: of each component, the share of its calls that fail.
    """
    unsafe = {
        place
        for place, between in enumerate(shared.between)
        if between is not None and between not in _SERIES
    }
    places = Places(walk, shared, number=number)
    bounds: list[Number] = [0]

    def least(place: int, below: list[Number]) -> Number:
        node = walk.nodes[place]
        if isinstance(node, Part):
            value = failures[node.component]
        else:
            children = walk.children[place]
            here = [
                places.calls(place, position).least_late(late) if children[position] in unsafe else late
                for position, late in enumerate(below)
            ]
            value = ceiling_failure(node, here, number=number)
        if place in unsafe and len(bounds) <= MOST_BURDENS:
            share = burden(walk, place, number=number)
            if share is not None:
                bounds.append(share.least_late(value))
        return value

    return max(fold(walk, least), *bounds)
