"""Both stores, each in a database that no other test has left anything in."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from olagraph.stores import Store
from tests.conftest import Server
from tests.stores.places import Neo4jPlace, Place, SqlitePlace, opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where no file is yet."""
    return tmp_path / "portfolios.db"


@pytest.fixture(scope="session")
def neo4j_place(neo4j_server: Server) -> Iterator[Neo4jPlace]:
    """The one database of the server that all tests share: each empties it first."""
    with closing(Neo4jPlace(neo4j_server.url, neo4j_server.environment)) as place:
        yield place


@pytest.fixture(params=["sqlite", "neo4j"])
def place(request: pytest.FixtureRequest, file: Path) -> Place:
    """A database that holds nothing, or a store without a portfolio."""
    if request.param == "sqlite":
        return SqlitePlace(file)
    place: Neo4jPlace = request.getfixturevalue("neo4j_place")
    place.empty()
    return place


@pytest.fixture
def bare_place(place: Place) -> Place:
    """A database that holds nothing."""
    place.strip()
    return place


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """An empty store."""
    with closing(opened(place, create=True)) as store:
        yield store
