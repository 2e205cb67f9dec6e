"""A change re-assesses what it touches, and the answer is the one that assessing everything gives."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olagraph.analysis.assess import assess
from olagraph.analysis.reassess import AssessedPortfolio, assess_anew, reassess
from olagraph.analysis.results import Assessment
from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Portfolio
from tests.analysis.drawn import SETTINGS, drawn
from tests.analysis.edits import Editor
from tests.oracle.portfolios import METRICS

STEPS = 8


def changes(random: Random, seed: int, metric: str) -> Iterator[tuple[AssessedPortfolio, AssessedPortfolio]]:
    """An assessed portfolio and the next, again and again; now and then from one long past."""
    editor = Editor(random)
    states = [assess_anew(drawn(seed, metric), SETTINGS)]
    for _ in range(STEPS):
        before = states[-1] if random.random() < 0.9 else random.choice(states)
        after = reassess(before, editor.edited(before.portfolio))
        states.append(after)
        yield before, after


def printed(assessment: Assessment) -> list[str]:
    """To the last digit: equal decimals may print differently."""
    return [repr(part) for part in (*assessment.targets, *assessment.findings, *assessment.not_assessed)]


def agree(seed: int, random: Random, metric: str) -> None:
    for step, (_, after) in enumerate(changes(random, seed, metric)):
        expected = assess(after.portfolio, SETTINGS)
        assert printed(after.assessment) == printed(expected), (seed, step)
        assert after.assessment == expected, (seed, step)


@pytest.mark.parametrize("metric", METRICS)
def test_after_any_chain_of_edits_it_is_the_assessment_of_the_whole(metric: str) -> None:
    for seed in range(40):
        agree(seed, Random(seed), metric)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5000), st.randoms(use_true_random=False), st.sampled_from(METRICS))
def test_it_is_after_edits_that_hypothesis_draws(seed: int, random: Random, metric: str) -> None:
    agree(seed, random, metric)


def test_what_was_assessed_before_stays_as_it_was() -> None:
    for seed in range(60):
        kept = [
            (before, printed(before.assessment)) for before, _ in changes(Random(seed), seed, "availability")
        ]
        for before, said in kept:
            assert printed(before.assessment) == said
            assert printed(reassess(before, before.portfolio).assessment) == said


def looked_up(portfolio: Portfolio, graph: PortfolioGraph) -> object:
    """Everything a graph is asked for."""
    services = [service.id for service in portfolio.services]
    return (
        dict(graph.agreements),
        [graph.covered_by(agreement) for agreement in graph.agreements.values()],
        [(graph.uses(s), graph.used_by(s), graph.covering(s)) for s in services],
        [graph.users(s, day=SETTINGS.as_of) for s in services],
        [
            list(graph.candidates(user=provider.id, service=s, day=SETTINGS.as_of))
            for s in services
            for provider in portfolio.providers
        ],
        [(graph.upstream(s), graph.downstream(s), graph.above([s])) for s in services],
        [graph.owners(provider.id) for provider in portfolio.providers],
        graph.cycles(),
        sorted(graph.used_first()) == sorted(services),
    )


def test_a_graph_built_on_an_earlier_one_is_the_graph() -> None:
    for seed in range(150):
        random = Random(seed)
        editor, portfolio = Editor(random), drawn(seed, "availability")
        graph = PortfolioGraph(portfolio)
        for _ in range(STEPS):
            portfolio = editor.edited(portfolio)
            graph = PortfolioGraph(portfolio, earlier=graph)
            if random.random() < 0.7:
                graph.cycles()
            assert looked_up(portfolio, graph) == looked_up(portfolio, PortfolioGraph(portfolio)), seed


def test_progress_may_end_the_work() -> None:
    class EnoughError(Exception):
        pass

    def enough(done: int, asked: int) -> None:
        raise EnoughError

    portfolio = drawn(1, "availability")
    state = assess_anew(portfolio, SETTINGS)
    renamed = tuple(replace(service, name="another") for service in portfolio.services)
    with pytest.raises(EnoughError):
        reassess(state, replace(portfolio, services=renamed), progress=enough)
    assert printed(reassess(state, portfolio).assessment) == printed(state.assessment)
