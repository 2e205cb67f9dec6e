"""The routes of a GraphQL endpoint."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from inspect import isawaitable
from typing import TypeAlias

import strawberry
from fastapi import APIRouter
from graphql import OperationType
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from olagraph_api.http.answers import Answer
from olagraph_api.http.engine import Engine
from olagraph_api.http.media_types import EVENTS, JSON, acceptable
from olagraph_api.http.origins import is_foreign
from olagraph_api.http.requests import BadRequestError, read_get, read_post
from olagraph_api.http.server_sent_events import event_stream
from olagraph_api.http.transport_ws import serve_websocket
from olagraph_api.limits import Limits
from olagraph_api.plans import RequestRefusedError

ContextGetter: TypeAlias = Callable[[HTTPConnection, Mapping[str, object]], object | Awaitable[object]]
"""Makes `info.context` for a connection and the payload of a WebSocket's `connection_init` (empty over HTTP).

A `starlette.exceptions.HTTPException` refuses the connection.
"""

_DEFAULT_LIMITS = Limits()


def graphql_router(
    schema: strawberry.Schema,
    *,
    context: ContextGetter,
    limits: Limits = _DEFAULT_LIMITS,
    origins: Collection[str] = (),
    path: str = "/graphql",
) -> APIRouter:
    """A router that serves a schema.

    POST takes queries and mutations in JSON, GET queries in its parameters; with `Accept: text/event-stream` either
    takes subscriptions as well, as does a WebSocket of the graphql-transport-ws protocol.

    Args:
        schema: its synchronous resolvers run on the event loop where the operation is cheap, else in a thread; mark
            those that compute for long with `strawberry.field(metadata={HEAVY: True})`.
        context: makes what resolvers read as `info.context`; on the event loop, once a request or WebSocket.
        limits: what clients may ask.
        origins: other sites whose pages may use the API, such as `https://portal.example`.
        path: where.
    """
    engine = Engine(schema, limits)
    origins = frozenset(origins)

    async def made_context(connection: HTTPConnection, payload: Mapping[str, object]) -> object:
        made = context(connection, payload)
        return await made if isawaitable(made) else made

    async def over_http(request: Request) -> Response:
        media_type = acceptable(request.headers.get("accept"))
        if media_type is None:
            return Answer.bad(
                "Accept application/graphql-response+json or application/json", status=406
            ).response(JSON)
        refused_in = JSON if media_type == EVENTS else media_type
        if is_foreign(request, origins):
            message = "Pages of other sites may not use this API: the server must be told of their origin"
            return Answer.bad(message, status=403).response(refused_in)
        made = await made_context(request, {})
        is_get = request.method == "GET"
        try:
            asked = read_get(request, limits) if is_get else await read_post(request, limits)
            operation = await engine.operation(asked)
        except BadRequestError as error:
            return Answer.bad(str(error), status=error.status).response(refused_in)
        except RequestRefusedError as refused:
            return Answer.refused(refused).response(refused_in)
        if is_get and operation.type is OperationType.MUTATION:
            return Answer.bad("Send mutations by POST", status=405).response(refused_in)
        if media_type == EVENTS:
            return event_stream(engine.answers(operation, asked, made), ping_seconds=limits.ping_seconds)
        return (await engine.answer(operation, asked, made)).response(media_type)

    async def over_websocket(websocket: WebSocket) -> None:
        await serve_websocket(websocket, engine=engine, context=made_context, origins=origins)

    router = APIRouter()
    router.add_route(path, over_http, methods=["GET", "POST"], include_in_schema=False)
    router.add_websocket_route(path, over_websocket)
    return router
