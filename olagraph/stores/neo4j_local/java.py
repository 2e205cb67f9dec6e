"""Running the classes of Neo4j: the server, and the administration's command that sets the first password."""

import os
import subprocess
import sys
import warnings

import psutil

from olagraph.stores.errors import StoreError, WrongSetting
from olagraph.stores.neo4j_local.console import summary
from olagraph.stores.neo4j_local.folder import CONFIGURATION_MARK, Folder, write_private
from olagraph.stores.neo4j_local.installation import Installation
from olagraph.stores.neo4j_local.server import HOST, SHORTEST_PASSWORD, ServerSettings

_SERVER = "org.neo4j.server.CommunityEntryPoint"
_ADMINISTRATION = "org.neo4j.cli.AdminTool"

# What the launcher of Neo4j's own distribution sets, as far as Java 25 still needs it.
_OPTIONS = (
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-Dlog4j2.disable.jmx=true",
    "-Dio.netty.tryReflectionSetAccessible=true",
)

if sys.platform == "win32":
    _FLAGS = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
else:
    _FLAGS = 0


def write_configuration(folder: Folder, settings: ServerSettings, *, port: int) -> None:
    """Write `neo4j.conf` anew.

    Raises:
        WrongSetting: the settings want something else where a local server has no choice.
    """
    own = {
        "server.default_listen_address": HOST,
        "server.bolt.listen_address": f"{HOST}:{port}",
        "server.bolt.advertised_address": f"{HOST}:{port}",
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "server.memory.pagecache.size": settings.page_cache,
        "dbms.security.auth_enabled": "true",
        "dbms.usage_report.enabled": "false",
        # Clients are gone when one stops a server on one's own machine; waiting for more of them takes 10 s.
        "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",
    }
    if fixed := sorted(own.keys() & settings.extra.keys()):
        raise WrongSetting(f"{fixed[0]} is not for an extra setting: a local server decides it")
    lines = (f"{name}={value}\n" for name, value in {**own, **settings.extra}.items())
    folder.configuration.write_text(CONFIGURATION_MARK + "".join(lines), encoding="utf-8")


def set_first_password(installation: Installation, folder: Folder, *, password: str) -> None:
    """Set the password of a server that was never started, so that it never takes the one that everybody knows.

    Raises:
        WrongSetting: the password is too short.
        StoreError: it cannot be written.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise WrongSetting(
            f"the password is too short: Neo4j takes one of {SHORTEST_PASSWORD} characters or more"
        )
    # In a file, not among the arguments, which every user of the machine can list.
    arguments = folder.path / "password.arguments"
    write_private(arguments, _quoted(password))
    try:
        done = subprocess.run(
            [*_java(installation), _ADMINISTRATION, "dbms", "set-initial-password", "--", f"@{arguments}"],
            env={**os.environ, "NEO4J_HOME": str(folder.path), "NEO4J_CONF": str(folder.conf)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    finally:
        arguments.unlink()
    if done.returncode:
        said = (done.stdout + done.stderr).decode("utf-8", errors="replace").replace(password, "…")
        raise StoreError(f"cannot set the password of {folder.path}: {summary(said)}")


def launch(installation: Installation, folder: Folder, settings: ServerSettings) -> psutil.Process:
    """Start the server's process, detached from this one: neither its end nor Ctrl-C reaches it."""
    java, *options = _java(installation)
    own = (f"-Xmx{settings.heap}", *settings.java_options)
    with folder.console.open("wb") as console:
        child = subprocess.Popen(
            [java, *own, *options, _SERVER, *_arguments(folder), "--console-mode"],
            cwd=folder.path,
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            creationflags=_FLAGS,
        )
    process = psutil.Process(child.pid)
    with warnings.catch_warnings():
        # That it still runs when nobody here knows it any more is the purpose.
        warnings.simplefilter("ignore", ResourceWarning)
        del child
    return process


def find(folder: Folder, pid: int) -> psutil.Process | None:
    """The process, if it is the server of this folder and not one that got the number of a dead one."""
    try:
        process = psutil.Process(pid)
        command = process.cmdline()  # empty of a process that has ended and was not yet waited for
    except psutil.Error:
        return None
    return process if _SERVER in command and _arguments(folder)[0] in command else None


def runs(process: psutil.Process) -> bool:
    """Whether the process has not ended yet, waited for or not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _quoted(argument: str) -> str:
    """An argument as the administration reads it from a file, where `@` at its start would name another file."""
    escaped = argument.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if not argument.startswith("@") else f'"@{escaped}"'


def _java(installation: Installation) -> list[str]:
    return [str(installation.java), *_OPTIONS, "-cp", str(installation.jars / "*")]


def _arguments(folder: Folder) -> tuple[str, str]:
    return f"--home-dir={folder.path}", f"--config-dir={folder.conf}"
