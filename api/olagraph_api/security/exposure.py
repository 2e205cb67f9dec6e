"""What may be served without accounts: this machine, and to nobody who only borrows its browser."""

import ipaddress
import socket
from collections.abc import Callable

from olagraph_api.security.settings import SecuritySettings

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
"""What the Host of a request to this machine itself holds."""

UNIX = "unix:"
"""Begins a host that is the path of a Unix socket; who may connect is a matter of the file's permissions."""

Resolve = Callable[[str], tuple[str, ...]]


class UnsafeExposure(Exception):  # noqa: N818 - a refusal
    """What was asked would let strangers in. Its text is one line with the remedy."""


def resolved(host: str) -> tuple[str, ...]:
    """The addresses of a host by the system's resolver; none if it has none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def require_authentication(host: str, settings: SecuritySettings, *, resolve: Resolve = resolved) -> str:
    """Refuse to serve others than this machine where nobody can be told apart.

    Args:
        host: where to listen: an address, a name, or `unix:` and a path.

    Returns:
        What to listen on: with accounts `host` itself; without, the loopback address that was checked, so that a
        name cannot lead elsewhere a moment later.

    Raises:
        UnsafeExposure: others could reach `host`, and there is no authentication.
    """
    if settings.authenticates or host.startswith(UNIX):
        return host
    addresses = resolve(host) if host else ()
    if not addresses or not all(map(is_loopback, addresses)):
        raise UnsafeExposure(
            f"cannot serve on {host!r} without authentication, as others may reach it: serve on 127.0.0.1, or"
            " configure API keys ([keys] in the security settings, OLAGRAPH_KEYS_FILE) or OpenID Connect ([oidc])"
        )
    return addresses[0]


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own, IPv4-mapped or not."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_loopback


def allowed_hosts(settings: SecuritySettings) -> tuple[str, ...]:
    """The names that a request's Host may hold; `*` = any.

    Without accounts only this machine's and those configured: a page that has its own name resolve to 127.0.0.1 (DNS
    rebinding) then gets nothing. With accounts, any where none are configured: such a page has no credentials to send.
    """
    if settings.authenticates and not settings.allowed_hosts:
        return ("*",)
    return (*LOOPBACK_HOSTS, *settings.allowed_hosts)
