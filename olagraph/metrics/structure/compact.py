"""The decision diagram builder for large knots, on the compiled library oxidd."""

from collections.abc import Sequence

from oxidd.bdd import BDDFunction, BDDManager
from oxidd.util import DDMemoryError

from olagraph.metrics.structure.budget import OutOfBudget
from olagraph.metrics.structure.diagram import Diagram

_CACHED_PER_NODE = 4
"""Remembered results a node. They overwrite each other: with fewer than nodes, lattices of a dozen rows never end."""
_MOST_CACHED = 1 << 22


class CompactBuilder:
    """See `Builder` for the operations. One builder an attempt: a store that overflowed is thrown away whole."""

    def __init__(self, inputs: int, nodes: int) -> None:
        self._store = BDDManager(nodes, min(_CACHED_PER_NODE * nodes, _MOST_CACHED), 1)
        self._store.add_vars(inputs)
        self._inputs = inputs

    def constant(self, down: bool) -> BDDFunction:
        """Always down, or never."""
        return self._store.true() if down else self._store.false()

    def variable(self, level: int) -> BDDFunction:
        """Down when the input on this level is."""
        try:
            return self._store.var(level)
        except DDMemoryError:
            raise OutOfBudget from None

    def level(self, function: BDDFunction) -> int:
        """The topmost level it depends on."""
        level = function.node_level()
        return self._inputs if level is None else level

    def all_down(self, one: BDDFunction, other: BDDFunction) -> BDDFunction:
        """Down when both are."""
        try:
            return one & other
        except DDMemoryError:
            raise OutOfBudget from None

    def any_down(self, one: BDDFunction, other: BDDFunction) -> BDDFunction:
        """Down when one of them is."""
        try:
            return one | other
        except DDMemoryError:
            raise OutOfBudget from None

    def choose(self, condition: BDDFunction, then: BDDFunction, otherwise: BDDFunction) -> BDDFunction:
        """`then` where `condition` is down, else `otherwise`; `then` is down wherever `otherwise` is."""
        try:
            return condition.ite(then, otherwise)
        except DDMemoryError:
            raise OutOfBudget from None

    def flatten(self, function: BDDFunction, order: Sequence[int]) -> Diagram:
        """The diagram, in terms of the inputs that stand on the levels."""
        # Numbered in the order of discovery first; nodes and numbers apart, since a million tuples would keep
        # the garbage collector busy.
        numbers = {self._store.false(): 0, self._store.true(): 1, function: 2}
        waiting: list[list[BDDFunction]] = [[] for _ in range(self._inputs)]
        waiting_numbers: list[list[int]] = [[] for _ in range(self._inputs)]
        waiting[self.level(function)].append(function)
        waiting_numbers[self.level(function)].append(2)
        discovered: list[int] = []
        variables: list[int] = []
        children: list[int] = []
        count = 3
        for level, nodes in enumerate(waiting):
            discovered += waiting_numbers[level]
            variables += [order[level]] * len(nodes)
            for node in nodes:
                for below in node.cofactors():  # type: ignore[union-attr]  # only constants have none
                    number = numbers.setdefault(below, count)
                    if number == count:
                        count += 1
                        deeper: int = below.node_level()  # type: ignore[assignment]
                        waiting[deeper].append(below)
                        waiting_numbers[deeper].append(number)
                    children.append(number)
            nodes.clear()
        last = len(discovered) + 1
        final = [0, 1] + [0] * len(discovered)
        for i, number in enumerate(discovered):
            final[number] = last - i
        return Diagram(
            variables[::-1],
            [final[number] for number in children[-2::-2]],
            [final[number] for number in children[::-2]],
        )
