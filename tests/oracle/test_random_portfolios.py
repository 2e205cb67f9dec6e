"""olagraph and the oracle agree on random portfolios, whole assessments at a time.

Thousands more: `python -m tests.oracle --count 5000`, which shrinks and prints what differs.
"""

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle.aiming import aimed
from tests.oracle.comparison import differences
from tests.oracle.portfolios import portfolio

SEEDS = range(400)
METRICS_OF_VISITS = ("success_rate", "latency", "percentile")


def _differences(seeds, metric, aim=False):
    for seed in seeds:
        document = portfolio(Random(seed), metric)
        if aim:
            document = aimed(document, Random(seed))
        if lines := differences(document, metric):
            yield f"seed {seed}: " + "; ".join(lines)


def test_every_availability_assessment_agrees_with_brute_force():
    assert list(_differences(SEEDS, "availability")) == []


def test_verdicts_agree_where_they_turn():
    """The same portfolios with every SLA's target on a basis, or between two."""
    assert list(_differences(SEEDS, "availability", aim=True)) == []


@pytest.mark.parametrize("metric", METRICS_OF_VISITS)
def test_the_independent_basis_agrees_where_every_visit_counts(metric):
    assert list(_differences(SEEDS, metric)) == []


@settings(max_examples=50)
@given(st.randoms(use_true_random=False))
def test_availability_agrees_on_what_hypothesis_draws(random):
    document = portfolio(random)
    assert differences(document, "availability") == [], json.dumps(document)
