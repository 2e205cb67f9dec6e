"""A short run of tests/api/fuzzing.py; the long one is a command."""

from pathlib import Path

from tests.api.fuzzing import fuzz, served


def test_random_operations_are_answered_or_refused_and_never_fail(tmp_path: Path) -> None:
    with served(tmp_path) as url:
        report = fuzz(url, cases=300, chance=1)
    assert report.wrong == []
    assert report.asked >= 200
    assert report.answered > 20, "hardly any reached the portfolio"
