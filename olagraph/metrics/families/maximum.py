"""The largest of several values: recovery points and recovery times (SEMANTICS §5, RPO and RTO; ISO 22301).

Everything that is needed counts, `requires` and own parts included; of a choice every branch that can be
taken. Of redundant branches those that are restored first, or lose least, suffice: of k of n the k-th
smallest value counts. Optional steps are not needed.
"""

from olagraph.metrics.composition import (
    Alternative,
    Bases,
    Choice,
    Delivery,
    KOfN,
    Limited,
    Node,
    Number,
    Part,
    Values,
    Walk,
    favourable,
    fold,
    needed,
    worst,
)
from olagraph.metrics.families.hard_times import reachable


def maximum(tree: Node, values: Values, *, sequential: bool = False) -> Bases[Number]:
    """The largest value of what is needed; the bases differ where conversions do.

    Args:
        tree: the service.
        values: of each component; a missing one is infinite at worst, 0 at best.
        sequential: a restore waits for what it needs: the own part comes on top of the longest chain below.
            Else all restores start at the disaster.
    """
    walk = needed(tree)
    slow = _maximum(walk, worst(values), sequential=sequential)
    return Bases(slow, slow, _maximum(walk, favourable(values), sequential=sequential))


def _maximum(walk: Walk, values: list[Number], *, sequential: bool) -> Number:
    def rule(place: int, below: list[Number]) -> Number:
        node = walk.nodes[place]
        match node:
            case Part():
                return values[node.component]
            case KOfN():
                return sorted(below)[node.k - 1]
            case Alternative():
                return min(below)
            case Choice():
                return max(reachable(node, below))
            case Limited(optional=True):
                return 0
            case Delivery() if sequential and node.own is not None:
                return below[-1] + max(below[:-1], default=0)
            case _:
                return max(below, default=0)

    return fold(walk, rule)
