"""Both stores, each in an empty database of its own."""

import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.crashes import LocalNeo4j
from olagraph.stores import Store
from tests.stores.places import Neo4jPlace, Place, SqlitePlace, opened


class Server(NamedTuple):
    """A Neo4j for the tests: its URL, and what the environment says about it."""

    url: str
    environment: Mapping[str, str]


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The Neo4j that NEO4J_URI names, which the tests empty; else one of their own for as long as they run."""
    if url := os.environ.get("NEO4J_URI"):
        yield Server(url, os.environ)
        return
    with closing(LocalNeo4j(tmp_path_factory.mktemp("neo4j"))) as server:
        yield Server(server.url, server.environment)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where no file is yet."""
    return tmp_path / "portfolios.db"


@pytest.fixture(params=["sqlite", "neo4j"])
def place(request: pytest.FixtureRequest, file: Path) -> Iterator[Place]:
    """An empty database."""
    if request.param == "sqlite":
        yield SqlitePlace(file)
        return
    server = request.getfixturevalue("neo4j_server")
    with closing(Neo4jPlace(server.url, server.environment)) as place:
        place.empty()
        yield place


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """An empty store."""
    with closing(opened(place, create=True)) as store:
        yield store
