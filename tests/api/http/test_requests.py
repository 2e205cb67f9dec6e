"""GraphQL over HTTP: media types, status codes, what is refused and how."""

import json
from typing import Any

import httpx
import pytest
from graphql import build_client_schema, get_introspection_query

from olagraph_api.limits import Limits
from tests.api.http.serving import app, run
from tests.api.shop import Shop, shop

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
TOTAL = "{ services { totalCount } }"


def requested(
    method: str = "POST", limits: Limits | None = None, data: Shop | None = None, **request: Any
) -> httpx.Response:
    """The response to one request."""
    origins = ("https://portal.example",)
    transport = httpx.ASGITransport(app(data or shop(), limits or Limits(), origins=origins))

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.request(method, "/graphql", **request)

    return run(send)


def code(response: httpx.Response) -> str:
    """The code of the first error."""
    found: str = response.json()["errors"][0]["extensions"]["code"]
    return found


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON}", JSON),
        (f"{GRAPHQL}; charset=utf-8, */*;q=0.1", GRAPHQL),
        (f"text/html, {JSON};q=0.9, {GRAPHQL};q=0", JSON),
        ("text/html,application/xhtml+xml,*/*;q=0.8", JSON),
    ],
)
def test_the_client_chooses_the_media_type(accept: str | None, media_type: str) -> None:
    headers = {"accept": accept} if accept else {}
    response = requested(json={"query": TOTAL}, headers=headers)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert response.json() == {"data": {"services": {"totalCount": 6}}}


def test_a_media_type_that_we_do_not_have_is_not_acceptable() -> None:
    assert (
        requested(json={"query": TOTAL}, headers={"accept": "text/html, application/json;q=0"}).status_code
        == 406
    )


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query A { __typename } query B { __typename }"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": TOTAL, "operationName": "A"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query ($id: ID!) { service(id: $id) { id } }"}, "BAD_USER_INPUT"),
        (
            {"query": "query ($id: ID!) { service(id: $id) { id } }", "variables": {"id": ["s1"]}},
            "BAD_USER_INPUT",
        ),
        ({"query": "{ services { nodes { id { id } } } }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{ services(first: 1001) { totalCount } }"}, "BAD_USER_INPUT"),
        ({"query": '{ echo(text: "x", day: "tomorrow") }'}, "GRAPHQL_VALIDATION_FAILED"),
        (
            {"query": 'query ($d: Date) { echo(text: "x", day: $d) }', "variables": {"d": "tomorrow"}},
            "BAD_USER_INPUT",
        ),
        ({"query": "subscription { count(to: 1) }"}, "BAD_REQUEST"),
    ],
)
def test_a_request_that_is_not_executed_has_errors_and_no_data(
    request_: dict[str, object], expected: str
) -> None:
    """Its status is 400, but for clients that only know JSON, where 200 is the custom."""
    for media_type, status in ((GRAPHQL, 400), (JSON, 200)):
        response = requested(json=request_, headers={"accept": media_type})
        assert response.status_code == status
        assert "data" not in response.json()
        assert code(response) == expected


def test_a_field_that_fails_leaves_the_rest() -> None:
    response = requested(json={"query": "{ broken services { totalCount } }"}, headers={"accept": GRAPHQL})
    assert response.status_code == 200
    assert response.json()["data"] == {"broken": None, "services": {"totalCount": 6}}


@pytest.mark.parametrize("query", ["{ broken }", "{ brokenStrictly }"])
def test_unexpected_exceptions_are_masked_and_logged(query: str, caplog: pytest.LogCaptureFixture) -> None:
    """The client gets a number, which stands in the log beside the exception."""
    response = requested(json={"query": query})
    error = response.json()["errors"][0]
    assert "hunter2" not in response.text
    assert error["message"] == "Internal error"
    assert error["path"] == [query.strip("{ }")]
    assert error["extensions"] == {"code": "INTERNAL", "requestId": response.headers["x-request-id"]}
    assert response.headers["x-request-id"] in caplog.text
    assert "hunter2" in caplog.text


def test_errors_made_for_clients_are_shown() -> None:
    """With the code that the resolver gave."""
    response = requested(json={"query": "{ agreements(first: 7) { nodes { fragile } } }"})
    (error,) = response.json()["errors"]
    assert error["message"] == "rank 6 is beyond 5"
    assert error["extensions"] == {"code": "BEYOND"}
    assert error["path"] == ["agreements", "nodes", 6, "fragile"]


def test_names_that_are_not_there_are_not_completed() -> None:
    """Suggestions would tell the schema to those who may not read it."""
    response = requested(json={"query": "{ servicez { totalCount } }"})
    assert "services" not in response.text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b'{"query": "\xff"}', "not valid JSON"),
        (b'{"query": "{ __typename }", "variables": {"a": NaN}}', "not valid JSON"),
        (b'{"query": "\\ud800"}', "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b'{"query":' + b"[" * 900 + b"]" * 900 + b"}", "'query' must be a string"),
        (
            b'{"query": "{ __typename }", "query": "{ broken }"}',
            'the name "query" appears twice in one object',
        ),
        (b'{"query": "{ __typename }", "variables": {"a": {"b": 1, "b": 2}}}', 'the name "b" appears twice'),
        (b'[{"query": "{ __typename }"}, {"query": "{ __typename }"}]', "batches are not served"),
        (b'"{ __typename }"', "must be a JSON object"),
        (b"{}", "'query' must be a string"),
        (b'{"query": null}', "'query' must be a string"),
        (b'{"query": "{ __typename }", "variables": "{}"}', "'variables' must be an object"),
        (b'{"query": "{ __typename }", "operationName": 1}', "'operationName' must be a string"),
        (b'{"query": "{ __typename }", "extensions": []}', "'extensions' must be an object"),
    ],
)
def test_what_is_no_request_is_refused(content: bytes, expected: str) -> None:
    response = requested(content=content, headers={"content-type": JSON})
    assert response.status_code == 400
    assert code(response) == "BAD_REQUEST"
    assert expected in response.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
        "text/plain; a=application/json",
    ],
)
def test_only_json_in_utf_8_is_read(content_type: str | None) -> None:
    """Pages of other sites can send the others without being asked."""
    headers = {"content-type": content_type} if content_type else {}
    data = shop()
    content = json.dumps({"query": 'mutation { change(change: {id: "x"}) { id } }'}).encode()
    assert requested(content=content, headers=headers, data=data).status_code == 415
    assert data.changes == 0


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON; charset=UTF-8", 'application/json; charset="utf-8"'],
)
def test_json_is_read_however_it_is_spelled(content_type: str) -> None:
    content = json.dumps({"query": '{ echo(text: "é“") }'}, ensure_ascii=False).encode()
    response = requested(content=content, headers={"content-type": content_type})
    assert response.json() == {"data": {"echo": "é“ None SLA"}}


def test_compressed_bodies_are_refused() -> None:
    """A small body could be a large one."""
    assert requested(json={"query": TOTAL}, headers={"content-encoding": "gzip"}).status_code == 415


def test_get_serves_queries() -> None:
    query = "query A($id: ID!) { service(id: $id) { id } } query B { __typename }"
    parameters = {"query": query, "operationName": "A", "variables": '{"id": "s1"}'}
    assert requested("GET", params=parameters).json() == {"data": {"service": {"id": "s1"}}}


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({}, 400),
        ({"query": ""}, 200),
        ({"query": ["{ __typename }", "{ broken }"]}, 400),
        ({"query": "{ __typename }", "variables": "{"}, 400),
        ({"query": "{ __typename }", "variables": "[]"}, 400),
        ({"query": "{ __typename }" + " " * 300}, 414),
    ],
)
def test_get_refuses_what_is_no_request(parameters: dict[str, Any], status: int) -> None:
    response = requested("GET", params=parameters, limits=Limits(body_bytes=200))
    assert response.status_code == status
    assert "data" not in response.json()


def test_get_never_changes_anything() -> None:
    data = shop()
    response = requested("GET", params={"query": 'mutation { change(change: {id: "x"}) { id } }'}, data=data)
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert data.changes == 0


def test_other_methods_are_not_served() -> None:
    response = requested("PUT", json={"query": TOTAL})
    assert response.status_code == 405
    assert set(response.headers["allow"].replace(" ", "").split(",")) >= {"GET", "POST"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://here", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "https://portal.example", "sec-fetch-site": "cross-site"}, 200),
        ({"origin": "https://evil.example", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
        ({"sec-fetch-site": "none", "sec-fetch-mode": "navigate"}, 200),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_pages_of_other_sites_are_kept_out(method: str, headers: dict[str, str], status: int) -> None:
    """Unless the server was told of their origin."""
    request: dict[str, Any] = {"params": {"query": TOTAL}} if method == "GET" else {"json": {"query": TOTAL}}
    assert requested(method, headers=headers, **request).status_code == status


def test_answers_are_not_kept_by_caches() -> None:
    assert requested(json={"query": TOTAL}).headers["cache-control"] == "no-store"


def test_mutations_change_things_by_post() -> None:
    data = shop()
    query = "mutation ($c: Change!) { change(change: $c) { id total } }"
    response = requested(json={"query": query, "variables": {"c": {"id": "x", "values": [1, 2]}}}, data=data)
    assert response.json() == {"data": {"change": {"id": "x", "total": 3}}}
    assert data.changes == 1


def test_coroutine_functions_are_awaited() -> None:
    assert requested(json={"query": "{ later __typename }"}).json() == {
        "data": {"later": "later", "__typename": "Query"}
    }


def test_introspection_answers_the_tools() -> None:
    response = requested(json={"query": get_introspection_query()})
    assert "Agreement" in build_client_schema(response.json()["data"]).type_map


def test_the_context_may_refuse() -> None:
    """An HTTPException of the application is its own answer."""
    assert requested(json={"query": TOTAL}, headers={"authorization": "wrong"}).status_code == 401


def test_an_answer_that_is_no_json_is_masked() -> None:
    """A lone surrogate in the data, say."""
    data = shop()
    data.services["s1"].name = "\ud800"
    response = requested(json={"query": '{ service(id: "s1") { name } }'}, data=data)
    assert response.json()["data"] is None
    assert code(response) == "INTERNAL"
