"""The text of an assessment reads like a report to a service manager."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from olagraph.analysis.results import NotAssessed, Severity, SubjectType, Verdict
from olagraph.model.entities import Agreement, AgreementKind
from olagraph.model.window import Window
from olagraph.reports import AssessmentReport, Layout, render
from tests.reports.builders import (
    DAY,
    HOSTILE,
    PORTFOLIO,
    STOCK_MISSING,
    VIEWS,
    assessed,
    assessment,
    finding,
    percentile,
    plain,
    ratio,
    target,
    view,
)


def as_text(*targets: Any, layout: Layout | None = None, **others: Any) -> str:
    """The report of an assessment."""
    settings = {key: others.pop(key) for key in ("baseline", "source") if key in others}
    report = AssessmentReport(portfolio=PORTFOLIO, assessment=assessment(*targets, **others), **settings)
    return render(report, "text", layout=layout)


def unwrapped(text: str) -> str:
    """The words of a report, wherever its lines break."""
    return " ".join(text.split())


def test_the_summary_comes_first() -> None:
    text = as_text(*(assessed(verdict) for verdict in Verdict), assessed(Verdict.SUPPORTED))
    assert unwrapped(text).startswith(
        "Web shop, 2026-11-23 6 SLA targets: 2 hold, 1 holds only if failures are independent,"
        " 1 does not hold, 1 cannot hold, 1 is not known."
    )


def test_the_worst_comes_first() -> None:
    text = as_text(*(assessed(verdict) for verdict in reversed(Verdict)))
    marks = [text.index(f" {verdict.value} ") for verdict in Verdict]
    assert marks == sorted(marks)


def test_what_does_not_hold_names_the_clause_it_rests_on_and_what_to_do() -> None:
    text = unwrapped(as_text(assessed(), findings=(finding(),)))
    assert "sla-retail (MSA §1): Web shop, availability 99.9% a month (43 min)" in text
    assert (
        "Retail's 99.9% rests on CloudCo's 99.5% on Frontend (MSA-2024-017 §4.2) and is missed:"
        " 99.44% (4 h 2 min) if failures are independent."
    ) in text
    assert "→ Ask CloudCo for 99.95% on Frontend." in text


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict.SUPPORTED, "Retail's 99.9% holds: the contracts alone guarantee 99.95% (22 min)"),
        (
            Verdict.CONDITIONAL,
            "99.94% (26 min) if failures are independent, only 99.85% (1 h 5 min) guaranteed.",
        ),
        (Verdict.INFEASIBLE, "(MSA-2024-017 §4.2) and cannot hold: 99.5% (3 h 36 min) at the very best."),
        (
            Verdict.UNKNOWN,
            "cannot be judged: no agreement covers stock. What is known gives at most 99.95% (22 min).",
        ),
    ],
)
def test_every_verdict_is_one_sentence(verdict: Verdict, said: str) -> None:
    assert said in unwrapped(as_text(assessed(verdict)))


def test_both_views_are_shown_where_they_differ_and_one_where_they_agree() -> None:
    differing = as_text(
        assessed(
            Verdict.INFEASIBLE, contracted=VIEWS[Verdict.SUPPORTED], achievable=VIEWS[Verdict.INFEASIBLE]
        )
    )
    assert "contracted  SUPPORTED: guaranteed 99.95%" in differing
    assert "achievable  INFEASIBLE: guaranteed 99.4%" in differing
    assert "achievable" not in as_text(assessed(Verdict.INFEASIBLE))


def test_a_percentile_shows_the_fraction_reached_and_the_time_it_takes() -> None:
    text = unwrapped(as_text(percentile()))
    assert "latency 2 s for 95%" in text
    assert "is missed: 90.25% within 2 s if the parts are independent." in text
    assert "time for 95%: guaranteed never, independent 2.4 s" in text


def test_a_value_just_below_its_target_is_not_rounded_up_to_it() -> None:
    short = view(Verdict.UNSUPPORTED, ratio(0.002), ratio(0.0010001), ratio(0.0))
    text = unwrapped(as_text(assessed(contracted=short)))
    assert "99.89999%" in text


def test_a_target_prints_as_written() -> None:
    text = as_text(assessed(target=target(value="0.99951234567")))
    assert "availability 99.951234567% a month" in text


def test_a_year_is_told_in_hours_of_a_year() -> None:
    assert "availability 99.9% a year (8 h 46 min)" in as_text(assessed(target=target(window="year")))


def test_where_nothing_is_known_no_number_is_printed() -> None:
    nothing = view(
        Verdict.UNKNOWN, ratio(1.0, 0.0), ratio(1.0, 0.0), ratio(1.0, 0.0), missing=(STOCK_MISSING,)
    )
    text = unwrapped(as_text(assessed(Verdict.UNKNOWN, contracted=nothing)))
    assert "cannot be judged: no agreement covers stock." in text
    assert "guaranteed" not in text


def test_one_basis_of_which_nothing_is_known_is_said_in_words() -> None:
    partly = view(Verdict.UNKNOWN, ratio(1.0, 0.0), ratio(1.0, 0.0), ratio(1.0, 0.001))
    text = unwrapped(as_text(assessed(Verdict.UNKNOWN, contracted=partly)))
    assert "guaranteed not known, independent not known, ceiling at most 99.9% (43 min)" in text


def test_a_converted_promise_is_told_as_the_contract_states_it() -> None:
    """The reader looks up the clause and finds a yearly figure there."""
    stated = replace(
        PORTFOLIO.agreements[1], targets=(target(value="99.9%", window=None),), window=Window.parse("year")
    )
    portfolio = replace(PORTFOLIO, agreements=(PORTFOLIO.agreements[0], stated))
    report = AssessmentReport(portfolio=portfolio, assessment=assessment(assessed()))
    assert "rests on CloudCo's 99.9% a year (99.5% here) on Frontend" in unwrapped(render(report, "text"))


def test_money_is_told_with_its_currency() -> None:
    costs = view(Verdict.UNSUPPORTED, plain(12_500.0), plain(12_500.0), plain(12_500.0))
    text = unwrapped(as_text(assessed(target=target("cost", "12000", None), contracted=costs)))
    assert "Web shop, cost 12000 EUR" in text
    assert "guaranteed 12,500 EUR" in text


def test_a_time_with_something_missing_is_at_least_what_is_known() -> None:
    partly = view(
        Verdict.UNKNOWN, plain(float("inf"), 1.5), plain(float("inf"), 1.5), plain(float("inf"), 1.5)
    )
    text = as_text(assessed(Verdict.UNKNOWN, target=target("latency", "2 s", None), contracted=partly))
    assert "guaranteed at least 1.5 s" in unwrapped(text)


def test_a_basis_without_meaning_is_a_dash() -> None:
    mean = view(Verdict.UNSUPPORTED, plain(3.0), None, plain(1.0))
    text = unwrapped(as_text(assessed(target=target("latency", "2 s", None, for_="mean"), contracted=mean)))
    assert "latency 2 s on average" in text
    assert "independent –" in text
    assert "is missed: 3 s guaranteed." in text


def test_words_that_differ_between_standards_are_explained() -> None:
    times = view(Verdict.SUPPORTED, None, plain(1e6), None)
    assert "ITIL's MTBSI" in as_text(
        assessed(Verdict.SUPPORTED, target=target("mtbf", "10 d"), contracted=times)
    )


def test_drafts_are_marked() -> None:
    text = as_text(assessed(draft=True))
    assert "✘ UNSUPPORTED (draft)" in text
    assert "1 of these is a draft" in text


def test_standard_terms_have_no_customer_to_name() -> None:
    terms = replace(PORTFOLIO.agreements[0], customers=())
    assert "The promised 99.9% rests on" in unwrapped(as_text(assessed(agreement=terms)))


def test_many_findings_of_a_code_are_folded_with_a_count_and_named() -> None:
    findings = tuple(
        finding(
            "NO_AGREEMENT",
            Severity.WARNING,
            subject=f"service-{number:02}",
            subject_type=SubjectType.SERVICE,
            message=f"Nothing covers service-{number:02}.",
            fix="Agree on a UC.",
        )
        for number in range(40)
    )
    text = as_text(findings=findings)
    assert "▲ Warnings (40)" in text
    assert "No agreement [NO_AGREEMENT], 40" in text
    assert "Nothing covers service-04." in text
    assert "Nothing covers service-05." not in text
    assert text.count("Agree on a UC.") == 1
    assert "+ 35 more: service-05, service-06" in text
    assert "and 15 more" in unwrapped(text)


def test_a_verdict_told_with_its_target_is_not_told_again() -> None:
    text = as_text(assessed(), findings=(finding(message="said twice"),))
    assert "said twice" not in text
    assert "Target not backed [TARGET_UNSUPPORTED], 1: see the targets above" in text


def test_a_verdict_on_an_ola_is_told_among_the_findings() -> None:
    uc = PORTFOLIO.agreements[1]
    text = as_text(assessed(agreement=uc), findings=(finding(subject=uc.id, message="CloudCo is hollow."),))
    assert "CloudCo is hollow." in text
    assert "Behind them 1 OLA or UC target: 1 does not hold." in text


def test_forty_suppliers_without_a_workflow_still_read_well() -> None:
    suppliers = tuple(
        Agreement(id=f"uc-{n:02}", kind=AgreementKind.UC, provider="cloudco") for n in range(40)
    )
    portfolio = replace(PORTFOLIO, agreements=suppliers)
    findings = tuple(
        finding(
            "ORPHAN_AGREEMENT", Severity.INFO, subject=each.id, message=f"{each.id} backs nothing.", fix=None
        )
        for each in suppliers
    )
    report = AssessmentReport(portfolio=portfolio, assessment=assessment(findings=findings), source="s.yaml")
    text = render(report, "text")
    assert "No SLA target was assessed." in text
    assert len(text.splitlines()) < 25


def test_agreements_not_in_force_say_since_or_until_when() -> None:
    over = Agreement(id="uc-old", provider="cloudco", to=DAY.replace(year=2025))
    begins = Agreement(id="uc-new", provider="cloudco", from_=DAY.replace(year=2027))
    portfolio = replace(PORTFOLIO, agreements=(over, begins))
    report = AssessmentReport(portfolio=portfolio, assessment=assessment(not_in_force=("uc-old", "uc-new")))
    assert (
        "Not in force on 2026-11-23, 2 agreements: uc-new (begins 2027-11-23) and uc-old (ended 2025-11-23)."
    ) in unwrapped(render(report, "text"))


def test_targets_that_are_only_listed_are_grouped_by_reason() -> None:
    listed = tuple(
        NotAssessed(agreement=f"uc-{n}", service="frontend", metric="latency", reason="an objective")
        for n in "ab"
    )
    text = unwrapped(as_text(not_assessed=listed))
    assert "an objective: uc-a (latency on Frontend), uc-b (latency on Frontend)" in text


def test_findings_of_the_baseline_are_counted_not_repeated() -> None:
    old = finding("NO_AGREEMENT", Severity.WARNING, message="old news")
    new = finding("ORPHAN_AGREEMENT", Severity.INFO, message="news")
    text = as_text(findings=(old, new), baseline=frozenset({old.fingerprint}))
    assert "old news" not in text
    assert "Findings: 1 note. 1 finding of the baseline not repeated here." in text


def test_the_commands_to_try_next_quote_the_source() -> None:
    text = as_text(assessed(), source="my portfolio.yaml")
    assert "olagraph explain 'my portfolio.yaml' sla-retail" in text


@pytest.mark.parametrize("width", [40, 60, 100, 120])
def test_lines_fit_the_width_save_commands(width: int) -> None:
    text = as_text(
        *(assessed(verdict) for verdict in Verdict),
        percentile(),
        findings=(finding(),),
        layout=Layout(width=width),
    )
    assert max(map(len, text.splitlines())) <= width


def test_colour_only_adds_to_the_words() -> None:
    targets = [assessed(verdict) for verdict in Verdict]
    coloured = as_text(*targets, findings=(finding(),), layout=Layout(colour=True))
    assert "\x1b[31m✘ UNSUPPORTED\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == as_text(*targets, findings=(finding(),))


def test_hostile_names_move_no_cursor() -> None:
    portfolio = replace(
        PORTFOLIO, providers=tuple(replace(each, name=HOSTILE) for each in PORTFOLIO.providers)
    )
    listed = NotAssessed(agreement=HOSTILE, service=None, metric=HOSTILE, reason=HOSTILE)
    report = AssessmentReport(
        portfolio=portfolio,
        assessment=assessment(
            assessed(agreement=replace(PORTFOLIO.agreements[0], ref=HOSTILE, id="x" * 3_000)),
            findings=(finding(subject=HOSTILE, message=HOSTILE, fix=HOSTILE),),
            portfolio=HOSTILE,
            not_in_force=(HOSTILE,),
            not_assessed=(listed,),
        ),
        source=HOSTILE,
    )
    text = render(report, "text")
    assert all(line.isprintable() for line in text.splitlines())


def test_a_share_of_requests_is_told_as_one_in_many() -> None:
    calls = view(Verdict.UNSUPPORTED, ratio(0.004), ratio(0.004), ratio(0.001))
    text = unwrapped(as_text(assessed(target=target("success_rate", "99.9%", None), contracted=calls)))
    assert "success rate 99.9% (1 in 1,000 fails)" in text
    assert "99.6% (1 in 250 fails)" in text


def test_a_fraction_is_told_as_the_percentage_it_is() -> None:
    fine = replace(percentile().target, for_=Decimal("0.9995"))
    assert "for 99.95%" in as_text(replace(percentile(), target=fine))
