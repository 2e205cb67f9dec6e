"""What an agreement inherits, and what stands behind a reseller (SEMANTICS §1)."""

from olagraph.analysis.results import Verdict
from tests.analysis.small import (
    assessed,
    found,
    number,
    targets,
    the,
    values,
    written,
)

SLA = "{id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 50%}]}"

# Inheritance -------------------------------------------------------------------------------------------------


def inheriting(parent: str, child: str, *, a: str = "availability: 99.9%"):
    """`sla` inherits from `corporate`."""
    return written(
        services=("{id: s, provider: us, workflow: a}", "{id: a, provider: them}"),
        agreements=(
            f"{{id: corporate, provider: us, customer: c, {parent}}}",
            f"{{id: sla, provider: us, customer: d, inherits: corporate, {child}}}",
            f"{{id: uc, provider: them, customer: us, covers: [a], targets: [{{{a}}}]}}",
        ),
    )


def test_a_child_replaces_all_its_parents_targets_on_a_metric_and_priority() -> None:
    parent = "targets: [{latency: 1 s, for: 90%}, {latency: 2 s, for: 99%}, {latency: 1 s, for: 90%, priority: P1}, {availability: 99%}]"
    found_ = targets(inheriting(parent, "covers: [s], targets: [{latency: 5 s, for: 95%}]"))
    stated = {
        (t.metric.id, t.target.population.name if t.target.population else None, str(t.target.value))
        for t in found_
    }
    assert stated == {("latency", None, "5 s"), ("latency", "P1", "1 s"), ("availability", None, "99%")}


def test_a_child_without_targets_has_its_parents() -> None:
    (only,) = targets(inheriting("targets: [{availability: 99%}]", "covers: [s]"))
    assert only.verdict is Verdict.SUPPORTED


def test_a_parent_without_covers_is_a_template_and_not_assessed() -> None:
    portfolio = inheriting("targets: [{availability: 99%}]", "covers: [s]")
    assert targets(portfolio, "corporate") == []
    assert "corporate" not in assessed(portfolio).not_in_force


def test_covers_hours_windows_and_exclusions_are_inherited_and_may_be_replaced() -> None:
    parent = "covers: [s], window: month, hours: office, exclusions: [{name: m, at_most: 4 h, per: month}], targets: [{availability: 99%}]"
    (only,) = targets(inheriting(parent, "targets: []"))
    assert (str(only.target.window), only.target.hours) == ("month", "office")
    assert only.target.exclusions is not None
    assert only.target.exclusions[0].name == "m"
    (other,) = targets(inheriting(parent, "window: year, hours: 24x7, exclusions: [], targets: []"))
    assert (str(other.target.window), other.target.hours, other.target.exclusions) == ("year", "24x7", ())


def test_dates_and_parties_are_not_inherited() -> None:
    parent = (
        "covers: [s], from: 2020-01-01, to: 2020-12-31, review: 2020-06-30, targets: [{availability: 99%}]"
    )
    portfolio = inheriting(parent, "targets: []")
    (only,) = targets(portfolio)
    assert (only.agreement.customers, only.agreement.to, only.agreement.review) == (("d",), None, None)
    assert assessed(portfolio).not_in_force == ("corporate",)


def test_three_levels_are_inherited_one_after_another() -> None:
    portfolio = written(
        services=("{id: s, provider: us, own: [{availability: 99.5%}]}",),
        agreements=(
            "{id: service, provider: us, customer: c, inherits: customer, covers: [s]}",
            "{id: customer, provider: us, customer: c, inherits: corporate, targets: [{availability: 99%}]}",
            "{id: corporate, provider: us, window: month, targets: [{availability: 98%}, {latency: 1 s}]}",
        ),
    )
    stated = {(t.metric.id, str(t.target.value), str(t.target.window)) for t in targets(portfolio, "service")}
    assert stated == {("availability", "99%", "month"), ("latency", "1 s", "month")}


def test_an_inherited_promise_backs_as_a_stated_one_does() -> None:
    portfolio = written(
        services=("{id: s, provider: us, workflow: a}", "{id: a, provider: them}"),
        agreements=(
            SLA,
            "{id: frame, provider: them, customer: us, targets: [{availability: 99%}]}",
            "{id: uc, provider: them, customer: us, inherits: frame, covers: [a]}",
        ),
    )
    assert number(the(portfolio).contracted.independent) == 0.99


# Resellers -----------------------------------------------------------------------------------------------


def resold(*further: str, target: str = "availability: 95%"):
    """We use `a` of them, which `seller` sells us at 99 %."""
    return written(
        providers=("{id: seller, kind: external}", "{id: broker, kind: external}"),
        services=("{id: s, provider: us, workflow: a}", "{id: a, provider: them}"),
        agreements=(
            SLA.replace("availability: 50%", target),
            "{id: resale, provider: seller, customer: us, covers: [a], ref: 'RS §4', targets: [{availability: 99%}]}",
            *further,
        ),
    )


def test_a_trail_is_followed_until_the_services_own_provider_promises() -> None:
    wholesale = (
        "{id: wholesale, provider: them, customer: seller, covers: [a], targets: [{availability: 98%}]}"
    )
    judged = the(resold(wholesale))
    assert number(judged.contracted.independent) == 0.99
    assert number(judged.achievable.independent) == 0.98


def test_a_trail_may_pass_several_resellers() -> None:
    judged = the(
        resold(
            "{id: mid, provider: broker, customer: seller, covers: [a], targets: [{availability: 97%}]}",
            "{id: end, provider: them, customer: broker, covers: [a], targets: [{availability: 96%}]}",
        )
    )
    assert number(judged.achievable.independent) == 0.96


def test_where_a_trail_ends_the_last_promise_stands_and_the_missing_one_is_named() -> None:
    portfolio = resold()
    assert number(the(portfolio).achievable.independent) == 0.99
    (finding,) = found(portfolio, "NO_AGREEMENT")
    assert finding.subject == "a"
    assert "seller" in finding.message


def test_what_is_resold_is_assessed_as_the_sellers_service() -> None:
    portfolio = resold(
        "{id: wholesale, provider: them, customer: seller, covers: [a], targets: [{availability: 98%}]}"
    )
    judged = the(portfolio, "resale")
    assert judged.resold
    assert number(judged.contracted.independent) == 0.98
    assert judged.verdict is Verdict.INFEASIBLE


def test_an_sla_on_somebody_elses_service_rests_on_the_promise_to_its_seller() -> None:
    portfolio = written(
        services=("{id: a, provider: them}",),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [a], targets: [{availability: 99%}]}",
            "{id: uc, provider: them, customer: us, covers: [a], targets: [{availability: 98%}]}",
        ),
    )
    judged = the(portfolio)
    assert judged.resold
    assert values(judged.contracted) == values(judged.achievable) == (0.98, 0.98, 0.98)


def test_sellers_that_sell_each_other_the_same_service_end_somewhere() -> None:
    portfolio = resold(
        "{id: to-broker, provider: seller, customer: broker, covers: [a], targets: [{availability: 98%}]}",
        "{id: to-seller, provider: broker, customer: seller, covers: [a], targets: [{availability: 97%}]}",
    )
    assert the(portfolio).achievable.independent is not None
