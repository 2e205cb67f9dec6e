"""Where portfolios live between runs: SQLite in a file, or Neo4j; one behaviour."""

from olagraph.documents.change_log import Change, Logged
from olagraph.stores.address import Address, is_store, parse_address
from olagraph.stores.errors import (
    Conflict,
    NoStore,
    StoreError,
    UnknownPortfolio,
    UnknownRevision,
    WrongAddress,
)
from olagraph.stores.store import Snapshot, Store, TargetVerdict, Tenant, WrittenAssessment, WrittenFinding

__all__ = [
    "Address",
    "Change",
    "Conflict",
    "Logged",
    "NoStore",
    "Snapshot",
    "Store",
    "StoreError",
    "TargetVerdict",
    "Tenant",
    "UnknownPortfolio",
    "UnknownRevision",
    "WrittenAssessment",
    "WrittenFinding",
    "WrongAddress",
    "is_store",
    "open_store",
    "parse_address",
]


def open_store(address: Address, *, create: bool = False) -> Store:
    """The store at an address.

    Args:
        create: make it, or bring its schema up to date, where that is needed; else neither reading nor opening
            ever writes.

    Raises:
        NoStore: it is not there, and is not to be made.
        StoreError: it cannot be reached or opened, is not olagraph's, or has another schema.
    """
    if address.file is not None:
        from olagraph.stores.sqlite import SqliteStore

        return SqliteStore.open(address.file, shown=address.shown, create=create)
    from olagraph.stores.neo4j import Neo4jStore

    return Neo4jStore.open(address, create=create)
