"""From a knot to its diagram: several input orders under growing budgets, in plain Python first."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Protocol, TypeVar

from olagraph.metrics.structure.budget import OutOfBudget
from olagraph.metrics.structure.dag import Dag
from olagraph.metrics.structure.diagram import Diagram
from olagraph.metrics.structure.limits import Limits
from olagraph.metrics.structure.ordering import input_orders
from olagraph.metrics.structure.plain import PlainBuilder

Function = TypeVar("Function")

_MOST_PLAIN_INPUTS = 120
"""The plain builder recurses once a level."""

_FIRST_NODES = 1 << 16
_FIRST_ORDERS = 3
_GROWTH = 8


class Builder(Protocol[Function]):
    """The operations on functions that a diagram is built with. Operations raise `OutOfBudget`."""

    def constant(self, down: bool) -> Function:
        """Always down, or never."""

    def variable(self, level: int) -> Function:
        """Down when the input on this level is."""

    def level(self, function: Function) -> int:
        """The topmost level it depends on."""

    def all_down(self, one: Function, other: Function) -> Function:
        """Down when both are."""

    def any_down(self, one: Function, other: Function) -> Function:
        """Down when one of them is."""

    def choose(self, condition: Function, then: Function, otherwise: Function) -> Function:
        """`then` where `condition` is down, else `otherwise`; `then` is down wherever `otherwise` is."""

    def flatten(self, function: Function, order: Sequence[int]) -> Diagram:
        """The diagram, in terms of the inputs that stand on the levels."""


def build_diagram(dag: Dag, inputs: int, limits: Limits) -> Diagram | None:
    """The diagram of the failure of `dag`; None where no order fits into the budget."""
    orders = _Memoised(input_orders(dag))
    for builder, order in _attempts(orders, inputs, limits):
        try:
            return _build(builder, dag, order)
        except OutOfBudget:
            pass
    return None


def _attempts(
    orders: Iterable[list[int]], inputs: int, limits: Limits
) -> Iterator[tuple[Builder[Any], list[int]]]:
    """Builders with growing budgets, and the orders to try them with: some while that is cheap, then all."""
    if inputs <= _MOST_PLAIN_INPUTS and limits.plain_steps:
        yield PlainBuilder(limits.plain_steps), next(iter(orders))
    from olagraph.metrics.structure.compact import CompactBuilder

    nodes = min(_FIRST_NODES, limits.diagram_nodes)
    for order in islice(orders, _FIRST_ORDERS):
        yield CompactBuilder(inputs, nodes), order
    while nodes < limits.diagram_nodes:
        nodes = min(nodes * _GROWTH, limits.diagram_nodes)
        for order in orders:
            yield CompactBuilder(inputs, nodes), order


class _Memoised:
    """An iterable that draws from an iterator once and repeats what it drew."""

    def __init__(self, source: Iterator[list[int]]) -> None:
        self._source = source
        self._drawn: list[list[int]] = []

    def __iter__(self) -> Iterator[list[int]]:
        position = 0
        while True:
            if position == len(self._drawn):
                following = next(self._source, None)
                if following is None:
                    return
                self._drawn.append(following)
            yield self._drawn[position]
            position += 1


def _build(builder: Builder[Function], dag: Dag, order: Sequence[int]) -> Diagram:
    levels = {variable: level for level, variable in enumerate(order)}
    uses = [0] * len(dag.operands)
    for operands in dag.operands:
        for operand in operands:
            if operand < 0:
                uses[~operand] += 1
    gates: list[Function | None] = []
    for k, operands in zip(dag.thresholds, dag.operands, strict=True):
        functions: list[Function] = []
        for operand in operands:
            function = builder.variable(levels[operand]) if operand >= 0 else gates[~operand]
            assert function is not None
            functions.append(function)
        functions.sort(key=builder.level, reverse=True)  # deepest first: small results stay small
        gates.append(_combine(builder, len(functions) - k + 1, functions))
        for operand in operands:
            if operand < 0:
                uses[~operand] -= 1
                if not uses[~operand]:
                    gates[~operand] = None  # lets the store reclaim its nodes
    root = gates[-1]
    assert root is not None
    return builder.flatten(root, order)


def _combine(builder: Builder[Function], failures: int, functions: Sequence[Function]) -> Function:
    """Down when at least `failures` of the functions are."""
    if failures == 1 or failures == len(functions):
        combine = builder.any_down if failures == 1 else builder.all_down
        result = functions[0]
        for function in functions[1:]:
            result = combine(result, function)
        return result
    counted = [builder.constant(True)] + [builder.constant(False)] * failures  # [j]: at least j down so far
    for function in functions:
        for j in range(failures, 0, -1):
            counted[j] = builder.choose(function, counted[j - 1], counted[j])
    return counted[failures]
