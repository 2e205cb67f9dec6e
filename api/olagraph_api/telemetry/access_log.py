"""One line of the log for each request, when it is answered."""

import logging
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger(__name__)

_PROBES = frozenset({"/healthz", "/readyz", "/metrics"})


def tell(scope: Scope, **fields: Any) -> None:
    """Have the line of a request say more about it."""
    scope.setdefault("state", {}).setdefault("told", {}).update(fields)


class AccessLog:
    """Tells of every HTTP request its method, path, status and duration, and what others `tell` of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noting_status)
        finally:
            path = scope["path"]
            level = logging.DEBUG if path in _PROBES and status == 200 else logging.INFO
            fields = {
                "status": status,
                "duration_ms": round((time.perf_counter() - began) * 1000, 2),
                "address": scope["client"][0] if scope.get("client") else None,
                **scope.get("state", {}).get("told", {}),
            }
            _log.log(level, "%s %s", scope["method"], path, extra={"fields": fields})
