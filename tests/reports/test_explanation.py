"""Explanations: the composition, step by step, in every format."""

import json
from dataclasses import replace

import pytest

from olagraph.analysis.results import Explanation, ExplanationStep, StepKind, Verdict
from olagraph.reports import EXPLANATION_FORMATS, ExplanationReport, Layout, render
from tests.reports.builders import DAY, HOSTILE, PORTFOLIO, assessed, ratio

PROMISE = ExplanationStep(
    kind=StepKind.PROMISE,
    label="CloudCo's promise on Frontend",
    service="frontend",
    agreement="uc-cloudco",
    ref="MSA-2024-017 §4.2",
    guaranteed=ratio(0.01304),
    independent=ratio(0.01304),
    ceiling=ratio(0.001),
    share=0.896,
    notes=("99.9 % a year is 98.696 % of the worst month (365 × 0.1 % of 28 days).",),
)
OWN = ExplanationStep(
    kind=StepKind.OWN,
    label="own part",
    service="web-shop",
    guaranteed=ratio(0.0005),
    independent=ratio(0.0005),
    ceiling=ratio(0.0005),
    share=0.104,
)
ROOT = ExplanationStep(
    kind=StepKind.SERVICE,
    label="Web shop",
    service="web-shop",
    guaranteed=ratio(0.01354),
    independent=ratio(0.013533),
    ceiling=ratio(0.001),
    steps=(
        ExplanationStep(kind=StepKind.PATTERN, label="sequence", steps=(PROMISE,)),
        OWN,
    ),
)


def explained(root: ExplanationStep = ROOT) -> ExplanationReport:
    """A report with one explanation, both views the same."""
    explanation = Explanation(assessment=assessed(Verdict.UNSUPPORTED), contracted=root, achievable=root)
    return ExplanationReport(portfolio=PORTFOLIO, explanations=(explanation,), as_of=DAY)


def deep(levels: int, label: str = "step") -> ExplanationStep:
    """A chain of steps."""
    step = OWN
    for _ in range(levels):
        step = ExplanationStep(kind=StepKind.SERVICE, label=label, steps=(step,))
    return step


def test_the_text_is_a_tree_with_values_promises_conversions_and_shares() -> None:
    text = render(explained(), "text")
    tree = text[text.index("contracted: UNSUPPORTED  ") :].splitlines()
    assert tree[:7] == [
        f"{'contracted: UNSUPPORTED':<60} guaranteed  independent  ceiling  share",
        f"{'Web shop':<60}    98.646%      98.646%    99.9%",
        "├─ sequence",
        "│  └─ CloudCo's promise on Frontend (uc-cloudco,",
        f"{'│        MSA-2024-017 §4.2)':<60}    98.696%      98.696%    99.9%    90%",
        "│          99.9 % a year is 98.696 % of the worst month (365 × 0.1 % of 28 days).",
        f"{'└─ own part':<60}     99.95%       99.95%   99.95%    10%",
    ]


def test_both_views_are_explained() -> None:
    text = render(explained(), "text")
    assert text.index("contracted: UNSUPPORTED  ") < text.index("achievable: UNSUPPORTED  ")


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_tree_fits_the_width(width: int) -> None:
    text = render(explained(), "text", layout=Layout(width=width))
    assert max(map(len, text.splitlines())) <= width


def test_the_json_nests_like_the_composition() -> None:
    report = json.loads(render(explained(), "json"))
    (explanation,) = report["explanations"]
    assert explanation["assessment"]["agreement"] == "sla-retail"
    promise = explanation["contracted"]["steps"][0]["steps"][0]
    assert promise["kind"] == "promise"
    assert promise["agreement"] == "uc-cloudco"
    assert promise["guaranteed_complement"] == 0.01304
    assert promise["notes"] == ["99.9 % a year is 98.696 % of the worst month (365 × 0.1 % of 28 days)."]
    assert explanation["contracted"]["steps"][0]["guaranteed"] is None


def test_markdown_and_html_hold_a_row_a_step() -> None:
    markdown = render(explained(), "markdown")
    assert (
        "| │&nbsp;&nbsp;└─&nbsp;CloudCo's promise on Frontend (uc-cloudco, MSA-2024-017 §4.2)<br>" in markdown
    )
    html = render(explained(), "html")
    assert html.count('<th scope="row">') == 8


@pytest.mark.parametrize("format", EXPLANATION_FORMATS)
def test_a_very_deep_composition_is_cut_not_fatal(format: str) -> None:
    text = render(explained(deep(5_000)), format)
    assert text.count("step") < 1_000
    assert "cut" in text or "Deeper steps are not shown." in text


@pytest.mark.parametrize("format", EXPLANATION_FORMATS)
def test_hostile_names_break_nothing(format: str) -> None:
    hostile = replace(PROMISE, label=HOSTILE, agreement=HOSTILE, ref=HOSTILE, notes=(HOSTILE,))
    text = render(explained(replace(ROOT, steps=(hostile,))), format)
    assert all(line.isprintable() for line in text.replace("\u200b", "").splitlines())
    assert "<script" not in text or format in ("text", "json")
