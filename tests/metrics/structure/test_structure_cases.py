"""The exact engine on published cases, on shapes that must collapse, and at its limits."""

import subprocess
import sys
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from olagraph.metrics.structure import Gate, Limits, Structure, closed_forms, compile_structure
from tests.metrics.structure.state_tables import extreme_unavailability, failure_table

REFERENCE = yaml.safe_load((Path(__file__).parents[2] / "reference" / "availability.yaml").read_text("utf-8"))

BRIDGE = Structure(
    (Gate(2, (0, 3)), Gate(2, (1, 4)), Gate(3, (0, 2, 4)), Gate(3, (1, 2, 3)), Gate(1, (-1, -2, -3, -4))),
    -5,
    5,
)


def from_expression(expression: dict[str, Any]) -> tuple[Structure, list[float]]:
    """A structure of an expression with one component for every number in it, and their unavailabilities."""
    gates: list[Gate] = []
    q: list[float] = []

    def operand(part: Any) -> int:
        if isinstance(part, float):
            q.append(1 - part)
            return len(q) - 1
        ((pattern, of),) = part.items()
        k = of["k"] if pattern == "k_of_n" else 0
        parts = tuple(operand(p) for p in (of["of"] if pattern == "k_of_n" else of))
        gates.append(Gate({"all_of": len(parts), "any_of": 1, "k_of_n": k}[pattern], parts))
        return ~(len(gates) - 1)

    root = operand(expression)
    return Structure(tuple(gates), root, len(q)), q


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: str(case["expr"]))
def test_published_availabilities_are_reproduced(case: dict[str, Any]) -> None:
    structure, q = from_expression(case["expr"])
    compiled = compile_structure(structure)
    assert compiled.closed_form
    if "exact" in case:
        assert 1 - compiled.independent(q).low == pytest.approx(
            case["exact"], abs=case.get("tolerance", 1e-12)
        )
    if "guaranteed" in case:
        assert 1 - compiled.guaranteed(q).high == pytest.approx(case["guaranteed"], abs=1e-12)


@pytest.mark.parametrize("case", REFERENCE["networks"], ids=lambda case: case["name"])
def test_published_networks_are_reproduced(case: dict[str, Any]) -> None:
    names = list(case["components"])
    paths = tuple(Gate(len(path), tuple(names.index(name) for name in path)) for path in case["paths"])
    root = Gate(1, tuple(~i for i in range(len(paths))))
    compiled = compile_structure(Structure((*paths, root), ~len(paths), len(names)))
    q = [1 - a for a in case["components"].values()]
    assert 1 - compiled.independent(q).low == pytest.approx(case["exact"], abs=1e-12)
    assert not compiled.closed_form


@pytest.mark.parametrize("case", REFERENCE["importance"], ids=lambda case: case["name"])
def test_published_importances_follow_from_birnbaum(case: dict[str, Any]) -> None:
    structure, q = from_expression(case["expr"])
    compiled = compile_structure(structure)
    total = compiled.independent(q).low
    assert 1 - total == pytest.approx(case["exact"], abs=case["tolerance"])
    birnbaum = compiled.birnbaum(q)
    for expected in case["components"]:
        i = expected["component"]
        down, up = (compiled.independent([*q[:i], u, *q[i + 1 :]]).low for u in (1.0, 0.0))
        assert birnbaum[i] == pytest.approx(expected["birnbaum"], rel=1e-4)
        assert birnbaum[i] * q[i] / total == pytest.approx(expected["criticality"], rel=1e-4)
        assert down / total == pytest.approx(expected["raw"], rel=1e-4)
        assert total / up == pytest.approx(expected["rrw"], rel=1e-4)


@pytest.mark.parametrize(
    "q", [[0.3, 0.2, 0.1, 0.15, 0.25], [0.02, 0.05, 0.004, 0.03, 0.01], [0.1, 1e-4, 1e-9, 0.2, 0.0]]
)
def test_the_bounds_of_a_bridge_are_certified_and_those_of_the_full_programme(q: list[float]) -> None:
    compiled = compile_structure(BRIDGE)
    table = failure_table(BRIDGE)
    for value, worst in ((compiled.guaranteed(q), True), (compiled.ceiling(q), False)):
        assert value.high - value.low <= 1e-14
        assert value.high == pytest.approx(extreme_unavailability(table, q, worst=worst), abs=1e-9)


def test_a_majority_of_overlapping_pairs_needs_half_covers() -> None:
    """Three components of which any two failing suffice, hidden in pairs: the optimum y is one half each."""
    pairs = Structure((Gate(1, (0, 1)), Gate(1, (1, 2)), Gate(1, (0, 2)), Gate(3, (-1, -2, -3))), -4, 3)
    compiled = compile_structure(pairs)
    assert not compiled.closed_form
    assert compiled.guaranteed([0.1, 0.1, 0.1]).high == pytest.approx(0.15, abs=1e-15)
    assert compiled.independent([0.1, 0.1, 0.1]).low == pytest.approx(0.028, rel=1e-12)


def test_thirteen_nines_keep_their_digits() -> None:
    """Unavailabilities are composed, never 1 − availability."""
    chain = compile_structure(Structure((Gate(3, (0, 1, 2)),), -1, 3))
    assert chain.independent([1e-13, 2e-13, 3e-13]).low == pytest.approx(6e-13, rel=1e-11)
    assert compile_structure(BRIDGE).independent([1e-13] * 5).low == pytest.approx(2e-26, rel=1e-11)


def test_infrastructure_needed_by_everything_collapses_to_a_closed_form() -> None:
    """Two redundant services that both need the network 0: the network is one factor, not two."""
    redundant = Structure((Gate(2, (0, 1)), Gate(2, (0, 2)), Gate(1, (-1, -2))), -3, 3)
    compiled = compile_structure(redundant)
    assert compiled.closed_form
    assert compiled.independent([0.1, 0.2, 0.3]).low == pytest.approx(0.1 + 0.9 * 0.06, rel=1e-14)
    assert compiled.guaranteed([0.1, 0.2, 0.3]).high == pytest.approx(0.3, rel=1e-14)


def test_shared_infrastructure_may_itself_be_redundant() -> None:
    """The pair {0, 1} stands for the network: it is factored out as a component would be."""
    structure = Structure((Gate(1, (0, 1)), Gate(2, (-1, 2)), Gate(2, (-1, 3)), Gate(1, (-2, -3))), -4, 4)
    compiled = compile_structure(structure)
    assert compiled.closed_form
    assert compiled.relevant == (0, 1, 2, 3)


def test_what_absorption_removes_is_not_relevant() -> None:
    """x or (x and y) is x."""
    compiled = compile_structure(Structure((Gate(2, (0, 1)), Gate(1, (0, -1))), -2, 2))
    assert compiled.relevant == (0,)
    assert compiled.birnbaum([0.3, 0.9]) == [1.0, 0.0]


def test_a_component_may_be_the_whole() -> None:
    compiled = compile_structure(Structure((), 1, 2))
    assert compiled.closed_form
    assert compiled.independent([0.1, 0.2]).low == compiled.guaranteed([0.1, 0.2]).high == 0.2
    assert compiled.birnbaum([0.1, 0.2]) == [0.0, 1.0]


def test_a_chain_of_ten_thousand_services_on_one_network_is_a_closed_form() -> None:
    """Every service needs its own part, the network 0 and the service before it."""
    count = 10_000
    gates = [Gate(2, (0, 1)), *(Gate(3, (i + 1, 0, -i)) for i in range(1, count))]
    compiled = compile_structure(Structure(tuple(gates), -count, count + 1))
    assert compiled.closed_form
    assert compiled.guaranteed([1e-6] * (count + 1)).high == pytest.approx(0.010001, rel=1e-9)


def test_ten_thousand_alternating_levels_do_not_exhaust_the_stack() -> None:
    count = 10_000
    gates = [Gate(2, (0, 1)), *(Gate(1 + i % 2, (i + 1, -i)) for i in range(1, count))]
    compiled = compile_structure(Structure(tuple(gates), -count, count + 1))
    expected = 0.75
    for i in range(1, count):
        expected = expected * 0.5 if i % 2 == 0 else 0.5 + expected * 0.5
    assert compiled.closed_form
    assert compiled.independent([0.5] * (count + 1)).low == pytest.approx(expected, rel=1e-12)
    # The last gate needs its own part and the rest: the derivative is what the rest is up, 2 − 2u.
    assert compiled.birnbaum([0.5] * (count + 1))[-1] == pytest.approx(2 - 2 * expected)


def test_a_deep_knot_is_solved_by_the_compiled_library() -> None:
    """A ladder of 400 rungs has neither closed form nor small depth; limits change the way, not the value."""
    gates: list[Gate] = []
    left, right, components = 0, 1, 2
    for _ in range(400):
        gates.append(Gate(1, (left, right)))
        gates.append(Gate(2, (left, components)))
        gates.append(Gate(2, (~(len(gates) - 2), components + 1)))
        left, right, components = ~(len(gates) - 2), ~(len(gates) - 1), components + 2
    gates.append(Gate(1, (left, right)))
    compiled = compile_structure(Structure(tuple(gates), ~(len(gates) - 1), components))
    q = [1e-3] * components
    assert not compiled.closed_form
    assert compiled.independent(q).exact
    # Rung by rung over the four states of the two rails.
    states = {(False, False): 0.999**2, (False, True): 0.000999, (True, False): 0.000999, (True, True): 1e-6}
    for _ in range(400):
        following = dict.fromkeys(states, 0.0)
        for (a, b), p in states.items():
            for own_a, own_b in product((False, True), repeat=2):
                chance = p * (1e-3 if own_a else 0.999) * (1e-3 if own_b else 0.999)
                following[(a or own_a, (a and b) or own_b)] += chance
        states = following
    assert compiled.independent(q).low == pytest.approx(states[(True, True)], rel=1e-10)


def test_out_of_budget_is_said_and_bounded() -> None:
    compiled = compile_structure(BRIDGE, Limits(plain_steps=0, diagram_nodes=2))
    value = compiled.independent([0.1] * 5)
    assert not compiled.solved
    assert not value.exact
    assert value.low <= 0.02152 <= value.high
    assert compiled.minimal_cuts() is None
    assert len(compiled.birnbaum([0.1] * 5)) == 5


@pytest.mark.parametrize(
    ("structure", "complaint"),
    [
        (Structure((Gate(1, (0, -2)), Gate(1, (-1, 0))), -1, 1), "cycle"),
        (Structure((Gate(1, (-1,)),), -1, 1), "cycle"),
        (Structure((Gate(3, (0, 1)),), -1, 2), "needs 3 of 2"),
        (Structure((Gate(0, (0, 1)),), -1, 2), "needs 0 of 2"),
        (Structure((Gate(1, ()),), -1, 2), "needs 1 of 0"),
        (Structure((Gate(1, (0, 2)),), -1, 2), "neither"),
        (Structure((Gate(1, (0, -3)),), -1, 2), "neither"),
        (Structure((), 0, 0), "neither"),
    ],
)
def test_a_structure_that_is_not_well_formed_is_refused(structure: Structure, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        compile_structure(structure)


@pytest.mark.parametrize("q", [[0.1], [0.1, 1.1], [-0.1, 0.5], [float("nan"), 0.5], [0.5, float("nan")]])
def test_unavailabilities_must_be_probabilities_one_a_component(q: list[float]) -> None:
    with pytest.raises(ValueError, match="unavailabilit"):
        compile_structure(Structure((Gate(1, (0, 1)),), -1, 2)).guaranteed(q)


def test_a_tie_in_rationals_is_a_tie() -> None:
    """In doubles 1 − 0.9995 · 0.9999 need not equal 1 − 0.99940005."""
    q = [Fraction(5, 10_000), Fraction(1, 10_000)]
    compiled = compile_structure(Structure((Gate(2, (0, 1)),), -1, 2))
    assert compiled.exact(q, "independent") == 1 - Fraction("0.99940005")
    assert closed_forms.guaranteed(2, q) == Fraction(6, 10_000)
    assert compile_structure(BRIDGE).exact([Fraction(1, 2)] * 5, "independent") is None


def test_closed_forms_and_small_knots_load_no_heavy_package() -> None:
    """Most services never need numpy, oxidd or highspy, and must not pay for loading them."""
    program = (
        "import sys; from olagraph.metrics.structure import Gate, Structure, compile_structure as compile;"
        "s = compile(Structure((Gate(2, (0, 3)), Gate(2, (1, 4)), Gate(3, (0, 2, 4)), Gate(3, (1, 2, 3)),"
        "Gate(1, (-1, -2, -3, -4))), -5, 5)); q = [0.1] * 5; s.independent(q); s.birnbaum(q);"
        "s.guaranteed(q); s.ceiling(q);"
        "sys.exit(bool({'numpy', 'oxidd', 'highspy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
