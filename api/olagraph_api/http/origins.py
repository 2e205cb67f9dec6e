"""Which pages may use the API from a browser: those of its own origin, and those it is told of."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection


def is_foreign(connection: HTTPConnection, allowed: Collection[str]) -> bool:
    """Whether a browser says that a page of another site made the request; programs say nothing.

    Args:
        connection: HTTP or WebSocket, to which browsers do not apply their same-origin policy.
        allowed: origins that may, such as `https://portal.example`.
    """
    origin = connection.headers.get("origin")
    if origin is not None:
        own = connection.headers.get("host", "").lower()
        return origin not in allowed and urlsplit(origin).netloc.lower() != own
    # A GET from a page has no Origin, but says where it comes from.
    return connection.headers.get("sec-fetch-site") in ("cross-site", "same-site")
