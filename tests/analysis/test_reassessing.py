"""A change re-assesses what it touches, and the answer is the one that assessing everything gives."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any
from weakref import ref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olagraph.analysis.assess import assess
from olagraph.analysis.reassess import AssessedPortfolio, assess_anew, reassess
from olagraph.analysis.results import Assessment
from olagraph.graph import PortfolioGraph
from olagraph.model.entities import (
    Agreement,
    AgreementKind,
    Covers,
    Customer,
    Portfolio,
    Provider,
    ProviderKind,
    Service,
    Target,
)
from olagraph.model.quantity import Dimension, Quantity
from olagraph.model.workflow import Sequence, Step
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


# What is judged again ---------------------------------------------------------------------------------------

FAN_OUT, SERVICES = 3, 400


def target(value: str, metric: str = "availability") -> Target:
    dimension = Dimension.RATIO if metric == "availability" else Dimension.DURATION
    return Target(metric=metric, value=Quantity.parse(value, dimension))


def above(number: int) -> list[str]:
    """A service of the tree and those that rest on it."""
    found = [number]
    while found[-1]:
        found.append((found[-1] - 1) // FAN_OUT)
    return [f"s{place}" for place in found]


def promised(kind: AgreementKind, service: str, provider: str, customer: str, *targets: Target) -> Agreement:
    return Agreement(
        id=f"{kind}-{service}".lower(),
        kind=kind,
        provider=provider,
        customers=(customer,),
        covers=Covers(services=(service,)),
        targets=targets,
    )


def tree() -> Portfolio:
    """A tree of services, bought at the leaves; each of ours is promised to a customer on two metrics."""
    services, agreements = [], []
    for i in range(SERVICES):
        below = [FAN_OUT * i + j for j in range(1, FAN_OUT + 1) if FAN_OUT * i + j < SERVICES]
        if below:
            own = (target("99.99%"), target("10 ms", "latency"))
            steps = tuple(Step(of=f"s{j}") for j in below)
            services.append(Service(id=f"s{i}", provider="it", workflow=Step(of=Sequence(steps)), own=own))
            slas = (target("99%"), target("2 s", "latency"))
            agreements.append(promised(AgreementKind.SLA, f"s{i}", "it", "c", *slas))
        else:
            services.append(Service(id=f"s{i}", provider="shop"))
            contract = (target("99.95%"), target("20 ms", "latency"))
            agreements.append(promised(AgreementKind.UC, f"s{i}", "shop", "it", *contract))
    return Portfolio(
        name="tree",
        providers=(
            Provider(id="it", kind=ProviderKind.INTERNAL),
            Provider(id="shop", kind=ProviderKind.EXTERNAL),
        ),
        customers=(Customer(id="c"),),
        services=tuple(services),
        agreements=tuple(agreements),
    )


TREE = tree()
LEAF = SERVICES - 1


def with_one(portfolio: Portfolio, section: str, id_: str, **fields: Any) -> Portfolio:
    """With one entity stated otherwise."""
    entities: dict[str, Any] = {
        section: tuple(replace(e, **fields) if e.id == id_ else e for e in getattr(portfolio, section))
    }
    return replace(portfolio, **entities)


def leaf_promises(availability: str, latency: str) -> Portfolio:
    targets = (target(availability), target(latency, "latency"))
    return with_one(TREE, "agreements", f"uc-s{LEAF}", targets=targets)


CHANGES: dict[str, tuple[Callable[[], Portfolio], int]] = {
    "nothing": (lambda: TREE, 0),
    "an availability at the bottom": (lambda: leaf_promises("99.9%", "20 ms"), len(above(LEAF)) - 1),
    "a latency at the bottom": (lambda: leaf_promises("99.95%", "30 ms"), len(above(LEAF)) - 1),
    "both": (lambda: leaf_promises("99.9%", "30 ms"), 2 * (len(above(LEAF)) - 1)),
    "an SLA": (lambda: with_one(TREE, "agreements", "sla-s1", targets=(target("98%"),)), 1),
    "an own part": (
        lambda: with_one(TREE, "services", "s5", own=(target("99.9%"), target("10 ms", "latency"))),
        len(above(5)) + 1,  # and what else is promised on the service itself
    ),
    "a name": (lambda: with_one(TREE, "services", "s5", name="Five"), 2 * len(above(5))),
    "a supplier's contact": (lambda: with_one(TREE, "providers", "shop", contact="Bob"), 0),
    "a supplier that nobody uses": (
        lambda: replace(TREE, providers=(*TREE.providers, Provider(id="new", kind=ProviderKind.EXTERNAL))),
        0,
    ),
    "terms that come after what is agreed": (
        lambda: replace(
            TREE,
            agreements=(
                *TREE.agreements,
                replace(TREE.agreements[-1], id="terms", customers=(), targets=(target("50%"),)),
            ),
        ),
        2 * (len(above(LEAF)) - 1),
    ),
    "the currency": (
        lambda: replace(TREE, currency="EUR"),
        2 * sum(s.workflow is not None for s in TREE.services),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_only_what_a_change_touches_is_judged_again(name: str) -> None:
    change, expected = CHANGES[name]
    judged = [0]
    after = reassess(assess_anew(TREE, SETTINGS), change(), progress=lambda done, _: judged.append(done))
    assert max(judged) == expected
    assert printed(after.assessment) == printed(assess(after.portfolio, SETTINGS))


def test_nothing_of_an_earlier_portfolio_is_kept() -> None:
    state = assess_anew(TREE, SETTINGS)
    graphs = []
    for number in (LEAF, LEAF - 30, LEAF - 90):
        graphs.append(ref(state._grounds.graph))
        changed = with_one(state.portfolio, "agreements", f"uc-s{number}", targets=(target("99.9%"),))
        state = reassess(state, changed)
    gc.collect()
    assert [graph() for graph in graphs] == [None, None, None]
