"""Both stores, each in an empty database of its own; and the embedded one alone, where the store plays no part."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from olagraph.stores import Store
from tests.stores.conftest import file, neo4j_place, place, store
from tests.stores.places import SqlitePlace, opened

__all__ = ["embedded", "file", "neo4j_place", "place", "store"]


@pytest.fixture
def embedded(file: Path) -> Iterator[Store]:
    """An empty embedded store."""
    with closing(opened(SqlitePlace(file), create=True)) as store:
        yield store
