"""Every finding code: where it is found, where it is not, and that it keeps its identity (SEMANTICS §7)."""

import pytest

from olagraph.analysis.findings import SEVERITIES
from tests.analysis.finding_cases import CASES, Case
from tests.analysis.small import assessed, found

EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)


def test_every_code_has_a_case() -> None:
    assert sorted(case.code for case in CASES) == sorted(SEVERITIES)


@EVERY_CASE
def test_a_code_is_found_once_where_it_belongs(case: Case) -> None:
    (finding,) = found(case.shows, case.code)
    assert (finding.subject_type, finding.subject) == (case.subject_type, case.subject)
    assert finding.severity is case.severity is SEVERITIES[case.code]
    assert (finding.service, finding.metric) == (case.service, case.metric)
    assert finding.fix


@EVERY_CASE
def test_a_code_is_not_found_next_door(case: Case) -> None:
    assert found(case.nearest, case.code) == []


@EVERY_CASE
def test_a_message_names_the_clause_at_fault(case: Case) -> None:
    (finding,) = found(case.shows, case.code)
    if case.clause is not None:
        assert case.clause in finding.message


@EVERY_CASE
def test_a_message_is_one_sentence_for_people(case: Case) -> None:
    (finding,) = found(case.shows, case.code)
    assert "\n" not in finding.message
    assert "None" not in finding.message
    assert "Fraction" not in finding.message
    assert finding.message == finding.message.strip()


@EVERY_CASE
def test_a_fingerprint_survives_other_numbers(case: Case) -> None:
    (before,) = found(case.shows, case.code)
    (after,) = found(case.renumbered, case.code)
    assert case.shows != case.renumbered
    assert after.fingerprint == before.fingerprint


def test_different_codes_on_different_subjects_have_different_fingerprints() -> None:
    findings = {case.code: found(case.shows, case.code)[0].fingerprint for case in CASES}
    assert len(set(findings.values())) == len(CASES)


@EVERY_CASE
def test_all_findings_of_one_assessment_are_told_apart(case: Case) -> None:
    fingerprints = [finding.fingerprint for finding in assessed(case.shows).findings]
    assert len(set(fingerprints)) == len(fingerprints)


@EVERY_CASE
def test_errors_come_first(case: Case) -> None:
    ranks = [finding.severity.rank for finding in assessed(case.shows).findings]
    assert ranks == sorted(ranks)
