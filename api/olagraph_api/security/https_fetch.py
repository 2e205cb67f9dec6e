"""One small document over HTTPS, within bounds of size and time."""

import http.client
import socket
import ssl
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class FetchError(Exception):
    """The document cannot be had. Its text is one line with the address and the cause."""


def is_https(url: str) -> bool:
    """Whether `url` is an absolute https address without credentials."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        return False


def fetch(url: str, *, most_bytes: int, seconds: float, ca_file: Path | None = None) -> bytes:
    """The body of `url`. No redirection is followed: an address was configured, no other is meant.

    Args:
        seconds: for all of it, from the connection's start; a server that trickles is cut off.
        ca_file: PEM certificates to trust in place of the system's.

    Raises:
        FetchError: it cannot be had, is too large, or takes too long.
    """
    if not is_https(url):
        raise FetchError(f"{url!r} is no https address")
    cut = _Cut()
    timer = threading.Timer(seconds, cut.cut)
    timer.daemon = True
    try:
        context = ssl.create_default_context(cafile=ca_file)
        opener = urllib.request.OpenerDirector()  # bare: no file:, ftp: or http:, no redirections
        for handler in (
            urllib.request.ProxyHandler(),
            _Https(context, cut),
            urllib.request.HTTPErrorProcessor(),
            urllib.request.HTTPDefaultErrorHandler(),
        ):
            opener.add_handler(handler)
        timer.start()
        with opener.open(
            urllib.request.Request(url, headers={"Accept": "application/json"}), timeout=seconds
        ) as answer:
            content: bytes = answer.read(most_bytes + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise FetchError(f"{url} answers {error.code}") from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        cause = f"no answer within {seconds:g} s" if cut.done else getattr(error, "reason", None) or error
        raise FetchError(f"cannot fetch {url}: {cause}") from None
    finally:
        timer.cancel()
    if cut.done:  # a body without a stated length looks complete when it is cut off
        raise FetchError(f"cannot fetch {url}: no answer within {seconds:g} s")
    if len(content) > most_bytes:
        raise FetchError(f"{url} answers with more than {most_bytes:,} bytes")
    return content


class _Cut:
    """Ends a connection from outside: a socket's own timeout starts afresh with every byte."""

    def __init__(self) -> None:
        self.done = False
        self._socket: socket.socket | None = None

    def watch(self, connected: socket.socket) -> None:
        self._socket = connected

    def cut(self) -> None:
        self.done = True
        if self._socket is not None:
            try:
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:  # it is closed already
                return


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, context: ssl.SSLContext, cut: _Cut) -> None:
        super().__init__(context=context)
        self._trusted, self._cut = context, cut

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        def connection(host: str, **options: Any) -> http.client.HTTPSConnection:
            return _Connection(self._cut, host, **options)

        return self.do_open(connection, request, context=self._trusted)


class _Connection(http.client.HTTPSConnection):
    def __init__(self, cut: _Cut, host: str, **options: Any) -> None:
        super().__init__(host, **options)
        self._cut = cut

    def connect(self) -> None:
        super().connect()
        self._cut.watch(self.sock)
