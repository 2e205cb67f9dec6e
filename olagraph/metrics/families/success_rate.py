"""Success rate: the share of requests that succeed; every call is a trial of its own (SEMANTICS §5).

All values are failure shares, ε = 1 − R, so that nine nines survive: of the three bases `guaranteed` is the
largest. `requires` is no part of it (the share speaks of requests made while it is up), an own part is one
more call in series, an optional step never fails a request, and timeouts are ignored.
"""

from olagraph.metrics.composition import (
    Bases,
    Node,
    Number,
    Part,
    Values,
    calls,
    favourable,
    fold,
    number_type,
    worst,
)
from olagraph.metrics.families.call_rules import independent_failure_share
from olagraph.metrics.families.occurrences import sharing
from olagraph.metrics.families.shared_calls import least_failure, most_failure


def success_rate(tree: Node, failures: Values) -> Bases[Number]:
    """The share of failing requests on the three bases.

    Args:
        tree: the service.
        failures: of each component the share of its calls that fail, 0 to 1; all Fractions for an exact
            answer.
    """
    walk = calls(tree)
    at_worst, at_best = worst(failures), favourable(failures)
    number = number_type([*at_worst, *at_best])
    shared = sharing(walk)

    def independent(place: int, below: list[Number]) -> Number:
        node = walk.nodes[place]
        if isinstance(node, Part):
            return at_worst[node.component]
        return independent_failure_share(node, below, number=number)

    return Bases(
        guaranteed=most_failure(walk, at_worst, shared, number=number),
        independent=fold(walk, independent),
        ceiling=least_failure(walk, at_best, shared, number=number),
    )
