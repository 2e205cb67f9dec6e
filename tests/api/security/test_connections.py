"""Requests and WebSockets of a real application: who gets in, and what the others are told."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest
from fastapi import Depends, FastAPI, WebSocket
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from olagraph_api.security.audit_log import AuditLog
from olagraph_api.security.authenticator import Authenticator, authenticator_for
from olagraph_api.security.clock import Clock
from olagraph_api.security.connections import ConnectionAuthentication, ConnectionRefused, Login, too_many
from olagraph_api.security.errors import AuthenticationUnavailable, Unauthenticated
from olagraph_api.security.key_file import KeyFile, KeyFileError, create_key, revoke_key
from olagraph_api.security.key_sources import IssuerKeys
from olagraph_api.security.middleware import SECURE_HEADERS, security_middleware
from olagraph_api.security.principals import Principal, Role
from olagraph_api.security.rate_limits import Refused
from olagraph_api.security.settings import AuditSettings, KeySettings, LimitSettings, SecuritySettings
from olagraph_api.security.tokens import TokenVerifier
from tests.api.security.signing import NOW, claims, jwk, jwks, key_pair, oidc, token
from tests.api.security.tls_issuer import running_issuer

LOCAL = Principal.local("ana")
SOCKET = "ws://localhost/who"


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def clock(self) -> Clock:
        return Clock(now=lambda: NOW + self.passed, ticks=lambda: int(self.passed.total_seconds() * 10**9))


def application(
    settings: SecuritySettings,
    *,
    time: Time | None = None,
    audit: AuditLog | None = None,
) -> FastAPI:
    """One that tells whom it takes the client for."""
    authentication = ConnectionAuthentication(
        authenticator_for(settings, local=LOCAL), settings.limits, (time or Time()).clock(), audit
    )
    app = FastAPI(middleware=security_middleware(settings))

    @app.get("/who")
    @app.post("/who")
    async def who(principal: Principal = Depends(authentication)) -> dict[str, str]:  # noqa: B008 - FastAPI's way
        return {"id": principal.id}

    @app.websocket("/who")
    async def who_socket(websocket: WebSocket) -> None:
        await websocket.accept()
        try:
            login = await authentication.connect(websocket, await websocket.receive_json())
        except ConnectionRefused as refused:
            await websocket.close(refused.code, str(refused))
            return
        await websocket.send_json({"id": login.principal.id})
        async for _ in websocket.iter_text():
            await websocket.send_json({"valid": await authentication.still_valid(login)})

    return app


def client(app: FastAPI, base_url: str = "http://localhost") -> TestClient:
    return TestClient(app, base_url=base_url, client=("192.0.2.7", 5000))


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    create_key(tmp_path / "keys.json", role=Role.ADMIN, portfolios=["*"], label="first", now=NOW)
    return tmp_path / "keys.json"


@pytest.fixture
def new_key(keys: Path) -> Callable[..., tuple[str, str]]:
    def made(**more) -> tuple[str, str]:
        stated: dict[str, Any] = {
            "role": Role.VIEWER,
            "portfolios": ["bank"],
            "label": "page",
            "now": NOW,
        } | more
        key, spelled = create_key(keys, **stated)
        return key.id, spelled

    return made


@pytest.fixture
def settings(keys: Path, tmp_path: Path) -> SecuritySettings:
    path = tmp_path / "jwks.json"
    path.write_bytes(jwks(jwk("RS256", key_pair("RS256"), kid="k1")))
    return SecuritySettings(
        keys=KeySettings(file=keys), oidc=oidc(jwks_file=path), limits=LimitSettings(failures=1000)
    )


def bearer(credentials: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {credentials}"}


def test_a_key_or_a_token_gets_in(settings, new_key):
    id_, spelled = new_key()
    with client(application(settings)) as browser:
        assert browser.get("/who", headers=bearer(spelled)).json() == {"id": f"key:{id_}"}
        assert browser.get("/who", headers=bearer(token())).json() == {"id": "oidc:ana"}
        assert browser.get("/who", headers={"Authorization": f"bearer  {spelled}"}).status_code == 200


def test_without_accounts_everybody_is_the_user_of_the_machine():
    with client(application(SecuritySettings())) as browser:
        assert browser.get("/who").json() == {"id": "local"}
        assert browser.get("/who", headers=bearer("anything")).json() == {"id": "local"}


def test_no_credentials_are_answered_with_a_bare_challenge(settings):
    with client(application(settings)) as browser:
        answer = browser.get("/who")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="olagraph"'


def test_everything_that_is_not_valid_gets_the_same_answer_byte_for_byte(settings, new_key, keys):
    """Unknown, revoked and expired are told apart in the audit log alone."""
    revoked_id, revoked = new_key()
    revoke_key(keys, revoked_id, now=NOW)
    _, expired = new_key(expires=NOW + timedelta(seconds=1))
    time, answers = Time(), set()
    time.passed = timedelta(seconds=1)
    offered = [
        bearer(f"olagraph_{revoked_id}_{'0' * 64}"),
        bearer(f"olagraph_{'0' * 16}_{'0' * 64}"),
        bearer(revoked),
        bearer(expired),
        bearer("olagraph_"),
        bearer(token(payload=claims(exp=1))),
        bearer(token("RS256", key_pair("RS256", 1))),
        bearer(token(kid="other")),
        bearer("a.b.c"),
        bearer("x" * 20_000),
        bearer(""),
        {"Authorization": "Basic YTpi"},
        {"Authorization": ""},
        {"Authorization": revoked},
    ]
    with client(application(settings, time=time)) as browser:
        for headers in offered:
            answer = browser.get("/who", headers=headers)
            answers.add((answer.status_code, answer.content, tuple(sorted(answer.headers.multi_items()))))
    assert len(answers) == 1
    ((status, content, sent),) = answers
    assert (status, json.loads(content)) == (401, {"detail": "valid credentials are needed"})
    assert ("www-authenticate", 'Bearer realm="olagraph", error="invalid_token"') in sent


def test_two_authorization_headers_are_refused(settings, new_key):
    _, spelled = new_key()
    with client(application(settings)) as browser:
        twice = [("Authorization", f"Bearer {spelled}"), ("Authorization", "Bearer x")]
        assert browser.get("/who", headers=twice).status_code == 401


def test_a_key_in_the_address_does_not_count(settings, new_key):
    _, spelled = new_key()
    with client(application(settings)) as browser:
        assert browser.get(f"/who?access_token={spelled}").status_code == 401


def test_a_revoked_key_stops_working_in_the_next_request(settings, new_key, keys):
    id_, spelled = new_key()
    with client(application(settings)) as browser:
        assert browser.get("/who", headers=bearer(spelled)).status_code == 200
        revoke_key(keys, id_, now=NOW)
        assert browser.get("/who", headers=bearer(spelled)).status_code == 401


def test_what_is_not_configured_does_not_count(settings, new_key):
    _, spelled = new_key()
    with client(application(replace(settings, keys=None))) as browser:
        assert browser.get("/who", headers=bearer(spelled)).status_code == 401
    with client(application(replace(settings, oidc=None))) as browser:
        assert browser.get("/who", headers=bearer(token())).status_code == 401


def test_keys_that_cannot_be_read_are_our_fault_and_the_log_says_why(settings, new_key, keys, caplog):
    _, spelled = new_key()
    with client(application(settings)) as browser:
        keys.write_text("broken", encoding="utf-8")
        answer = browser.get("/who", headers=bearer(spelled))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json() == {"detail": "credentials cannot be checked just now"}
    assert f"cannot read the key file {keys}" in caplog.text


def test_a_server_does_not_start_without_its_keys(settings, keys):
    keys.unlink()
    with pytest.raises(KeyFileError, match="`olagraph keys create` makes it"):
        authenticator_for(settings, local=LOCAL)


def test_an_address_that_fails_too_often_has_to_wait_and_valid_credentials_never_do(settings, new_key):
    _, spelled = new_key()
    time, limited = Time(), replace(settings, limits=LimitSettings(failures=2))
    with client(application(limited, time=time)) as browser:
        assert [browser.get("/who").status_code for _ in range(3)] == [401, 401, 429]
        answer = browser.get("/who", headers=bearer("olagraph_x"))
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
        assert browser.get("/who", headers=bearer(spelled)).status_code == 200
        time.passed = timedelta(seconds=29)
        assert browser.get("/who").status_code == 429
        time.passed = timedelta(seconds=30)
        assert browser.get("/who").status_code == 401


def test_refusals_are_in_the_audit_log_with_their_reason_and_without_a_secret(
    settings, new_key, keys, tmp_path
):
    id_, spelled = new_key()
    revoke_key(keys, id_, now=NOW)
    path = tmp_path / "audit.jsonl"
    log = AuditLog(AuditSettings(file=path))
    limited = replace(settings, limits=LimitSettings(failures=2))
    with client(application(limited, audit=log)) as browser:
        for _ in range(5):
            browser.get("/who", headers=bearer(spelled))
    log.close()
    written = path.read_text(encoding="ascii")
    first, second = map(
        json.loads, written.splitlines()
    )  # the rest is not told: a flood must not fill the disk
    assert first | {"request": ""} == second | {"request": ""}
    assert (first["kind"], first["outcome"], first["address"]) == ("authentication", "refused", "192.0.2.7")
    assert first["reason"] == f"key {id_} is revoked"
    assert spelled.rpartition("_")[2] not in written


@pytest.mark.parametrize(
    ("refused", "status", "headers"),
    [(Refused(7), 429, {"Retry-After": "7"}), (Refused(None), 400, None)],
)
def test_who_has_spent_too_much_is_told_when_to_come_back(refused, status, headers):
    answer = too_many(refused)
    assert (answer.status_code, answer.headers) == (status, headers)


def test_a_websocket_gets_in_by_its_first_message_or_its_header(settings, new_key):
    id_, spelled = new_key()
    with client(application(settings)) as browser:
        for payload, headers in [
            ({"Authorization": f"Bearer {spelled}"}, {}),
            ({"authorization": f"Bearer {spelled}"}, {}),
            ({"authorization": f"Bearer {spelled}", "other": 1}, bearer("wrong")),
            ({}, bearer(spelled)),
        ]:
            with browser.websocket_connect(SOCKET, headers=headers) as socket:
                socket.send_json(payload)
                assert socket.receive_json() == {"id": f"key:{id_}"}


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"Authorization": "x"},
        {"Authorization": None},
        {"Authorization": ["Bearer x"]},
        {"Authorization": "Bearer x", "authorization": "Bearer x"},
    ],
)
def test_a_websocket_without_valid_credentials_is_closed_as_forbidden(settings, payload):
    with client(application(settings)) as browser, browser.websocket_connect(SOCKET) as socket:
        socket.send_json(payload)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert (closed.value.code, closed.value.reason) == (4403, "Forbidden")


def test_a_websocket_is_asked_to_come_back_where_keys_cannot_be_read(settings, new_key, keys):
    _, spelled = new_key()
    with client(application(settings)) as browser, browser.websocket_connect(SOCKET) as socket:
        keys.write_text("broken", encoding="utf-8")
        socket.send_json({"Authorization": f"Bearer {spelled}"})
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert closed.value.code == 1013


def test_an_open_websocket_does_not_outlive_its_key_or_token(settings, new_key, keys):
    id_, spelled = new_key()
    time = Time()
    with client(application(settings, time=time)) as browser:
        for credentials, end in [
            (spelled, lambda: revoke_key(keys, id_, now=NOW)),
            (token(), lambda: setattr(time, "passed", timedelta(days=1))),
        ]:
            with browser.websocket_connect(SOCKET) as socket:
                socket.send_json({"Authorization": f"Bearer {credentials}"})
                socket.receive_json()
                socket.send_text("?")
                assert socket.receive_json() == {"valid": True}
                end()
                socket.send_text("?")
                assert socket.receive_json() == {"valid": False}


def test_a_login_shows_no_secret():
    assert "s3cret" not in repr(Login(LOCAL, "Bearer s3cret"))


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1", "127.0.0.1:8000", "[::1]", "[::1]:8000", "LOCALHOST"]
)
def test_this_machine_is_answered_by_its_own_names(host):
    with client(application(SecuritySettings())) as browser:
        assert browser.get("/who", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "",
        "localhost@evil.example",
        "[::2]",
        "0.0.0.0",
    ],
)
def test_a_page_that_rebinds_its_name_to_this_machine_gets_nothing(host):
    with client(application(SecuritySettings())) as browser:
        assert browser.get("/who", headers={"Host": host}).status_code == 400
        with (
            pytest.raises(WebSocketDenialResponse) as denial,
            browser.websocket_connect(SOCKET, headers={"Host": host}),
        ):
            pass
    assert denial.value.status_code == 400


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://localhost.evil.example",
        "http://localhost:9000",
        "x",
        "http://[",
        "",
    ],
)
def test_another_site_s_page_cannot_ask_anything_or_open_a_websocket(origin):
    with client(application(SecuritySettings())) as browser:
        assert browser.get("/who", headers={"Origin": origin}).status_code == 403
        assert browser.post("/who", headers={"Origin": origin}).status_code == 403
        with (
            pytest.raises(WebSocketDisconnect),
            browser.websocket_connect(SOCKET, headers={"Origin": origin}),
        ):
            pass


@pytest.mark.parametrize("origin", ["http://localhost", "https://localhost", "HTTP://LOCALHOST"])
def test_our_own_pages_can(origin):
    with client(application(SecuritySettings())) as browser:
        assert browser.post("/who", headers={"Origin": origin}).status_code == 200
        assert "Access-Control-Allow-Origin" not in browser.post("/who", headers={"Origin": origin}).headers
        with browser.websocket_connect(SOCKET, headers={"Origin": origin}) as socket:
            socket.send_json({})
            assert socket.receive_json() == {"id": "local"}


@pytest.mark.parametrize(
    ("site", "mode", "status"),
    [
        ("cross-site", "no-cors", 403),
        ("same-site", "no-cors", 403),
        ("cross-site", "navigate", 200),
        ("same-origin", "cors", 200),
        ("none", "navigate", 200),
    ],
)
def test_a_link_may_be_followed_and_nothing_of_ours_be_part_of_another_page(site, mode, status):
    with client(application(SecuritySettings())) as browser:
        answer = browser.get("/who", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode})
    assert answer.status_code == status


def test_no_other_origin_is_allowed_unless_configured(settings, new_key):
    _, spelled = new_key()
    headers = bearer(spelled) | {"Origin": "https://status.example"}
    preflight = {
        "Origin": "https://status.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    with client(application(settings)) as browser:
        assert browser.get("/who", headers=headers).status_code == 403
        assert "Access-Control-Allow-Origin" not in browser.options("/who", headers=preflight).headers
    allowing = replace(settings, allowed_origins=("https://status.example",))
    with client(application(allowing)) as browser:
        answer = browser.post("/who", headers=headers)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (
            200,
            "https://status.example",
        )
        assert "Access-Control-Allow-Credentials" not in answer.headers
        allowed = browser.options("/who", headers=preflight)
        assert (allowed.status_code, allowed.headers["Access-Control-Allow-Origin"]) == (
            200,
            "https://status.example",
        )
        other = browser.options("/who", headers=preflight | {"Origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in other.headers


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [("/who", "localhost", 200), ("/none", "localhost", 404), ("/who", "evil.example", 400)],
)
def test_every_answer_carries_the_secure_headers(path, host, status):
    with client(application(SecuritySettings())) as browser:
        answer = browser.get(path, headers={"Host": host})
    assert answer.status_code == status
    for name, value in SECURE_HEADERS.items():
        assert answer.headers.get_list(name) == [value]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_an_authenticator_knows_accounts_or_anyone_and_never_both(keys):
    with pytest.raises(ValueError, match="either accounts, or somebody"):
        Authenticator()
    with pytest.raises(ValueError, match="either accounts, or somebody"):
        Authenticator(keys=KeyFile(keys), anyone=LOCAL)


def test_a_token_by_a_key_not_seen_yet_has_the_keys_fetched(tmp_path, monkeypatch):
    for variable in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    with running_issuer(tmp_path) as issuer:
        issuer.publish(jwks(jwk("RS256", key_pair("RS256"), kid="k1")))
        stated = oidc(issuer=issuer.url)
        source = IssuerKeys(stated.issuer, stated.algorithms, ca_file=issuer.ca_file, seconds=10)
        authenticator = Authenticator(tokens=TokenVerifier(stated, source))

        def principal(which: int, kid: str, seconds: int) -> Principal:
            spelled = token("RS256", key_pair("RS256", which), kid=kid, payload=claims(iss=issuer.url))
            at = NOW + timedelta(seconds=seconds)
            return anyio.run(lambda: authenticator.authenticate(f"Bearer {spelled}", now=at))

        assert principal(0, "k1", 0).id == "oidc:ana"
        issuer.publish(jwks(jwk("RS256", key_pair("RS256", 1), kid="k2")))
        with pytest.raises(Unauthenticated):
            principal(1, "k2", 1)
        assert principal(1, "k2", 30).id == "oidc:ana"


def test_while_the_issuer_was_never_reached_tokens_cannot_be_checked(tmp_path, monkeypatch):
    for variable in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    with running_issuer(tmp_path) as issuer:
        settings = SecuritySettings(oidc=oidc(issuer=issuer.url, ca_file=issuer.ca_file))
        authenticator = authenticator_for(settings, local=LOCAL)
        with pytest.raises(AuthenticationUnavailable):
            anyio.run(lambda: authenticator.authenticate(f"Bearer {token()}", now=NOW))
        assert issuer.asked == ["/.well-known/openid-configuration"]
