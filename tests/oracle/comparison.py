"""What olagraph reports on a portfolio document, what the oracle says, and every difference in words."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from math import inf
from typing import Any, TypeAlias

from click.testing import CliRunner

from olagraph.cli import main
from tests.oracle import assessment, call_trees
from tests.oracle.ladder import View
from tests.oracle.portfolios import DAY
from tests.oracle.reading import Reading

TODAY = date.fromisoformat(DAY)

Report: TypeAlias = dict[str, Any]
Interval: TypeAlias = tuple[float, float]

COMPARED_FINDINGS = {
    "TARGET_INFEASIBLE",
    "TARGET_UNSUPPORTED",
    "TARGET_UNKNOWN",
    "TARGET_CONDITIONAL",
    "UNDER_CONTRACTED",
    "HOLLOW_PROMISE",
}


class RefusedError(ValueError):
    """olagraph does not take the document for a portfolio."""


def report(document: dict[str, Any]) -> Report:
    """`olagraph assess --format json` of a document.

    Raises:
        RefusedError: the document is invalid; the message is what was printed.
    """
    arguments = ["assess", "-", "--format", "json", "--fail-on", "never", "--as-of", DAY]
    result = CliRunner().invoke(main, arguments, input=json.dumps(document))
    if result.exit_code == 2:
        raise RefusedError(result.output)
    if result.exit_code != 0:
        raise AssertionError(f"exit code {result.exit_code}: {result.output}") from result.exception
    answer: Report = json.loads(result.stdout)
    return answer


def differences(document: dict[str, Any], metric: str) -> list[str]:
    """Where olagraph and the oracle part on a document, a sentence each; empty if they agree."""
    answer = report(document)
    if metric == "availability":
        return [*_availability(document, answer)]
    return [*_independent(document, answer, metric)]


def _availability(document: dict[str, Any], answer: Report) -> Iterator[str]:
    rows = assessment.assess(document, TODAY)
    expected = _by_key((row.agreement, row.service, row.target, row) for row in rows)
    found = _by_key(
        (row["agreement"], row["service"], row["target"]["value"], row)
        for row in answer["assessments"]
        if row["metric"] == "availability"
    )
    for key in sorted(expected.keys() | found.keys()):
        ours, theirs = expected.get(key, []), found.get(key, [])
        if len(ours) != len(theirs):
            yield f"{_name(key)}: assessed {len(theirs)} times, expected {len(ours)}"
        for one, other in zip(ours, theirs, strict=False):
            yield from (f"{_name(key)}: {sentence}" for sentence in _row(one, other))
    wanted = {
        (code, row.agreement, row.service)
        for rows in expected.values()
        for row in rows
        for code in row.findings
    }
    told = {
        (finding["code"], finding["subject"]["id"], finding["service"])
        for finding in answer["findings"]
        if finding["code"] in COMPARED_FINDINGS and finding["metric"] == "availability"
    }
    for code, agreement, service in sorted(wanted ^ told):
        found_or_not = "found, not expected" if (code, agreement, service) in told else "expected, not found"
        yield f"{agreement} on {service}: {code} {found_or_not}"
    outside = {row["id"] for row in document["agreements"] if not Reading(document, TODAY).in_force(row)}
    if outside != set(answer["not_in_force"]):
        yield f"not_in_force {answer['not_in_force']}, expected {sorted(outside)}"


def _row(ours: assessment.Assessment, theirs: Report) -> Iterator[str]:
    if theirs["verdict"] != ours.verdict:
        yield f"verdict {theirs['verdict']}, expected {ours.verdict}"
    if (theirs["gap"] is None) != (ours.gap is None) or (
        ours.gap is not None and abs(theirs["gap"] - ours.gap) > 1e-9
    ):
        yield f"gap {theirs['gap']}, expected {ours.gap}"
    yield from (f"contracted {sentence}" for sentence in _view(ours.contracted, theirs["contracted"]))
    yield from (f"achievable {sentence}" for sentence in _view(ours.achievable, theirs["achievable"]))


def _view(ours: View, theirs: Report) -> Iterator[str]:
    if theirs["verdict"] != ours.verdict:
        yield f"verdict {theirs['verdict']}, expected {ours.verdict}"
    for basis in ("guaranteed", "independent", "ceiling"):
        ends = (getattr(ours.worst, basis), getattr(ours.best, basis))
        if wrong := list(_value(basis, ends, theirs[basis])):
            yield from wrong
        else:
            complements = (1 - ends[0], 1 - ends[1])
            yield from _value(f"{basis}_complement", complements, theirs[f"{basis}_complement"])


def _value(name: str, ours: Interval, theirs: Any) -> Iterator[str]:
    found = _interval(theirs, beyond=ours)
    if found is None or any(a != b and not abs(a - b) <= 1e-9 for a, b in zip(ours, found, strict=True)):
        yield f"{name} {theirs}, expected {ours[0] if ours[0] == ours[1] else list(ours)}"


def _interval(value: Any, *, beyond: Interval) -> Interval | None:
    """A value of the report as an interval; null inside a pair is a bound at infinity."""
    if value is None:
        return (inf, inf) if beyond == (inf, inf) else None
    if isinstance(value, list):
        low, high = (inf if end is None else float(end) for end in value)
        return (low, high)
    return (float(value), float(value))


def _independent(document: dict[str, Any], answer: Report, metric: str) -> Iterator[str]:
    expected = _by_key(
        (row.agreement, row.service, (row.target, row.for_), row)
        for row in call_trees.assess(document, TODAY, metric)
    )
    found = _by_key(
        (row["agreement"], row["service"], (row["target"]["value"], row["target"]["for"]), row)
        for row in answer["assessments"]
        if row["kind"] == "SLA" and _kind_of_promise(row) == metric
    )
    for key in sorted(expected.keys() | found.keys(), key=str):
        ours, theirs = expected.get(key, []), found.get(key, [])
        if len(ours) != len(theirs):
            yield f"{_name(key)}: assessed {len(theirs)} times, expected {len(ours)}"
        for one, other in zip(ours, theirs, strict=False):
            for view in ("contracted", "achievable"):
                for sentence in _value("independent", getattr(one, view), other[view]["independent"]):
                    yield f"{_name(key)}: {view} {sentence}"


def _kind_of_promise(row: Report) -> str:
    is_percentile = row["metric"] == "latency" and row["target"]["for"] is not None
    return "percentile" if is_percentile else str(row["metric"])


def _by_key(rows: Any) -> dict[tuple[Any, ...], list[Any]]:
    keyed: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for agreement, service, target, row in rows:
        keyed[agreement, service, target].append(row)
    return keyed


def _name(key: tuple[Any, ...]) -> str:
    agreement, service, target = key
    return f"{agreement} on {service} at {target}"
