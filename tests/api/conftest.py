"""Both stores, each in an empty database of its own."""

from tests.stores.conftest import file, neo4j_place, place, store

__all__ = ["file", "neo4j_place", "place", "store"]
