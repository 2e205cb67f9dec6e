"""What single findings say of verdicts, of what is missing and of margins: severities, counterparts, evidence, thresholds."""

import pytest

from olagraph.analysis.results import Severity, Verdict
from tests.analysis.small import assessed, codes, delivered, evidence, found, the, written

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


@pytest.mark.parametrize("further", ["when: {zones: 2}", "strength: guarantee", "window: month"])
def test_targets_that_differ_in_one_of_their_terms_are_told_apart(further) -> None:
    portfolio = written(
        services=("{id: s, provider: us, workflow: a, traits: {zones: 2}}", "{id: a, provider: them}"),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: [s], "
            f"targets: [{{availability: 99.9%}}, {{availability: 99.95%, {further}}}]}}",
            "{id: uc, provider: them, customer: us, covers: [a], targets: [{availability: 99%}]}",
        ),
    )
    findings = assessed(portfolio).findings
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
    slas = sorted([evidence(ours, "slas"), evidence(theirs, "slas")])
    assert slas == [["sla-1", "sla-2"], ["sla-3"]]
    assert ours.fingerprint != theirs.fingerprint


def test_no_agreement_is_not_found_where_no_assessed_agreement_reaches_the_use() -> None:
    portfolio = written(
        services=uses_of_x(),
        agreements=("{id: sla, provider: us, customer: c, covers: [x], targets: [{availability: 99%}]}",),
    )
    (finding,) = found(portfolio, "NO_AGREEMENT")
    assert evidence(finding, "path") == ["x"]  # sold by us without a contract; t's use is nobody's promise


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
    assert sorted(evidence(finding, "services")) == ["a", "b", "i"]


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
    assert evidence(finding, "agreements") == ["uc-a"]


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
    assert evidence(finding, "threshold") == 0.4
    assert evidence(finding, "used") == pytest.approx(0.5)


TRACKED = "metrics: [{id: minutes, unit: number, better: lower, family: none}]"


def test_a_metric_that_is_never_composed_is_still_compared_back_to_back() -> None:
    (finding,) = found(delivered("[a]", "minutes: 5", a="minutes: 6", more=TRACKED), "NOT_BACK_TO_BACK")
    assert finding.metric == "minutes"
    assert "promises 6 on a" in finding.message
    assert found(delivered("[a]", "minutes: 5", a="minutes: 5", more=TRACKED), "NOT_BACK_TO_BACK") == []


def test_what_is_known_only_as_an_interval_is_not_called_more_than_needed() -> None:
    other = "availability: 99.9%; hours: office"
    portfolio = delivered("{any_of: [a, b]}", "availability: 20%", terms="window: month", a=other, b=other)
    assert found(portfolio, "OVERPROVISIONED") == []


@pytest.mark.parametrize("loss", ["1e-30", "1e-39", "1e-7"])
def test_sentences_print_whatever_the_format_can_state(loss) -> None:
    portfolio = delivered(
        "[a, b]", f"unavailability: {loss}", a=f"unavailability: {loss}", b=f"unavailability: {loss}"
    )
    (finding,) = found(portfolio, "TARGET_INFEASIBLE") or found(portfolio, "TARGET_UNSUPPORTED")
    assert "%" in finding.message


def test_a_weak_percentile_names_the_share_that_it_promises_at_its_time() -> None:
    portfolio = delivered("a", "latency: 1 s, for: 90%", a="latency: 300 ms, for: 95%")
    (target,) = assessed(portfolio).targets
    assert target.weakest[0].value == 0.3
    assert target.weakest[0].in_time == pytest.approx(0.95)
