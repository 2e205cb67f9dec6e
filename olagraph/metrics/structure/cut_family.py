"""All minimal cuts of a diagram as one zero-suppressed diagram: millions of sets in a few nodes (Rauzy 1993)."""

from collections.abc import Iterator

from olagraph.metrics.structure.budget import OutOfBudget
from olagraph.metrics.structure.diagram import Diagram


class CutFamily:
    """A family of sets of inputs. Node 0 is no set, node 1 the empty set, the last node the whole family.

    Any other node (variable, inside, outside) is: the sets of `inside` with the variable added, and the sets
    of `outside`.
    """

    def __init__(self, diagram: Diagram, steps: int) -> None:
        """The minimal cuts of `diagram`.

        Raises:
            OutOfBudget: it would take more than `steps` operations.
        """
        self._steps = steps
        self._diagram = diagram
        self._depth: dict[int, int] = {}
        for variable in diagram.variables:
            self._depth.setdefault(variable, -len(self._depth))
        self._nodes: list[tuple[int, int, int]] = [(-1, 0, 0), (-1, 0, 0)]
        self._known: dict[tuple[int, int, int], int] = {}
        self._kept: dict[tuple[int, int], int] = {}
        families = [0, 1]
        for variable, high, low in zip(diagram.variables, diagram.highs, diagram.lows, strict=True):
            # With the input down, what is no cut already without it; else the cuts without it.
            families.append(self._node(variable, self._without(families[high], low), families[low]))
        self._root = families[-1]

    def __iter__(self) -> Iterator[tuple[int, int, int, int]]:
        """The nodes that the family needs, from the bottom up: (number, variable, inside, outside)."""
        reached = {self._root}
        for number in range(self._root, 1, -1):
            if number in reached:
                reached.update(self._nodes[number][1:])
        return ((number, *self._nodes[number]) for number in sorted(reached) if number > 1)

    def _node(self, variable: int, inside: int, outside: int) -> int:
        if inside == 0:
            return outside
        key = (variable, inside, outside)
        node = self._known.get(key)
        if node is None:
            node = self._known[key] = len(self._nodes)
            self._nodes.append(key)
        return node

    def _without(self, family: int, cut: int) -> int:
        """The sets of the family that are no cuts of the diagram's node `cut`. Iterative: diagrams are deep."""
        kept = self._kept
        pending = [(family, cut)]
        while pending:
            key = pending[-1]
            if key in kept:
                pending.pop()
                continue
            family, cut = key
            if family == 0 or cut == 0:
                kept[key] = family
                continue
            if cut == 1:
                kept[key] = 0
                continue
            if family == 1:
                kept[key] = 1
                continue
            self._steps -= 1
            if self._steps < 0:
                raise OutOfBudget
            variable, inside, outside = self._nodes[family]
            high, low = self._diagram.highs[cut - 2], self._diagram.lows[cut - 2]
            upper = self._diagram.variables[cut - 2]
            needed: tuple[tuple[int, int], ...]
            if self._depth[upper] < self._depth[variable]:
                needed = ((family, low),)
            elif upper == variable:
                needed = ((inside, high), (outside, low))
            else:
                needed = ((inside, cut), (outside, cut))
            missing = [n for n in needed if n not in kept]
            if missing:
                pending.extend(missing)
            elif len(needed) == 1:
                kept[key] = kept[needed[0]]
            else:
                kept[key] = self._node(variable, kept[needed[0]], kept[needed[1]])
        return kept[key]
