"""What single findings say of redundancy, kinds, needless contracts, capacity and third parties."""

import pytest

from olagraph.analysis.results import Severity
from tests.analysis.small import codes, delivered, evidence, found, number, the, written

# Verdicts --------------------------------------------------------------------------------------------------


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
    assert (kind, severity) in {(evidence(f, "kind"), f.severity) for f in findings}


def test_branches_of_different_suppliers_in_different_places_are_truly_redundant() -> None:
    portfolio = redundant("provider: y, region: south, zone: 1a", "provider: z, region: west, zone: 1b")
    assert found(portfolio, "FALSE_REDUNDANCY") == []


def test_a_shared_owner_is_one_finding_and_no_warning() -> None:
    (finding,) = found(redundant("provider: x", "provider: y"), "FALSE_REDUNDANCY")
    assert (evidence(finding, "kind"), finding.severity) == ("owner", Severity.INFO)


def test_a_branch_of_the_owner_itself_is_lost_with_it() -> None:
    (finding,) = found(redundant("provider: group", "provider: y"), "FALSE_REDUNDANCY")
    assert (evidence(finding, "kind"), evidence(finding, "shared")) == ("provider", "group")


def test_a_stated_common_cause_silences_owners_regions_and_zones_not_providers() -> None:
    beta = ", common_cause: 0.1"
    assert found(redundant("provider: x", "provider: y", further=beta), "FALSE_REDUNDANCY") == []
    (finding,) = found(redundant("provider: y", "provider: y", further=beta), "FALSE_REDUNDANCY")
    assert evidence(finding, "kind") == "provider"


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
    assert len(evidence(finding, "slas")) == 3
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
    assert evidence(finding, "demand") == 100.0


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
    assert evidence(finding, "demand") == 120.0


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
