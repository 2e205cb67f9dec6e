"""Where promises stand at several places: dominators, visits and burdens against plain enumeration of all paths."""

from fractions import Fraction
from functools import reduce
from operator import or_

from hypothesis import given
from hypothesis import strategies as st

from olagraph.metrics import composition as c
from olagraph.metrics.families.occurrences import Between, burden, sharing, visits, visits_per_use

KIND = {
    c.Sequence: Between.SEQUENCE,
    c.Parallel: Between.PARALLEL,
    c.Choice: Between.CHOICE,
    c.Repeat: Between.SEQUENCE,
    c.KOfN: Between.REDUNDANCY,
    c.Part: Between.NOTHING,
}


@st.composite
def shared_trees(draw: st.DrawFn) -> c.Node:
    """Random graphs in which any node may use any earlier one."""
    nodes: list[c.Node] = [c.Part(0), c.Part(1)]
    for _ in range(draw(st.integers(1, 6))):
        steps = tuple(draw(st.lists(st.sampled_from(nodes[-4:]), min_size=2, max_size=3)))
        kind = draw(st.integers(0, 4))
        if kind == 0:
            nodes.append(c.Sequence(steps))
        elif kind == 1:
            nodes.append(c.Parallel(steps))
        elif kind == 2:
            nodes.append(c.Choice(steps, tuple(Fraction(1, len(steps)) for _ in steps)))
        elif kind == 3:
            nodes.append(c.KOfN(k=1, steps=steps, race=True))
        else:
            nodes.append(c.Repeat(step=steps[0], max=2))
    return nodes[-1]


def paths_to(walk: c.Walk, target: int) -> list[list[tuple[int, int]]]:
    """All ways from the root to a node, as (place, position of the child taken)."""

    def below(place: int) -> list[list[tuple[int, int]]]:
        if place == target:
            return [[]]
        return [
            [(place, position), *rest]
            for position, child in enumerate(walk.children[place])
            for rest in below(child)
        ]

    return below(walk.root)


@given(shared_trees())
def test_what_lies_between_the_places_of_a_node_is_what_its_paths_cross_below_the_last_node_common_to_all(
    tree,
):
    walk = c.calls(tree)
    found = sharing(walk)
    for place in range(walk.root):
        paths = paths_to(walk, place)
        uses = {path[-1] for path in paths}
        if len(uses) == 1:
            assert found.between[place] is None
            continue
        common = set.intersection(*({step for step, _ in path} for path in paths))
        parting = min(common)  # children stand before their parents
        crossed = [KIND[type(walk.nodes[step])] for path in paths for step, _ in path if step <= parting]
        assert found.between[place] == reduce(or_, crossed)
        assert parting in found.partings


@given(shared_trees())
def test_visits_are_summed_over_all_paths(tree):
    walk = c.calls(tree)
    counted = visits(walk, number=Fraction)
    for place in range(len(walk.nodes)):
        total: c.Number = 0
        for path in paths_to(walk, place):
            share: c.Number = 1
            for step, position in path:
                share *= visits_per_use(walk, step, number=Fraction)[position]
            total += share
        assert counted[place] == total


@given(shared_trees())
def test_a_burden_counts_the_calls_that_redundancy_hides_and_the_most_others_in_one_request(tree):
    walk = c.calls(tree)

    def most(place: int, target: int) -> int:
        if place == target:
            return 1
        below = [most(child, target) for child in walk.children[place]]
        match walk.nodes[place]:
            case c.KOfN() | c.Part():
                return 0
            case c.Choice():
                return max(below)
            case c.Repeat():
                return 2 * below[0]
            case _:
                return sum(below)

    for place in range(walk.root):
        found = burden(walk, place, number=Fraction)
        if found is None:
            assert most(walk.root, place) == 0
        else:
            assert found.visits == visits(walk, number=Fraction)[place]
            assert found.most == most(walk.root, place)


def test_calls_without_number_are_told_apart_from_rare_ones():
    tree = c.Sequence((c.Choice((c.Part(0), c.Part(1))), c.Part(0)))
    walk = c.calls(tree)
    place = next(i for i, node in enumerate(walk.nodes) if isinstance(node, c.Part) and node.component == 0)
    assert burden(walk, place, number=Fraction) is None
