"""What surrounds every request: whose name it came by, which site's page sent it, and what a browser is told."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from olagraph_api.security.exposure import allowed_hosts
from olagraph_api.security.settings import SecuritySettings

SECURE_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    }
)
"""Sent with every answer, unless the answer brings its own."""

_PREFLIGHT_CACHE_S = 600
_POLICY_VIOLATION = 1008  # RFC 6455 §7.4.1
_FOREIGN = "not from another site's pages"


def security_middleware(settings: SecuritySettings) -> list[Middleware]:
    """What to give to `FastAPI(middleware=…)`, the outermost first."""
    stack = [
        Middleware(SecureHeaders),
        Middleware(TrustedHostMiddleware, allowed_hosts=list(allowed_hosts(settings)), www_redirect=False),
        Middleware(OriginGuard, allowed_origins=settings.allowed_origins),
    ]
    if settings.allowed_origins:
        stack.append(
            Middleware(
                CORSMiddleware,
                allow_origins=settings.allowed_origins,
                allow_methods=["GET", "POST"],
                allow_headers=["Authorization", "Content-Type"],
                expose_headers=["Retry-After"],
                max_age=_PREFLIGHT_CACHE_S,
            )
        )
    return stack


class SecureHeaders:
    """Adds SECURE_HEADERS to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                for name, value in SECURE_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class OriginGuard:
    """Refuses what another site's page sends, WebSockets too, which no CORS holds back. Links to us may be followed.

    Without accounts there is nothing else between a page that somebody on this machine visits and the API.
    """

    def __init__(self, app: ASGIApp, allowed_origins: tuple[str, ...] = ()) -> None:
        self._app = app
        self._allowed = frozenset(allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] in ("http", "websocket") and self._foreign(Headers(scope=scope)):
            refusal = PlainTextResponse(_FOREIGN, status_code=403)
            closing = WebSocketClose(
                code=_POLICY_VIOLATION, reason=_FOREIGN
            )  # before it is accepted: 403 too
            await (closing if scope["type"] == "websocket" else refusal)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _foreign(self, headers: Headers) -> bool:
        origins = headers.getlist("origin")
        if origins:
            return not all(self._admits(origin.lower(), headers.get("host", "")) for origin in origins)
        # Images, scripts and forms of other sites state no origin, but what they are (Fetch Metadata).
        return (
            headers.get("sec-fetch-site") in ("cross-site", "same-site")
            and headers.get("sec-fetch-mode") != "navigate"
        )

    def _admits(self, origin: str, host: str) -> bool:
        """Whether an origin is our own, whatever the scheme (a proxy may end TLS), or configured."""
        if origin in self._allowed:
            return True
        try:
            return bool(host) and urlsplit(origin).netloc == host.lower()
        except ValueError:
            return False
