"""The oracle answers what is published, before it judges anybody else."""

from datetime import date
from random import Random
from typing import Any

import pytest

from tests.oracle import call_trees
from tests.oracle.assessment import Assessment, assess
from tests.oracle.portfolios import DAY, portfolio

TODAY = date.fromisoformat(DAY)


def _promised(workflow: Any, ratios: dict[str, float], metric: str = "availability") -> dict[str, Any]:
    us, them = {"provider": "us"}, {"provider": "them", "customer": "us", "kind": "UC"}
    sla = {
        "id": "sla",
        "kind": "SLA",
        "customer": "customer",
        "covers": ["root"],
        "targets": [{metric: 0.9}],
        **us,
    }
    return {
        "olagraph": 1,
        "providers": [{"id": "us", "kind": "internal"}, {"id": "them", "kind": "external"}],
        "customers": [{"id": "customer"}],
        "services": [
            {"id": "root", "workflow": workflow, **us},
            *({"id": name, "provider": "them"} for name in ratios),
        ],
        "agreements": [
            sla,
            *(
                {"id": f"uc-{at}", "covers": [at], "targets": [{metric: r}], **them}
                for at, r in ratios.items()
            ),
        ],
    }


def _at_least(k: int, names: str) -> dict[str, Any]:
    return {"k_of_n": {"k": k, "of": list(names)}}


def _assess(workflow: Any, ratios: dict[str, float]) -> Assessment:
    (row,) = assess(_promised(workflow, ratios), TODAY)
    return row


@pytest.mark.parametrize(
    ("workflow", "ratios", "bases", "source"),
    [
        (["a", "b"], {"a": 0.9995, "b": 0.9999}, (0.9994, 0.99940005, 0.9995), "Azure, reliability metrics"),
        ({"any_of": ["a", "b"]}, {"a": 0.9999, "b": 0.999}, (0.9999, 0.9999999, 1), "Azure, the same page"),
        (
            ["a", {"any_of": ["b", "c"]}],
            {"a": 0.9995, "b": 0.9999, "c": 0.999},
            (0.9994, 0.99949990005, 0.9995),
            "Azure, the same page",
        ),
        (_at_least(2, "abc"), dict.fromkeys("abc", 0.99), (0.985, 0.999702, 1), "ReliaLearnR"),
        (_at_least(3, "abcde"), dict.fromkeys("abcde", 0.9), (5 / 6, 0.99144, 1), "sharp Fréchet bound"),
        (
            {"any_of": {"of": list("abc"), "common_cause": 0.2}},
            dict.fromkeys("abc", 0.5),
            (0.5, 1 - 0.1 - 0.9 * (4 / 9) ** 3, 1),
            "one shared event, marginals kept: 0.179",
        ),
        (
            ["a", {"any_of": ["a", "b"]}],
            {"a": 0.9, "b": 0.5},
            (0.9, 0.9, 0.9),
            "a shared component counts once",
        ),
        (
            {"any_of": [{"sequence": list(path)} for path in ("ad", "be", "ace", "bcd")]},
            dict.fromkeys("abcde", 0.9),
            (0.8, 0.97848, 1),
            "the bridge network",
        ),
    ],
)
def test_the_bases_are_the_published_ones(workflow, ratios, bases, source):
    """Guaranteed values and ceilings that are not published follow from the formulas of SEMANTICS §5."""
    found = _assess(workflow, ratios).contracted.worst
    assert (found.guaranteed, found.independent, found.ceiling) == pytest.approx(bases, abs=1e-9), source


def test_a_missing_promise_is_an_interval_and_unknown():
    document = _promised(["a", "b"], {"a": 0.95, "b": 0.99})
    document["agreements"].pop()
    (row,) = assess(document, TODAY)
    assert (row.verdict, row.gap) == ("UNKNOWN", None)
    assert (row.contracted.worst.independent, row.contracted.best.independent) == pytest.approx((0.0, 0.95))


@pytest.mark.parametrize(
    ("workflow", "independent"),
    [
        (["t", {"repeat": {"step": "t", "max": 2}}], 0.9**3),
        ([{"any_of": ["t", "x"]}, {"parallel": ["t"]}], 0.9),
        (
            {
                "choice": [
                    {"step": {"any_of": ["t", "x"]}, "probability": 0.5},
                    {"step": "t", "probability": 0.5},
                ]
            },
            0.95,
        ),
        ({"repeat": {"step": "t", "probability": 0.5}}, 0.5 * 0.9 / (1 - 0.5 * 0.9)),
    ],
)
def test_every_call_is_a_trial_of_its_own(workflow, independent):
    document = _promised(workflow, {"t": 0.9, "x": 1.0}, "success_rate")
    (row,) = call_trees.assess(document, TODAY, "success_rate")
    assert row.contracted == row.achievable == pytest.approx((independent, independent))


def test_three_one_point_laws_in_sequence_multiply():
    """SEMANTICS §5: 0.95 · 0.95 · 0.99 = 0.893475 within 1 + 2 + 3 s."""
    document = _promised(["a", "b", "c"], dict.fromkeys("abc", 1.0), "latency")
    for agreement, stated in zip(
        document["agreements"], [("6 s", 0.9), ("1 s", 0.95), ("2 s", 0.95), ("3 s", 0.99)], strict=True
    ):
        agreement["targets"] = [{"latency": stated[0], "for": stated[1]}]
    (row,) = call_trees.assess(document, TODAY, "percentile")
    assert row.contracted == row.achievable == pytest.approx((0.893475, 0.893475))


def test_the_bases_are_ordered_on_random_portfolios():
    """SEMANTICS §2: guaranteed ≤ independent ≤ ceiling, always."""
    for seed in range(150):
        for row in assess(portfolio(Random(seed)), TODAY):
            for bases in (
                row.contracted.worst,
                row.contracted.best,
                row.achievable.worst,
                row.achievable.best,
            ):
                assert bases.guaranteed <= bases.independent + 1e-9
                assert bases.independent <= bases.ceiling + 1e-9


def test_the_generator_reaches_every_verdict_and_both_views():
    """What is compared is only worth as much as what is drawn."""
    rows = [row for seed in range(400) for row in assess(portfolio(Random(seed)), TODAY)]
    assert {row.verdict for row in rows} == {
        "SUPPORTED",
        "CONDITIONAL",
        "UNSUPPORTED",
        "INFEASIBLE",
        "UNKNOWN",
    }
    assert {"UNDER_CONTRACTED", "HOLLOW_PROMISE"} <= {code for row in rows for code in row.findings}


def _story(services: list[dict[str, Any]], promises: list[Any], kind: str = "external") -> Assessment:
    """`root` of `us`, sold to the customer; `promises` are (provider, customer, service, availability)."""
    sla = {"kind": "SLA", "provider": "us", "customer": "customer", "covers": ["root"]}
    backing = [
        {"kind": "UC", "provider": by, "customer": to, "covers": [on], "targets": [{"availability": ratio}]}
        for by, to, on, ratio in promises
    ]
    document = {
        "olagraph": 1,
        "providers": [
            {"id": "us", "kind": "internal"},
            {"id": "them", "kind": kind},
            {"id": "others", "kind": kind},
        ],
        "customers": [{"id": "customer"}],
        "services": services,
        "agreements": [
            {"id": "sla", "targets": [{"availability": 0.9}], **sla},
            *({"id": f"a{index}", **row} for index, row in enumerate(backing)),
        ],
    }
    (row,) = [row for row in assess(document, TODAY) if row.agreement == "sla"]
    return row


def _independent(row):
    return (row.contracted.worst.independent, row.achievable.worst.independent)


def _three(bases):
    return (bases.guaranteed, bases.independent, bases.ceiling)


_ZONES = [{"id": name, "provider": "them", "own": [{"availability": 0.9}]} for name in ("z1", "z2")]
_REGION = {"id": "region", "provider": "them", "workflow": {"any_of": ["z1", "z2"]}}


def test_the_better_of_composition_and_promise_counts_basis_by_basis():
    """A region of two zones at 90 %, promised as a whole at 95 %."""
    root = {"id": "root", "provider": "us", "workflow": "region"}
    row = _story([root, _REGION, *_ZONES], [("them", "us", "region", 0.95)])
    assert _three(row.contracted.worst) == pytest.approx((0.95, 0.95, 0.95))
    assert _three(row.achievable.worst) == pytest.approx((0.95, 0.99, 1.0))


def test_shared_parts_stay_shared_and_the_promise_bounds_the_own_part():
    """z1 ∧ (z1 ∨ z2) ∧ own of the region at 95 %."""
    root = {"id": "root", "provider": "us", "workflow": ["region", "z1"]}
    row = _story([root, _REGION, *_ZONES], [("them", "us", "region", 0.95), ("them", "us", "z1", 0.9)])
    assert _three(row.achievable.worst) == pytest.approx((0.85, 0.855, 0.9))


@pytest.mark.parametrize(("kind", "independent"), [("internal", 0.855), ("external", 0.95)])
def test_naming_what_it_requires_does_not_improve_a_service(kind, independent):
    """Beside `requires` alone the promise bounds the own part; a supplier's promise stands as a whole."""
    root = {"id": "root", "provider": "us", "workflow": "hosted"}
    hosted = {"id": "hosted", "provider": "them", "requires": ["net"]}
    net = {"id": "net", "provider": "them", "own": [{"availability": 0.9}]}
    row = _story([root, hosted, net], [("them", "us", "hosted", 0.95)], kind)
    assert row.achievable.worst.independent == pytest.approx(independent)


def test_a_leaf_is_as_good_as_its_own_provider_promises_to_anybody_who_uses_it():
    root = {"id": "root", "provider": "us", "workflow": "leaf"}
    user = {"id": "user", "provider": "others", "workflow": "leaf"}
    promises = [("them", "us", "leaf", 0.9), ("them", "others", "leaf", 0.99)]
    row = _story([root, user, {"id": "leaf", "provider": "them"}], promises)
    assert _independent(row) == pytest.approx((0.9, 0.99))


@pytest.mark.parametrize(("bought", "independent"), [([("them", "others", "leaf", 0.95)], 0.95), ([], 0.99)])
def test_a_resellers_trail_is_followed_to_the_services_own_provider(bought, independent):
    """Where the trail ends, the last promise stands."""
    root = {"id": "root", "provider": "us", "workflow": "leaf"}
    leaf = {"id": "leaf", "provider": "them"}
    row = _story([root, leaf], [("others", "us", "leaf", 0.99), *bought])
    assert _independent(row) == pytest.approx((0.99, independent))


def test_a_service_used_by_its_own_provider_that_states_nothing_is_unknown():
    root = {"id": "root", "provider": "us", "workflow": "leaf"}
    row = _story([root, {"id": "leaf", "provider": "us"}], [])
    assert (row.contracted.verdict, row.achievable.verdict) == ("UNKNOWN", "UNKNOWN")


def test_a_cycle_is_up_unless_something_outside_it_fails_and_alone_it_is_unknown():
    """SEMANTICS §5: the least fixed point of down; what reaches no leaf and no own part is unknown."""
    root = {"id": "root", "provider": "us", "workflow": ["a"]}
    a: dict[str, Any] = {"id": "a", "provider": "us", "workflow": ["b"]}
    b: dict[str, Any] = {"id": "b", "provider": "us", "workflow": ["a"]}
    assert _story([root, a, b], []).verdict == "UNKNOWN"
    row = _story([root, a, {**b, "own": [{"availability": 0.9}]}], [])
    assert _three(row.achievable.worst) == pytest.approx((0.9, 0.9, 0.9))
