"""Minimal cuts of a whole structure: counted, weighed and the smallest listed, without enumerating them.

Everything is one sweep over the parts in a semiring, in which families unite by `add` and combine by
`multiply`: with polynomials it gives how many cuts there are of every order (10^10 sets take milliseconds),
with probabilities the rare-event sum, with short lists the smallest cuts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from itertools import islice, zip_longest
from operator import add, mul
from typing import TypeVar

from olagraph.metrics.structure.cut_family import CutFamily
from olagraph.metrics.structure.modules import Part

Value = TypeVar("Value")

Orders = tuple[int, ...]
"""Entry i: how many sets have i members."""

Smallest = list[tuple[int, ...]]
"""Sets, those with fewer members first."""


@dataclass(frozen=True, eq=False)
class MinimalCuts:
    """The minimal cuts: the smallest sets of components whose failure brings the whole down.

    Attributes:
        components: how many there are.
        parts: the modules from the bottom up.
        whole: the input that is the whole.
        families: the minimal cuts of the parts that are knots.
    """

    components: int
    parts: tuple[Part, ...]
    whole: int
    families: tuple[CutFamily | None, ...]

    @cached_property
    def orders(self) -> Orders:
        """How many minimal cuts there are of order 0, 1, 2, …"""
        single: Orders = (0, 1)
        return self._sweep([single] * self.components, zero=(0,), one=(1,), add=_sum, multiply=_product)

    @property
    def count(self) -> int:
        """How many minimal cuts there are."""
        return sum(self.orders)

    def rare_event_sum(self, q: Sequence[float]) -> float:
        """Σ over the minimal cuts of Π q: an upper bound on the independent unavailability, close where it is
        small.
        """
        return self._sweep(list(q), zero=0.0, one=1.0, add=add, multiply=mul)

    def smallest(self, most: int) -> list[frozenset[int]]:
        """Minimal cuts of the lowest orders, at most so many."""

        def unite(one: Smallest, other: Smallest) -> Smallest:
            return list(islice(merge(one, other, key=len), most))

        def combine(one: Smallest, other: Smallest) -> Smallest:
            # The i-th with the j-th cannot be among the first `most` if i·j pairs at most as large exceed it.
            pairs = [a + b for i, a in enumerate(one) for b in other[: most // (i + 1)]]
            return sorted(pairs, key=len)[:most]

        components: list[Smallest] = [[(c,)] for c in range(self.components)]
        nothing: Smallest = []
        empty: Smallest = [()]
        found = self._sweep(components, zero=nothing, one=empty, add=unite, multiply=combine)
        return [frozenset(cut) for cut in found[:most]]

    def _sweep(
        self,
        values: list[Value],
        *,
        zero: Value,
        one: Value,
        add: Callable[[Value, Value], Value],
        multiply: Callable[[Value, Value], Value],
    ) -> Value:
        for part, family in zip(self.parts, self.families, strict=True):
            inputs = [values[i] for i in part.inputs]
            if family is not None:
                found = {0: zero, 1: one}
                for node, variable, inside, outside in family:
                    found[node] = add(multiply(inputs[variable], found[inside]), found[outside])
                values.append(found[max(found)])
                continue
            failures = len(inputs) - part.k + 1
            chosen = [one] + [zero] * failures  # [j]: any j of the inputs so far
            for value in inputs:
                for j in range(failures, 0, -1):
                    chosen[j] = add(chosen[j], multiply(chosen[j - 1], value))
            values.append(chosen[failures])
        return values[self.whole]


def _sum(one: Orders, other: Orders) -> Orders:
    return tuple(a + b for a, b in zip_longest(one, other, fillvalue=0))


def _product(one: Orders, other: Orders) -> Orders:
    found = [0] * (len(one) + len(other) - 1)
    for i, a in enumerate(one):
        if a:
            for j, b in enumerate(other):
                found[i + j] += a * b
    return tuple(found)
