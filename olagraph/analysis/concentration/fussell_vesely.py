"""Fussell–Vesely importance, exact: P(some failed minimal cut set holds an element) / Q.

Vesely et al. 1983 (NUREG/CR-3385) define it by minimal cut sets and are content with their rare-event sum; here the
probability of their union is computed, without listing them. For elements of several components: cut sets that hold any
of them (Cheok, Parry and Sherry 1998).

A set of failed inputs holds such a cut set if and only if some part of it is a cut and, without the element, no
longer is one. So every input of a module is in one of three states, up, failed, or failed through the element, and
modules hand the probabilities of these upwards. In a knot the event is a diagram: that of the failure function is
walked twice at once, with the element and without it, and the result closed upwards.
"""

from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush
from typing import Any

from olagraph.metrics.structure import Compiled, closed_forms
from olagraph.metrics.structure.budget import OutOfBudget
from olagraph.metrics.structure.diagram import Diagram
from olagraph.metrics.structure.diagrams import Builder
from olagraph.metrics.structure.plain import PlainBuilder

_MOST_PLAIN_INPUTS = 60
"""Each input takes two levels, and the plain builder recurses once a level."""
_PLAIN_STEPS = 20_000
_COMPACT_NODES = 1 << 18
_MOST_PAIRS = 1_000_000
"""Of diagram nodes, for all elements of one structure together; some 100,000 a second."""


class FussellVesely:
    """The numerators in one structure; `compiled.solved` must hold."""

    def __init__(self, compiled: Compiled, unavailability: Sequence[float]) -> None:
        self._compiled = compiled
        self._values = list(unavailability)
        self._failed: list[list[float]] = []  # by part, of its inputs
        self._places: dict[int, tuple[int, int]] = {}  # input -> its part, and its position there
        for number, (part, diagram) in enumerate(zip(compiled.parts, compiled.diagrams, strict=True)):
            inputs = [self._values[i] for i in part.inputs]
            failed = diagram.probability(inputs) if diagram else closed_forms.independent(part.k, inputs)
            self._values.append(failed)
            self._failed.append(inputs)
            self._places.update({i: (number, place) for place, i in enumerate(part.inputs)})
        self._through: dict[tuple[int, frozenset[int]], Diagram | None] = {}
        self._pairs = _MOST_PAIRS

    def probability(self, element: Iterable[int]) -> float | None:
        """P(some failed minimal cut set holds any component of `element`); None where that is out of reach."""
        passing: dict[int, dict[int, float]] = {}  # by part, by position: failed through the element
        waiting: list[int] = []

        def climb(source: int, probability: float) -> float:
            if source == self._compiled.whole:
                return probability
            if probability and source in self._places:
                number, place = self._places[source]
                if number not in passing:
                    passing[number] = {}
                    heappush(waiting, number)
                passing[number][place] = probability
            return 0.0

        reached = sum(climb(i, self._values[i]) for i in set(element))
        while waiting:  # from the bottom up
            number = heappop(waiting)
            through = self._of_part(number, passing[number])
            if through is None:
                return None
            reached += climb(self._compiled.components + number, through)
        return reached

    def _of_part(self, number: int, passing: Mapping[int, float]) -> float | None:
        part, diagram, failed = (
            self._compiled.parts[number],
            self._compiled.diagrams[number],
            self._failed[number],
        )
        if diagram is None:
            return _of_closed_form(len(failed) - part.k + 1, failed, passing)
        asked = set(diagram.variables)
        key = (number, frozenset(passing) & asked)
        if not key[1]:
            return 0.0
        if key not in self._through:
            self._through[key] = self._diagram(diagram, len(asked), key[1])
        found = self._through[key]
        if found is None:
            return None
        given = [passing.get(place, 0.0) / u if u else 0.0 for place, u in enumerate(failed)]
        return found.probability([u for pair in zip(failed, given, strict=True) for u in pair])

    def _diagram(self, diagram: Diagram, inputs: int, passing: frozenset[int]) -> Diagram | None:
        """The event, in terms of the inputs: 2i is "i has failed", 2i + 1 "if so, through the element"."""
        for builder in _builders(2 * inputs):
            walk = _Walk(diagram, passing, builder, self._pairs)
            try:
                return walk.run()
            except OutOfBudget:
                pass
            finally:
                self._pairs -= walk.pairs
        return None


def _builders(inputs: int) -> Iterable[Builder[Any]]:
    if inputs <= 2 * _MOST_PLAIN_INPUTS:
        yield PlainBuilder(_PLAIN_STEPS)
    from olagraph.metrics.structure.compact import CompactBuilder

    yield CompactBuilder(inputs, _COMPACT_NODES)


def _of_closed_form(failures: int, failed: Sequence[float], passing: Mapping[int, float]) -> float:
    """P(at least `failures` inputs have failed, one of them or more through the element). Sums of positive terms."""
    if failures == 1:
        missed = 0.0
        for through in passing.values():
            missed += through * (1 - missed)
        return missed
    # [j]: j have failed so far (the last: or more), none of them through the element; and with one or more.
    without = [1.0] + [0.0] * failures
    holding = [0.0] * (failures + 1)
    for place, u in enumerate(failed):
        through = passing.get(place, 0.0)
        holding[failures] += u * holding[failures - 1] + through * (without[failures - 1] + without[failures])
        without[failures] = without[failures] * (1 - through) + (u - through) * without[failures - 1]
        for j in range(failures - 1, 0, -1):
            holding[j] = (1 - u) * holding[j] + u * holding[j - 1] + through * without[j - 1]
            without[j] = (1 - u) * without[j] + (u - through) * without[j - 1]
        holding[0] *= 1 - u
        without[0] *= 1 - u
    return holding[failures]


class _Walk:
    """The event of one knot as a function; see the module.

    Attributes:
        pairs: how many pairs of nodes were looked at.
    """

    def __init__(
        self, diagram: Diagram, passing: frozenset[int], builder: Builder[Any], most_pairs: int
    ) -> None:
        self._diagram = diagram
        self._passing = passing
        self._builder = builder
        self._most_pairs = most_pairs
        self.pairs = 0
        deepest_first = dict.fromkeys(diagram.variables)
        self._order = list(reversed(deepest_first))
        self._levels = {variable: level for level, variable in enumerate(self._order)}
        self._marked = self._marks()
        self._found: dict[tuple[int, int], Any] = {}

    def _marks(self) -> bytearray:
        """Which nodes have an input below them, or at them, that may fail through the element."""
        marked = bytearray(2)
        for variable, high, low in zip(
            self._diagram.variables, self._diagram.highs, self._diagram.lows, strict=True
        ):
            marked.append(marked[high] | marked[low] | (variable in self._passing))
        return marked

    def run(self) -> Diagram:
        """The event as a diagram.

        Raises:
            OutOfBudget: it takes too many pairs, or does not fit into the builder.
        """
        root = len(self._diagram) + 1
        pending = [(root, root)]
        while pending:
            pair = pending[-1]
            if pair in self._found:
                pending.pop()
                continue
            settled = self._settled(*pair)
            if settled is not None:
                self._found[pair] = self._builder.constant(settled)
                continue
            variable, below = self._below(*pair)
            missing = [each for each in below if each not in self._found]
            if missing:
                pending.extend(missing)
                continue
            self.pairs += 1
            if self.pairs > self._most_pairs:
                raise OutOfBudget
            self._found[pair] = self._combined(variable, [self._found[each] for each in below])
        order = [state for variable in self._order for state in (2 * variable, 2 * variable + 1)]
        return self._builder.flatten(self._found[root, root], order)

    def _settled(self, cut: int, without: int) -> bool | None:
        """The answer where it does not depend on anything further down."""
        if cut == 0 or without == 1 or (cut == without and not self._marked[cut]):
            return False
        # What has failed so far is a cut, and is none without the element: the rest may be left out.
        return True if cut == 1 else None

    def _below(self, cut: int, without: int) -> tuple[int, list[tuple[int, int]]]:
        """The input to ask next, and the pairs: if it is up, if it has failed, if it has failed through the element."""
        variables = self._diagram.variables
        tops = [variables[node - 2] for node in (cut, without) if node > 1]
        variable = min(tops, key=self._levels.__getitem__)
        high, low = self._step(cut, variable)
        high_without, low_without = self._step(without, variable)
        pairs = [(low, low_without), (high, high_without)]
        if variable in self._passing:
            pairs.append((high, low_without))
        return variable, pairs

    def _step(self, node: int, variable: int) -> tuple[int, int]:
        if node < 2 or self._diagram.variables[node - 2] != variable:
            return node, node
        return self._diagram.highs[node - 2], self._diagram.lows[node - 2]

    def _combined(self, variable: int, found: Sequence[Any]) -> Any:
        builder, level = self._builder, 2 * self._levels[variable]
        up = found[0]
        failed = builder.any_down(up, found[1])
        if len(found) > 2:
            through = builder.any_down(failed, found[2])
            failed = builder.choose(builder.variable(level + 1), through, failed)
        return builder.choose(builder.variable(level), failed, up)
