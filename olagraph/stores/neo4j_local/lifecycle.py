"""Starting, finding and ending the server of a folder."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil

from olagraph.stores.errors import StoreError
from olagraph.stores.neo4j_local import java
from olagraph.stores.neo4j_local.folder import Folder, ProcessRecord
from olagraph.stores.neo4j_local.installation import install
from olagraph.stores.neo4j_local.readiness import await_answer
from olagraph.stores.neo4j_local.server import HOST, RunningServer, ServerSettings

_LETTING_GO = 1.0  # seconds in which a server that was killed a moment ago loses its port
_POLITE = 60.0  # seconds for a server to end by itself: it writes what is in memory to disk


def start(settings: ServerSettings, *, progress: Callable[[str], None]) -> RunningServer:
    """See `olagraph.stores.neo4j_local.start`."""
    folder = _folder(settings.folder)
    with _using(folder):
        folder.make()
        with folder.lock():
            found = _find(folder)
            if found is None:
                return _start_new(folder, settings, progress=progress)
            server, process = found
            password = settings.password or folder.read_password()
            if password is not None:
                await_answer(folder, process, port=server.port, password=password, patience=settings.patience)
            return server


def stop(path: Path, *, progress: Callable[[str], None]) -> RunningServer | None:
    """See `olagraph.stores.neo4j_local.stop`."""
    folder = _folder(path)
    with _using(folder):
        if not folder.path.is_dir() or (_find(folder) is None and not folder.is_ours):
            return None
    with _using(folder), folder.lock():
        found = _find(folder)
        if found is None:
            folder.forget_record()
            return None
        server, process = found
        progress(f"Stopping Neo4j in {folder.path}")
        _end(process, progress=progress)
        folder.forget_record()
        return server


def status(path: Path) -> RunningServer | None:
    """See `olagraph.stores.neo4j_local.status`."""
    found = _find(_folder(path))
    return found[0] if found is not None else None


def _find(folder: Folder) -> tuple[RunningServer, psutil.Process] | None:
    record = folder.read_record()
    process = java.find(folder, record.pid) if record is not None else None
    if record is None or process is None:
        return None
    return _running(folder, record, process), process


def _start_new(folder: Folder, settings: ServerSettings, *, progress: Callable[[str], None]) -> RunningServer:
    folder.forget_record()  # of a server that was killed
    port = _free_port(settings.port)
    java.write_configuration(folder, settings, port=port)
    if folder.holds_data:
        password = _password_of_the_data(folder, settings)
        installation = install(progress=progress)
    else:
        installation = install(progress=progress)
        password = _first_password(folder, settings)
        java.set_first_password(installation, folder, password=password)
    progress(f"Starting Neo4j {installation.version} in {folder.path}")
    process = java.launch(installation, folder, settings)
    try:
        record = ProcessRecord(process.pid, port, installation.version)
        folder.write_record(record)
        await_answer(folder, process, port=port, password=password, patience=settings.patience)
        return _running(folder, record, process)
    except BaseException:
        _end(process, progress=progress)
        folder.forget_record()
        raise


def _first_password(folder: Folder, settings: ServerSettings) -> str:
    if settings.password is None:
        return folder.read_password() or folder.generate_password()
    folder.forget_password()  # of a first start that failed
    return settings.password


def _password_of_the_data(folder: Folder, settings: ServerSettings) -> str:
    password = settings.password or folder.read_password()
    if password is None:
        raise StoreError(
            f"the password of the Neo4j in {folder.path} was given at its first start: give it again"
        )
    return password


def _free_port(port: int) -> int:
    """The port, or a free one for 0."""
    deadline = time.monotonic() + _LETTING_GO
    while True:
        try:
            return _bound(port)
        except OSError as error:
            if time.monotonic() > deadline:
                raise StoreError(
                    f"port {port} of {HOST} cannot be used ({error.strerror}): choose another, or 0 for a free one"
                ) from None
        time.sleep(_LETTING_GO / 10)


def _bound(port: int) -> int:
    with socket.socket() as probe:
        if os.name == "posix":
            # Else the closed connections of the last server keep its port for a minute.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))
        return int(probe.getsockname()[1])


def _end(process: psutil.Process, *, progress: Callable[[str], None]) -> None:
    try:
        process.terminate()
        try:
            process.wait(_POLITE)
        except psutil.TimeoutExpired:
            progress(f"It does not end within {_POLITE:.0f} s: killing process {process.pid}")
            process.kill()
            process.wait()
    except psutil.NoSuchProcess:
        return
    except psutil.AccessDenied:
        raise StoreError(f"cannot stop process {process.pid}: it is another user's") from None


def _running(folder: Folder, record: ProcessRecord, process: psutil.Process) -> RunningServer:
    return RunningServer(
        folder=folder.path,
        pid=record.pid,
        port=record.port,
        version=record.version,
        since=datetime.fromtimestamp(process.create_time(), UTC),
        password_file=folder.password_file if folder.password_file.exists() else None,
    )


def _folder(path: Path) -> Folder:
    return Folder(path.expanduser().resolve())


@contextmanager
def _using(folder: Folder) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"cannot use {error.filename or folder.path}: {error.strerror or error}") from None
