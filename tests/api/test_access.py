"""Who may do what through the application, what it costs, and what the audit log tells of it."""

import json
import time as system_time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from olagraph.stores import Store
from olagraph_api.limits import Limits
from olagraph_api.security.key_file import list_keys, revoke_key
from olagraph_api.security.principals import Role
from olagraph_api.security.settings import AuditSettings, LimitSettings, SecuritySettings
from tests.api.applications import Keys, Time, ask, client, code, data, next_step
from tests.api.clock import NOW
from tests.api.shaky_store import ShakyStore
from tests.api.test_snapshots import until

SAVE = 'mutation ($p: ID!) { savePortfolio(fields: {name: "new"}, portfolio: $p) { written } }'
NAME = "query Named($p: ID!) { portfolio(portfolio: $p) { name } }"
SERVICES = "query ($p: ID!) { services(portfolio: $p) { totalCount } }"


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path)


@pytest.fixture
def bank(store: Store) -> Store:
    """A store with the portfolios `bank` and `shop`."""
    next_step(store, "bank")
    next_step(store, "shop")
    return store


@pytest.mark.parametrize(
    ("role", "change", "create"),
    [(Role.VIEWER, "FORBIDDEN", "FORBIDDEN"), (Role.EDITOR, None, "FORBIDDEN"), (Role.ADMIN, None, None)],
)
def test_a_role_may_do_what_it_may(
    bank: Store, keys: Keys, role: Role, change: str | None, create: str | None
) -> None:
    key = keys.new(role)
    with client(bank, security=keys.settings()) as asking:
        assert data(ask(asking, NAME, key=key, p="bank"))["portfolio"] == {"name": "1"}
        for query, expected in [
            (SAVE, change),
            (
                'mutation ($p: ID!) { createPortfolio(portfolio: $p, fields: {name: "b"}) { written } }',
                create,
            ),
        ]:
            answer = ask(asking, query, key=key, p="bank" if query is SAVE else "brand-new")
            assert (None if expected is None else code(answer)) == expected
            assert (answer.json().get("data") is not None) == (expected is None), answer.json()


def test_a_portfolio_that_is_not_granted_looks_like_one_that_is_not_there(bank: Store, keys: Keys) -> None:
    key = keys.new(Role.ADMIN, "bank", "gone")
    with client(bank, security=keys.settings()) as asking:
        assert data(ask(asking, "{ portfolios { totalCount nodes { id } } }", key=key)) == {
            "portfolios": {"totalCount": 1, "nodes": [{"id": "bank"}]}
        }
        for query in (NAME, SERVICES):
            hidden = ask(asking, query, key=key, p="shop")
            missing = ask(asking, query, key=key, p="gone")
            assert hidden.status_code == missing.status_code
            assert hidden.text.replace("shop", "gone") == missing.text
            assert sorted(hidden.headers) == sorted(missing.headers)
        assert code(ask(asking, SERVICES, key=key, p="shop")) == "UNKNOWN_PORTFOLIO"
        assert code(ask(asking, SAVE, key=key, p="shop")) == "UNKNOWN_PORTFOLIO"
        refused = asking.post("/import?portfolio=shop", headers={"Authorization": f"Bearer {key}"})
        assert (refused.status_code, code(refused)) == (404, "UNKNOWN_PORTFOLIO")


def test_nobody_gets_in_without_credentials_and_pages_need_none(bank: Store, keys: Keys) -> None:
    keys.new(Role.ADMIN)
    with client(bank, security=keys.settings()) as asking:
        for path in ("/graphql?query={__typename}", "/metrics"):
            answer = asking.get(path)
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (
                401,
                'Bearer realm="olagraph"',
            )
        assert asking.post("/import").status_code == 401
        assert ask(asking, "{ __typename }", key="olagraph_x").status_code == 401
        for path in ("/", "/healthz", "/readyz"):
            assert asking.get(path, headers={"accept": "text/html"}).status_code in (200, 503)


def test_another_sites_page_and_another_name_of_this_machine_get_nothing(bank: Store) -> None:
    with client(bank) as asking:
        foreign = asking.post(
            "/graphql", json={"query": "{ __typename }"}, headers={"Origin": "https://evil.example"}
        )
        assert foreign.status_code == 403
        rebound = asking.post("/graphql", json={"query": "{ __typename }"}, headers={"Host": "evil.example"})
        assert rebound.status_code == 400


def test_metrics_take_a_grant_of_every_portfolio_as_they_name_them(bank: Store, keys: Keys) -> None:
    one, all_ = keys.new(Role.ADMIN, "bank"), keys.new(Role.VIEWER)
    with client(bank, security=keys.settings()) as asking:
        assert asking.get("/metrics", headers={"Authorization": f"Bearer {one}"}).status_code == 403
        assert asking.get("/metrics", headers={"Authorization": f"Bearer {all_}"}).status_code == 200


def test_who_spends_too_much_is_told_when_to_come_back_and_what_was_not_used_is_given_back(
    bank: Store, keys: Keys
) -> None:
    """The query is charged for a hundred services, and there are thirty."""
    time, query = Time(), "query ($p: ID!) { services(portfolio: $p) { nodes { id } } }"
    one, two = keys.new(Role.VIEWER), keys.new(Role.VIEWER)
    limits = LimitSettings(burst=150, per_second=10)
    with client(bank, time=time, security=keys.settings(limits=limits)) as asking:
        answers = [ask(asking, query, key=one, p="bank") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429], answers[-1].json()
        assert code(answers[-1]) == "RATE_LIMITED"
        wait = int(answers[-1].headers["Retry-After"])
        assert answers[-1].json()["errors"][0]["extensions"]["retryAfter"] == wait
        assert ask(asking, query, key=two, p="bank").status_code == 200
        time.passed += timedelta(seconds=wait - 1)
        assert ask(asking, query, key=one, p="bank").status_code == 429
        time.passed += timedelta(seconds=1)
        assert ask(asking, query, key=one, p="bank").status_code == 200


def test_what_can_never_be_paid_is_refused_for_good(bank: Store, keys: Keys) -> None:
    key = keys.new(Role.VIEWER)
    with client(bank, security=keys.settings(limits=LimitSettings(burst=5))) as asking:
        answer = ask(asking, SERVICES + " ", key=key, p="bank")
        assert answer.status_code == 200
        answer = ask(
            asking, "query ($p: ID!) { services(portfolio: $p) { nodes { id } } }", key=key, p="bank"
        )
        assert (answer.status_code, code(answer)) == (400, "COST_TOO_HIGH")


def audited(path: Path, lines: int) -> list[dict[str, Any]]:
    """The lines of the audit log, which a thread writes."""
    for _ in range(1000):
        written = path.read_text(encoding="ascii").splitlines()
        if len(written) >= lines:
            break
        system_time.sleep(0.01)
    return [json.loads(line) for line in written]


@pytest.mark.parametrize("values", [False, True])
def test_the_audit_log_tells_of_every_operation(
    bank: Store, keys: Keys, tmp_path: Path, values: bool
) -> None:
    key, path = keys.new(Role.EDITOR, "bank"), tmp_path / "audit.jsonl"
    (kept,) = list_keys(keys.file)
    audit = AuditSettings(file=path, variables=values)
    with client(bank, security=keys.settings(audit=audit)) as asking:
        ask(asking, NAME, key=key, p="bank")
        ask(asking, SAVE, key=key, p="bank")
        ask(asking, SERVICES, key=key, p="shop")
        ask(asking, "{ nothing }", key=key)
        ask(asking, "{ __typename }", key="olagraph_x")
        found = audited(path, 5)
    shown = "bank" if values else "[redacted]"
    who = {
        "principal": f"key:{kept.id}",
        "name": "editor 1",
        "address": "192.0.2.7",
        "at": "2026-11-23T09:00:00.000Z",
    }
    told = [
        {name: value for name, value in line.items() if name not in ("request", "duration_ms")}
        for line in found
    ]
    assert told == [
        who
        | {
            "kind": "query",
            "outcome": "done",
            "operation": "Named",
            "portfolio": "bank",
            "variables": {"p": shown},
        },
        who
        | {
            "kind": "mutation",
            "outcome": "done",
            "portfolio": "bank",
            "revision_before": 1,
            "revision_after": 2,
        }
        | {"variables": {"p": shown}},
        who
        | {"kind": "query", "outcome": "refused", "reason": "UNKNOWN_PORTFOLIO", "portfolio": "shop"}
        | {"variables": {"p": "shop" if values else "[redacted]"}},
        who | {"kind": "query", "outcome": "refused", "reason": "GRAPHQL_VALIDATION_FAILED"},
        {"at": who["at"], "kind": "authentication", "outcome": "refused", "address": "192.0.2.7"}
        | {"reason": "not the spelling of a key"},
    ]


@contextmanager
def connected(asking: TestClient, **payload: str) -> Iterator[WebSocketTestSession]:
    """A WebSocket whose client has sent this to be let in."""
    with asking.websocket_connect("ws://localhost/graphql", subprotocols=["graphql-transport-ws"]) as socket:
        socket.send_json({"type": "connection_init", "payload": payload})
        yield socket


def test_who_does_not_wait_for_the_answer_to_a_mutation_is_in_the_audit_log_all_the_same(
    bank: Store, tmp_path: Path
) -> None:
    path = tmp_path / "audit.jsonl"
    shaky = ShakyStore(bank)
    security = SecuritySettings(audit=AuditSettings(file=path))
    with client(shaky, security=security) as asking, connected(asking) as socket:
        socket.receive_json()
        until(lambda: asking.get("/readyz").status_code == 200)
        shaky.waits = "apply"
        shaky.goes_on.clear()
        payload = {"query": SAVE, "variables": {"p": "bank"}}
        socket.send_json({"id": "1", "type": "subscribe", "payload": payload})
        until(lambda: shaky.calls["apply"] == 1)
        socket.send_json({"id": "1", "type": "complete"})
        socket.send_json({"type": "ping"})
        assert socket.receive_json() == {"type": "pong"}
        shaky.goes_on.set()
        (line,) = audited(path, 1)
    assert (line["kind"], line["portfolio"], line["reason"]) == ("mutation", "bank", "CUT_OFF")
    assert (line["revision_after"], bank.revision("bank")) == (2, 2)


def test_a_subscription_does_not_outlive_its_key(bank: Store, keys: Keys) -> None:
    keys.new(Role.ADMIN)
    key = keys.new(Role.VIEWER, "bank")
    id_ = list_keys(keys.file)[-1].id
    query = 'subscription { assessmentsChanged(portfolio: "bank") { revision } }'
    with (
        client(bank, security=keys.settings()) as asking,
        connected(asking, Authorization=f"Bearer {key}") as socket,
    ):
        assert socket.receive_json() == {"type": "connection_ack"}
        socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": query}})
        assert socket.receive_json()["payload"] == {"data": {"assessmentsChanged": {"revision": 1}}}
        next_step(bank, "bank")
        assert socket.receive_json()["payload"] == {"data": {"assessmentsChanged": {"revision": 2}}}
        revoke_key(keys.file, id_, now=NOW)
        next_step(bank, "bank")
        ended = socket.receive_json()
        assert (ended["type"], ended["payload"][0]["extensions"]["code"]) == ("error", "UNAUTHENTICATED")
        socket.send_json({"id": "2", "type": "subscribe", "payload": {"query": "{ me { id } }"}})
        assert socket.receive_json()["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_a_websocket_without_valid_credentials_is_closed(bank: Store, keys: Keys) -> None:
    keys.new(Role.ADMIN)
    with client(bank, security=keys.settings()) as asking, connected(asking) as socket:
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert (closed.value.code, closed.value.reason) == (4403, "Forbidden")


def test_limits_of_the_application_are_those_of_its_settings(bank: Store) -> None:
    with client(bank, limits=Limits(depth=2)) as asking:
        assert code(ask(asking, "{ services { nodes { id } } }")) == "DOCUMENT_TOO_LARGE"
