"""What stands for a used service in the two views (SEMANTICS §3 and §4)."""

import pytest

from olagraph.analysis.results import MissingReason
from tests.analysis.small import (
    delivered,
    ends,
    found,
    number,
    the,
    values,
    written,
)

SLA = "{id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 50%}]}"


def promise(name: str, service: str, value: str, *, by: str = "them", to: str = "us") -> str:
    """A contract on one service."""
    return f"{{id: {name}, provider: {by}, customer: {to}, covers: [{service}], targets: [{{availability: {value}}}]}}"


def views(*, services: list[str], agreements: list[str], sla: str = SLA):
    """The independent value of `sla` in both views, or the interval."""
    judged = the(written(services=services, agreements=[sla, *agreements]))

    def value(view):
        low, high = ends(view.independent)
        return pytest.approx(low, abs=1e-14) if low == high else (low, pytest.approx(high, abs=1e-14))

    return value(judged.contracted), value(judged.achievable)


# Look-through, own parts -------------------------------------------------------------------------------------


def test_a_service_of_the_same_provider_is_looked_through_in_both_views() -> None:
    found_ = views(
        services=[
            "{id: s, provider: us, workflow: t}",
            "{id: t, provider: us, workflow: a, requires: [b], own: [{availability: 90%}]}",
            "{id: a, provider: them}",
            "{id: b, provider: them}",
        ],
        agreements=[promise("uc-a", "a", "80%"), promise("uc-b", "b", "70%")],
    )
    assert found_ == (0.9 * 0.8 * 0.7, 0.9 * 0.8 * 0.7)


def test_a_bare_service_of_the_same_provider_is_unknown() -> None:
    assert views(services=["{id: s, provider: us, workflow: t}", "{id: t, provider: us}"], agreements=[]) == (
        (0.0, 1.0),
        (0.0, 1.0),
    )


def test_a_teams_promise_counts_on_paper_and_its_parts_below() -> None:
    assert views(
        services=[
            "{id: s, provider: us, workflow: t}",
            "{id: t, provider: team, workflow: b}",
            "{id: b, provider: them}",
        ],
        agreements=[promise("ola", "t", "90%", by="team"), promise("uc", "b", "80%", to="team")],
    ) == (0.9, 0.8)


def test_a_teams_stated_composition_is_never_improved_by_its_promise() -> None:
    on_paper, below = views(
        services=[
            "{id: s, provider: us, workflow: t}",
            "{id: t, provider: team, workflow: b}",
            "{id: b, provider: them}",
        ],
        agreements=[promise("ola", "t", "99%", by="team")],
    )
    assert (on_paper, below) == (0.99, (0.0, 1.0))  # nobody promised b to the team


def test_an_own_part_is_a_component_of_its_own() -> None:
    judged = the(delivered("a", "availability: 50%", own="[{availability: 90%}]", a="availability: 80%"))
    assert values(judged.contracted) == pytest.approx((0.7, 0.72, 0.8), abs=1e-15)


def test_an_own_part_that_is_silent_on_the_metric_is_taken_as_perfect_beside_a_workflow() -> None:
    portfolio = delivered("a", "availability: 50%", own="[{latency: 1 s}]", a="availability: 80%")
    assert number(the(portfolio).contracted.independent) == 0.8
    assert found(portfolio, "OWN_PART_UNSTATED")[0].subject == "s"


def test_a_service_that_only_requires_something_is_unknown_if_assessed_itself() -> None:
    judged = the(delivered(None, "availability: 50%", requires="[a]", a="availability: 80%"))
    assert ends(judged.contracted.independent) == (0.0, 0.8)
    assert judged.contracted.missing[0].reason is MissingReason.OWN_PART


def test_the_promise_on_a_use_bounds_what_a_service_does_beside_what_it_requires() -> None:
    services = [
        "{id: s, provider: us, workflow: t}",
        "{id: t, provider: team, requires: [b]}",
        "{id: b, provider: them}",
    ]
    below = promise("uc", "b", "80%", to="team")
    assert views(services=services, agreements=[below, promise("ola", "t", "90%", by="team")]) == (
        0.9,
        0.9 * 0.8,
    )
    assert views(services=services, agreements=[below]) == ((0.0, 1.0), (0.0, 0.8))


def test_naming_what_it_requires_does_not_improve_a_service() -> None:
    bare = ["{id: s, provider: us, workflow: t}", "{id: t, provider: team}", "{id: b, provider: them}"]
    naming = [*bare]
    naming[1] = "{id: t, provider: team, requires: [b]}"
    agreements = [promise("ola", "t", "90%", by="team"), promise("uc", "b", "99.9%", to="team")]
    assert views(services=bare, agreements=agreements) == (0.9, 0.9)
    assert views(services=naming, agreements=agreements) == (0.9, 0.9 * 0.999)


def test_an_own_part_takes_the_place_of_the_promise_beside_requires() -> None:
    assert views(
        services=[
            "{id: s, provider: us, workflow: t}",
            "{id: t, provider: team, requires: [b], own: [{availability: 95%}]}",
            "{id: b, provider: them}",
        ],
        agreements=[promise("ola", "t", "90%", by="team"), promise("uc", "b", "80%", to="team")],
    ) == (0.9, 0.95 * 0.8)


# External services promised as a whole -----------------------------------------------------------------------

REGION = [
    "{id: s, provider: us, workflow: region}",
    "{id: region, provider: them, workflow: {any_of: [z1, z2]}}",
    "{id: z1, provider: others}",
    "{id: z2, provider: others}",
]
ZONES = [promise(f"uc-{z}", z, "90%", by="others", to="them") for z in ("z1", "z2")]


@pytest.mark.parametrize(("whole", "expected"), [("98%", 0.99), ("99.5%", 0.995)])
def test_of_a_region_promised_as_a_whole_and_by_its_zones_the_better_counts(whole, expected) -> None:
    on_paper, below = views(services=REGION, agreements=[promise("uc", "region", whole), *ZONES])
    assert on_paper == float(whole[:-1]) / 100
    assert below == expected


def test_the_better_of_composition_and_promise_is_taken_basis_by_basis() -> None:
    judged = the(written(services=REGION, agreements=[SLA, promise("uc", "region", "95%"), *ZONES]))
    # Independent the zones win (0.99), guaranteed the promise does (0.9 against 0.95).
    assert values(judged.achievable)[:2] == pytest.approx((0.95, 0.99), abs=1e-15)


def test_a_composition_with_anything_missing_does_not_count_against_a_promise() -> None:
    _, below = views(services=REGION, agreements=[promise("uc", "region", "95%"), ZONES[0]])
    assert below == 0.95


def test_of_a_region_whose_zones_are_used_elsewhere_the_composition_counts() -> None:
    services = [REGION[0].replace("region", "[region, z1]"), *REGION[1:]]
    agreements = [promise("uc", "region", "95%"), promise("uc-z", "z1", "90%", by="others"), *ZONES]
    _, below = views(services=services, agreements=agreements)
    # z1 is needed anyway; the region's own part is unstated and bounded by the promise.
    assert below == 0.9 * 0.95


def test_shared_parts_stay_shared_and_a_stated_own_part_stays_as_stated() -> None:
    services = [
        REGION[0].replace("region", "[region, z1]"),
        REGION[1].replace("}}", "}, own: [{availability: 99%}]}"),
        *REGION[2:],
    ]
    agreements = [promise("uc", "region", "95%"), promise("uc-z", "z1", "90%", by="others"), *ZONES]
    _, below = views(services=services, agreements=agreements)
    assert below == 0.9 * 0.99


# Shared components ----------------------------------------------------------------------------------------


def test_a_service_reached_twice_is_one_component_whichever_way_it_is_reached() -> None:
    assert views(
        services=[
            "{id: s, provider: us, workflow: {any_of: [t, u]}, requires: [n]}",
            "{id: t, provider: us, workflow: [a, n]}",
            "{id: u, provider: us, workflow: [b, n]}",
            *(f"{{id: {i}, provider: them}}" for i in "abn"),
        ],
        agreements=[promise("uc-a", "a", "80%"), promise("uc-b", "b", "70%"), promise("uc-n", "n", "90%")],
    ) == (0.9 * (1 - 0.2 * 0.3), 0.9 * (1 - 0.2 * 0.3))


def test_a_leaf_is_bounded_by_the_strictest_promise_of_its_provider_on_any_use() -> None:
    on_paper, below = views(
        services=[
            "{id: s, provider: us, workflow: n}",
            "{id: t, provider: team, workflow: n}",
            "{id: n, provider: them}",
        ],
        agreements=[promise("uc-us", "n", "90%"), promise("uc-team", "n", "99%", to="team")],
    )
    assert (on_paper, below) == (0.9, 0.99)


def test_a_promise_proves_nothing_about_itself() -> None:
    portfolio = written(
        services=("{id: s, provider: us}", "{id: t, provider: team, workflow: s}"),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 99%}]}",
            "{id: ola, provider: us, customer: team, covers: [s], targets: [{availability: 98%}]}",
        ),
    )
    judged = the(portfolio)
    # What backs team's use speaks of the same event; the assessed promise does not count for itself.
    assert ends(judged.achievable.independent) == (0.98, 0.98)
    assert ends(judged.contracted.independent) == (0.0, 1.0)


def test_of_success_rates_every_use_has_its_own_promise() -> None:
    portfolio = written(
        services=(
            "{id: s, provider: us, workflow: [n, t]}",
            "{id: t, provider: team, workflow: n}",
            "{id: n, provider: them}",
        ),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [s], targets: [{success_rate: 50%}]}",
            "{id: uc-us, provider: them, customer: us, covers: [n], targets: [{success_rate: 90%}]}",
            "{id: uc-team, provider: them, customer: team, covers: [n], targets: [{success_rate: 80%}]}",
        ),
    )
    assert number(the(portfolio).achievable.independent) == pytest.approx(0.72, abs=1e-15)


# Optional steps, patterns ------------------------------------------------------------------------------------


def test_an_optional_step_is_left_out_of_availability() -> None:
    portfolio = delivered(
        "[a, {step: b, optional: true}]", "availability: 50%", a="availability: 90%", b="availability: 50%"
    )
    assert number(the(portfolio).contracted.independent) == 0.9


def test_an_optional_step_counts_in_time_up_to_its_timeout() -> None:
    def time(step: str) -> float:
        portfolio = delivered(f"[a, {step}]", "latency: 9 s", a="latency: 1 s", b="latency: 3 s")
        return number(the(portfolio).contracted.guaranteed)

    assert time("{step: b, optional: true}") == 4.0
    assert time("{step: b, optional: true, timeout: 500 ms}") == 1.5
    assert time("{step: b, optional: true, timeout: 5 s}") == 4.0


def test_a_workflow_whose_steps_are_all_optional_says_nothing() -> None:
    workflow = "[{step: a, optional: true}]"
    unknown = the(delivered(workflow, "availability: 50%", a="availability: 90%"))
    assert ends(unknown.contracted.independent) == (0.0, 1.0)
    stated = the(delivered(workflow, "availability: 50%", own="[{availability: 80%}]", a="availability: 90%"))
    assert number(stated.contracted.independent) == 0.8


@pytest.mark.parametrize(
    ("workflow", "value"),
    [
        ("[a, b]", 0.72),
        ("{parallel: [a, b]}", 0.72),
        ("{choice: [{step: a, probability: 0.9}, {step: b, probability: 0.1}]}", 0.72),
        ("{choice: [a, b]}", 0.72),
        ("[{repeat: {step: a, max: 3}}, b]", 0.72),
        ("[{repeat: {step: a, probability: 0.5}}, b]", 0.72),
        ("{any_of: [a, b]}", 0.98),
        ("{any_of: [{step: a, timeout: 1 s}, b]}", 0.98),
        ("{k_of_n: {k: 1, of: [a, b]}}", 0.98),
        ("{k_of_n: {k: 2, of: [a, b]}}", 0.72),
    ],
)
def test_a_share_of_time_asks_whether_every_request_would_be_served(workflow, value) -> None:
    judged = the(delivered(workflow, "availability: 50%", a="availability: 90%", b="availability: 80%"))
    assert number(judged.contracted.independent) == pytest.approx(value, abs=1e-15)


@pytest.mark.parametrize(
    ("workflow", "value"),
    [
        ("{choice: [{step: a, probability: 0.75}, {step: b, probability: 0.25}]}", 0.875),
        ("{repeat: {step: a, max: 3}}", 0.729),
        ("{repeat: {step: a, probability: 0.5}}", 0.5 * 0.9 / (1 - 0.5 * 0.9)),
        ("{any_of: [a, b]}", 0.98),
    ],
)
def test_a_request_share_takes_the_branch_taken_and_every_visit(workflow, value) -> None:
    judged = the(delivered(workflow, "success_rate: 10%", a="success_rate: 90%", b="success_rate: 80%"))
    assert number(judged.contracted.independent) == pytest.approx(value, abs=1e-15)


def test_supporting_services_enter_availability_and_not_request_shares_or_times() -> None:
    def value(metric: str, target: str, a: str, b: str) -> float:
        portfolio = delivered(
            "a", f"{metric}: {target}", requires="[b]", a=f"{metric}: {a}", b=f"{metric}: {b}"
        )
        return number(the(portfolio).contracted.guaranteed)

    assert value("availability", "50%", "90%", "80%") == pytest.approx(0.7)
    assert value("success_rate", "50%", "90%", "80%") == pytest.approx(0.9)
    assert value("latency", "9 s", "1 s", "2 s") == 1.0
    assert value("throughput", "1/s", "20/s", "10/s") == 10.0
    assert value("restore_time", "9 h", "1 h", "2 h") == 7200.0
    assert value("rpo", "9 h", "1 h", "2 h") == 7200.0
    assert value("rto", "9 h", "1 h", "2 h") == 7200.0
    assert value("cost", "99", "10", "20") == 30.0
