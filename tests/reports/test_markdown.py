"""The Markdown of an assessment, to be posted under a merge request."""

import re
from dataclasses import replace
from typing import Any

from olagraph.analysis.results import Severity, SubjectType, Verdict
from olagraph.reports import AssessmentReport, render
from tests.reports.builders import HOSTILE, PORTFOLIO, VIEWS, assessed, assessment, finding


def as_markdown(*targets: Any, **others: Any) -> str:
    """The report of an assessment."""
    report = AssessmentReport(portfolio=PORTFOLIO, assessment=assessment(*targets, **others))
    return render(report, "markdown")


def test_a_table_holds_a_row_for_each_sla_target() -> None:
    text = as_markdown(*(assessed(verdict) for verdict in Verdict))
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + len(Verdict)
    assert rows[2].startswith(
        "| ⊘ INFEASIBLE | sla-retail | Web shop | availability 99.9% a month (43 min) |"
    )


def test_sentence_and_fix_stand_below_for_what_does_not_hold() -> None:
    text = as_markdown(assessed(), assessed(Verdict.SUPPORTED), findings=(finding(),))
    assert text.count("- **sla-retail**") == 1
    assert "rests on CloudCo's 99.5% on Frontend (MSA-2024-017 §4.2) and is missed" in text
    assert "  - → Ask CloudCo for 99.95% on Frontend." in text


def test_differing_views_are_both_named() -> None:
    text = as_markdown(
        assessed(
            Verdict.INFEASIBLE, contracted=VIEWS[Verdict.SUPPORTED], achievable=VIEWS[Verdict.INFEASIBLE]
        )
    )
    assert "contracted: SUPPORTED. achievable: INFEASIBLE." in text


def test_findings_are_folded_by_code() -> None:
    findings = tuple(
        finding("NO_AGREEMENT", Severity.WARNING, subject=f"s{n}", subject_type=SubjectType.SERVICE)
        for n in range(30)
    )
    text = as_markdown(findings=findings)
    assert "<details><summary>▲ Warning: No agreement (<code>NO_AGREEMENT</code>), 30</summary>" in text
    assert "10 more: " in text


def test_a_large_portfolio_fits_into_a_comment() -> None:
    targets = [assessed(agreement=replace(PORTFOLIO.agreements[0], id=f"sla-{n}")) for n in range(2_000)]
    assert len(as_markdown(*targets)) < 65_536


def test_hostile_names_break_no_table_and_make_no_markup() -> None:
    hostile = replace(PORTFOLIO.agreements[0], id=HOSTILE, ref=HOSTILE)
    text = as_markdown(
        assessed(agreement=hostile),
        findings=(finding("NO_AGREEMENT", subject=HOSTILE, message=HOSTILE, fix=HOSTILE),),
        portfolio=HOSTILE,
        not_in_force=(HOSTILE,),
    )
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {8}
    assert "<script" not in text
    assert re.search(r"@\w", text) is None
    assert "\x1b" not in text
    assert "\u202e" not in text
