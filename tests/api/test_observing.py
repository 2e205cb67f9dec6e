"""What operators see: metrics, lines of the log with request ids, traces."""

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient

from olagraph.stores import Store
from olagraph_api.schema import SCHEMA
from olagraph_api.snapshots import Snapshots
from olagraph_api.telemetry.logs import LogFormat, set_up_logs
from olagraph_api.telemetry.tracing import Tracing
from tests.api.applications import ask, client, data, next_step
from tests.api.test_snapshots import until

SAMPLE = re.compile(r"^(olagraph_\w+(?:\{[^}]*\})?) ([0-9.e+-]+)$", re.MULTILINE)


def metrics(asking: TestClient) -> dict[str, float]:
    """The samples of /metrics, by name and labels."""
    answer = asking.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {name: float(value) for name, value in SAMPLE.findall(answer.text)}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log, in JSON."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    set_up_logs(LogFormat.JSON, stream=stream)
    yield stream
    root.handlers[:], root.level = before, level


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    """The lines of the log that are the application's."""
    told = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in told if line["logger"].startswith("olagraph_api")]


def test_metrics_count_operations_by_type_and_outcome(embedded: Store) -> None:
    next_step(embedded)
    with client(embedded) as asking:
        until(lambda: asking.get("/readyz").status_code == 200)
        ask(asking, "{ portfolio { name } }")
        ask(asking, "{ portfolio { summary { count } } }")
        ask(asking, '{ service(id: "x", portfolio: "none") { name } }')
        ask(asking, "{ nothing }")
        ask(asking, 'mutation { savePortfolio(fields: {name: "x"}) { written } }')
        until(lambda: metrics(asking)['olagraph_snapshot_revision{portfolio="default"}'] == 2)
        found = metrics(asking)
    assert found['olagraph_operations_total{outcome="done",type="query"}'] == 2
    assert found['olagraph_operations_total{outcome="refused",type="query"}'] == 1
    assert found['olagraph_operations_total{outcome="refused",type="unknown"}'] == 1
    assert found['olagraph_operations_total{outcome="done",type="mutation"}'] == 1
    assert found['olagraph_operation_seconds_count{type="query"}'] == 3
    assert found['olagraph_operation_cost_total{type="query"}'] > 0
    assert found["olagraph_store_up"] == 1
    assert found["olagraph_open_subscriptions"] == 0
    assert found["olagraph_assessment_seconds_count"] >= 1
    assert found['olagraph_snapshot_confirmed_timestamp_seconds{portfolio="default"}'] == 1795424400


def test_two_applications_in_one_process_have_metrics_of_their_own(embedded: Store) -> None:
    with client(embedded) as one, client(embedded) as two:
        ask(one, "{ __typename }")
        assert metrics(one)['olagraph_operations_total{outcome="done",type="query"}'] == 1
        assert 'olagraph_operations_total{outcome="done",type="query"}' not in metrics(two)


def test_an_open_subscription_is_counted_until_it_ends(embedded: Store) -> None:
    next_step(embedded)
    with client(embedded) as asking:
        with asking.websocket_connect(
            "ws://localhost/graphql", subprotocols=["graphql-transport-ws"]
        ) as socket:
            socket.send_json({"type": "connection_init"})
            socket.receive_json()
            query = "subscription { findingsChanged { revision } }"
            socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": query}})
            socket.receive_json()
            assert metrics(asking)["olagraph_open_subscriptions"] == 1
        until(lambda: metrics(asking)["olagraph_open_subscriptions"] == 0)
        assert metrics(asking)['olagraph_operations_total{outcome="done",type="subscription"}'] == 1


def test_every_answer_has_a_request_id_and_so_has_every_line_about_it(
    embedded: Store, log: io.StringIO
) -> None:
    next_step(embedded)
    with client(embedded) as asking:
        for path in ("/healthz", "/nothing", "/graphql?query={__typename}"):
            assert re.fullmatch(r"[0-9a-f]{16}", asking.get(path).headers["X-Request-ID"])
        log.truncate(0)
        log.seek(0)
        answer = asking.post(
            "/graphql",
            json={"query": "query Names { portfolio { name } }"},
            headers={"X-Request-ID": "incident-4711"},
        )
    assert answer.headers.get_list("X-Request-ID") == ["incident-4711"]
    (line,) = [line for line in lines(log) if line["message"] == "POST /graphql"]
    del line["at"], line["duration_ms"], line["cost"]
    assert line == {
        "level": "info",
        "logger": "olagraph_api.telemetry.access_log",
        "message": "POST /graphql",
        "request": "incident-4711",
        "status": 200,
        "address": "192.0.2.7",
        "operation": "query",
        "name": "Names",
        "portfolio": "default",
        "principal": "local",
        "outcome": "done",
    }


@pytest.mark.parametrize("sent", ["", "x" * 65, "a b", 'a"b', "a%0Ab", "../../x"])
def test_an_id_that_is_not_a_plain_one_is_replaced(embedded: Store, sent: str) -> None:
    with client(embedded) as asking:
        given = asking.get("/healthz", headers={"X-Request-ID": sent}).headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{16}", given)


def test_what_goes_wrong_is_in_the_log_with_the_id_that_the_client_sees(
    embedded: Store, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the password is hunter2")

    next_step(embedded)
    query: Any = SCHEMA.get_type_by_name("Query")
    monkeypatch.setattr(query.get_field("me").base_resolver, "wrapped_func", broken)
    with client(embedded) as asking:
        answer = ask(asking, "{ me { id } }")
    (error,) = answer.json()["errors"]
    assert error["message"] == "Internal error"
    assert error["extensions"] == {"code": "INTERNAL", "requestId": answer.headers["X-Request-ID"]}
    told = [line for line in lines(log) if line["level"] == "error"]
    assert {line["request"] for line in told} == {answer.headers["X-Request-ID"]}
    assert "hunter2" in told[0]["error"]
    access = next(line for line in lines(log) if line["message"] == "POST /graphql")
    assert (access["outcome"], access["reason"]) == ("failed", "INTERNAL")


def test_what_goes_wrong_outside_of_graphql_is_told_and_logged_alike(
    embedded: Store, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> bool:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(Snapshots, "is_loaded", property(broken))
    with client(embedded) as asking:
        answer = asking.get("/readyz", headers={"X-Request-ID": "probe-1"})
    assert (answer.status_code, answer.json()) == (500, {"detail": "Internal error", "requestId": "probe-1"})
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    (line,) = [line for line in lines(log) if line["level"] == "error"]
    assert (line["request"], line["message"]) == ("probe-1", "GET /readyz failed")
    assert "hunter2" in line["error"]


def test_probes_that_succeed_are_not_worth_a_line(embedded: Store, log: io.StringIO) -> None:
    with client(embedded) as asking:
        until(lambda: asking.get("/readyz").status_code == 200)
        log.truncate(0)
        log.seek(0)
        for path in ("/healthz", "/readyz", "/metrics", "/nothing"):
            asking.get(path)
    assert [line["message"] for line in lines(log)] == ["GET /nothing"]


def test_lines_for_people_hide_nothing_and_steer_no_terminal() -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        set_up_logs(LogFormat.TEXT, stream=stream)
        logging.getLogger("x").warning("a\x1b[31m\nb", extra={"fields": {"portfolio": "c\u202e"}})
        set_up_logs(LogFormat.AUTO, quiet=True, stream=stream)
        logging.getLogger("x").info("not told")
        logging.getLogger("x").warning("told")
    finally:
        root.handlers[:], root.level = before, level
    first, second = stream.getvalue().splitlines()
    assert first.endswith("warning a\\x1b[31m b portfolio=c\\u202e")
    assert json.loads(second)["message"] == "told"


def test_traces_have_a_span_for_the_request_and_in_it_one_for_the_operation(embedded: Store) -> None:
    next_step(embedded)
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with client(embedded, tracing=Tracing(provider)) as asking:
        data(ask(asking, "query Names { portfolio { name } }"))
        asking.get("/healthz")
        request, operation = sorted(exporter.get_finished_spans(), key=lambda span: span.start_time or 0)
    assert operation.parent is not None
    assert operation.parent.span_id == request.context.span_id
    assert operation.name == "query Names"
    assert operation.attributes is not None
    assert operation.attributes["graphql.operation.type"] == "query"
    assert operation.attributes["olagraph.portfolio"] == "default"
    assert operation.attributes["olagraph.outcome"] == "done"
