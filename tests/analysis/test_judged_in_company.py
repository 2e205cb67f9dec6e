"""What a target is worth does not depend, to the last bit, on what else is assessed."""

from fractions import Fraction
from random import Random

import pytest

from olagraph.analysis.grounds import Grounds
from olagraph.analysis.items import Item, items
from olagraph.analysis.judged import Assessed
from olagraph.analysis.judging import Judge
from olagraph.analysis.promises import Promises
from olagraph.analysis.results import View
from olagraph.graph import PortfolioGraph
from olagraph.metrics.conversion import Share
from olagraph.metrics.system import Component, Solver, System, SystemBuilder
from olagraph.metrics.system.acyclic import Gate
from tests.analysis.brute_force import random_gates
from tests.analysis.drawn import SETTINGS, drawn
from tests.oracle.portfolios import METRICS

LEAVES = 6


def judge(graph: PortfolioGraph) -> Judge:
    promises = Promises(graph, SETTINGS)
    return Judge(Grounds(graph=graph, promises=promises, settings=SETTINGS, solver=Solver()))


def seen(judge: Judge, assessed: Assessed) -> object:
    """Everything that is known of a judged item, apart from the numbers of nodes."""
    return assessed.target, [
        (
            judged.at_worst,
            judged.open_parts,
            judged.weaker,
            judged.parts,
            list(judge.source(assessed.item, view).parts_below(judged.node)),
            judge.source(assessed.item, view).perfect_below([judged.node]),
        )
        for view in View
        for judged in (assessed.judged(view),)
    ]


@pytest.mark.parametrize("metric", METRICS)
def test_a_target_is_judged_alone_as_it_is_with_all_others(metric: str) -> None:
    for seed in range(150):
        graph = PortfolioGraph(drawn(seed, metric))
        asked = [item for item in items(graph, SETTINGS) if isinstance(item, Item)]
        all_judge = judge(graph)
        for together in all_judge.judge(asked):
            own_judge = judge(graph)
            (alone,) = own_judge.judge([together.item])
            assert seen(own_judge, alone) == seen(all_judge, together), seed


def built(gates: dict[int, Gate], numbers: list[int]) -> System:
    """The system in which each node has another number; circles are told apart by the old ones."""
    builder = SystemBuilder()
    for _ in numbers:
        builder.reserve()
    for leaf in range(LEAVES):
        share = Share(worst=Fraction(leaf + 1, 97), favourable=Fraction(leaf + 1, 191))
        builder.component(Component(at_worst=share, at_best=share), node=numbers[leaf])
    for node, gate in gates.items():
        builder.gate(gate.k, [numbers[o] for o in gate.operands], node=numbers[node])
    return builder.build(rank=numbers.index)


@pytest.mark.parametrize("circles", [False, True])
def test_the_values_of_a_node_do_not_depend_on_numbers_and_other_nodes(circles: bool) -> None:
    for seed in range(150):
        random = Random(seed)
        gates = random_gates(random, leaves=LEAVES, inner=9, circles=circles)
        whole = built(gates, list(range(LEAVES + 9)))
        root = random.choice(sorted(gates))
        below, pending = set(), [root]
        while pending:
            node = pending.pop()
            if node in gates and node not in below:
                below.add(node)
                pending.extend(gates[node].operands)
        numbers = random.sample(range(LEAVES + 9), LEAVES + 9)
        alone = built({node: gates[node] for node in below}, numbers)
        found, expected = alone.value(numbers[root]), whole.value(root)
        assert (found.at_worst, found.at_best, found.gap, found.parts) == (
            expected.at_worst,
            expected.at_best,
            expected.gap,
            expected.parts,
        ), seed
        assert found.top == tuple((cost, numbers[leaf]) for cost, leaf in expected.top), seed
