"""Requests made to hurt: each is answered with bounded work and memory.

Work is counted in function calls, not in seconds: a bound that holds on every machine. A million calls take about a
quarter of a second.
"""

import asyncio
import json
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, repeat
from typing import Any

import httpx
import pytest

from olagraph_api.limits import Limits
from tests.api.http.serving import app, run, served
from tests.api.shop import shop

LEGITIMATE_CALLS = 1_500_000
MEBIBYTE = 2**20


@dataclass(frozen=True)
class Effort:
    """What a request took, and its response."""

    response: httpx.Response
    calls: int
    peak_bytes: int


def measured(send: Callable[[], httpx.Response]) -> Effort:
    """Counts the function calls of this thread and of those that it starts, and the memory."""
    counted = count()

    def counting(_frame: object, event: str, _argument: object) -> None:
        if event in ("call", "c_call"):
            next(counted)

    tracemalloc.start()
    threading.setprofile(counting)
    sys.setprofile(counting)
    try:
        response = send()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return Effort(response, next(counted), peak)


def posted(body: object, **options: Any) -> Effort:
    """POST something, and measure."""
    application = app(shop(services=100, agreements=300), Limits())
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    options = {
        "headers": {"content-type": "application/json", "accept": "application/graphql-response+json"},
        **options,
    }

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.post("/graphql", content=content, **options)

    return measured(lambda: run(send))


def chain(length: int, body: str, last: str = "{ id }") -> str:
    """Fragments of which each spreads the next as `body` says."""
    links = [f"fragment F{i} on Service {{ {body.replace('NEXT', f'F{i + 1}')} }}" for i in range(length)]
    return " ".join([*links, f"fragment F{length} on Service {last}"])


SERVICES = "{{ services(first: 1) {{ nodes {{ {} }} }} }} "
ATTACKS = {
    "two hundred aliases": (
        "{" + " ".join(f"a{i}: services {{ totalCount }}" for i in range(200)) + "}",
        "DOCUMENT_TOO_LARGE",
    ),
    "aliases below the root": (
        SERVICES.format(" ".join(f"a{i}: id" for i in range(300))),
        "DOCUMENT_TOO_LARGE",
    ),
    "a fragment bomb": (SERVICES.format("...F0") + chain(60, "...NEXT ...NEXT"), "DOCUMENT_TOO_LARGE"),
    "a fragment bomb with nothing in it": (
        SERVICES.format("...F0") + chain(60, "...NEXT ...NEXT", "{ }"),
        None,
    ),
    "a bomb of inline fragments": (SERVICES.format("... { id } " * 400), None),
    "a long chain of fragments": (SERVICES.format("...F0") + chain(140, "id ...NEXT"), "DOCUMENT_TOO_LARGE"),
    "a circle of fragments": (
        SERVICES.format("...A") + "fragment A on Service { id ...B } fragment B on Service { ...A }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "fragments that all spread all": (
        SERVICES.format("...A0")
        + " ".join(
            f"fragment A{i} on Service {{ {' '.join(f'...A{j}' for j in range(20))} }}" for i in range(20)
        ),
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "one field many times": (SERVICES.format("dependencies(first: 1) { nodes { id } } " * 120), None),
    "a hundred and fifty directives": (
        "{ __typename " + "@skip(if: false) " * 150 + "}",
        "DOCUMENT_TOO_LARGE",
    ),
    "depth": (
        '{ service(id: "s0") ' + "{ dependencies { nodes " * 40 + "{ id }" + "} }" * 40 + " }",
        "DOCUMENT_TOO_LARGE",
    ),
    "depth that no parser survives": ("{ a " * 900 + "}" * 900, "GRAPHQL_PARSE_FAILED"),
    "lists inside lists": (
        "{ services(first: 100) { nodes { dependencies(first: 100) { nodes { dependencies(first: 100) { nodes { id } } } } } } }",
        "COST_TOO_HIGH",
    ),
    "lists of unknown size inside lists": (
        "{ agreements(first: 300) { nodes { edges: service { agreements(first: 1) { nodes { targets { tags } } } } } } }",
        None,
    ),
    "circular introspection": (
        "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a long list": (f"{{ nodes(ids: [{'1,' * 300}]) {{ id }} }}", "INPUT_TOO_LARGE"),
    "deep literals": (f"{{ nodes(ids: {'[' * 90}1{']' * 90}) {{ id }} }}", "INPUT_TOO_LARGE"),
    "three thousand tokens": ("{" + " __typename" * 3_000 + "}", "GRAPHQL_PARSE_FAILED"),
    "nothing but comments": ("{ __typename }" + "#\n" * 60_000, "GRAPHQL_PARSE_FAILED"),
    "nothing but errors": (SERVICES.format("nope " * 480), "GRAPHQL_VALIDATION_FAILED"),
    "a number of two hundred thousand digits": (
        f"{{ services(first: {'9' * 200_000}) {{ totalCount }} }}",
        "GRAPHQL_VALIDATION_FAILED",
    ),
}


@pytest.mark.parametrize(("query", "code"), ATTACKS.values(), ids=ATTACKS)
def test_a_hostile_document_costs_little(query: str, code: str | None) -> None:
    """Most are refused; what is not is cheap after all."""
    effort = posted({"query": query})
    errors = effort.response.json().get("errors", [])
    assert [error["extensions"]["code"] for error in errors][:1] == ([code] if code else [])
    assert effort.response.status_code == (400 if code else 200)
    assert effort.calls < LEGITIMATE_CALLS
    assert effort.peak_bytes < 16 * MEBIBYTE


BODIES = {
    "a batch": (json.dumps([{"query": "{ __typename }"}] * 1_000).encode(), 400),
    "a body beyond the limit": (b'{"query": "' + b"x" * 300_000 + b'"}', 413),
    "deep JSON": (b'{"variables": ' + b"[" * 120_000, 400),
    "deep JSON that ends": (
        b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 800 + b"]" * 800 + b"}}",
        400,
    ),
    "a list of a hundred thousand variables": (
        b'{"query": "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", "variables": {"ids": ['
        + b"1," * 100_000
        + b"1]}}",
        400,
    ),
    "a million wrong variables": (
        b'{"query": "query ($ids: [Change!]) { __typename }", "variables": {"ids": ['
        + b"{}," * 249
        + b"{}]}}",
        400,
    ),
    "repeated names": (b'{"query": "{ __typename }"' + b', "query": "{ broken }"' * 5_000 + b"}", 400),
}


@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES)
def test_a_hostile_body_costs_little(body: bytes, status: int) -> None:
    effort = posted(body)
    assert effort.response.status_code == status
    assert effort.calls < LEGITIMATE_CALLS
    assert effort.peak_bytes < 16 * MEBIBYTE


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_forms_of_other_sites_change_nothing(content_type: str) -> None:
    """What a browser sends without asking the server first is not read."""
    effort = posted(
        {"query": 'mutation { change(change: {id: "x"}) { id } }'}, headers={"content-type": content_type}
    )
    assert effort.response.status_code == 415
    assert "data" not in effort.response.json()


async def sent_raw(port: int, head: str, chunks: Iterable[bytes]) -> tuple[int, int]:
    """The status that a server gives before the body is complete, and the bytes of it that were sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"POST /graphql HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\n{head}\r\n\r\n".encode()
    )
    answering = asyncio.ensure_future(reader.readline())
    sent = 0
    with suppress(ConnectionError):
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
            sent += len(chunk)
            await asyncio.sleep(0)
            if answering.done():
                break
    async with asyncio.timeout(5):
        status = int((await answering).split()[1])
    writer.close()
    return status, sent


def test_a_body_that_never_ends_is_cut_off() -> None:
    """It is counted while it streams, whatever its length is said to be."""
    with served() as server:
        chunk = b"2000\r\n" + b" " * 8_192 + b"\r\n"
        status, sent = run(lambda: sent_raw(server.port, "transfer-encoding: chunked", repeat(chunk)))
        assert status == 413
        assert sent < 16 * MEBIBYTE  # most of it on its way when the answer came


def test_a_body_that_is_announced_too_large_is_not_read() -> None:
    with served() as server:
        assert run(lambda: sent_raw(server.port, "content-length: 10000000000", [])) == (413, 0)


def test_a_slow_body_is_not_waited_for() -> None:
    with served(Limits(body_seconds=0.1)) as server:
        assert run(lambda: sent_raw(server.port, "content-length: 100", [b'{"query": '])) == (408, 10)


def test_an_answer_that_grows_beyond_the_budget_is_cut_off() -> None:
    """A list without a page is only assumed to be short."""
    limits = Limits(values=1_000)
    with served(limits) as server:
        response = httpx.post(server.url, json={"query": "{ numbers(count: 1000000) }"})
        assert response.json()["data"] is None
        assert response.json()["errors"][0]["extensions"] == {"code": "ANSWER_TOO_LARGE", "allowed": 1_000}


@pytest.mark.parametrize("query", ["{ slow(seconds: 2) }", "{ later(seconds: 60) }"])
def test_an_operation_that_takes_too_long_is_cut_off(query: str) -> None:
    """Also where it computes, or waits for something else."""
    with served(Limits(seconds=0.1)) as server:
        response = httpx.post(server.url, json={"query": query})
        assert response.json()["errors"][0]["extensions"] == {"code": "DEADLINE_EXCEEDED", "allowed": 0.1}


def test_others_are_answered_while_a_heavy_operation_runs() -> None:
    """Heavy resolvers run in threads, and no more of them than there are threads."""
    with served(Limits(threads=1)) as server:
        answers: list[str] = []

        def ask(query: str) -> None:
            answers.append(httpx.post(server.url, json={"query": query}).text)

        heavy = threading.Thread(target=ask, args=["{ slow(seconds: 1) }"])
        heavy.start()
        ask("{ services { totalCount } }")
        heavy.join()
        assert answers == ['{"data":{"services":{"totalCount":6}}}', '{"data":{"slow":"waited 1 s"}}']
