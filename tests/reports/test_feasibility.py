"""Answers to "could this be promised?", in every format."""

import json
from dataclasses import replace
from decimal import Decimal
from math import inf

import pytest

from olagraph.analysis.results import Answer, Basis, Feasibility, Verdict, View
from olagraph.reports import FEASIBILITY_FORMATS, FeasibilityReport, render
from tests.reports.builders import (
    CLOUDCO,
    DAY,
    HOSTILE,
    PORTFOLIO,
    assessed,
    metric,
    plain,
    ratio,
    target,
    view,
)

BEST = {basis: ratio(complement) for basis, complement in zip(Basis, (0.006, 0.0056, 0.005), strict=True)}


def answered(answer: Answer = Answer.NO, verdict: Verdict = Verdict.INFEASIBLE) -> FeasibilityReport:
    """A report of an answer."""
    feasibility = Feasibility(
        assessment=assessed(verdict),
        answer=answer,
        best={View.CONTRACTED: BEST, View.ACHIEVABLE: BEST},
        blocking=CLOUDCO if answer is Answer.NO else None,
    )
    return FeasibilityReport(portfolio=PORTFOLIO, feasibility=feasibility, as_of=DAY)


def test_the_text_answers_first_and_says_what_could_be_promised_instead() -> None:
    assert render(answered(), "text").splitlines() == [
        "Could Web shop promise availability 99.9% a month?",
        "⊘ no (INFEASIBLE)",
        "  Retail's 99.9% rests on CloudCo's 99.5% on Frontend (MSA-2024-017 §4.2) and cannot hold: 99.5%",
        "  (3 h 36 min) at the very best.",
        "",
        "The best that could be promised today",
        "  contracted  guaranteed 99.4% (4 h 19 min), independent 99.44% (4 h 2 min), ceiling 99.5%",
        "              (3 h 36 min)",
        "  achievable  guaranteed 99.4% (4 h 19 min), independent 99.44% (4 h 2 min), ceiling 99.5%",
        "              (3 h 36 min)",
        "",
        "Most in the way: CloudCo's 99.5% on Frontend (MSA-2024-017 §4.2).",
    ]


def test_the_json_holds_answer_assessment_and_the_best_on_each_basis() -> None:
    report = json.loads(render(answered(), "json"))
    assert report["answer"] == "no"
    assert report["service"] == "web-shop"
    assert report["assessment"]["verdict"] == "INFEASIBLE"
    assert report["best"]["contracted"]["independent_complement"] == 0.0056
    assert report["blocking"]["agreement"] == "uc-cloudco"


def test_the_best_percentile_is_the_time_that_reaches_its_fraction() -> None:
    report = answered()
    latency = target("latency", "2 s", None, for_=Decimal("0.95"))
    times = {Basis.GUARANTEED: plain(inf), Basis.INDEPENDENT: plain(2.4), Basis.CEILING: plain(0.5)}
    in_time = view(Verdict.UNSUPPORTED, ratio(0.2), ratio(0.1), ratio(0.01), time_at=times)
    assessment = replace(
        report.feasibility.assessment,
        target=latency,
        metric=metric("latency"),
        contracted=in_time,
        achievable=in_time,
    )
    best = {View.CONTRACTED: times, View.ACHIEVABLE: times}
    feasibility = replace(report.feasibility, assessment=assessment, best=best, blocking=None)
    lines = render(replace(report, feasibility=feasibility), "text").splitlines()
    assert "  contracted  guaranteed never, independent 2.4 s, ceiling 500 ms" in lines


@pytest.mark.parametrize(
    ("answer", "verdict", "said"),
    [
        (Answer.YES, Verdict.SUPPORTED, "✔ yes"),
        (Answer.IF_INDEPENDENT, Verdict.CONDITIONAL, "◐ if failures are independent"),
        (Answer.NO, Verdict.UNSUPPORTED, "✘ no"),
        (Answer.UNKNOWN, Verdict.UNKNOWN, "? nobody can tell"),
    ],
)
def test_every_answer_has_its_words(answer: Answer, verdict: Verdict, said: str) -> None:
    for format in ("text", "markdown"):
        assert said in render(answered(answer, verdict), format)


@pytest.mark.parametrize("format", FEASIBILITY_FORMATS)
def test_hostile_names_break_nothing(format: str) -> None:
    report = answered()
    hostile = replace(report.feasibility, blocking=replace(CLOUDCO, ref=HOSTILE, service=HOSTILE))
    text = render(replace(report, feasibility=hostile), format)
    assert all(line.isprintable() for line in text.replace("\u200b", "").splitlines())
    assert "<script" not in text or format in ("text", "json")
