"""Explanations: every promise, clause and conversion is named, and the numbers are those of the assessment."""

from collections.abc import Iterator

import pytest

from olagraph.analysis.explain import explain
from olagraph.analysis.names import UnknownName
from olagraph.analysis.results import ExplanationStep, StepKind, View
from olagraph.analysis.settings import Settings
from tests.analysis.drawn import SETTINGS, drawn
from tests.analysis.small import DAY, assessed, delivered, explained, number, written
from tests.oracle.portfolios import METRICS

CLOUDY = {
    "a": "availability: 99.9%; window: year",
    "b": "availability: 99%",
    "d": "availability: 98%",
}


def every_step(step: ExplanationStep) -> Iterator[ExplanationStep]:
    """A step and all below it."""
    yield step
    for inner in step.steps:
        yield from every_step(inner)


def steps(portfolio, agreement: str = "sla") -> list[ExplanationStep]:
    return list(every_step(explained(portfolio, agreement).contracted))


def test_promises_clauses_and_conversions_are_named() -> None:
    portfolio = delivered("[a, {any_of: [b, d]}]", "availability: 90%", terms="window: month", **CLOUDY)
    promised = {step.agreement: step for step in steps(portfolio) if step.kind is StepKind.PROMISE}
    assert set(promised) == {"uc-a", "uc-b", "uc-d"}
    assert promised["uc-a"].ref == "UC a §1"
    assert any("99.9%" in note for note in promised["uc-a"].notes)
    converted = " ".join(promised["uc-a"].notes)
    assert "year" in converted
    assert "month" in converted
    assert "month" not in " ".join(promised["uc-b"].notes)


def test_a_tree_has_the_shape_of_the_workflow() -> None:
    portfolio = delivered("[a, {any_of: [b, d]}]", "availability: 90%", own="[{availability: 99%}]", **CLOUDY)
    root = explained(portfolio).contracted
    assert (root.kind, root.service) == (StepKind.SERVICE, "s")
    sequence, own = root.steps
    assert own.kind is StepKind.OWN
    assert [step.label for step in sequence.steps] == ["a", "any of"]
    assert [step.service for step in sequence.steps[1].steps] == ["b", "d"]


def test_what_is_missing_is_a_step_that_says_why() -> None:
    portfolio = delivered(
        "[a, x]", "availability: 90%", services=("{id: x, provider: others}",), a="latency: 1 s"
    )
    missing = {step.service: step.notes[0] for step in steps(portfolio) if step.kind is StepKind.MISSING}
    assert missing["x"] == "no agreement covers this use"
    assert "metric" in missing["a"]


def test_an_own_part_taken_as_perfect_is_said() -> None:
    root = explained(delivered("a", "availability: 90%", a="availability: 99%")).contracted
    assert any("perfect" in note for note in root.notes)


def test_a_component_shown_twice_is_said_to_be_one() -> None:
    portfolio = delivered(
        "{any_of: [t, u]}",
        "availability: 90%",
        services=(
            "{id: t, provider: us, workflow: [m, a]}",
            "{id: u, provider: us, workflow: [m, b]}",
            "{id: m, provider: us, workflow: d}",
        ),
        a="availability: 99%",
        b="availability: 99%",
        d="availability: 99%",
    )
    twice = [step for step in steps(portfolio) if step.service == "m"]
    assert len(twice) == 2
    assert [any("one and the same" in note for note in step.notes) for step in twice] == [False, True]


def test_shares_in_a_series_sum_to_nearly_one_and_to_no_more() -> None:
    promises = {"a": "availability: 99.9%", "b": "availability: 99%", "d": "availability: 98%"}
    shares = [
        s.share for s in steps(delivered("[a, b, d]", "availability: 90%", **promises)) if s.share is not None
    ]
    assert 0.97 < sum(shares) <= 1
    assert shares[2] > shares[1] > shares[0]


def test_each_redundant_branch_could_have_prevented_everything() -> None:
    promises = {"a": "availability: 99%", "b": "availability: 98%"}
    shares = [
        s.share
        for s in steps(delivered("{any_of: [a, b]}", "availability: 90%", **promises))
        if s.share is not None
    ]
    assert shares == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize("metric", METRICS)
def test_the_root_of_every_explanation_has_the_numbers_of_the_assessment(metric: str) -> None:
    for seed in range(40):
        portfolio = drawn(seed, metric)
        for agreement in portfolio.agreements:
            for told in explain(portfolio, SETTINGS, agreement=agreement.id):
                for view in View:
                    step = told.contracted if view is View.CONTRACTED else told.achievable
                    judged = told.assessment.view(view)
                    assert step.guaranteed == judged.guaranteed
                    assert step.independent == judged.independent
                    assert step.ceiling == judged.ceiling
                    for inner in every_step(step):
                        assert inner.share is None or -1e-12 <= inner.share <= 1 + 1e-9


def test_an_explanation_is_of_the_target_as_assessed() -> None:
    for seed in range(30):
        portfolio = drawn(seed, "availability")
        assessed_ = assessed(portfolio, as_of=SETTINGS.as_of).targets
        expected = {(t.agreement.id, t.service, t.target): t for t in assessed_}
        for agreement in portfolio.agreements:
            for told in explain(portfolio, SETTINGS, agreement=agreement.id):
                target = told.assessment
                key = (target.agreement.id, target.service, target.target)
                if key in expected:  # a supplier's inside is his affair, and explained all the same
                    assert target.verdict is expected[key].verdict


@pytest.mark.parametrize(
    ("target", "a", "b", "label"),
    [
        ("latency: 2 s, for: 90%", "latency: 1 s, for: 95%", "latency: 1 s, for: 99%", "given up after"),
        ("success_rate: 90%", "success_rate: 99%", "success_rate: 95%", "with a timeout"),
        ("resolution_time: 2 h", "resolution_time: 1 h", "resolution_time: 1 h", "given up after"),
        ("throughput: 5/s", "throughput: 9/s", "throughput: 8/s", "uc-a"),
        ("mttf: 5 h", "mttf: 9 h | mttr: 1 h", "mttf: 8 h | mttr: 1 h", "Birnbaum"),
        ("cost: 10", "cost: 5", "cost: 4", "uc-b"),
        ("rto: 10 h", "rto: 5 h", "rto: 4 h", "uc-b"),
        (
            "restore_time: 10 h, for: 90%",
            "restore_time: 5 h, for: 95%",
            "restore_time: 4 h, for: 95%",
            "uc-b",
        ),
        ("jitter: 10 ms, for: 90%", "jitter: 5 ms, for: 95%", "jitter: 4 ms, for: 95%", "uc-b"),
        ("latency: 5 s, for: mean", "latency: 1 s, for: mean", "latency: 1 s, for: mean", "uc-b"),
    ],
)
def test_every_family_is_explained_beside_supporting_services(target, a, b, label) -> None:
    portfolio = delivered("[a, {step: b, timeout: 3 s}]", target, requires="[d]", a=a, b=b, d=a)
    words = []
    for step in steps(portfolio):
        words += [step.label, step.agreement or "", *step.notes]
    assert any(label in word for word in words), words
    agreements = {step.agreement for step in steps(portfolio) if step.agreement}
    assert {"uc-a", "uc-b"} <= agreements


def test_one_service_or_metric_of_an_agreement_may_be_asked_for() -> None:
    portfolio = written(
        services=(
            "{id: s, provider: us, own: [{availability: 99%}]}",
            "{id: t, provider: us, own: [{availability: 99%}]}",
        ),
        agreements=(
            "{id: sla, provider: us, customer: c, covers: all, targets: [{availability: 99%}, {latency: 1 s}]}",
        ),
    )
    settings = Settings(as_of=DAY)
    assert len(explain(portfolio, settings, agreement="sla")) == 4
    assert {e.assessment.service for e in explain(portfolio, settings, agreement="sla", service="t")} == {"t"}
    one = explain(portfolio, settings, agreement="sla", service="s", metric="availability")
    assert [(e.assessment.service, e.assessment.metric.id) for e in one] == [("s", "availability")]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"agreement": "sal"}, "no agreement 'sal'; did you mean sla?"),
        ({"agreement": "sla", "service": "x"}, "no service 'x'"),
        ({"agreement": "sla", "service": "a"}, "no service covered by sla 'a'"),
        (
            {"agreement": "sla", "metric": "availabilty"},
            "no metric 'availabilty'; did you mean availability?",
        ),
        ({"agreement": "sla", "metric": "latency"}, "no target of sla on the metric 'latency'"),
    ],
)
def test_an_unknown_name_gets_the_nearest_ones(asked, said) -> None:
    portfolio = delivered("a", "availability: 99%", a="availability: 99%")
    with pytest.raises(UnknownName) as raised:
        explain(portfolio, Settings(as_of=DAY), **asked)
    assert said in str(raised.value)


def test_an_agreement_out_of_force_has_no_explanation() -> None:
    portfolio = delivered("a", "availability: 99%", terms="to: 2020-01-01", a="availability: 99%")
    assert explain(portfolio, Settings(as_of=DAY), agreement="sla") == ()


def test_a_chain_deeper_than_anybody_reads_is_explained_to_a_depth() -> None:
    depth = 3000
    chain = [f"{{id: l{i}, provider: us, workflow: l{i + 1}}}" for i in range(depth)]
    portfolio = delivered(
        "l0",
        "availability: 90%",
        services=(*chain, f"{{id: l{depth}, provider: us, workflow: a}}"),
        a="availability: 99%",
    )
    shown = steps(portfolio)
    assert len(shown) < 200
    assert number(shown[0].independent) == 0.99
    assert any("not shown" in note for note in shown[-1].notes)
