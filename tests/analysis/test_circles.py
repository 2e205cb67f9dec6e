"""Structures with circles written without them, against the greatest fixed point (SEMANTICS §5, cycles)."""

from collections.abc import Mapping
from itertools import product
from random import Random

import pytest

from olagraph.metrics.system.acyclic import Acyclic, Gate, without_cycles
from tests.analysis.brute_force import greatest_fixed_point, random_gates

LEAVES = 4


def evaluated(
    acyclic: Acyclic, down: frozenset[int], inside: Mapping[int, tuple[int, ...]]
) -> dict[int, bool]:
    """Which nodes are up, one after the other: operands come first."""
    up: dict[int, bool] = {}
    for node in acyclic.order:
        gate = acyclic.gates.get(node)
        if gate is not None:
            up[node] = sum(up[operand] for operand in gate.operands) >= gate.k
        elif node in inside:
            up[node] = all(up[operand] for operand in inside[node])
        else:
            up[node] = node not in down
    return up


def agree(gates: dict[int, Gate], count: int, inside: dict[int, tuple[int, ...]]) -> None:
    whole = gates | {node: Gate(len(operands), operands) for node, operands in inside.items()}
    acyclic = without_cycles(gates, inside, count)
    assert sorted(set(acyclic.order)) == sorted(acyclic.order)
    for state in product((False, True), repeat=LEAVES):
        down = frozenset(i for i, failed in enumerate(state) if failed)
        expected = greatest_fixed_point(whole, count, down)
        found = evaluated(acyclic, down, inside)
        assert [found[node] for node in range(count)] == expected


@pytest.mark.parametrize("inner", [1, 2, 3, 5, 8])
def test_random_structures_with_circles_keep_their_function(inner: int) -> None:
    for seed in range(120):
        random = Random(seed)
        gates = random_gates(random, leaves=LEAVES, inner=inner, circles=True, least=0)
        agree(gates, LEAVES + inner, {})


def test_nodes_with_an_inside_of_their_own_are_gates_where_they_lie_on_a_circle() -> None:
    for seed in range(200):
        random = Random(seed)
        gates = random_gates(random, leaves=LEAVES, inner=6, circles=True)
        chosen = random.sample(sorted(gates), 2)
        inside = {node: gates.pop(node).operands for node in chosen}
        agree(gates, LEAVES + 6, inside)


def test_what_has_no_circle_is_left_as_it_is() -> None:
    gates = random_gates(Random(1), leaves=LEAVES, inner=6, circles=False)
    acyclic = without_cycles(gates, {}, LEAVES + 6)
    assert acyclic.gates == gates
    assert len(acyclic.order) == LEAVES + 6


def test_nodes_that_all_need_each_other_are_up_together() -> None:
    gates = {1: Gate(2, (0, 2)), 2: Gate(1, (1,))}
    acyclic = without_cycles(gates, {}, 3)
    assert evaluated(acyclic, frozenset(), {}) == {0: True, 1: True, 2: True}
    assert evaluated(acyclic, frozenset({0}), {}) == {0: False, 1: False, 2: False}


def test_redundancy_on_a_circle_holds_itself_up() -> None:
    gates = {1: Gate(1, (0, 2)), 2: Gate(1, (1,))}
    acyclic = without_cycles(gates, {}, 3)
    assert evaluated(acyclic, frozenset({0}), {})[1]


def test_a_circle_of_ten_thousand_and_a_chain_of_as_many_are_no_problem() -> None:
    many = 10_000
    circle = {node: Gate(1, (node % many + 1,)) for node in range(1, many + 1)}
    circle[1] = Gate(2, (0, 2))
    circle[many] = Gate(1, (1,))
    acyclic = without_cycles(circle, {}, many + 1)
    assert not any(evaluated(acyclic, frozenset({0}), {}).values())
    chain = {node: Gate(1, (node - 1,)) for node in range(1, many + 1)}
    assert without_cycles(chain, {}, many + 1).order == tuple(range(many + 1))
