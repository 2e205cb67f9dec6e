"""What the driver and the server say -> one line for people, with place, cause and remedy."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    DatabaseUnavailable,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from olagraph.stores.address import Address
from olagraph.stores.errors import StoreError
from olagraph.stores.neo4j.state import DamagedStateError

_TIMED_OUT = ("LockClientStopped", "TransactionTimedOutClientConfiguration")
_MEMORY = ("MemoryPoolOutOfMemoryError", "TransactionOutOfMemoryError", "OutOfMemoryError")

# The last part of a code of Neo4j's -> cause and remedy.
_CAUSES = {
    "Unauthorized": "wrong user or password; give them as NEO4J_USERNAME and NEO4J_PASSWORD, or in the URL",
    "AuthenticationRateLimit": "too many wrong passwords; wait a few seconds, and give the right one",
    "CredentialsExpired": "the password has expired; set a new one with ALTER CURRENT USER SET PASSWORD",
    "DatabaseNotFound": "there is no such database; name another one in the URL's path or as NEO4J_DATABASE",
    "Forbidden": "the user may not do this; grant it the rights to read, to write and to make constraints",
    "WriteOnReadOnlyAccessDatabase": "the database is read-only; name another one, or let the server write it",
    "DatabaseUnavailable": "the database is stopped or starting; start it, and try again",
    **dict.fromkeys(
        _TIMED_OUT,
        "another writer, or somebody's open transaction, holds a lock and did not let go in time; SHOW TRANSACTIONS"
        " tells whose it is: try again when it is done",
    ),
    **dict.fromkeys(
        _MEMORY,
        "a transaction needs more memory than the server grants; raise dbms.memory.transaction.total.max,"
        " db.memory.transaction.max or server.memory.heap.max_size there",
    ),
}

# What Neo4j says under a code that says little -> cause and remedy.
_SAYINGS = {
    "The system database supports": "it is Neo4j's own database; name another one in the URL's path, or none",
    "too large to index": "an id is longer than the 8 kB that Neo4j's index takes; nothing was written: shorten it",
}


class OutOfServerMemoryError(Exception):
    """The server lacks memory for a transaction."""


@contextmanager
def out_of_memory_at_once() -> Iterator[None]:
    """Inside a transaction: what lacks memory now will lack it again, and must not be repeated for half a minute."""
    try:
        yield
    except Neo4jError as error:
        if _last(error) in _MEMORY:
            raise OutOfServerMemoryError from error
        raise


@contextmanager
def told_of(address: Address) -> Iterator[None]:
    """Failures of the driver and the server as StoreError.

    Raises:
        StoreError: one happened.
    """
    try:
        yield
    except OutOfServerMemoryError as error:
        raise StoreError(f"{address.shown}: {_CAUSES[_MEMORY[0]]}") from error
    except DamagedStateError as error:
        raise StoreError(f"{address.shown}: {error}") from error
    except (DriverError, Neo4jError) as error:
        raise StoreError(f"{address.shown}: {_cause(error, address)}") from error


def _cause(error: DriverError | Neo4jError, address: Address) -> str:
    if isinstance(error, AuthError) and address.user is None:
        return (
            "it asks for a user and a password; give them as NEO4J_USERNAME and NEO4J_PASSWORD, or in the URL"
        )
    if isinstance(error, Neo4jError) and (known := _CAUSES.get(_last(error)) or _known_saying(error)):
        return known
    if isinstance(error, IncompleteCommit):
        return (
            "the connection was lost during a write; read the portfolio again to see whether it was written"
        )
    if isinstance(error, ServiceUnavailable | SessionExpired | DatabaseUnavailable):
        return _unreachable(error)
    if isinstance(error, ConfigurationError):
        return _one_line(error)
    said = _one_line((error.message if isinstance(error, Neo4jError) else None) or error)
    return f"Neo4j {'refused' if isinstance(error, ClientError) else 'failed'}: {said}"


def _known_saying(error: Neo4jError) -> str | None:
    said = error.message or ""
    return next((cause for text, cause in _SAYINGS.items() if text in said), None)


# What lies below a failed connection -> cause and remedy; the first that is found counts.
_UNREACHABLE: tuple[tuple[type[BaseException], str], ...] = (
    (socket.gaierror, "the host has no address; is its name right?"),
    (
        ssl.SSLCertVerificationError,
        "its certificate is not trusted; the scheme with +ssc takes one that the server signed itself",
    ),
    (ssl.SSLError, "it does not encrypt; without encryption the scheme is neo4j:// or bolt://"),
    (
        ConnectionRefusedError,
        "nothing answers there; start the server (`olagraph neo4j start` starts a local one), or name another port",
    ),
    (TimeoutError, "it does not answer; are host and port right, and does a firewall let you through?"),
)


def _unreachable(error: BaseException) -> str:
    below = tuple(_below(error))
    for type_, cause in _UNREACHABLE:
        if any(isinstance(each, type_) for each in below):
            return cause
    text = " ".join(map(str, below))
    if "HTTP" in text or "handshake" in text:
        return "what answers there speaks no Bolt; is it the port of Neo4j (7687), and does it want encryption (+s)?"
    return f"the connection was lost ({_one_line(below[-1])}); is the server running?"


def _below(error: BaseException) -> Iterator[BaseException]:
    """An exception and what led to it."""
    yield error
    for each in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _below(each)
    if (cause := error.__cause__ or error.__context__) is not None:
        yield from _below(cause)


def _last(error: Neo4jError) -> str:
    return (error.code or "").rpartition(".")[2]


def _one_line(error: object) -> str:
    return " ".join(str(error).split())
