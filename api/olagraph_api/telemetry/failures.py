"""What a client is told where something goes wrong that nobody has foreseen; what it was is for the log."""

import logging

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from olagraph_api.telemetry.request_ids import request_id_of

_log = logging.getLogger(__name__)


class Failures:
    """Turns exceptions into answers that tell nothing but the request's id, and logs them beside it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except Exception as error:
            _log.error("%s %s failed", scope["method"], scope["path"], exc_info=error)
            if begun:
                raise  # the server cuts it off: half an answer must not look like a whole one
            told = {"detail": "Internal error", "requestId": request_id_of(scope)}
            await JSONResponse(told, 500)(scope, receive, send)
