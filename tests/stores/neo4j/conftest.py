"""A store in Neo4j, and ways past it."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from neo4j import Driver, GraphDatabase

from olagraph.stores import parse_address
from olagraph.stores.neo4j import Neo4jStore

Query = Callable[..., list[list[Any]]]


@pytest.fixture(scope="session")
def address(neo4j_server):
    """Where the server is."""
    return parse_address(neo4j_server.url, neo4j_server.environment)


@pytest.fixture(scope="session")
def driver(address) -> Iterator[Driver]:
    """The way past olagraph."""
    with GraphDatabase.driver(
        address.server, auth=(address.user or "", address.password or ""), notifications_min_severity="OFF"
    ) as driver:
        yield driver


@pytest.fixture
def store(neo4j_place, address) -> Iterator[Neo4jStore]:
    """An empty store."""
    neo4j_place.empty()
    with closing(Neo4jStore.open(address, create=True)) as store:
        yield store


@pytest.fixture
def query(driver, address) -> Query:
    """Runs Cypher; the rows."""

    def run(text: str, **parameters: Any) -> list[list[Any]]:
        found = driver.execute_query(text, parameters, database_=address.database)
        return [list(record) for record in found.records]

    return run
