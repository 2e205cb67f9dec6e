"""Subscriptions as server-sent events: the distinct connections mode of graphql-sse."""

import json
from typing import Any

import httpx
from httpx_sse import ServerSentEvent, aconnect_sse

from olagraph_api.limits import Limits
from tests.api.http.serving import Served, run, served, until


def events(server: Served, query: str, *, method: str = "POST") -> list[ServerSentEvent]:
    """All that the server sends."""
    request: dict[str, Any] = {"params": {"query": query}} if method == "GET" else {"json": {"query": query}}

    async def main() -> list[ServerSentEvent]:
        async with (
            httpx.AsyncClient() as client,
            aconnect_sse(client, method, server.url, **request) as source,
        ):
            return [event async for event in source.aiter_sse()]

    return run(main)


def shown(received: list[ServerSentEvent]) -> list[tuple[str, object]]:
    return [(event.event, json.loads(event.data) if event.data else None) for event in received]


def test_each_event_is_sent_until_the_subscription_is_complete() -> None:
    with served() as server:
        for method in ("POST", "GET"):
            assert shown(events(server, "subscription { servicesChanged { id } }", method=method)) == [
                ("next", {"data": {"servicesChanged": {"id": "s0"}}}),
                ("next", {"data": {"servicesChanged": {"id": "s1"}}}),
                ("complete", None),
            ]


def test_queries_are_answered_too() -> None:
    with served() as server:
        answer = {"data": {"services": {"totalCount": 6}}}
        assert shown(events(server, "{ services { totalCount } }")) == [("next", answer), ("complete", None)]


def test_invalid_requests_are_refused_before_the_stream_begins() -> None:
    with served() as server:
        headers = {"accept": "text/event-stream"}
        response = httpx.post(server.url, json={"query": "subscription { nothing }"}, headers=headers)
        assert response.headers["content-type"] == "application/json; charset=utf-8"
        assert response.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_mutations_are_not_taken_by_get() -> None:
    with served() as server:
        parameters = {"query": 'mutation { change(change: {id: "x"}) { id } }'}
        assert (
            httpx.get(server.url, params=parameters, headers={"accept": "text/event-stream"}).status_code
            == 405
        )
        assert server.shop.changes == 0


def test_a_client_that_goes_away_stops_the_source() -> None:
    with served() as server:

        async def main() -> None:
            request = {"query": "subscription { count(to: 1000, pause: 0.01) }"}
            async with (
                httpx.AsyncClient() as client,
                aconnect_sse(client, "POST", server.url, json=request) as source,
            ):
                async for _ in source.aiter_sse():
                    assert server.shop.listeners == 1
                    break
            await until(lambda: server.shop.listeners == 0)

        run(main)


def test_a_quiet_stream_is_kept_alive_by_comments() -> None:
    with served(Limits(ping_seconds=0.05)) as server:
        request = {"query": "subscription { count(to: 1, pause: 0.3) }"}
        response = httpx.post(server.url, json=request, headers={"accept": "text/event-stream"})
        assert response.text.count(":\n\n") >= 3
        assert response.text.endswith('event: next\ndata: {"data":{"count":0}}\n\nevent: complete\ndata:\n\n')
