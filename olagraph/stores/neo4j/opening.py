"""Whose database it is: empty, ours, another schema's, or somebody else's.

(:OlagraphStore {store: 'olagraph', schema})
"""

from typing import Any

from neo4j import ManagedTransaction, Session

from olagraph.stores.errors import NoStore, StoreError
from olagraph.stores.neo4j.schema import MARKER, VERSION, constraints

OLDEST = (5, 26)
"""The oldest server that is supported: the long-term release."""

_STORE = "olagraph"

_MARKED = f"MATCH (m:{MARKER} {{store: $store}})"

_WIPED = 0
"""Older than every schema: of a store that is being wiped, where nothing is made any more."""


def check_version(session: Session, *, shown: str) -> None:
    """Refuse a server that is too old.

    Raises:
        StoreError: it is.
    """
    found = session.run(
        "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0]"
    )
    version = next((str(record[0]) for record in found), "")
    numbers = tuple(int(part) for part in version.split("-")[0].split(".")[:2] if part.isdigit())
    if numbers and numbers < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise StoreError(f"{shown}: Neo4j {version} is too old; olagraph needs {oldest} or newer")


def check_schema(session: Session, *, shown: str, create: bool) -> None:
    """Take a database that is ours; make one where that is wanted.

    Raises:
        NoStore: the database is empty, and none is to be made.
        StoreError: it is somebody else's, or has another schema.
    """
    # Counted before the marker is looked for: who makes the store at the same time marks it before filling it.
    count = session.run("MATCH (n) RETURN count(n)").single(strict=True)[0]
    schema = _schema(session)
    if schema is None and count:
        raise StoreError(
            f"{shown} holds somebody else's graph of {count:,} nodes ({_labels(session)});"
            " nothing was written: name an empty database"
        )
    _refuse_others(schema, shown=shown, create=create)
    if schema is None or schema < VERSION:
        _make(session)


def check_store(transaction: ManagedTransaction, *, shown: str, lock: bool = False) -> None:
    """See to it that the store is still there, with this schema: others may have wiped it, or brought it up to date.

    Args:
        lock: keep it there until the transaction ends.

    Raises:
        NoStore, StoreError: it is not.
    """
    if lock:
        _run(transaction, f"{_MARKED} SET m.locked = true REMOVE m.locked", store=_STORE)
    _refuse_others(_schema(transaction), shown=shown, create=False)


def retire(transaction: ManagedTransaction, *, shown: str) -> None:
    """Let nobody make anything in the store any more, before it is wiped.

    Raises:
        NoStore, StoreError: it is none of this schema.
    """
    if _schema(transaction) != _WIPED:  # what stopped on the way goes on
        check_store(transaction, shown=shown, lock=True)
    _run(transaction, f"{_MARKED} SET m.schema = $schema", store=_STORE, schema=_WIPED)


def drop_schema(session: Session) -> None:
    """Remove the constraints, and the marker last. Whoever has made the store anew meanwhile, keeps it."""
    for name in constraints():
        session.execute_write(_run, f"DROP CONSTRAINT {name} IF EXISTS")
    session.execute_write(_run, f"{_MARKED} WHERE m.schema = $schema DELETE m", store=_STORE, schema=_WIPED)
    if _schema(session) is not None:
        _make(session)


def _schema(transaction: ManagedTransaction | Session) -> Any:
    """What the marker tells; None where there is none."""
    found = transaction.run(f"{_MARKED} RETURN m.schema", store=_STORE)
    return next((record[0] for record in found), None)


def _refuse_others(schema: Any, *, shown: str, create: bool) -> None:
    """Refuse every schema but this one, unless it is to be made out of nothing or out of an older one."""
    if schema is None:
        if not create:
            raise NoStore(
                f"{shown} holds no portfolio yet: `olagraph db init {shown}` or an import into it makes it a store"
            )
    elif not isinstance(schema, int):
        raise StoreError(f"{shown}: somebody changed its schema to {schema!r}; set it back to {VERSION}")
    elif schema == _WIPED and not create:
        raise StoreError(
            f"{shown} is being wiped: wait for it; if that was stopped, `olagraph db init {shown}` and"
            f" `olagraph db wipe {shown}` end it"
        )
    elif schema > VERSION:
        raise StoreError(
            f"{shown} was written by a newer olagraph (schema {schema}): upgrade olagraph to read it"
        )
    elif schema < VERSION and not create:
        raise StoreError(
            f"{shown} has the older schema {schema}: `olagraph db init {shown}` brings it up to date"
        )


def _labels(session: Session) -> str:
    found = session.run(
        "MATCH (n) UNWIND labels(n) AS label RETURN label, count(*) AS nodes ORDER BY nodes DESC, label LIMIT 5"
    )
    return ", ".join(f"{nodes:,} {label}" for label, nodes in found) or "without labels"


def _make(session: Session) -> None:
    # What changes the schema runs in transactions of its own; who makes the same at the same time waits for it.
    for statement in constraints().values():
        session.execute_write(_run, statement)
    session.execute_read(_run, "CALL db.awaitIndexes(60)")
    session.execute_write(
        _run, f"MERGE (m:{MARKER} {{store: $store}}) SET m.schema = $schema", store=_STORE, schema=VERSION
    )


def _run(transaction: ManagedTransaction, /, statement: str, **parameters: object) -> None:
    transaction.run(statement, parameters).consume()
