"""The routes of a GraphQL endpoint."""

from collections.abc import Collection
from dataclasses import replace

import strawberry
from fastapi import APIRouter
from graphql import OperationType
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.websockets import WebSocket

from olagraph_api.http.answers import Answer
from olagraph_api.http.engine import Engine
from olagraph_api.http.media_types import EVENTS, JSON, acceptable
from olagraph_api.http.origins import is_foreign
from olagraph_api.http.requests import BadRequestError, read_get, read_post
from olagraph_api.http.scopes import Clients, Scope
from olagraph_api.http.server_sent_events import event_stream
from olagraph_api.http.transport_ws import serve_websocket
from olagraph_api.limits import Limits
from olagraph_api.plans import RequestRefusedError

_DEFAULT_LIMITS = Limits()


def graphql_router(
    schema: strawberry.Schema,
    *,
    clients: Clients,
    limits: Limits = _DEFAULT_LIMITS,
    origins: Collection[str] = (),
    path: str = "/graphql",
    page: str | None = None,
) -> APIRouter:
    """A router that serves a schema.

    POST takes queries and mutations in JSON, GET queries in its parameters; with `Accept: text/event-stream` either
    takes subscriptions as well, as does a WebSocket of the graphql-transport-ws protocol.

    Args:
        schema: its synchronous resolvers run on the event loop where the operation is cheap, else in a thread; mark
            those that compute for long with `strawberry.field(metadata={HEAVY: True})`.
        clients: lets clients in, on the event loop, once a request or WebSocket.
        limits: what clients may ask.
        origins: other sites whose pages may use the API, such as `https://portal.example`.
        path: where.
        page: where people are sent who open `path` in a browser.
    """
    engine = Engine(schema, limits)
    origins = frozenset(origins)

    async def over_http(request: Request) -> Response:
        if page is not None and _is_opened_in_a_browser(request):
            return RedirectResponse(page, 303)
        media_type = acceptable(request.headers.get("accept"))
        if media_type is None:
            return Answer.bad(
                "Accept application/graphql-response+json or application/json", status=406
            ).response(JSON)
        if is_foreign(request, origins):
            message = "Pages of other sites may not use this API: the server must be told of their origin"
            return Answer.bad(message, status=403).response(JSON if media_type == EVENTS else media_type)
        begin = await clients(request, {})
        return await answered(request, begin(), media_type)

    async def answered(request: Request, scope: Scope, media_type: str) -> Response:
        is_get = request.method == "GET"

        def response(
            answer: Answer, media_type: str = JSON if media_type == EVENTS else media_type
        ) -> Response:
            return replace(answer, request_id=scope.request_id).response(media_type, scope.headers)

        try:
            asked = read_get(request, limits) if is_get else await read_post(request, limits)
            operation = await engine.operation(asked)
        except BadRequestError as error:
            return response(scope.finish(Answer.bad(str(error), status=error.status)))
        except RequestRefusedError as refused:
            return response(scope.finish(Answer.refused(refused)))
        if is_get and operation.type is OperationType.MUTATION:
            return response(scope.finish(Answer.bad("Send mutations by POST", status=405)))
        if media_type == EVENTS:
            answers = engine.answers(operation, asked, scope)
            return event_stream(answers, ping_seconds=limits.ping_seconds)
        return response(await engine.answer(operation, asked, scope))

    async def over_websocket(websocket: WebSocket) -> None:
        await serve_websocket(websocket, engine=engine, clients=clients, origins=origins)

    router = APIRouter()
    router.add_route(path, over_http, methods=["GET", "POST"], include_in_schema=False)
    router.add_websocket_route(path, over_websocket)
    return router


def _is_opened_in_a_browser(request: Request) -> bool:
    """Whether a person follows a link here, who cannot read JSON; programs do not ask for HTML."""
    return (
        request.method == "GET"
        and "query" not in request.query_params
        and "text/html" in request.headers.get("accept", "")
    )
