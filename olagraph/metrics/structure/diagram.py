"""Flat decision diagrams of a failure function: a sweep up gives the probability, one down its derivatives.

A node says "if this input is down go to `high`, else to `low`". Node 0 is "up", node 1 "down"; the others
follow from the bottom up, the root last. Every path to node 1 is a cut: the inputs at which it went high. As
the *failure* function is evaluated all terms are positive, and a probability of 1e-13 keeps its digits.
"""

from array import array
from collections.abc import Sequence
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from olagraph.metrics.structure.sweeps import DiagramSweeps

_PLAIN = 4_000
"""Below this many nodes plain Python beats loading and calling numpy."""


class _Values(Protocol):
    """One number a node: a list, or an array."""

    def __getitem__(self, node: int, /) -> float: ...


class Diagram:
    """A monotone failure function. Built once, evaluated often; immutable."""

    def __init__(self, variables: Sequence[int], highs: Sequence[int], lows: Sequence[int]) -> None:
        """Entry i describes node i + 2, deepest level first; entries of one level are neighbours."""
        self.variables = array("q", variables)
        self.highs = array("q", highs)
        self.lows = array("q", lows)

    def __len__(self) -> int:
        return len(self.variables)

    @cached_property
    def mirrored(self) -> "Diagram":
        """The diagram with up and down exchanged: its cuts are the path sets of this one."""
        swap = (1, 0)
        highs = [swap[n] if n < 2 else n for n in self.lows]
        lows = [swap[n] if n < 2 else n for n in self.highs]
        return Diagram(self.variables, highs, lows)

    @cached_property
    def sweeps(self) -> "DiagramSweeps":
        """The same diagram as numpy arrays, swept level by level."""
        from olagraph.metrics.structure.sweeps import DiagramSweeps

        return DiagramSweeps(self.variables, self.highs, self.lows)

    @property
    def large(self) -> bool:
        """Whether sweeps over arrays pay."""
        return len(self) > _PLAIN

    def probability(self, q: Sequence[float]) -> float:
        """The probability of failure, of independent inputs with unavailabilities `q`."""
        if self.large:
            return self.sweeps.probability(q)
        return self._probabilities(q)[-1]

    def derivatives(self, q: Sequence[float]) -> list[float]:
        """d probability / d q for every input (Birnbaum's importance)."""
        if self.large:
            return self.sweeps.derivatives(q)
        below = self._probabilities(q)
        weights = [0.0] * len(below)
        weights[-1] = 1.0
        found = [0.0] * len(q)
        variables, highs, lows = self.variables, self.highs, self.lows
        for node in range(len(variables) - 1, -1, -1):
            weight = weights[node + 2]
            variable, high, low = variables[node], highs[node], lows[node]
            down = q[variable]
            found[variable] += weight * (below[high] - below[low])
            weights[high] += weight * down
            weights[low] += weight * (1 - down)
        return found

    def _probabilities(self, q: Sequence[float]) -> list[float]:
        up = [1 - u for u in q]
        values = [0.0, 1.0]
        append = values.append
        for variable, high, low in zip(self.variables, self.highs, self.lows, strict=True):
            append(q[variable] * values[high] + up[variable] * values[low])
        return values

    def lightest_cut(self, weights: Sequence[float]) -> tuple[float, list[int]]:
        """The least total weight of a cut, and such a cut; weights >= 0."""
        values: _Values
        if self.large:
            values = self.sweeps.lightest(weights)
        else:
            values = weighed = [inf, 0.0]
            for variable, high, low in zip(self.variables, self.highs, self.lows, strict=True):
                weighed.append(min(weights[variable] + weighed[high], weighed[low]))
        return float(values[-1]), self.trace_cut(weights, values, len(self) + 1)

    def trace_cut(self, weights: Sequence[float], values: _Values, node: int) -> list[int]:
        """The inputs at which the lightest way from `node` to "down" goes high; `values` its weights."""
        found: list[int] = []
        while node > 1:
            variable, high, low = self.variables[node - 2], self.highs[node - 2], self.lows[node - 2]
            if weights[variable] + values[high] < values[low]:
                found.append(variable)
                node = high
            else:
                node = low
        return found

    def widest_cut(self, weights: Sequence[float]) -> list[int]:
        """A cut whose lightest input weighs as much as possible."""
        values: _Values
        if self.large:
            values = self.sweeps.widest(weights)
        else:
            values = widths = [-1.0, inf]
            for variable, high, low in zip(self.variables, self.highs, self.lows, strict=True):
                widths.append(max(min(weights[variable], widths[high]), widths[low]))
        found: list[int] = []
        node = len(self) + 1
        while node > 1:
            variable, high, low = self.variables[node - 2], self.highs[node - 2], self.lows[node - 2]
            if min(weights[variable], values[high]) > values[low]:
                found.append(variable)
                node = high
            else:
                node = low
        return found
