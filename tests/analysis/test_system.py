"""Many structure functions over one shared graph, each against brute force on its own."""

from fractions import Fraction
from random import Random

import pytest

from olagraph.metrics.basis import Basis
from olagraph.metrics.conversion import Share
from olagraph.metrics.system import Component, System, SystemBuilder
from olagraph.metrics.system.acyclic import Gate
from tests.analysis.brute_force import States, greatest_fixed_point, random_gates

LEAVES = 5


def component(random: Random, *, open_: bool) -> Component:
    """A component known, or known only as an interval; the ceiling takes the favourable conversion."""
    worst = Fraction(random.randint(0, 100), 100)
    share = Share(worst=worst, favourable=worst * Fraction(random.choice((1, 1, 2)), 2))
    if not open_:
        return Component(at_worst=share, at_best=share)
    better = Fraction(random.randint(0, 9), 10)
    best = Share(worst=share.worst * better, favourable=share.favourable * better)
    return Component(at_worst=share, at_best=best)


def built(gates: dict[int, Gate], components: list[Component]) -> System:
    """The system of some gates: components are the nodes 0, 1, ..."""
    builder = SystemBuilder()
    for known in components:
        builder.component(known)
    for _ in gates:
        builder.reserve()
    for node, gate in gates.items():
        builder.gate(gate.k, gate.operands, node=node)
    return builder.build()


def drawn(
    seed: int, *, circles: bool, open_: bool = False
) -> tuple[System, dict[int, Gate], list[Component]]:
    random = Random(seed)
    components = [component(random, open_=open_ and random.random() < 0.4) for _ in range(LEAVES)]
    gates = random_gates(random, leaves=LEAVES, inner=random.randint(1, 7), circles=circles)
    return built(gates, components), gates, components


def states(gates: dict[int, Gate], root: int) -> States:
    count = LEAVES + len(gates)
    return States.of(LEAVES, lambda down: not greatest_fixed_point(gates, count, down)[root])


def worst(components: list[Component], *, at_best: bool) -> list[float]:
    return [float((c.at_best if at_best else c.at_worst).worst) for c in components]


def favourable(components: list[Component], *, at_best: bool) -> list[float]:
    return [float((c.at_best if at_best else c.at_worst).favourable) for c in components]


@pytest.mark.parametrize("circles", [False, True])
@pytest.mark.parametrize("open_", [False, True])
def test_every_root_of_a_shared_graph_has_the_values_it_has_alone(circles: bool, open_: bool) -> None:
    for seed in range(25):
        system, gates, components = drawn(seed, circles=circles, open_=open_)
        for root in list(gates)[-3:]:
            alone = states(gates, root)
            value = system.value(root)
            for at_best, found in ((False, value.at_worst), (True, value.at_best)):
                u, best = worst(components, at_best=at_best), favourable(components, at_best=at_best)
                where = (seed, root, at_best)
                assert found.independent == pytest.approx(alone.independent(u), abs=1e-12), where
                assert found.guaranteed == pytest.approx(alone.extreme(u, largest=True), abs=1e-8), where
                assert found.ceiling == pytest.approx(alone.extreme(best, largest=False), abs=1e-8), where


@pytest.mark.parametrize("circles", [False, True])
def test_importance_is_what_a_components_failure_changes(circles: bool) -> None:
    for seed in range(150):
        system, gates, components = drawn(seed, circles=circles, open_=True)
        root = max(gates)
        alone = states(gates, root)
        u = worst(components, at_best=True)
        importance = system.importance(root)
        for leaf in range(LEAVES):
            assert importance.get(leaf, 0.0) == pytest.approx(alone.birnbaum(u, leaf), abs=1e-12), (
                seed,
                leaf,
            )


@pytest.mark.parametrize("circles", [False, True])
@pytest.mark.parametrize("above", [0.0, 0.3, 0.9])
def test_cuts_are_the_components_that_take_the_whole_down_alone(circles: bool, above: float) -> None:
    for seed in range(100):
        system, gates, components = drawn(seed, circles=circles)
        for root in gates:
            u = worst(components, at_best=True)
            expected = {leaf for leaf in states(gates, root).single_cuts() if u[leaf] > above}
            assert set(system.cuts(root, above=above)) == expected, (seed, root)


def test_missing_are_the_open_components_below() -> None:
    for seed in range(150):
        system, gates, components = drawn(seed, circles=True, open_=True)
        for root in gates:
            alone = states(gates, root)
            open_ = {i for i, c in enumerate(components) if c.at_worst != c.at_best}
            relevant = {leaf for leaf in open_ if alone.relevant(leaf)}
            found = system.missing(root)
            assert len(found) == len(set(found))
            assert relevant <= set(found) <= open_
            assert system.value(root).missing is bool(found)


def test_exact_values_are_the_values_where_there_are_any() -> None:
    asked = 0
    for seed in range(150):
        system, gates, _ = drawn(seed, circles=False)
        root = max(gates)
        value = system.value(root)
        for basis in Basis:
            exact = system.exact(root, basis, at_best=True)
            if exact is not None:
                asked += 1
                assert float(exact) == pytest.approx(value.at_best.on(basis), abs=1e-12)
    assert asked > 100


def test_the_heaviest_weight_of_a_component_is_the_largest_any_root_gives_it() -> None:
    for seed in range(100):
        system, gates, _ = drawn(seed, circles=seed % 2 == 0)
        weights = {root: 1.0 + i for i, root in enumerate(gates)}
        expected = dict.fromkeys(range(LEAVES), 0.0)
        for root, weight in weights.items():
            for leaf, share in system.importance(root).items():
                expected[leaf] = max(expected[leaf], weight * share)
        heaviest = system.heaviest(weights, birnbaum=True)
        assert {leaf: heaviest.get(leaf, 0.0) for leaf in expected} == pytest.approx(expected, abs=1e-12), (
            seed
        )


def test_a_shared_component_is_one_whichever_way_it_is_reached() -> None:
    u = Share(worst=Fraction(1, 2), favourable=Fraction(1, 2))
    half = Component(at_worst=u, at_best=u)
    builder = SystemBuilder()
    shared, one, other = (builder.component(half) for _ in range(3))
    left, right = builder.gate(2, (shared, one)), builder.gate(2, (shared, other))
    both, either = builder.gate(2, (left, right)), builder.gate(1, (left, right))
    system = builder.build()
    assert system.value(both).at_best.independent == pytest.approx(1 - 1 / 8)
    assert system.value(either).at_best.independent == pytest.approx(1 - 1 / 2 * 3 / 4)


def test_a_common_cause_keeps_every_components_own_share() -> None:
    u = Share(worst=Fraction(1, 2), favourable=Fraction(1, 2))
    builder = SystemBuilder()
    parts = [builder.component(Component(at_worst=u, at_best=u)) for _ in range(3)]
    group = builder.gate(1, parts, common_cause=Fraction(1, 5))
    system = builder.build()
    cause = 0.2 * 0.5
    assert system.value(group).at_best.independent == pytest.approx(
        cause + (1 - cause) * ((0.5 - cause) / (1 - cause)) ** 3
    )
    assert system.value(group).at_best.guaranteed == 0.5
    assert system.exact(group, Basis.INDEPENDENT, at_best=True) is None


def test_a_circle_without_a_component_is_groundless() -> None:
    builder = SystemBuilder()
    u = Share(worst=Fraction(1, 10), favourable=Fraction(1, 10))
    a, b = builder.reserve(), builder.reserve()
    builder.gate(1, (b,), node=a)
    builder.gate(1, (a,), node=b)
    ground = builder.component(Component(at_worst=u, at_best=u))
    above = builder.gate(2, (a, ground))
    assert builder.groundless([a, b, above]) == [a, b]


def test_a_chain_of_twenty_thousand_services_does_not_hit_the_recursion_limit() -> None:
    builder = SystemBuilder()
    tiny = Share(worst=Fraction(1, 10**9), favourable=Fraction(1, 10**9))
    known = Component(at_worst=tiny, at_best=tiny)
    top = builder.component(known)
    roots = []
    for _ in range(20_000):
        top = builder.gate(2, (top, builder.component(known)))
        roots.append(top)
    system = builder.build()
    assert system.value(top).at_best.guaranteed == pytest.approx(20_001e-9, rel=1e-9)
    assert len(system.components(top)) == 20_001
    assert len(system.importance(top)) == 20_001
    assert system.cuts(top, above=1e-8) == []
    assert system.missing(top) == []


def test_a_chain_with_sharing_all_along_is_composed_module_by_module() -> None:
    """Each link uses a redundant pair twice: every link is a module, whatever the chain's length."""
    builder = SystemBuilder()
    u = Share(worst=Fraction(1, 1000), favourable=Fraction(1, 1000))
    known = Component(at_worst=u, at_best=u)
    top = builder.component(known)
    links = 300
    for _ in range(links):
        shared, one, other = (builder.component(known) for _ in range(3))
        pair = builder.gate(1, (builder.gate(2, (shared, one)), builder.gate(2, (shared, other))))
        top = builder.gate(2, (top, pair))
    link = 1e-3 + (1 - 1e-3) * 1e-6
    value = builder.build().value(top)
    assert value.exact
    assert value.at_best.independent == pytest.approx(1 - (1 - 1e-3) * (1 - link) ** links, rel=1e-10)
