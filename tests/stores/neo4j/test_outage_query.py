"""The one query that finds what a provider's outage hits agrees with the analysis, where nothing is redundant."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings

from olagraph.analysis.outage.impact import outage_in
from olagraph.analysis.outage.index import OutageIndex
from olagraph.analysis.outage.results import Failed, ServiceState
from olagraph.graph import PortfolioGraph
from olagraph.model.workflow import AllOf, Sequence, Step
from olagraph.stores.neo4j.queries import HIT_BY_PROVIDER
from tests.documents.portfolio_strategies import portfolios
from tests.stores.neo4j.portfolios import without_redundancy
from tests.stores.writing import fresh_name, put

START = datetime(2026, 12, 1, 9, tzinfo=UTC)


def needed(step: Step | None, *, requires: bool) -> Step | None:
    """An expression without redundancy that a file can state."""
    if step is None:
        return None
    return without_redundancy(step, AllOf if requires else Sequence)


@settings(
    max_examples=15,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(portfolios())
def test_what_a_lost_provider_takes_down(store, query, portfolio):
    services = tuple(
        replace(
            service,
            workflow=needed(service.workflow, requires=False),
            requires=needed(service.requires, requires=True),
        )
        for service in portfolio.services
    )
    # Whether what a lost provider resells is lost with it, is no question of reachability.
    portfolio = replace(portfolio, services=services, agreements=())
    index = OutageIndex(PortfolioGraph(portfolio))
    name = fresh_name()
    put(store, portfolio, portfolio=name)
    for provider in portfolio.providers:
        found = outage_in(index, failed=Failed(providers=(provider.id,)), from_=START)
        down = [name for name, impact in found.services.items() if impact.state is ServiceState.DOWN]
        hit = query(HIT_BY_PROVIDER, portfolio=name, provider=provider.id)
        assert [service for (service,) in hit] == sorted(down)
    store.remove(name)


def test_the_query_finds_each_service_once_and_not_along_every_path(driver, address):
    """Of paths a portfolio of a few hundred services has more than there is time for."""
    explained = driver.execute_query("EXPLAIN " + HIT_BY_PROVIDER, PARAMETERS, database_=address.database)
    walks = [each for each in operators(explained.summary.plan) if "VarLengthExpand" in each]
    assert len(walks) == 2
    assert all("Pruning" in each for each in walks)


PARAMETERS = {"portfolio": "default", "provider": "somebody"}


def operators(plan):
    """The operators of an execution plan."""
    yield plan["operatorType"]
    for below in plan.get("children", ()):
        yield from operators(below)
