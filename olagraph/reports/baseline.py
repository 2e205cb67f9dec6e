"""The baseline: findings that an earlier report had, known by their fingerprints."""

import json


def fingerprints(text: str) -> frozenset[str]:
    """The fingerprints of the findings in `text`, an earlier `assess --format json`.

    Raises:
        ValueError: it is not such a report; why, in one clause.
    """
    try:
        report = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    findings = report.get("findings") if isinstance(report, dict) else None
    if not isinstance(findings, list):
        raise ValueError("no list of findings in it")
    return frozenset(map(_fingerprint, findings))


def _fingerprint(finding: object) -> str:
    fingerprint = finding.get("fingerprint") if isinstance(finding, dict) else None
    if not isinstance(fingerprint, str) or not fingerprint:
        raise ValueError("a finding without a fingerprint in it")
    return fingerprint
