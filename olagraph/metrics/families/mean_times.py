"""Mean times, `for: mean` (SEMANTICS §5, means).

The bases are the ends of an interval: `guaranteed` no mean is longer, `ceiling` none is shorter with every
promise exactly at its target; `independent` only where the mean follows exactly. Sums, choices and repeats
are linear, so a promise at several places does no harm there; elsewhere a place is taken at the worst that
the others leave it.
Sources: Wald 1944 (repeats); the k-th of m times is at most their sum divided by m − k + 1.
"""

from collections import abc
from dataclasses import dataclass
from fractions import Fraction

from olagraph.metrics.composition import (
    AllOf,
    Alternative,
    Bases,
    Choice,
    Delivery,
    KOfN,
    Limited,
    Node,
    Number,
    NumberType,
    Parallel,
    Part,
    Repeat,
    Sequence,
    calls,
    fold,
    number_type,
    quotient,
)
from olagraph.metrics.families.occurrences import Between, Calls, Places, sharing

_LINEAR = Between.SEQUENCE | Between.CHOICE | Between.AGAIN | Between.OPTIONAL


@dataclass(frozen=True, slots=True)
class MeanTime:
    """What is known of the mean time of one component, in seconds.

    Attributes:
        longest: no longer, after the worst conversion.
        shortest: no shorter, after the most favourable one.
        stated: a mean was promised. A time that always holds only bounds the mean: `longest` is that time,
            `shortest` is 0, and no mean follows exactly.
    """

    longest: Number
    shortest: Number
    stated: bool = True


@dataclass(frozen=True, slots=True)
class _Mean:
    """The interval of a node's mean, and the mean itself where it follows exactly."""

    longest: Number
    exact: Number | None
    shortest: Number


def mean_times(tree: Node, means: abc.Sequence[MeanTime]) -> Bases[Number | None]:
    """The mean time of a service on the three bases, in seconds.

    Args:
        tree: the service.
        means: of each component; a missing one is infinite at worst, 0 at best.
    """
    walk = calls(tree)
    number = number_type(time for mean in means for time in (mean.longest, mean.shortest))
    shared = sharing(walk)
    places = Places(walk, shared, number=number)
    touched: set[int] = set()  # a promise below stands elsewhere too, and not in mere sums

    def rule(place: int, below: list[_Mean]) -> _Mean:
        node = walk.nodes[place]
        if isinstance(node, Part):
            known = means[node.component]
            return _Mean(known.longest, known.longest if known.stated else None, known.shortest)
        children = walk.children[place]
        here = []
        for position, (child, mean) in enumerate(zip(children, below, strict=True)):
            between = shared.between[child]
            if between is not None and between not in _LINEAR:
                mean = _at_place(mean, places.calls(place, position), between)
                touched.add(place)
            here.append(mean)
        if any(child in touched for child in children):
            touched.add(place)
        return _compose(node, here, number=number, apart=place not in touched)

    mean = fold(walk, rule)
    return Bases(mean.longest, mean.exact, mean.shortest)


def _at_place(mean: _Mean, calls_made: Calls, between: Between) -> _Mean:
    """The mean of the calls at one place, with those at the others as short, or as long, as can be."""
    safe = between in _LINEAR | Between.PARALLEL
    longest = mean.longest if safe else calls_made.longest(mean.longest)
    shortest = mean.shortest if between == Between.PARALLEL else 0
    return _Mean(longest, mean.exact, shortest)


def _compose(node: Node, below: list[_Mean], *, number: NumberType, apart: bool) -> _Mean:
    """The mean of a node.

    Args:
        apart: no promise stands both in the branches of this choice and elsewhere.
    """
    longest = [mean.longest for mean in below]
    shortest = [mean.shortest for mean in below]
    exact = [mean.exact for mean in below if mean.exact is not None]
    known = len(exact) == len(below)
    match node:
        case Sequence() | Delivery():
            return _Mean(sum(longest), sum(exact) if known else None, sum(shortest))
        case Parallel() | AllOf():
            return _Mean(
                sum(longest), exact[0] if known and len(below) == 1 else None, max(shortest, default=0)
            )
        case KOfN():
            return _redundant(node, below)
        case Choice(probabilities=None):
            most = max(longest) if apart else sum(longest)
            return _Mean(most, max(exact) if known else None, min(shortest))
        case Choice():
            assert node.probabilities is not None
            shares = [number(probability) for probability in node.probabilities]
            return _Mean(
                _weighted(shares, longest),
                _weighted(shares, exact) if known else None,
                _weighted(shares, shortest),
            )
        case Repeat():
            assert node.max is not None or node.probability is not None
            rounds = node.max if node.max is not None else 1 / (1 - number(node.probability or Fraction(0)))
            return _Mean(rounds * longest[0], rounds * exact[0] if known else None, rounds * shortest[0])
        case Alternative():
            return _Mean(min(longest), min(exact) if known else None, min(shortest))
        case Limited(timeout=None):
            return below[0]
        case Limited():
            assert node.timeout is not None
            # Over by the timeout, answered or given up; with a mean alone, almost every call may be short.
            return _Mean(min(longest[0], node.timeout), None, 0)
        case Part():
            raise TypeError(f"a component has a mean of its own: {node!r}")


def _weighted(shares: list[Number], values: list[Number]) -> Number:
    return sum(share * value for share, value in zip(shares, values, strict=True) if share)


def _redundant(node: KOfN, below: list[_Mean]) -> _Mean:
    if node.failover:
        total: Number = 0
        for mean, timeout in zip(below, node.timeouts, strict=True):
            total += mean.longest if timeout is None else min(mean.longest, timeout)
        return _Mean(total, None, 0)
    if len(below) == 1:
        return below[0]
    total, bounds = 0, []
    for m, longest in enumerate(sorted(mean.longest for mean in below), start=1):
        total += longest
        if m >= node.k:
            bounds.append(quotient(total, m - node.k + 1))
    all_needed = node.k == len(below)
    return _Mean(min(bounds), None, max(mean.shortest for mean in below) if all_needed else 0)
