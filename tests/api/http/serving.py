"""The small schema behind a real server."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import uvicorn
from fastapi import FastAPI
from starlette.exceptions import HTTPException, WebSocketException
from starlette.requests import HTTPConnection

from olagraph_api.http import Begin, Scope, graphql_router
from olagraph_api.limits import Limits
from tests.api.shop import Shop, schema, shop

T = TypeVar("T")


@dataclass(frozen=True)
class Served:
    """A running server.

    Attributes:
        port: on the loopback interface.
        shop: its data.
    """

    port: int
    shop: Shop

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    @property
    def websocket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/graphql"


def app(data: Shop, limits: Limits, *, origins: tuple[str, ...] = ()) -> FastAPI:
    """An application with nothing but the endpoint; a connection that says so is not let in."""

    async def clients(connection: HTTPConnection, payload: Mapping[str, object]) -> Begin:
        if payload.get("key") == "wrong":
            raise WebSocketException(4403, "Forbidden")
        if connection.headers.get("authorization") == "wrong":
            raise HTTPException(401)
        return lambda: Scope(data)

    application = FastAPI()
    application.include_router(graphql_router(schema(), clients=clients, limits=limits, origins=origins))
    return application


@contextmanager
def served(
    limits: Limits | None = None, *, origins: tuple[str, ...] = (), data: Shop | None = None
) -> Iterator[Served]:
    """A server in a thread of its own, for as long as the block runs."""
    data = data or shop()
    application = app(data, limits or Limits(), origins=origins)
    config = uvicorn.Config(application, port=0, log_level="error", lifespan="off", ws="websockets-sansio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        threading.Event().wait(0.01)
    try:
        yield Served(server.servers[0].sockets[0].getsockname()[1], data)
    finally:
        server.should_exit = True
        thread.join()


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.01)


def run(main: Callable[[], Awaitable[T]]) -> T:
    """Run a coroutine function."""

    async def running() -> T:
        return await main()

    return asyncio.run(running())
