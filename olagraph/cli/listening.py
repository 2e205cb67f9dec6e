"""Where a server listens: a TCP port or a Unix socket, bound before anything else is started."""

import errno
import os
import socket
import stat
from contextlib import suppress
from pathlib import Path

from olagraph.cli.refusals import Refusal

UNIX = "unix:"


def listening_at(host: str, port: int, *, other_port: bool = False) -> tuple[socket.socket, str]:
    """A bound socket, and the address that people open.

    Args:
        host: an address or name, or `unix:` and a path.
        port: 0 = a free one.
        other_port: where the port is taken, take a free one.

    Raises:
        Refusal: it is taken, or not to be had.
    """
    if host.startswith(UNIX):
        return _unix_socket(Path(host.removeprefix(UNIX))), host
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise Refusal(f"cannot listen on {host!r}: {error.strerror or error}") from None
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        listening.close()
        if other_port and error.errno == errno.EADDRINUSE:
            return listening_at(host, 0)
        raise Refusal(
            f"cannot listen on port {port} of {host}: {error.strerror or error}; --port names another, 0 a free one"
        ) from None
    name = f"[{host}]" if ":" in host else host
    return listening, f"http://{name}:{listening.getsockname()[1]}"


def _unix_socket(path: Path) -> socket.socket:
    """Whoever may write the file may connect: its owner alone."""
    with suppress(FileNotFoundError):
        if not stat.S_ISSOCK(os.stat(path).st_mode):
            raise Refusal(f"cannot listen on {path}: it is no socket")
        if _is_listened_to(path):
            raise Refusal(f"cannot listen on {path}: another server does")
        path.unlink()
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    masked = os.umask(0o177)
    try:
        listening.bind(str(path))
    except OSError as error:
        listening.close()
        raise Refusal(f"cannot listen on {path}: {error.strerror or error}") from None
    finally:
        os.umask(masked)
    return listening


def _is_listened_to(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True
