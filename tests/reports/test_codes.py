"""The table of finding codes, and the baseline of known findings."""

import pytest

from olagraph.reports.baseline import fingerprints
from olagraph.reports.codes import FINDING_CODES, finding_code

# SEMANTICS §7, row by row.
CODES = (
    "NO_AGREEMENT",
    "METRIC_GAP",
    "INCOMMENSURABLE",
    "TARGET_INFEASIBLE",
    "TARGET_UNSUPPORTED",
    "TARGET_UNKNOWN",
    "TARGET_CONDITIONAL",
    "UNDER_CONTRACTED",
    "HOLLOW_PROMISE",
    "THIN_MARGIN",
    "NOT_BACK_TO_BACK",
    "WINDOW_MISMATCH",
    "HOURS_GAP",
    "EXCLUSION_GAP",
    "POPULATION_MISMATCH",
    "CLOCK_MISMATCH",
    "CONDITION_UNMET",
    "IMPLAUSIBLE_TARGET",
    "THIRD_PARTY_EXCLUDED",
    "PRIORITY_UNMAPPED",
    "FALSE_REDUNDANCY",
    "SINGLE_POINT_OF_FAILURE",
    "CYCLE",
    "AMBIGUOUS_PROMISE",
    "KIND_MISMATCH",
    "ORPHAN_AGREEMENT",
    "OVERPROVISIONED",
    "OVERSUBSCRIBED",
    "UNMEASURED",
    "OWN_PART_UNSTATED",
    "EXPIRES_EARLY",
    "COVERAGE_HOLE",
    "NOTICE_GAP",
    "REVIEW_OVERDUE",
    "REVIEW_MISSING",
    "FIX_EXCEEDS_BUDGET",
    "CREDIT_ASYMMETRY",
    "CLAIM_WINDOW_GAP",
    "CAP_MISMATCH",
    "UNCOVERED_EXPOSURE",
)


def test_every_code_has_a_row_and_no_row_is_of_another() -> None:
    assert sorted(FINDING_CODES) == sorted(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_row_says_what_it_is_called_and_what_it_means(code: str) -> None:
    row = finding_code(code)
    assert 0 < len(row.title) <= 40
    assert row.help.endswith(".")
    assert row.help != row.title


def test_a_code_of_a_later_version_is_told_in_its_own_words() -> None:
    assert finding_code("NEW_CHECK").title == "New check"


def test_a_baseline_is_the_fingerprints_of_a_report() -> None:
    assert fingerprints('{"findings": [{"fingerprint": "a"}, {"fingerprint": "b"}]}') == {"a", "b"}
    assert fingerprints('{"findings": []}') == frozenset()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "no list of findings"),
        ('{"findings": {}}', "no list of findings"),
        ('{"findings": [{"fingerprint": 1}]}', "without a fingerprint"),
        ('{"findings": ["a"]}', "without a fingerprint"),
    ],
)
def test_what_is_no_report_is_no_baseline(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        fingerprints(text)
