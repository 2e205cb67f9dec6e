"""Subscriptions by WebSocket: the graphql-transport-ws protocol, and its limits."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from olagraph_api.limits import Limits
from tests.api.http.serving import Served, run, served, until

PROTOCOL = "graphql-transport-ws"


@asynccontextmanager
async def opened(server: Served, *, init: bool = True, **options: Any) -> AsyncIterator[ClientConnection]:
    """A connection, initialised unless told otherwise."""
    async with connect(server.websocket_url, **{"subprotocols": [PROTOCOL], **options}) as socket:
        if init:
            await send(socket, type="connection_init")
            assert await received(socket) == {"type": "connection_ack"}
        yield socket


async def send(socket: ClientConnection, **message: object) -> None:
    await socket.send(json.dumps(message))


async def received(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(5):
        message: dict[str, Any] = json.loads(await socket.recv())
        return message


async def subscribe(socket: ClientConnection, query: str, *, id: str = "1", **more: object) -> None:
    await send(socket, type="subscribe", id=id, payload={"query": query, **more})


async def closed(socket: ClientConnection) -> tuple[int, str]:
    """The code and the reason with which the server closes."""
    async with asyncio.timeout(5):
        with suppress(ConnectionClosedError):
            async for _ in socket:
                pass
    assert socket.close_code is not None
    return socket.close_code, socket.close_reason or ""


def test_each_event_is_sent_until_the_subscription_is_complete() -> None:
    with served() as server:

        async def main() -> list[dict[str, Any]]:
            async with opened(server) as socket:
                await subscribe(
                    socket,
                    "subscription A($n: Int!) { count(to: $n) }",
                    variables={"n": 2},
                    operationName="A",
                )
                return [await received(socket) for _ in range(3)]

        assert run(main) == [
            {"id": "1", "type": "next", "payload": {"data": {"count": 0}}},
            {"id": "1", "type": "next", "payload": {"data": {"count": 1}}},
            {"id": "1", "type": "complete"},
        ]


def test_queries_and_mutations_are_answered_too() -> None:
    with served() as server:

        async def main() -> list[dict[str, Any]]:
            async with opened(server) as socket:
                await subscribe(socket, "{ services { totalCount } }")
                first = [await received(socket), await received(socket)]
                await subscribe(socket, 'mutation { change(change: {id: "x"}) { id } }')
                return [*first, await received(socket), await received(socket)]

        answers = run(main)
        assert answers[0]["payload"] == {"data": {"services": {"totalCount": 6}}}
        assert answers[2]["payload"] == {"data": {"change": {"id": "x"}}}
        assert server.shop.changes == 1


def test_a_completed_subscription_stops_at_its_source() -> None:
    with served() as server:

        async def main() -> None:
            async with opened(server) as socket:
                await subscribe(socket, "subscription { count(to: 1000, pause: 0.01) }")
                await received(socket)
                assert server.shop.listeners == 1
                await send(socket, type="complete", id="1")
                await until(lambda: server.shop.listeners == 0)
                await subscribe(socket, "subscription { count(to: 1) }")  # the id is free again

        run(main)


def test_a_client_that_goes_away_leaves_nothing_running() -> None:
    with served() as server:

        async def main() -> None:
            async with opened(server) as socket:
                for i in range(5):
                    await subscribe(socket, "subscription { count(to: 1000, pause: 0.01) }", id=str(i))
                await until(lambda: server.shop.listeners == 5)
            await until(lambda: server.shop.listeners == 0)

        run(main)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription ($n: Int!) { count(to: $n) }", "BAD_USER_INPUT"),
    ],
)
def test_what_is_not_executed_is_an_error_message(query: str, code: str) -> None:
    with served() as server:

        async def main() -> dict[str, Any]:
            async with opened(server) as socket:
                await subscribe(socket, query)
                return await received(socket)

        answer = run(main)
        assert (answer["type"], answer["id"]) == ("error", "1")
        assert answer["payload"][0]["extensions"]["code"] == code


def test_a_source_that_fails_is_masked(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    with served() as server:

        async def main() -> list[dict[str, Any]]:
            async with opened(server) as socket:
                await subscribe(socket, "subscription { failing }")
                return [await received(socket) for _ in range(3)]

        first, second, third = run(main)
        assert first["payload"] == {"data": {"failing": 1}}
        assert second["payload"]["errors"][0]["extensions"]["code"] == "INTERNAL"
        assert third == {"id": "1", "type": "complete"}
        assert "hunter2" in caplog.text


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (['{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}'], 4401),
        (['{"type": "connection_init"}', '{"type": "connection_init"}'], 4429),
        (['{"type": "connection_init", "payload": 1}'], 4400),
        (['{"type": "connection_init", "payload": {"key": "wrong"}}'], 4403),
        (["{"], 4400),
        (["[]"], 4400),
        ([b"\x00"], 4400),
        (['{"type": "connection_init"}', '{"type": "start"}'], 4400),
        (
            ['{"type": "connection_init"}', '{"type": "subscribe", "id": "", "payload": {"query": "{ a }"}}'],
            4400,
        ),
        (['{"type": "connection_init"}', '{"type": "subscribe", "id": "1", "payload": {"query": 1}}'], 4400),
        (['{"type": "connection_init"}', '{"type": "ping", "payload": "' + "x" * 300_000 + '"}'], 1009),
        (
            ['{"type": "connection_init"}']
            + [
                '{"type": "subscribe", "id": "1", "payload": {"query": "subscription { count(to: 9, pause: 1) }"}}'
            ]
            * 2,
            4409,
        ),
    ],
)
def test_whoever_breaks_the_protocol_is_told_so_and_cut_off(messages: list[str | bytes], code: int) -> None:
    with served() as server:

        async def main() -> tuple[int, str]:
            async with opened(server, init=False) as socket:
                for message in messages:
                    await socket.send(message)
                return await closed(socket)

        assert run(main)[0] == code


def test_a_client_must_initialise_in_time() -> None:
    with served(Limits(init_seconds=0.05)) as server:

        async def main() -> tuple[int, str]:
            async with opened(server, init=False) as socket:
                return await closed(socket)

        assert run(main) == (4408, "Connection initialisation timeout")


def test_another_protocol_is_not_spoken() -> None:
    with served() as server:

        async def main() -> tuple[int, str]:
            async with opened(server, init=False, subprotocols=None) as socket:
                return await closed(socket)

        assert run(main) == (4406, "Speak graphql-transport-ws")


@pytest.mark.parametrize(
    ("origin", "admitted"),
    [("https://evil.example", False), ("null", False), ("https://portal.example", True)],
)
def test_pages_of_other_sites_do_not_connect(origin: str, admitted: bool) -> None:
    """Browsers let any page connect: the server must look."""
    with served(origins=("https://portal.example",)) as server:

        async def main() -> None:
            async with opened(server, origin=origin):
                pass

        if admitted:
            run(main)
            return
        with pytest.raises(InvalidStatus) as refused:
            run(main)
        assert refused.value.response.status_code == 403


def test_one_connection_has_so_many_operations() -> None:
    with served(Limits(connection_subscriptions=2)) as server:

        async def main() -> dict[str, Any]:
            async with opened(server) as socket:
                for i in range(3):
                    await subscribe(socket, "subscription { count(to: 1000, pause: 1) }", id=str(i))
                return await received(socket)

        answer = run(main)
        assert (answer["type"], answer["id"]) == ("error", "2")
        assert answer["payload"][0]["extensions"] == {"code": "TOO_MANY_SUBSCRIPTIONS", "allowed": 2}


def test_one_process_has_so_many_subscriptions() -> None:
    with served(Limits(subscriptions=1)) as server:

        async def main() -> dict[str, Any]:
            async with opened(server) as first, opened(server) as second:
                await subscribe(first, "subscription { count(to: 1000, pause: 1) }")
                await until(lambda: server.shop.listeners == 1)
                await subscribe(second, "subscription { count(to: 1000, pause: 1) }")
                return await received(second)

        assert run(main)["payload"][0]["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"


def test_pings_are_answered_on_both_sides() -> None:
    with served(Limits(ping_seconds=0.05)) as server:

        async def main() -> list[dict[str, Any]]:
            async with opened(server) as socket:
                await send(socket, type="ping")
                answers = [await received(socket)]
                for _ in range(4):  # more pings than a silent client gets
                    answers.append(await received(socket))
                    await send(socket, type="pong")
                return answers

        assert run(main) == [{"type": "pong"}, *[{"type": "ping"}] * 4]


def test_a_silent_client_is_cut_off() -> None:
    with served(Limits(ping_seconds=0.05)) as server:

        async def main() -> tuple[int, str]:
            async with opened(server) as socket:
                return await closed(socket)

        assert run(main) == (1001, "No answer to pings")
