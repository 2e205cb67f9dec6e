"""Sweeps over a large diagram, level by level on numpy arrays (25 to 60 ns a node)."""

from array import array
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


class DiagramSweeps:
    """The arrays of one diagram; see `Diagram` for their meaning."""

    def __init__(self, variables: "array[int]", highs: "array[int]", lows: "array[int]") -> None:
        self._variables: Indices = np.frombuffer(variables, dtype=np.int64).astype(np.intp, copy=False)
        self._highs: Indices = np.frombuffer(highs, dtype=np.int64).astype(np.intp, copy=False)
        self._lows: Indices = np.frombuffer(lows, dtype=np.int64).astype(np.intp, copy=False)
        self._size = len(variables) + 2
        ends = np.flatnonzero(np.diff(self._variables)) + 1
        bounds = [0, *(int(end) for end in ends), len(variables)]
        self._levels = [(int(self._variables[start]), start, end) for start, end in pairwise(bounds)]

    def _upwards(self) -> Iterator[tuple[int, slice, Indices, Indices]]:
        for variable, start, end in self._levels:
            yield variable, slice(start + 2, end + 2), self._highs[start:end], self._lows[start:end]

    def _downwards(self) -> Iterator[tuple[int, slice, Indices, Indices]]:
        for variable, start, end in reversed(self._levels):
            yield variable, slice(start + 2, end + 2), self._highs[start:end], self._lows[start:end]

    def probability(self, q: Sequence[float]) -> float:
        """See `Diagram.probability`."""
        return float(self._probabilities(q)[-1])

    def _probabilities(self, q: Sequence[float]) -> Floats:
        values = np.empty(self._size)
        values[:2] = 0.0, 1.0
        for variable, level, highs, lows in self._upwards():
            down = q[variable]
            values[level] = down * values[highs] + (1 - down) * values[lows]
        return values

    def derivatives(self, q: Sequence[float]) -> list[float]:
        """See `Diagram.derivatives`."""
        values = self._probabilities(q)
        weights = np.zeros(self._size)
        weights[-1] = 1.0
        found = [0.0] * len(q)
        for variable, level, highs, lows in self._downwards():
            weight = weights[level]
            down = q[variable]
            found[variable] += float(weight @ (values[highs] - values[lows]))
            np.add.at(weights, highs, weight * down)
            np.add.at(weights, lows, weight * (1 - down))
        return found

    def lightest(self, weights: Sequence[float]) -> Floats:
        """For every node the least weight of a way to "down", where going high costs the input's weight."""
        values = np.empty(self._size)
        values[:2] = np.inf, 0.0
        for variable, level, highs, lows in self._upwards():
            values[level] = np.minimum(weights[variable] + values[highs], values[lows])
        return values

    def widest(self, weights: Sequence[float]) -> list[float]:
        """For every node the most that the lightest input of a way to "down" can weigh; -1: none."""
        values = np.empty(self._size)
        values[:2] = -1.0, np.inf
        for variable, level, highs, lows in self._upwards():
            values[level] = np.maximum(np.minimum(weights[variable], values[highs]), values[lows])
        return values.tolist()

    def cuts_through(
        self, weights: Sequence[float], below: Floats, limit: float
    ) -> Iterator[tuple[list[int], int]]:
        """For every input the lightest cut through it, if lighter than `limit`; the lightest first.

        Args:
            below: what `lightest` returns for the same weights.

        Yields:
            The part of the cut from the root to the input, itself included, and the node from which the rest
            is to be traced.
        """
        distance = np.full(self._size, np.inf)
        distance[-1] = 0.0
        best: dict[int, tuple[float, int]] = {}
        for variable, level, highs, lows in self._downwards():
            near = distance[level]
            far = near + weights[variable]
            np.minimum.at(distance, lows, near)
            np.minimum.at(distance, highs, far)
            total = far + below[highs]
            nearest = int(np.argmin(total))
            if total[nearest] < best.get(variable, (limit, 0))[0]:
                best[variable] = (float(total[nearest]), level.start + nearest)
        came_from = self._predecessors(np.asarray(weights), distance)
        for variable, (_, node) in sorted(best.items(), key=lambda item: item[1]):
            above = [variable]
            rest = int(self._highs[node - 2])
            while node != self._size - 1:
                step = int(came_from[node])
                node = step >> 1
                if step & 1:
                    above.append(int(self._variables[node - 2]))
            yield above, rest

    def _predecessors(self, weights: Floats, distance: Floats) -> Indices:
        """For every node twice the node before it on a shortest way from the root, plus 1 if that went high."""
        came_from = np.zeros(self._size, dtype=np.intp)
        nodes = np.arange(2, self._size, dtype=np.intp)
        near = distance[2:]
        far = near + weights[self._variables]
        on_the_way = distance[self._highs] == far
        came_from[self._highs[on_the_way]] = 2 * nodes[on_the_way] + 1
        on_the_way = distance[self._lows] == near
        came_from[self._lows[on_the_way]] = 2 * nodes[on_the_way]
        return came_from
