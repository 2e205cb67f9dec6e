"""A small decision diagram builder in plain Python: most knots cost less than loading a library would."""

from collections.abc import Callable, Sequence

from olagraph.metrics.structure.budget import OutOfBudget
from olagraph.metrics.structure.diagram import Diagram


class PlainBuilder:
    """Functions are node numbers: 0 never down, 1 always down. See `Builder` for the operations."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._levels = [1 << 60, 1 << 60]
        self._highs = [0, 1]
        self._lows = [0, 1]
        self._unique: dict[tuple[int, int, int], int] = {}
        self._products: dict[tuple[int, int], int] = {}
        self._sums: dict[tuple[int, int], int] = {}

    def constant(self, down: bool) -> int:
        """Always down, or never."""
        return int(down)

    def variable(self, level: int) -> int:
        """Down when the input on this level is."""
        return self._node(level, 1, 0)

    def level(self, function: int) -> int:
        """The topmost level it depends on."""
        return self._levels[function]

    def all_down(self, one: int, other: int) -> int:
        """Down when both are."""
        if one > other:
            one, other = other, one
        if one == 0:
            return 0
        if one == 1 or one == other:
            return other
        key = (one, other)
        known = self._products.get(key)
        if known is None:
            known = self._products[key] = self._apply(self.all_down, one, other)
        return known

    def any_down(self, one: int, other: int) -> int:
        """Down when one of them is."""
        if one > other:
            one, other = other, one
        if one == 1:
            return 1
        if one == 0 or one == other:
            return other
        key = (one, other)
        known = self._sums.get(key)
        if known is None:
            known = self._sums[key] = self._apply(self.any_down, one, other)
        return known

    def choose(self, condition: int, then: int, otherwise: int) -> int:
        """`then` where `condition` is down, else `otherwise`; `then` is down wherever `otherwise` is."""
        return self.any_down(self.all_down(condition, then), otherwise)

    def _apply(self, operation: Callable[[int, int], int], one: int, other: int) -> int:
        self._steps -= 1
        if self._steps < 0:
            raise OutOfBudget
        upper, lower = self._levels[one], self._levels[other]
        if upper == lower:
            high = operation(self._highs[one], self._highs[other])
            return self._node(upper, high, operation(self._lows[one], self._lows[other]))
        if upper > lower:
            one, other, upper = other, one, lower
        high = operation(self._highs[one], other)
        return self._node(upper, high, operation(self._lows[one], other))

    def _node(self, level: int, high: int, low: int) -> int:
        if high == low:
            return low
        key = (level, high, low)
        node = self._unique.get(key)
        if node is None:
            node = self._unique[key] = len(self._levels)
            self._levels.append(level)
            self._highs.append(high)
            self._lows.append(low)
        return node

    def flatten(self, function: int, order: Sequence[int]) -> Diagram:
        """The diagram, in terms of the inputs that stand on the levels."""
        reached = {function}
        pending = [function]
        while pending:
            node = pending.pop()
            for below in (self._highs[node], self._lows[node]):
                if below > 1 and below not in reached:
                    reached.add(below)
                    pending.append(below)
        nodes = sorted(reached, key=lambda node: (-self._levels[node], node))
        numbers = {0: 0, 1: 1} | {node: i for i, node in enumerate(nodes, start=2)}
        return Diagram(
            [order[self._levels[node]] for node in nodes],
            [numbers[self._highs[node]] for node in nodes],
            [numbers[self._lows[node]] for node in nodes],
        )
