"""A system that goes on from an earlier one is the system, to the last bit."""

from fractions import Fraction
from random import Random

import pytest

from olagraph.metrics.conversion import Share
from olagraph.metrics.system import Component, System, SystemBuilder
from olagraph.metrics.system.acyclic import Gate
from olagraph.metrics.system.component import Alternative

Node = Component | Gate | Alternative

EDITS = 6


class Drawn:
    """Nodes drawn one by one, and changed again and again."""

    def __init__(self, random: Random, *, circles: bool) -> None:
        self._random = random
        self._circles = circles
        self.nodes: list[Node] = [self.component() for _ in range(8)]
        for _ in range(random.randint(4, 30)):
            self.add()

    def component(self) -> Component:
        worst = Fraction(self._random.randint(1, 60), 997)
        share = Share(worst=worst, favourable=worst * Fraction(self._random.choice((1, 1, 2)), 2))
        if self._random.random() < 0.9:
            return Component(at_worst=share, at_best=share)
        nothing, all_ = (
            Share(worst=Fraction(0), favourable=Fraction(0)),
            Share(worst=Fraction(1), favourable=Fraction(1)),
        )
        return Component(at_worst=all_, at_best=nothing)

    def _composed(self, place: int) -> Gate | Alternative:
        """Of nodes before `place`; mostly of recent ones, so that there is depth."""
        random = self._random
        before = list(range(len(self.nodes) if self._circles and random.random() < 0.15 else place))
        near = before[-6:] if random.random() < 0.7 else before
        operands = random.sample(near, random.randint(1, min(4, len(near))))
        gates = [node for node in near if isinstance(self.nodes[node], Gate)]
        if gates and random.random() < 0.15:
            leaf = random.randrange(8)
            return Alternative(random.choice(gates), leaf, random.choice((None, leaf)))
        return Gate(
            random.choice((1, len(operands), len(operands), random.randint(1, len(operands)))),
            tuple(operands),
        )

    def add(self) -> int:
        self.nodes.append(self._composed(len(self.nodes)))
        return len(self.nodes) - 1

    def edit(self) -> set[int]:
        """The nodes that are others than before."""
        random, changed = self._random, set()
        for _ in range(random.choice((1, 1, 2, 3))):
            if random.random() < 0.2:
                changed.add(self.add())
                continue
            node = random.randrange(len(self.nodes))
            if isinstance(self.nodes[node], Component):
                self.nodes[node] = self.component()
            elif isinstance(self.nodes[node], Gate):
                made = self._composed(node)
                self.nodes[node] = made if isinstance(made, Gate) else self.nodes[node]
            changed.add(node)
        return changed

    def above(self, changed: set[int]) -> set[int]:
        """Those, and everything composed of any of them."""
        found = set(changed)
        while more := {n for n, node in enumerate(self.nodes) if found & set(used(node))} - found:
            found |= more
        return found


def used(node: Node) -> tuple[int, ...]:
    if isinstance(node, Gate):
        return node.operands
    if isinstance(node, Alternative):
        return (node.composed, node.promised, *(() if node.own is None else (node.own,)))
    return ()


def write(builder: SystemBuilder, nodes: list[Node], which: set[int]) -> None:
    while builder.count < len(nodes):
        builder.reserve()
    for number in sorted(which):
        node = nodes[number]
        if isinstance(node, Component):
            builder.component(node, node=number)
        elif isinstance(node, Gate):
            builder.gate(node.k, node.operands, node=number)
        else:
            builder.alternative(composed=node.composed, promised=node.promised, own=node.own, node=number)


def answers(system: System, nodes: list[Node], roots: list[int]) -> object:
    weights = {root: 1.0 + place for place, root in enumerate(roots)}
    return [
        [
            (
                system.value(root),
                system.missing(root),
                system.components(root),
                system.cuts(root, above=0.01),
                system.importance(root),
            )
            for root in roots
        ],
        system.heaviest(weights, birnbaum=True),
        system.heaviest({**weights, roots[0]: 0.0}, birnbaum=False),
    ]


@pytest.mark.parametrize("circles", [False, True])
def test_it_answers_as_a_system_written_at_once(circles: bool) -> None:
    for seed in range(250):
        random = Random(seed)
        drawn = Drawn(random, circles=circles)
        builder = SystemBuilder()
        write(builder, drawn.nodes, set(range(len(drawn.nodes))))
        system = builder.build()
        for step in range(EDITS):
            # What was asked of it before is known, and the rest is not.
            for root in random.sample(range(len(drawn.nodes)), 3):
                answers(system, drawn.nodes, [root])
            changed = drawn.edit()
            builder = SystemBuilder(builder)
            write(builder, drawn.nodes, changed)
            system = builder.build(earlier=system, stale=drawn.above(changed))
            anew = SystemBuilder()
            write(anew, drawn.nodes, set(range(len(drawn.nodes))))
            roots = random.sample(range(8, len(drawn.nodes)), min(4, len(drawn.nodes) - 8))
            expected = answers(anew.build(), drawn.nodes, roots)
            assert answers(system, drawn.nodes, roots) == expected, (seed, step)
