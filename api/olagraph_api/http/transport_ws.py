"""WebSockets of the graphql-transport-ws protocol."""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import aclosing, suppress
from enum import IntEnum

import orjson
from starlette.exceptions import WebSocketException
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from olagraph_api.http.answers import Answer
from olagraph_api.http.engine import Engine
from olagraph_api.http.origins import is_foreign
from olagraph_api.http.requests import BadRequestError, GraphQLRequest
from olagraph_api.http.scopes import Begin, Clients
from olagraph_api.http.strict_json import NotJsonError, decode
from olagraph_api.limits import Code, refusal
from olagraph_api.plans import RequestRefusedError

PROTOCOL = "graphql-transport-ws"


class CloseCode(IntEnum):
    """Why the server closes; from 4400 on, the protocol says what each means."""

    GOING_AWAY = 1001
    TOO_LARGE = 1009
    BAD_MESSAGE = 4400
    NOT_INITIALISED = 4401
    FORBIDDEN = 4403
    PROTOCOL_NOT_SPOKEN = 4406
    INITIALISED_TOO_LATE = 4408
    ID_IN_USE = 4409
    INITIALISED_TWICE = 4429


class _Close(Exception):  # noqa: N818 - an order, not an error
    """Ends the connection."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


async def serve_websocket(
    websocket: WebSocket, *, engine: Engine, clients: Clients, origins: Collection[str]
) -> None:
    """Serve one WebSocket until either side closes it.

    Args:
        websocket: not yet accepted.
        engine: executes its operations.
        clients: lets the client in.
        origins: other sites whose pages may connect.
    """
    if is_foreign(websocket, origins):
        await websocket.close(CloseCode.FORBIDDEN)  # before it is accepted: HTTP 403
        return
    if PROTOCOL not in websocket.scope["subprotocols"]:
        await websocket.accept()
        await websocket.close(CloseCode.PROTOCOL_NOT_SPOKEN, f"Speak {PROTOCOL}")
        return
    await websocket.accept(PROTOCOL)
    await _Connection(websocket, engine, clients).serve()


class _Connection:
    """One accepted WebSocket and the operations that run on it."""

    def __init__(self, websocket: WebSocket, engine: Engine, clients: Clients) -> None:
        self._websocket = websocket
        self._engine = engine
        self._limits = engine.limits
        self._clients = clients
        self._begin: Begin | None = None
        self._running: dict[str, asyncio.Task[None]] = {}
        self._sending = asyncio.Lock()
        self._silent_pings = 0

    async def serve(self) -> None:
        """Until the end."""
        pings: asyncio.Task[None] | None = None
        try:
            await self._initialise()
            pings = asyncio.create_task(self._ping())
            while True:
                await self._obey(await self._received())
        except _Close as close:
            await self._close(close.code, str(close))
        except WebSocketDisconnect:
            pass
        finally:
            tasks = [*self._running.values(), *([pings] if pings else [])]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _initialise(self) -> None:
        try:
            async with asyncio.timeout(self._limits.init_seconds):
                message = await self._received()
                while message["type"] in ("ping", "pong"):
                    await self._obey(message)
                    message = await self._received()
        except TimeoutError:
            raise _Close(CloseCode.INITIALISED_TOO_LATE, "Connection initialisation timeout") from None
        if message["type"] != "connection_init":
            raise _Close(CloseCode.NOT_INITIALISED, "Unauthorized")
        payload = message.get("payload")
        if payload is not None and not isinstance(payload, dict):
            raise _Close(CloseCode.BAD_MESSAGE, "The payload of connection_init must be an object")
        try:
            self._begin = await self._clients(self._websocket, payload or {})
        except WebSocketException as refused:
            raise _Close(refused.code, refused.reason) from None
        await self._send({"type": "connection_ack"})

    async def _received(self) -> dict[str, object]:
        received = await self._websocket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code", CloseCode.GOING_AWAY))
        self._silent_pings = 0
        text = received.get("text")
        if not isinstance(text, str):
            raise _Close(CloseCode.BAD_MESSAGE, "Messages are text")
        if len(text) > self._limits.body_bytes:
            raise _Close(CloseCode.TOO_LARGE, f"Messages have at most {self._limits.body_bytes} characters")
        try:
            message = decode(text)
        except NotJsonError as error:
            raise _Close(CloseCode.BAD_MESSAGE, f"Refused: {error}"[:100]) from None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise _Close(CloseCode.BAD_MESSAGE, "A message is an object with a type")
        return message

    async def _obey(self, message: dict[str, object]) -> None:
        match message:
            case {"type": "ping"}:
                await self._send({"type": "pong"})
            case {"type": "pong"}:
                pass
            case {"type": "connection_init"}:
                raise _Close(CloseCode.INITIALISED_TWICE, "Too many initialisation requests")
            case {"type": "subscribe", "id": str(id_), "payload": dict(payload)} if id_:
                await self._subscribe(id_, payload)
            case {"type": "complete", "id": str(id_)}:
                if task := self._running.pop(id_, None):
                    task.cancel()
            case _:
                raise _Close(CloseCode.BAD_MESSAGE, "Not a message of the protocol")

    async def _subscribe(self, id_: str, payload: dict[str, object]) -> None:
        if id_ in self._running:
            raise _Close(CloseCode.ID_IN_USE, f"Subscriber for {id_} already exists"[:100])
        try:
            request = GraphQLRequest.from_members(payload)
        except BadRequestError as error:
            raise _Close(CloseCode.BAD_MESSAGE, str(error)) from None
        allowed = self._limits.connection_subscriptions
        if len(self._running) >= allowed:
            message = f"This connection has {allowed} open operations, all that it may have: complete some"
            too_many = refusal(message, Code.TOO_MANY_SUBSCRIPTIONS, allowed=allowed)
            await self._refuse(id_, Answer(errors=(too_many,), executed=False))
            return
        self._running[id_] = asyncio.create_task(self._run(id_, request))

    async def _run(self, id_: str, request: GraphQLRequest) -> None:
        try:
            await self._answer(id_, request)
        except WebSocketDisconnect:
            pass  # the reading side notices, too
        finally:
            if self._running.get(id_) is asyncio.current_task():
                del self._running[id_]

    async def _answer(self, id_: str, request: GraphQLRequest) -> None:
        assert self._begin is not None, "operations come after the initialisation"
        scope = self._begin()
        try:
            operation = await self._engine.operation(request)
        except RequestRefusedError as refused:
            await self._refuse(id_, scope.finish(Answer.refused(refused)))
            return
        async with aclosing(self._engine.answers(operation, request, scope)) as answers:
            async for answer in answers:
                if not answer.executed:
                    await self._refuse(id_, answer)
                    return
                head = orjson.dumps({"id": id_, "type": "next"}).removesuffix(b"}")
                await self._send_text(head + b',"payload":' + answer.encoded() + b"}")
        # Over for us: the client may use the id again as soon as it reads this.
        self._running.pop(id_, None)
        await self._send({"id": id_, "type": "complete"})

    async def _refuse(self, id_: str, answer: Answer) -> None:
        await self._send({"id": id_, "type": "error", "payload": answer.formatted_errors()})

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(self._limits.ping_seconds)
            if self._silent_pings >= 2:
                await self._close(CloseCode.GOING_AWAY, "No answer to pings")
                return
            self._silent_pings += 1
            try:
                await self._send({"type": "ping"})
            except WebSocketDisconnect:
                return

    async def _send(self, message: Mapping[str, object]) -> None:
        await self._send_text(orjson.dumps(message))

    async def _send_text(self, text: bytes) -> None:
        """Send a message.

        Raises:
            WebSocketDisconnect: the client is gone, or does not read.
        """
        try:
            async with asyncio.timeout(2 * self._limits.ping_seconds), self._sending:
                await self._websocket.send_text(text.decode())
        except (TimeoutError, RuntimeError):
            raise WebSocketDisconnect(CloseCode.GOING_AWAY) from None

    async def _close(self, code: int, reason: str) -> None:
        if self._websocket.application_state is WebSocketState.CONNECTED:
            with suppress(RuntimeError):  # it was closed from the other side meanwhile
                await self._websocket.close(code, reason)
