"""Importances against published numbers, against all states tried one by one, and against the assessment."""

from collections.abc import Iterable
from math import inf, isclose
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings

from olagraph.analysis.assess import assess
from olagraph.analysis.concentration.importance import importance
from olagraph.analysis.concentration.results import ElementKind, Importance, ServiceImportance
from olagraph.analysis.names import UnknownName
from olagraph.analysis.settings import Settings
from olagraph.metrics.structure import Limits
from olagraph.model.entities import Portfolio, Service
from olagraph.model.workflow import has_structure
from tests.analysis.concentration.small_portfolios import (
    PARENTS,
    REGIONS,
    SUPPLIERS,
    States,
    is_down,
    portfolios,
)
from tests.analysis.drawn import SETTINGS, drawn
from tests.analysis.small import DAY, delivered, written

REFERENCE = Path(__file__).parents[2] / "reference" / "availability.yaml"
PUBLISHED = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))["importance"]
TODAY = Settings(as_of=DAY)


def only(portfolio: Portfolio) -> ServiceImportance:
    (found,) = importance(portfolio, TODAY)
    return found


def element(found: ServiceImportance, kind: ElementKind, name: str) -> Importance:
    (it,) = (each for each in found.of_kind(kind) if each.id == name)
    return it


def a_pair_of_three(ratio: str = "90%") -> Portfolio:
    promises = dict.fromkeys("abc", f"availability: {ratio}")
    return delivered("{k_of_n: {k: 2, of: [a, b, c]}}", "availability: 10%", **promises)


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["name"])
def test_published_importances_hold_from_contracts(case: dict[str, Any]) -> None:
    names = iter("abcdefgh")
    promises: dict[str, str] = {}

    def workflow(written_as: Any) -> Any:
        if isinstance(written_as, dict):
            ((pattern, inside),) = written_as.items()
            return {{"all_of": "sequence"}.get(pattern, pattern): [workflow(each) for each in inside]}
        name = next(names)
        promises[name] = f"availability: {written_as}"
        return name

    text = yaml.safe_dump(workflow(case["expr"]), default_flow_style=True, width=inf).strip()
    found = only(delivered(text, "availability: 10%", **promises))
    assert 1 - found.high == pytest.approx(case["exact"], abs=case["tolerance"])
    for row in case["components"]:
        measured = element(found, ElementKind.COMPONENT, "abcdefgh"[row["component"]])
        for measure in ("birnbaum", "criticality", "raw", "rrw"):
            assert getattr(measured, measure) == pytest.approx(row[measure], rel=1e-4)


def test_fussell_vesely_is_not_the_criticality() -> None:
    """2 of 3 at q = 0.1: two of the three cut sets hold a component, whether or not it decided."""
    measured = element(only(a_pair_of_three()), ElementKind.COMPONENT, "a")
    assert measured.fussell_vesely == pytest.approx(0.6786, abs=1e-4)
    assert measured.criticality == pytest.approx(0.6429, abs=1e-4)


@settings(deadline=None, max_examples=80)
@given(portfolio=portfolios())
def test_every_measure_is_what_all_states_say(portfolio: Portfolio) -> None:
    services = {service.id: service for service in portfolio.services}
    promised = {
        a.provider: float(1 - a.targets[0].value.exact) for a in portfolio.agreements if a.id != "sla"
    }
    q = {}
    for service in portfolio.services:
        if service.own:
            q[service.id] = float(1 - service.own[0].value.exact)
        elif service.workflow is None:
            q[service.id] = promised[service.provider]
        elif not has_structure(service.workflow):
            q[service.id] = 0.0  # its own part is missing: at best it is perfect
    states = States.of(q, lambda failed: is_down(services, "root", lambda service: service.id in failed))
    found = only(portfolio)
    total = states.probability(q)
    assert isclose(found.high, total, rel_tol=1e-9, abs_tol=1e-15)
    reached = {each.id for each in found.of_kind(ElementKind.COMPONENT)}
    for cut in states.minimal_cuts():
        assert cut <= reached
    for each in found.elements:
        members = [name for name in reached if each.id in held_by(each.kind, services[name])]
        assert len(members) == each.components
        if each.kind is ElementKind.COMPONENT:
            assert each.unavailability == pytest.approx(q[each.id])
        _is_what_all_states_say(each, members, states, q, total)
    named = {
        (kind, name) for kind in ElementKind for each in reached for name in held_by(kind, services[each])
    }
    assert {(each.kind, each.id) for each in found.elements} == named


def held_by(kind: ElementKind, service: Service) -> set[str]:
    """The names of the elements of a kind that hold what a service does itself."""
    provider = service.provider
    names: dict[ElementKind, str | None] = {
        ElementKind.COMPONENT: service.id,
        ElementKind.COMMON_CAUSE: None,
        ElementKind.AGREEMENT: f"uc-{provider}" if provider in SUPPLIERS else None,
        ElementKind.PROVIDER: provider,
        ElementKind.OWNER: PARENTS.get(provider),
        ElementKind.REGION: service.region or REGIONS.get(provider),
        ElementKind.ZONE: service.zone,
    }
    name = names[kind]
    return set() if name is None else {name}


def _is_what_all_states_say(
    measured: Importance, members: Iterable[str], states: States, q: dict[str, float], total: float
) -> None:
    failed = states.probability(q | dict.fromkeys(members, 1.0))
    perfect = states.probability(q | dict.fromkeys(members, 0.0))
    assert measured.birnbaum == pytest.approx(failed - perfect, abs=1e-12)
    if total == 0:
        assert measured.criticality is measured.fussell_vesely is measured.raw is measured.rrw is None
        return
    assert measured.criticality == pytest.approx((total - perfect) / total, abs=1e-9)
    assert measured.fussell_vesely == pytest.approx(states.holding(members, q) / total, abs=1e-9)
    assert measured.raw == pytest.approx(failed / total, rel=1e-9)
    assert measured.rrw == pytest.approx(total / perfect if perfect else inf, rel=1e-6)


def test_the_unavailability_is_the_assessed_one() -> None:
    """Common causes, circles, resellers and services that are described twice included."""
    causes = 0
    for seed in range(150):
        portfolio = drawn(seed, "availability")
        assessed = {
            (target.agreement.id, target.service): target.achievable.independent
            for target in assess(portfolio, SETTINGS).targets
        }
        for found in importance(portfolio, SETTINGS):
            assert found.agreement is not None
            level = assessed[found.agreement, found.service]
            assert level is not None
            assert level.complement_at_best == pytest.approx(found.high, rel=1e-9, abs=1e-12)
            causes += len(found.of_kind(ElementKind.COMMON_CAUSE))
            for each in found.elements:
                assert each.criticality is None or each.fussell_vesely is not None
                if each.criticality is not None and each.fussell_vesely is not None:
                    assert each.criticality <= each.fussell_vesely + 1e-9
    assert causes


def test_a_common_cause_is_an_element_of_its_own() -> None:
    portfolio = delivered(
        "{any_of: {of: [a, b], common_cause: 0.1}}",
        "availability: 10%",
        a="availability: 99%",
        b="availability: 98%",
    )
    found = only(portfolio)
    (cause,) = found.of_kind(ElementKind.COMMON_CAUSE)
    assert cause.id == "a+b"
    assert cause.unavailability == pytest.approx(0.001)
    assert cause.raw == pytest.approx(1 / found.high)


def test_a_missing_promise_is_taken_as_perfect_and_named() -> None:
    portfolio = delivered(
        "[a, x]", "availability: 10%", a="availability: 99%", services=("{id: x, provider: them}",)
    )
    found = only(portfolio)
    missing = element(found, ElementKind.COMPONENT, "x")
    assert missing.missing
    assert missing.unavailability == missing.criticality == 0
    assert missing.raw == pytest.approx(100)
    assert [each.service for each in found.missing] == ["x"]


def test_what_is_left_without_the_one_weak_part_keeps_its_digits() -> None:
    portfolio = delivered(
        "[a, b]", "availability: 10%", a="availability: 90%", b="availability: 99.9999999999%"
    )
    weak = element(only(portfolio), ElementKind.COMPONENT, "a")
    assert weak.rrw == pytest.approx((0.1 + 0.9e-12) / 1e-12, rel=1e-12)


def test_a_perfect_service_has_no_ratios() -> None:
    portfolio = delivered("[a, b]", "availability: 10%", a="availability: 100%", b="availability: 100%")
    measured = element(only(portfolio), ElementKind.COMPONENT, "a")
    assert measured.birnbaum == 1
    assert measured.criticality is measured.fussell_vesely is measured.raw is measured.rrw is None


def test_a_service_without_an_sla_is_asked_about_round_the_clock() -> None:
    portfolio = written(
        services=("{id: a, provider: us, own: [{availability: 99%}]}", "{id: b, provider: us, workflow: a}")
    )
    assert importance(portfolio, TODAY) == ()
    (found,) = importance(portfolio, TODAY, service="b")
    assert found.agreement is None
    assert found.high == pytest.approx(0.01)


def test_an_unknown_service_gets_the_nearest_names() -> None:
    with pytest.raises(UnknownName, match="did you mean"):
        importance(a_pair_of_three(), TODAY, service="bb")


def test_a_structure_out_of_reach_has_bounds_and_no_importances(monkeypatch: pytest.MonkeyPatch) -> None:
    tight = Limits(plain_steps=0, diagram_nodes=4)
    monkeypatch.setattr("olagraph.analysis.concentration.composed.DEFAULT_LIMITS", tight)
    bridge = (
        "{any_of: [{sequence: [a, d]}, {sequence: [b, e]}, {sequence: [a, c, e]}, {sequence: [b, c, d]}]}"
    )
    found = only(delivered(bridge, "availability: 10%", **dict.fromkeys("abcde", "availability: 90%")))
    assert not found.exact
    assert found.low < 1 - 0.97848 < found.high
    assert found.elements == ()
