"""Guaranteed ≤ independent ≤ ceiling, and what else always holds, on hundreds of random portfolios (SEMANTICS §2)."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest

from olagraph.analysis.assess import assess
from olagraph.analysis.results import (
    Assessment,
    Basis,
    Level,
    TargetAssessment,
    Verdict,
    View,
    ViewAssessment,
)
from olagraph.documents import load_text
from olagraph.model.entities import Better
from tests.analysis.drawn import SETTINGS, drawn, renamed
from tests.oracle.portfolios import METRICS, portfolio

SEEDS = range(100)
CLOSE = 1e-12


def at_least(one: float, other: float) -> bool:
    """One is not smaller, up to rounding."""
    return one >= other or math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)


def views(assessment: Assessment) -> Iterator[tuple[TargetAssessment, ViewAssessment]]:
    for target in assessment.targets:
        for view in View:
            yield target, target.view(view)


def losses(target: TargetAssessment, level: Level) -> tuple[float, float]:
    """Both ends as numbers of which more is worse."""
    if level.complement_at_worst is not None and level.complement_at_best is not None:
        return level.complement_at_worst, level.complement_at_best
    sign = -1 if target.metric.better is Better.HIGHER else 1
    return sign * level.at_worst, sign * level.at_best


def check(assessment: Assessment) -> None:
    for target, view in views(assessment):
        where = (target.agreement.id, target.service)
        known = [level for basis in Basis if (level := view.level(basis)) is not None]
        ends = [losses(target, level) for level in known]
        for (worst, best), (next_worst, next_best) in pairwise(ends):
            assert at_least(worst, next_worst), where
            assert at_least(best, next_best), where
        for worst, best in ends:
            assert worst >= best, where
        if not view.missing:
            assert all(level.single for level in known), where
        assert len(view.weakest) <= 3
        assert all(0 <= part.share <= 1 + CLOSE for part in view.weakest), where
        if view.time_at is not None:
            times = [level for basis in Basis if (level := view.time_at.get(basis)) is not None]
            pairs = list(pairwise(times))
            assert all(a.at_worst >= b.at_worst and a.at_best >= b.at_best for a, b in pairs), where
    for target in assessment.targets:
        verdicts = (target.contracted.verdict, target.achievable.verdict)
        assert target.verdict.rank == min(verdict.rank for verdict in verdicts)
        assert (target.gap is None) is (target.verdict is Verdict.UNKNOWN)


@pytest.mark.parametrize("metric", METRICS)
def test_the_bases_are_ordered_in_hundreds_of_random_portfolios(metric: str) -> None:
    for seed in SEEDS:
        check(assess(drawn(seed, metric), SETTINGS))


TIMES = {"100 ms": "100/s", "200 ms": "200/s", "250 ms": "250/s", "400 ms": "400/s", "1 s": "1000/s"}
LIMITS = {"500 ms": "50/s", "800 ms": "80/s", "2 s": "120/s", "4 s": "300/s"}


@pytest.mark.parametrize(
    ("old", "new", "values"),
    [
        ("latency", "throughput", TIMES | LIMITS),
        ("latency", "restore_time", {}),
        ("percentile", "restore_time", {}),
        ("latency", "rto", {}),
        ("latency", "rpo", {}),
        ("latency", "resolution_time", {}),
        ("percentile", "resolution_time", {}),
        ("percentile", "jitter", {}),
        ("success_rate", "packet_delivery", {}),
    ],
)
def test_the_bases_are_ordered_in_every_family(old, new, values) -> None:
    for seed in range(40):
        check(assess(renamed(seed, old, new, values), SETTINGS))


def test_the_bases_of_means_are_ordered() -> None:
    for seed in range(60):
        text = json.dumps(portfolio(Random(seed), "percentile"))
        for fraction in ('"90%"', '"95%"', '"99%"', "0.999"):
            text = text.replace(f'"for": {fraction}', '"for": "mean"')
        document = json.loads(text)
        for row in (*document["agreements"], *document["services"]):
            for key in ("targets", "own"):
                unique = {
                    json.dumps({k: v for k, v in t.items() if k != "latency"}): t for t in row.get(key, ())
                }
                if key in row:
                    row[key] = list(unique.values())
        check(assess(load_text(json.dumps(document), "drawn.json"), SETTINGS))


def test_an_assessment_is_a_function_of_its_arguments() -> None:
    for seed in range(25):
        assert assess(drawn(seed, "availability"), SETTINGS) == assess(drawn(seed, "availability"), SETTINGS)


@pytest.mark.parametrize("metric", METRICS)
def test_all_findings_of_an_assessment_are_told_apart(metric: str) -> None:
    for seed in range(60):
        fingerprints = [finding.fingerprint for finding in assess(drawn(seed, metric), SETTINGS).findings]
        assert len(fingerprints) == len(set(fingerprints)), seed


def test_the_order_of_rows_in_a_file_changes_nothing() -> None:
    for seed in range(40):
        stated = drawn(seed, "availability")
        turned = replace(
            stated,
            services=stated.services[::-1],
            agreements=stated.agreements[::-1],
            providers=stated.providers[::-1],
        )
        one, other = assess(stated, SETTINGS), assess(turned, SETTINGS)
        assert _told(one) == _told(other)


def _told(assessment: Assessment) -> list[object]:
    rows = [
        (
            t.agreement.id,
            t.service,
            Decimal(str(t.target.value.si)),
            t.verdict,
            _close(t.contracted),
            _close(t.achievable),
        )
        for t in assessment.targets
    ]
    return [sorted(rows), sorted(f.fingerprint for f in assessment.findings)]


def _close(view: ViewAssessment) -> list[tuple[float, float]]:
    levels = (view.level(basis) for basis in Basis)
    return [(round(level.at_worst, 9), round(level.at_best, 9)) for level in levels if level is not None]


def test_a_better_promise_never_makes_a_verdict_worse() -> None:
    """Every promise on availability raised to 99.99 %: no value falls."""
    for seed in range(60):
        stated = drawn(seed, "availability")
        before = assess(stated, SETTINGS)
        assert before.targets is not None
        raised = load_text(json.dumps(_raised(portfolio(Random(seed), "availability"))), "raised.json")
        after = assess(raised, SETTINGS)
        for one, other in _pairs(before, after):
            for view in View:
                for basis in (Basis.GUARANTEED, Basis.INDEPENDENT):
                    low, high = one.view(view).level(basis), other.view(view).level(basis)
                    assert low is not None
                    assert high is not None
                    assert high.at_worst >= low.at_worst - CLOSE, (seed, one.agreement.id, view, basis)


def _raised(document):
    """The promises of every agreement to a provider and every own part at 99.99 %."""
    customers = {row["id"] for row in document["customers"]}
    for row in document["agreements"]:
        party = row.get("customer")
        named = party if isinstance(party, list) else [party]
        if not customers & set(named):
            _raise(row.get("targets", ()))
    for row in document["services"]:
        _raise(row.get("own", ()))
    return document


def _raise(stated) -> None:
    for target in stated:
        for key in ("availability", "assume"):
            if key in target and target[key] not in ("100%", 1, 1.0):
                target[key] = "99.99%"


def _pairs(before: Assessment, after: Assessment):
    def key(target: TargetAssessment):
        return target.agreement.id, target.service, target.target.value.exact

    slas = {a.agreement.id for a in before.targets if str(a.agreement.kind) == "SLA"}
    others = {key(t): t for t in after.targets}
    for target in before.targets:
        if target.agreement.id in slas and key(target) in others:
            yield target, others[key(target)]
