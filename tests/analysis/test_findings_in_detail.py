"""What single findings say beyond being there: severities that vary, counterparts, evidence, thresholds."""

import pytest

from olagraph.analysis.results import Severity, Verdict
from tests.analysis.small import codes, delivered, found, number, the, written

# Verdicts --------------------------------------------------------------------------------------------------


def test_a_missed_target_of_an_ola_is_a_warning_and_of_an_sla_an_error() -> None:
    portfolio = written(
        services=("{id: t, provider: team, workflow: a}", "{id: a, provider: them}"),
        agreements=(
            "{id: ola, provider: team, customer: us, covers: [t], targets: [{availability: 99.9%}]}",
            "{id: sla, provider: team, customer: c, covers: [t], targets: [{availability: 99.9%}]}",
            "{id: uc, provider: them, customer: team, covers: [a], targets: [{availability: 99%}]}",
        ),
    )
    severities = {f.subject: f.severity for f in found(portfolio, "TARGET_INFEASIBLE")}
    assert severities == {"ola": Severity.WARNING, "sla": Severity.ERROR}


def test_a_draft_is_assessed_and_marked_as_such() -> None:
    portfolio = delivered("a", "availability: 99.9%", terms="status: draft", a="availability: 99%")
    assert the(portfolio).draft
    (finding,) = found(portfolio, "TARGET_INFEASIBLE")
    assert "draft" in finding.message


def test_a_supported_target_has_no_finding_of_its_verdict() -> None:
    portfolio = delivered("a", "availability: 99%", own="[{availability: 99.9%}]", a="availability: 99.9%")
    assert the(portfolio).verdict is Verdict.SUPPORTED
    assert not any(code.startswith("TARGET_") for code in codes(portfolio))


def test_a_missed_target_says_what_single_change_would_make_it_hold() -> None:
    portfolio = delivered("[a, b]", "availability: 99.5%", a="availability: 99.9%", b="availability: 99%")
    (finding,) = found(portfolio, "TARGET_INFEASIBLE")
    assert finding.fix is not None
    assert "UC b §1" in finding.fix
    # The value asked for does it, and the same rounded down at its last digit does not.
    asked = finding.fix.split("promise ")[1].split("%")[0].strip()
    repaired = delivered(
        "[a, b]", "availability: 99.5%", a="availability: 99.9%", b=f"availability: {asked}%"
    )
    assert the(repaired).verdict in (Verdict.CONDITIONAL, Verdict.SUPPORTED)
    digits = len(asked.partition(".")[2])
    less = f"{float(asked) - 10**-digits:.{digits}f}"
    missed = delivered("[a, b]", "availability: 99.5%", a="availability: 99.9%", b=f"availability: {less}%")
    assert the(missed).verdict is Verdict.UNSUPPORTED


def test_each_target_of_a_step_function_has_a_finding_of_its_own() -> None:
    portfolio = delivered(
        "a",
        "latency: 1 s, for: 99%",
        "latency: 2 s, for: 99.9%",
        a="latency: 1 s, for: 95% | latency: 2 s, for: 98%",
    )
    findings = found(portfolio, "TARGET_INFEASIBLE") + found(portfolio, "TARGET_UNSUPPORTED")
    assert len({f.fingerprint for f in findings}) == 2


def test_targets_that_differ_in_their_condition_are_told_apart() -> None:
    portfolio = written(
        services=("{id: s, provider: us, workflow: a, traits: {zones: 2}}", "{id: a, provider: them}"),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [s], "
            "targets: [{availability: 99.9%}, {availability: 99.95%, when: {zones: 2}}]}",
            "{id: uc, provider: them, customer: us, covers: [a], targets: [{availability: 99%}]}",
        ),
    )
    findings = found(portfolio, "TARGET_INFEASIBLE")
    assert len({f.fingerprint for f in findings}) == len(findings)


# Missing promises --------------------------------------------------------------------------------------------


def uses_of_x() -> list[str]:
    return [
        "{id: s, provider: us, workflow: [x]}",
        "{id: s2, provider: us, workflow: [x]}",
        "{id: t, provider: team, workflow: [x]}",
        "{id: x, provider: them}",
    ]


def test_no_agreement_is_found_once_a_using_provider_with_the_slas_it_matters_to() -> None:
    portfolio = written(
        services=uses_of_x(),
        agreements=(
            "{id: sla-1, provider: us, customer: c, covers: [s], targets: [{availability: 99%}]}",
            "{id: sla-2, provider: us, customer: c, covers: [s2], targets: [{availability: 99%}]}",
            "{id: sla-3, provider: team, customer: c, covers: [t], targets: [{availability: 99%}]}",
        ),
    )
    ours, theirs = found(portfolio, "NO_AGREEMENT")
    slas = sorted([ours.evidence["slas"], theirs.evidence["slas"]])
    assert slas == [["sla-1", "sla-2"], ["sla-3"]]
    assert ours.fingerprint != theirs.fingerprint


def test_no_agreement_is_not_found_where_no_assessed_agreement_reaches_the_use() -> None:
    portfolio = written(
        services=uses_of_x(),
        agreements=("{id: sla, provider: us, customer: c, covers: [x], targets: [{availability: 99%}]}",),
    )
    (finding,) = found(portfolio, "NO_AGREEMENT")
    assert finding.evidence["path"] == ["x"]  # sold by us without a contract; t's use is nobody's promise


def test_an_agreement_out_of_force_covers_nothing() -> None:
    portfolio = delivered("a", "availability: 99%", a="availability: 99.9%; to: 2026-11-22")
    assert "NO_AGREEMENT" in codes(portfolio)
    assert the(portfolio).verdict is Verdict.UNKNOWN


def test_a_metric_gap_lists_every_use_and_the_silent_own_parts() -> None:
    portfolio = delivered(
        "[a, b, i]",
        "availability: 99%",
        a="latency: 1 s",
        b="latency: 1 s",
        services=("{id: i, provider: us}",),
    )
    (finding,) = found(portfolio, "METRIC_GAP")
    assert sorted(finding.evidence["services"]) == ["a", "b", "i"]


def test_a_metric_gap_is_one_finding_an_agreement_and_metric() -> None:
    portfolio = delivered(
        "a", "latency: 1 s, for: 90%", "latency: 2 s, for: 99%", "success_rate: 99%", a="availability: 99%"
    )
    assert sorted(str(f.metric) for f in found(portfolio, "METRIC_GAP")) == ["latency", "success_rate"]


def test_only_what_is_not_known_is_said_to_be_not_known() -> None:
    portfolio = delivered(
        "[a, x]", "availability: 99%", services=("{id: x, provider: others}",), a="availability: 99.5%"
    )
    (finding,) = found(portfolio, "TARGET_UNKNOWN")
    assert "x" in finding.message
    assert "uc-a" not in finding.message


@pytest.mark.parametrize(
    ("promise", "code"),
    [
        ("availability: 99.9%, strength: objective", "METRIC_GAP"),
        ("availability: 99.9%, strength: best_effort", "METRIC_GAP"),
        ("availability: 99.9%, when: {zones: 2}", "CONDITION_UNMET"),
    ],
)
def test_what_does_not_count_is_as_if_not_promised(promise, code) -> None:
    portfolio = delivered("a", "availability: 99%", a=promise)
    assert the(portfolio).verdict is Verdict.UNKNOWN
    assert code in codes(portfolio)


def test_a_percentile_never_backs_a_hard_target() -> None:
    portfolio = delivered("a", "latency: 2 s", a="latency: 1 s, for: 99.99%")
    assert the(portfolio).verdict is Verdict.UNKNOWN
    assert "METRIC_GAP" in codes(portfolio)


# Back to back, margins -----------------------------------------------------------------------------------


def test_only_parts_that_are_a_cut_by_themselves_are_compared_back_to_back() -> None:
    portfolio = delivered(
        "[a, {any_of: [b, d]}]", "availability: 99%", **dict.fromkeys("abd", "availability: 98%")
    )
    (finding,) = found(portfolio, "NOT_BACK_TO_BACK")
    assert finding.evidence["agreements"] == ["uc-a"]


def test_back_to_back_is_compared_after_conversion() -> None:
    promise = "availability: 99.9%; window: year"  # of a month at worst 98.7 %
    assert "NOT_BACK_TO_BACK" in codes(delivered("a", "availability: 99%", terms="window: month", a=promise))
    assert "NOT_BACK_TO_BACK" not in codes(
        delivered("a", "availability: 99%", terms="window: year", a=promise)
    )


def test_each_part_that_is_not_back_to_back_has_a_finding_of_its_own() -> None:
    portfolio = written(
        services=(
            "{id: s, provider: us, workflow: [a, b]}",
            "{id: a, provider: them}",
            "{id: b, provider: them}",
        ),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 99.9%}]}",
            "{id: uc, provider: them, customer: us, covers: [a, b], targets: [{availability: 99%}]}",
        ),
    )
    findings = found(portfolio, "NOT_BACK_TO_BACK")
    assert len({f.fingerprint for f in findings}) == len(findings) == 2


@pytest.mark.parametrize(
    ("target", "promise", "thin"),
    [
        ("availability: 99.9%", "availability: 99.91%", False),
        ("availability: 99.9%", "availability: 99.909%", True),
        ("availability: 99.9%", "availability: 99%", False),  # not met at all
        ("latency: 1 s", "latency: 901 ms", True),
        ("latency: 1 s", "latency: 899 ms", False),
        ("latency: 2 s, for: 99%", "latency: 2 s, for: 99.05%", True),
        ("latency: 2 s, for: 99%", "latency: 2 s, for: 99.5%", False),
        ("throughput: 100/s", "throughput: 105/s", True),
        ("throughput: 100/s", "throughput: 120/s", False),
        ("cost: 100", "cost: 95", True),
    ],
)
def test_a_thin_margin_uses_more_than_nine_tenths_of_the_budget(target, promise, thin) -> None:
    portfolio = delivered("a", target, a=promise)
    assert ("THIN_MARGIN" in codes(portfolio)) is thin


def test_the_threshold_of_a_thin_margin_is_a_setting_and_is_printed() -> None:
    portfolio = delivered("a", "availability: 99.9%", a="availability: 99.95%")
    assert found(portfolio, "THIN_MARGIN") == []
    (finding,) = found(portfolio, "THIN_MARGIN", thin_margin=0.4)
    assert finding.evidence["threshold"] == 0.4
    assert finding.evidence["used"] == pytest.approx(0.5)


# Redundancy ------------------------------------------------------------------------------------------------


def redundant(a: str, b: str, *, further: str = "", k: int = 1, workflow: str | None = None, **keys):
    """`s` over `a` and `b` with further keys."""
    group = workflow or (
        f"{{any_of: {{of: [a, b]{further}}}}}"
        if k == 1
        else f"{{k_of_n: {{k: {k}, of: [a, b, d]{further}}}}}"
    )
    return written(
        providers=(
            "{id: group, kind: external}",
            "{id: x, kind: external, parent: group, region: north}",
            "{id: y, kind: external, parent: group}",
            "{id: z, kind: external}",
        ),
        services=(
            f"{{id: s, provider: us, workflow: {group}}}",
            f"{{id: a, {a}}}",
            f"{{id: b, {b}}}",
            "{id: d, provider: z}",
            "{id: n, provider: others}",
        ),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 50%}]}",
            "{id: cat, provider: z, covers: [d], targets: [{availability: 99%}]}",
        ),
        **keys,
    )


@pytest.mark.parametrize(
    ("a", "b", "kind", "severity"),
    [
        ("provider: x", "provider: x", "provider", Severity.WARNING),
        ("provider: x", "provider: y", "owner", Severity.INFO),
        ("provider: y, region: south", "provider: z, region: south", "region", Severity.INFO),
        ("provider: x", "provider: z, region: north", "region", Severity.INFO),  # the provider's region
        ("provider: y, zone: 1a", "provider: z, zone: 1a", "zone", Severity.INFO),
        ("provider: y, workflow: n", "provider: z, workflow: n", "component", Severity.WARNING),
        ("provider: y, requires: [n]", "provider: z, workflow: [n]", "component", Severity.WARNING),
    ],
)
def test_redundancy_is_false_where_one_loss_takes_both_branches(a, b, kind, severity) -> None:
    findings = found(redundant(a, b), "FALSE_REDUNDANCY")
    assert (kind, severity) in {(f.evidence["kind"], f.severity) for f in findings}


def test_branches_of_different_suppliers_in_different_places_are_truly_redundant() -> None:
    portfolio = redundant("provider: y, region: south, zone: 1a", "provider: z, region: west, zone: 1b")
    assert found(portfolio, "FALSE_REDUNDANCY") == []


def test_a_shared_owner_is_one_finding_and_no_warning() -> None:
    (finding,) = found(redundant("provider: x", "provider: y"), "FALSE_REDUNDANCY")
    assert (finding.evidence["kind"], finding.severity) == ("owner", Severity.INFO)


def test_a_branch_of_the_owner_itself_is_lost_with_it() -> None:
    (finding,) = found(redundant("provider: group", "provider: y"), "FALSE_REDUNDANCY")
    assert (finding.evidence["kind"], finding.evidence["shared"]) == ("provider", "group")


def test_a_stated_common_cause_silences_owners_regions_and_zones_not_providers() -> None:
    beta = ", common_cause: 0.1"
    assert found(redundant("provider: x", "provider: y", further=beta), "FALSE_REDUNDANCY") == []
    (finding,) = found(redundant("provider: y", "provider: y", further=beta), "FALSE_REDUNDANCY")
    assert finding.evidence["kind"] == "provider"


def test_two_of_three_is_false_where_one_loss_takes_two() -> None:
    (finding,) = found(redundant("provider: y", "provider: y", k=2), "FALSE_REDUNDANCY")
    assert "fewer than 2" in finding.message


def test_one_of_three_survives_the_loss_of_two() -> None:
    portfolio = redundant("provider: x", "provider: x", workflow="{any_of: [a, b, d]}")
    assert found(portfolio, "FALSE_REDUNDANCY") == []


def test_two_false_groups_of_one_service_are_told_apart() -> None:
    portfolio = redundant(
        "provider: y", "provider: y", workflow="[{any_of: [a, b]}, {any_of: [{sequence: [a]}, [b]]}]"
    )
    findings = found(portfolio, "FALSE_REDUNDANCY")
    assert len({f.fingerprint for f in findings}) == len(findings) == 2


def test_a_single_point_of_failure_without_redundancy_needs_three_slas() -> None:
    def promised(times: int):
        return delivered(
            "a",
            "availability: 99%",
            a="availability: 99.9%",
            agreements=[
                f"{{id: sla-{i}, provider: us, customer: d, covers: [s], targets: [{{availability: 98%}}]}}"
                for i in range(times - 1)
            ],
        )

    assert found(promised(2), "SINGLE_POINT_OF_FAILURE") == []
    (finding,) = found(promised(3), "SINGLE_POINT_OF_FAILURE")
    assert finding.subject == "a"
    assert len(finding.evidence["slas"]) == 3
    assert len(found(promised(2), "SINGLE_POINT_OF_FAILURE", single_point_slas=2)) == 1


def test_a_single_point_of_failure_below_redundancy_is_one_finding_a_component() -> None:
    portfolio = written(
        services=(
            "{id: s, provider: us, workflow: {any_of: [a, b]}}",
            "{id: a, provider: us, workflow: [n, x]}",
            "{id: b, provider: us, workflow: [n, y]}",
            *(f"{{id: {i}, provider: them}}" for i in "nxy"),
        ),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 90%}]}",
            "{id: uc, provider: them, customer: us, covers: all, targets: [{availability: 99%}]}",
        ),
    )
    assert [f.subject for f in found(portfolio, "SINGLE_POINT_OF_FAILURE")] == ["n"]


# Kinds -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("provider", "customer", "fitting"),
    [
        ("us", "c", {"SLA"}),
        ("them", "c", {"SLA"}),
        ("us", "team", {"OLA"}),
        ("them", "us", {"UC"}),
        ("them", "others", {"UC"}),
        ("us", "them", set()),
        ("us", None, {"SLA", "OLA", "UC"}),  # standard terms are exempt
    ],
)
@pytest.mark.parametrize("kind", ["SLA", "OLA", "UC"])
def test_a_kind_fits_the_parties_or_is_a_finding(provider, customer, fitting, kind) -> None:
    party = f", customer: {customer}" if customer else ""
    portfolio = written(
        services=("{id: a, provider: us}", "{id: b, provider: them}"),
        customers=("{id: c}", "{id: team}", "{id: us}", "{id: others}", "{id: them}")
        if kind == "SLA"
        else ("{id: c}",),
        agreements=(
            f"{{id: x, kind: {kind}, provider: {provider}{party}, covers: all, targets: [{{availability: 99%}}]}}",
        ),
    )
    if kind == "SLA" and customer not in (None, "c"):
        fitting = {"SLA"}  # an id that is both means the customer in an SLA
    assert bool(found(portfolio, "KIND_MISMATCH")) is (kind not in fitting)


# Contracts nobody needs, and those that do too much ----------------------------------------------------------


def test_an_agreement_that_a_nearer_one_replaces_is_an_orphan() -> None:
    portfolio = delivered(
        "a",
        "availability: 99%",
        a="availability: 99.9%",
        agreements=("{id: catalogue, provider: p-a, covers: [a], targets: [{availability: 99%}]}",),
    )
    (finding,) = found(portfolio, "ORPHAN_AGREEMENT")
    assert finding.subject == "catalogue"
    assert "nearer" in finding.message


def test_an_agreement_that_is_resold_is_no_orphan() -> None:
    portfolio = written(
        services=("{id: x, provider: them}",),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [x], targets: [{availability: 99%}]}",
            "{id: uc, provider: them, customer: us, covers: [x], targets: [{availability: 99.9%}]}",
        ),
    )
    assert "ORPHAN_AGREEMENT" not in codes(portfolio)


def test_a_use_that_is_optional_is_still_a_use() -> None:
    portfolio = delivered(
        "[a, {step: b, optional: true}]", "availability: 99%", **dict.fromkeys("ab", "availability: 99.9%")
    )
    assert "ORPHAN_AGREEMENT" not in codes(portfolio)


def test_overprovisioning_leaves_every_verdict_as_it_is() -> None:
    """What the finding claims: three times the unavailability changes no verdict."""
    for digits in ("99.99%", "99.97%"):
        portfolio = delivered(
            "[a, b]", "availability: 99%", a="availability: 99.4%", b=f"availability: {digits}"
        )
        (finding,) = found(portfolio, "OVERPROVISIONED")
        tripled = f"{100 - 3 * (100 - float(digits[:-1])):.2f}%"
        worse = delivered(
            "[a, b]", "availability: 99%", a="availability: 99.4%", b=f"availability: {tripled}"
        )
        assert the(worse).verdict is the(portfolio).verdict
        assert finding.subject == "uc-b"


# Capacity --------------------------------------------------------------------------------------------------


def test_demands_of_all_users_add_up_against_what_a_service_states() -> None:
    def stated(capacity: str):
        return written(
            services=(
                "{id: s, provider: us, workflow: n, demand: 60/s}",
                "{id: t, provider: team, workflow: [n, [n]], demand: 1200/min}",
                f"{{id: n, provider: them, own: [{{throughput: {capacity}}}]}}",
            ),
        )

    assert found(stated("100/s"), "OVERSUBSCRIBED") == []  # 60 + 2 * 20
    (finding,) = found(stated("99/s"), "OVERSUBSCRIBED")
    assert finding.severity is Severity.ERROR
    assert finding.evidence["demand"] == 100.0


def test_throughputs_promised_to_several_add_up_where_no_demand_is_known() -> None:
    portfolio = written(
        services=(
            "{id: s, provider: us, workflow: n}",
            "{id: t, provider: team, workflow: n}",
            "{id: n, provider: them, own: [{throughput: 100/s}]}",
        ),
        agreements=[
            f"{{id: uc-{user}, provider: them, customer: {user}, covers: [n], targets: [{{throughput: 60/s}}]}}"
            for user in ("us", "team")
        ],
    )
    (finding,) = found(portfolio, "OVERSUBSCRIBED")
    assert finding.evidence["demand"] == 120.0


# Third parties, 100 % --------------------------------------------------------------------------------------


def test_a_supplier_that_excludes_third_parties_promises_its_own_part_only() -> None:
    portfolio = written(
        services=(
            "{id: s, provider: us, workflow: a}",
            "{id: a, provider: them, workflow: n}",
            "{id: n, provider: others}",
        ),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [s], targets: [{availability: 99%}]}",
            "{id: uc, provider: them, customer: us, covers: [a], exclusions: [{name: x, cause: third_party}], "
            "targets: [{availability: 99.9%}]}",
            "{id: uc-n, provider: others, customer: them, covers: [n], targets: [{availability: 99.5%}]}",
        ),
    )
    achievable = the(portfolio).achievable
    assert number(achievable.independent) == pytest.approx(0.999 * 0.995, abs=1e-15)
    assert "THIRD_PARTY_EXCLUDED" in codes(portfolio)


def test_a_promise_of_100_percent_composes_with_what_it_says_to_assume() -> None:
    assumed = delivered(
        "[a, b]", "availability: 99%", a="availability: 100%, assume: 99.5%", b="availability: 99.9%"
    )
    assert number(the(assumed).contracted.guaranteed) == pytest.approx(0.994, abs=1e-15)
    believed = delivered("[a, b]", "availability: 99%", a="availability: 100%", b="availability: 99.9%")
    assert number(the(believed).contracted.guaranteed) == 0.999
    assert "IMPLAUSIBLE_TARGET" in codes(believed)


def test_a_third_party_exclusion_on_both_sides_is_no_gap() -> None:
    exclusion = "exclusions: [{name: x, cause: third_party}]"
    portfolio = written(
        services=(
            "{id: s, provider: us, workflow: a}",
            "{id: a, provider: them, workflow: n}",
            "{id: n, provider: others}",
        ),
        agreements=(
            f"{{id: sla, provider: us, customer: c, covers: [s], {exclusion}, targets: [{{availability: 99%}}]}}",
            f"{{id: uc, provider: them, customer: us, covers: [a], {exclusion}, targets: [{{availability: 99.9%}}]}}",
        ),
    )
    assert number(the(portfolio).contracted.independent) == 0.999
