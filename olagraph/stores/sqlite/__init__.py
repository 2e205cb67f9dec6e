"""Portfolios in one SQLite file: the embedded store, for a laptop, a demo, CI."""

from olagraph.stores.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
