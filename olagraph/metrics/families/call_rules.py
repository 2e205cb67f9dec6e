"""How failure shares compose where every promise stands at one place of the call tree (SEMANTICS §5, success rate).

All values are failure shares, ε = 1 − R, per visit of a node. Only +, −, ×, ÷, min and max are used, so that
floats and Fractions alike pass through, and differences of nearly equal numbers are avoided: 1e-13 keeps its
precision.
Sources: Cardoso et al. 2004 (independent); Frechet 1935 (every dependence).
"""

from fractions import Fraction

from olagraph.metrics.composition import (
    AllOf,
    Alternative,
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
)
from olagraph.metrics.families.k_of_n import best_failure, independent_failure, worst_failure


def either(first: Number, second: Number) -> Number:
    """The share in which at least one of two independent events happens."""
    return first + second * (1 - first)


def guaranteed_failure(node: Node, below: list[Number], *, number: NumberType) -> Number:
    """The most failures, whatever coincides: union bounds; `below` holds the children's shares."""
    match node:
        case Sequence() | Parallel() | AllOf() | Delivery():
            return min(1, sum(below))
        case KOfN():
            return worst_failure(node.k, below)
        case Choice():
            return _mixture(node, below, number=number, unknown=max(below))
        case Repeat(max=int() as times):
            return min(1, times * below[0])
        case Repeat(probability=Fraction() as again):
            return min(1, below[0] / (1 - number(again)))
        case Limited():
            return 0 if node.optional else below[0]
        case Alternative():
            return min(below)
        case _:
            raise TypeError(f"not a node with children: {node!r}")


def independent_failure_share(node: Node, below: list[Number], *, number: NumberType) -> Number:
    """The failures if every call fails independently."""
    match node:
        case Sequence() | Parallel() | AllOf() | Delivery():
            return _at_least_one(below)
        case KOfN():
            return independent_failure(node.k, below)
        case Choice():
            return _mixture(node, below, number=number, unknown=max(below))
        case Repeat(max=int() as times):
            return _at_least_one_of(below[0], times)
        case Repeat(probability=Fraction() as again):
            p = number(again)
            return below[0] / (1 - p + p * below[0])
        case Limited():
            return 0 if node.optional else below[0]
        case Alternative():
            return min(below)
        case _:
            raise TypeError(f"not a node with children: {node!r}")


def ceiling_failure(node: Node, below: list[Number], *, number: NumberType) -> Number:
    """The fewest failures, with what fails coinciding as favourably as it can.

    Unknown probabilities are as favourable as they can be. A failure ends a repeat, so that at most one visit
    of it fails a request: a repeated step fails at least as large a share of the requests as of its calls.
    """
    match node:
        case Sequence() | Parallel() | AllOf() | Delivery():
            return max(below, default=0)
        case KOfN():
            return best_failure(node.k, below)
        case Choice():
            return _mixture(node, below, number=number, unknown=min(below))
        case Repeat():
            return below[0]
        case Limited():
            return 0 if node.optional else below[0]
        case Alternative():
            return min(below)
        case Part():
            raise TypeError(f"not a node with children: {node!r}")


def _mixture(node: Choice, below: list[Number], *, number: NumberType, unknown: Number) -> Number:
    if node.probabilities is None:
        return unknown
    return sum(number(share) * failure for share, failure in zip(node.probabilities, below, strict=True))


def _at_least_one(failures: list[Number]) -> Number:
    total: Number = 0
    for failure in failures:
        total = either(total, failure)
    return total


def _at_least_one_of(failure: Number, times: int) -> Number:
    """1 − (1 − ε)ⁿ by squaring, without the difference."""
    total: Number = 0
    power = failure
    while times:
        if times & 1:
            total = either(total, power)
        power = either(power, power)
        times >>= 1
    return total
