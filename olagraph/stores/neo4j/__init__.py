"""Portfolios in Neo4j: the graph itself is what is kept, with the change log beside it."""

from olagraph.stores.neo4j.store import Neo4jStore

__all__ = ["Neo4jStore"]
