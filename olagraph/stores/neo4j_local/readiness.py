"""Waiting until a server that was started answers."""

import socket
import time

import psutil
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from olagraph.stores.errors import StoreError
from olagraph.stores.neo4j_local.console import summary
from olagraph.stores.neo4j_local.folder import Folder
from olagraph.stores.neo4j_local.java import runs
from olagraph.stores.neo4j_local.server import HOST, USER

_PAUSE = 0.1  # seconds between two looks


def await_answer(
    folder: Folder, process: psutil.Process, *, port: int, password: str, patience: float
) -> None:
    """Wait until the server answers a query, at most `patience` seconds.

    Raises:
        StoreError: its process ended, it does not take the password, or the time is over.
    """
    deadline = time.monotonic() + patience
    while not _answers(folder, port=port, password=password):
        if not runs(process):
            raise _failed(folder, "ended at its start")
        if time.monotonic() > deadline:
            raise _failed(folder, f"does not answer after {patience:.0f} s")
        time.sleep(_PAUSE)


def _answers(folder: Folder, *, port: int, password: str) -> bool:
    try:
        # The driver would log that nobody listens yet.
        socket.create_connection((HOST, port), timeout=1).close()
        with (
            GraphDatabase.driver(f"bolt://{HOST}:{port}", auth=(USER, password)) as driver,
            driver.session() as session,
        ):
            session.run("RETURN 1").consume()
    except AuthError:
        kept = f", which {folder.password_file} holds" if folder.password_file.exists() else ""
        raise StoreError(
            f"the Neo4j in {folder.path} does not take this password of its user {USER}:"
            f" give the one it was set to{kept} (NEO4J_PASSWORD counts where none is given)"
        ) from None
    except (OSError, DriverError, Neo4jError):
        return False
    return True


def _failed(folder: Folder, how: str) -> StoreError:
    printed = summary(folder.console.read_text(encoding="utf-8", errors="replace"))
    return StoreError(f"Neo4j in {folder.path} {how}: {printed}; see {folder.console}")
