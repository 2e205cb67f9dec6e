"""Request ids: taken from the client where he sends one, told in the answer and beside every line of the log."""

import re
import secrets
from contextvars import ContextVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-ID"

_CURRENT: ContextVar[str | None] = ContextVar("request_id", default=None)
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


def current_request_id() -> str | None:
    """The id of the request that is being answered; None outside of any."""
    return _CURRENT.get()


def request_id_of(scope: Scope) -> str:
    """The id of a connection that came through `RequestIds`."""
    id_: str = scope["state"]["request_id"]
    return id_


class RequestIds:
    """Gives every connection an id: the client's own, if it is a plain one, so that his log and ours meet."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        sent = Headers(scope=scope).get(HEADER, "")
        id_ = sent if _ACCEPTED.fullmatch(sent) else secrets.token_hex(8)

        async def send_with_id(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                MutableHeaders(scope=message)[HEADER] = id_
            await send(message)

        scope.setdefault("state", {})["request_id"] = id_
        token = _CURRENT.set(id_)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            _CURRENT.reset(token)
