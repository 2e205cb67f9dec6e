"""What is assessed, what is listed only, and what circles of services come to (SEMANTICS §4 and §5)."""

import pytest

from olagraph.analysis.results import MissingReason, PartKind, Verdict
from tests.analysis.small import (
    assessed,
    codes,
    delivered,
    ends,
    found,
    number,
    targets,
    the,
    values,
    written,
)

SLA = "{id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 50%}]}"


def promise(name: str, service: str, value: str, *, by: str = "them", to: str = "us") -> str:
    """A contract on one service."""
    return f"{{id: {name}, provider: {by}, customer: {to}, covers: [{service}], targets: [{{availability: {value}}}]}}"


# Circles -----------------------------------------------------------------------------------------------------


def circular(t: str = "[b, s]", *, metric: str = "availability: 50%", b: str = "availability: 90%"):
    """`s` needs `t`, and `t` is delivered from `b` and `s`."""
    return delivered("t", metric, b=b, services=(f"{{id: t, provider: us, workflow: {t}}}",))


def test_services_that_need_each_other_recover_together() -> None:
    assert number(the(circular()).contracted.independent) == 0.9
    assert the(circular()).verdict is Verdict.SUPPORTED
    (finding,) = found(circular(), "CYCLE")
    assert "recover together" in finding.message


def test_redundancy_that_counts_on_itself_is_said() -> None:
    portfolio = circular("{any_of: [b, s]}")
    # Up is up from "all up" on: the greatest fixed point of up lets s and t hold each other up.
    assert number(the(portfolio).contracted.independent) == 1.0
    (finding,) = found(portfolio, "CYCLE")
    assert "counts on itself" in finding.message
    assert finding.evidence["circular_redundancy"] == ["t"]


def test_a_circle_that_rests_on_nothing_is_unknown() -> None:
    portfolio = written(
        services=("{id: s, provider: us, workflow: t}", "{id: t, provider: us, workflow: s}"),
        agreements=(SLA,),
    )
    assert ends(the(portfolio).contracted.independent) == (0.0, 1.0)
    assert the(portfolio).contracted.missing[0].reason is MissingReason.CYCLE


@pytest.mark.parametrize(
    ("metric", "b"),
    [
        ("latency: 9 s", "latency: 1 s"),
        ("success_rate: 50%", "success_rate: 90%"),
        ("throughput: 1/s", "throughput: 9/s"),
        ("cost: 99", "cost: 1"),
        ("rto: 9 h", "rto: 1 h"),
    ],
)
def test_times_rates_and_costs_of_a_circle_are_unknown(metric, b) -> None:
    portfolio = circular(metric=metric, b=b)
    assert the(portfolio).verdict is Verdict.UNKNOWN
    assert "CYCLE" in codes(portfolio)


def test_a_service_may_name_itself() -> None:
    portfolio = delivered("[a, s]", "availability: 50%", a="availability: 90%")
    assert number(the(portfolio).achievable.independent) == 0.9


# What is assessed ---------------------------------------------------------------------------------------------


def test_every_sla_and_every_ola_with_an_inside_is_assessed() -> None:
    portfolio = written(
        services=(
            "{id: s, provider: us, workflow: [t, leaf]}",
            "{id: t, provider: team, own: [{availability: 99%}]}",
            "{id: leaf, provider: team}",
        ),
        agreements=(
            SLA,
            promise("ola", "t", "99.5%", by="team"),
            promise("ola-leaf", "leaf", "99%", by="team"),
        ),
    )
    assert {t.agreement.id: t.verdict for t in assessed(portfolio).targets} == {
        "sla": Verdict.SUPPORTED,
        "ola": Verdict.INFEASIBLE,
    }


def test_what_is_missing_inside_an_external_supplier_is_his_affair() -> None:
    services = (
        "{id: s, provider: us, workflow: t}",
        "{id: t, provider: them, workflow: [leaf, bought]}",
        "{id: leaf, provider: them}",
        "{id: bought, provider: others}",
    )
    inside = promise("uc-b", "bought", "99%", by="others", to="them")
    hidden = written(services=services, agreements=(SLA, promise("uc", "t", "99%"), inside))
    assert targets(hidden, "uc") == []
    open_ = written(services=services, agreements=(SLA, promise("uc", "t", "99%")))
    assert the(open_, "uc").verdict is Verdict.UNKNOWN  # what others owe him is missing as well


def test_a_metric_of_family_none_is_tracked_never_composed() -> None:
    portfolio = delivered(
        "a",
        "happiness: 7",
        a="happiness: 8",
        more="metrics:\n  - {id: happiness, unit: number, better: higher, family: none}\n",
    )
    assert targets(portfolio) == []
    assert assessed(portfolio).not_assessed[0].metric == "happiness"


def test_a_metric_of_the_users_own_composes_by_the_rules_of_its_family() -> None:
    portfolio = delivered(
        "[a, b]",
        "first_contact: 50%",
        a="first_contact: 90%",
        b="first_contact: 80%",
        more="metrics:\n  - {id: first_contact, unit: ratio, better: higher, family: success_rate}\n",
    )
    assert values(the(portfolio).contracted) == pytest.approx((0.7, 0.72, 0.8), abs=1e-15)


def test_a_complement_is_the_same_promise_spelled_out() -> None:
    assert values(the(delivered("a", "unavailability: 1%", a="unavailability: 0.5%")).contracted) == values(
        the(delivered("a", "availability: 99%", a="availability: 99.5%")).contracted
    )


def test_missing_parts_are_named_by_service_user_and_reason() -> None:
    judged = the(
        delivered("[a, x]", "availability: 50%", a="latency: 1 s", services=("{id: x, provider: others}",))
    )
    missing = {(m.service, m.user, m.reason) for m in judged.contracted.missing}
    assert missing == {("a", "us", MissingReason.METRIC_GAP), ("x", "us", MissingReason.NO_AGREEMENT)}
    assert {w.kind for w in judged.weakest} == {PartKind.MISSING}
