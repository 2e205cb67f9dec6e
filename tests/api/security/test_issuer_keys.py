"""Fetching an issuer's keys: over HTTPS alone, within bounds, not too often, and surviving its absence."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest

from olagraph_api.security.errors import AuthenticationUnavailable
from olagraph_api.security.https_fetch import FetchError, fetch, is_https
from olagraph_api.security.key_sets import MOST_BYTES
from olagraph_api.security.key_sources import FRESH, KEPT, LEAST_INTERVAL, IssuerKeys
from tests.api.security.signing import NOW, jwk, jwks, key_pair
from tests.api.security.tls_issuer import body, running_issuer, status

FIRST = jwk("RS256", key_pair("RS256"), kid="first")
SECOND = jwk("RS256", key_pair("RS256", 1), kid="second")
DISCOVERY = "/.well-known/openid-configuration"
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def issuer(tmp_path, monkeypatch):
    for variable in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    with running_issuer(tmp_path) as running:
        yield running


def keys_of(issuer, seconds: float = 10) -> IssuerKeys:
    return IssuerKeys(issuer.url, ("RS256",), ca_file=issuer.ca_file, seconds=seconds)


def reason(keys: IssuerKeys) -> str:
    with pytest.raises(AuthenticationUnavailable) as error:
        keys.find("first", "RS256", now=NOW)
    assert "\n" not in error.value.reason
    return error.value.reason


def test_the_discovery_document_leads_to_the_keys(issuer):
    issuer.publish(jwks(FIRST))
    keys = keys_of(issuer)
    assert keys.refresh_due("first", "RS256", now=NOW)
    keys.refresh(now=NOW)
    assert keys.find("first", "RS256", now=NOW)
    assert keys.find("second", "RS256", now=NOW) is None
    assert issuer.asked == [DISCOVERY, "/jwks"]


def test_known_keys_are_not_asked_for_again_while_they_are_fresh(issuer):
    issuer.publish(jwks(FIRST))
    keys = keys_of(issuer)
    keys.refresh(now=NOW)
    assert not keys.refresh_due("first", "RS256", now=NOW + FRESH)
    assert keys.refresh_due("first", "RS256", now=NOW + FRESH + MOMENT)


def test_an_unknown_key_id_is_asked_for_once_an_interval(issuer):
    """Whoever makes key ids up must not turn us against the issuer."""
    issuer.publish(jwks(FIRST))
    keys = keys_of(issuer)
    keys.refresh(now=NOW)
    issuer.publish(jwks(FIRST, SECOND))
    soon, later = NOW + LEAST_INTERVAL - MOMENT, NOW + LEAST_INTERVAL
    assert not keys.refresh_due("second", "RS256", now=soon)
    keys.refresh(now=soon)
    assert keys.find("second", "RS256", now=soon) is None
    assert keys.refresh_due("second", "RS256", now=later)
    keys.refresh(now=later)
    assert keys.find("second", "RS256", now=later)
    for n in range(100):
        assert not keys.refresh_due(f"made up {n}", "RS256", now=later)
    assert issuer.asked == [DISCOVERY, "/jwks"] * 2


def test_a_key_that_the_issuer_withdrew_is_gone_after_the_next_look(issuer):
    issuer.publish(jwks(FIRST, SECOND))
    keys = keys_of(issuer)
    keys.refresh(now=NOW)
    issuer.publish(jwks(SECOND))
    later = NOW + FRESH + MOMENT
    keys.refresh(now=later)
    assert keys.find("first", "RS256", now=later) is None


def test_keys_survive_the_issuer_s_absence_for_a_while_and_not_for_ever(issuer):
    issuer.publish(jwks(FIRST))
    keys = keys_of(issuer)
    keys.refresh(now=NOW)
    issuer.fall_silent()
    keys.refresh(now=NOW + FRESH + MOMENT)
    assert keys.find("first", "RS256", now=NOW + KEPT)
    with pytest.raises(AuthenticationUnavailable) as error:
        keys.find("first", "RS256", now=NOW + KEPT + MOMENT)
    assert error.value.reason.endswith(f"{issuer.url}{DISCOVERY} answers 404")


def test_a_clock_that_was_set_back_does_not_bar_the_way(issuer):
    issuer.publish(jwks(FIRST))
    keys = keys_of(issuer)
    keys.refresh(now=NOW)
    assert keys.refresh_due("first", "RS256", now=NOW - timedelta(days=365))


def test_of_many_at_once_one_fetches_and_nobody_waits_who_has_a_key(issuer):
    issuer.publish(jwks(FIRST))
    keys = keys_of(issuer)
    keys.refresh(now=NOW)
    asked, go_on = threading.Event(), threading.Event()
    issuer.publish(jwks(FIRST, SECOND))
    published = issuer.answers[DISCOVERY]

    def slowly(request):
        asked.set()
        go_on.wait(10)
        published(request)

    issuer.answers[DISCOVERY] = slowly
    later = NOW + FRESH + MOMENT
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(partial(keys.refresh, now=later))
        assert asked.wait(10)
        assert not keys.refresh_due("first", "RS256", now=later)
        assert keys.find("first", "RS256", now=later)
        assert keys.refresh_due("second", "RS256", now=later)
        others = [pool.submit(partial(keys.refresh, now=later)) for _ in range(3)]
        go_on.set()
        for each in (first, *others):
            each.result(10)
    assert keys.find("second", "RS256", now=later)
    assert issuer.asked == [DISCOVERY, "/jwks"] * 2


@pytest.mark.parametrize(
    "named", ["http://127.0.0.1:1/jwks", "file:///etc/passwd", "//x/jwks", "", None, 7, "https://a:b@x/"]
)
def test_keys_are_fetched_from_https_alone_whatever_the_discovery_document_names(issuer, named):
    issuer.publish(jwks(FIRST), jwks_uri=named)
    keys = keys_of(issuer)
    keys.refresh(now=NOW)
    assert "names no https address as its jwks_uri" in reason(keys)


def test_a_discovery_document_of_another_issuer_is_refused(issuer):
    issuer.publish(jwks(FIRST), issuer="https://login.example")
    keys = keys_of(issuer)
    keys.refresh(now=NOW)
    assert "is of another issuer" in reason(keys)


@pytest.mark.parametrize("content", [b"", b"[]", b"<html>", b'{"keys": []}', b'{"keys": 7}', b"\xff\xfe"])
def test_what_is_no_set_of_keys_leaves_the_keys_as_they_were(issuer, content):
    issuer.publish(jwks(FIRST))
    keys = keys_of(issuer)
    keys.refresh(now=NOW)
    issuer.publish(content)
    keys.refresh(now=NOW + FRESH)
    assert keys.find("first", "RS256", now=NOW + FRESH)


def test_a_certificate_that_is_not_trusted_is_refused(issuer):
    issuer.publish(jwks(FIRST))
    keys = IssuerKeys(issuer.url, ("RS256",))
    keys.refresh(now=NOW)
    assert "CERTIFICATE_VERIFY_FAILED" in reason(keys)
    assert issuer.asked == []


def test_a_file_of_certificates_that_is_not_there_is_told(issuer, tmp_path):
    keys = IssuerKeys(issuer.url, ("RS256",), ca_file=tmp_path / "none.pem")
    keys.refresh(now=NOW)
    assert "No such file or directory" in reason(keys)


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_no_redirection_is_followed(issuer, code):
    issuer.publish(jwks(FIRST))
    issuer.answers["/elsewhere"] = issuer.answers["/jwks"]
    issuer.answers["/jwks"] = status(code, Location=f"{issuer.url}/elsewhere")
    keys = keys_of(issuer)
    keys.refresh(now=NOW)
    assert reason(keys).endswith(f"/jwks answers {code}")
    assert "/elsewhere" not in issuer.asked


@pytest.mark.parametrize("length", [True, False])
def test_an_endless_document_is_not_read_to_its_end(issuer, length):
    issuer.publish(jwks(FIRST))
    issuer.answers["/jwks"] = body(b" " * (MOST_BYTES + 1), length=length)
    keys = keys_of(issuer)
    keys.refresh(now=NOW)
    assert f"answers with more than {MOST_BYTES:,} bytes" in reason(keys)


def trickle(stop: threading.Event, *, head: bytes):
    """An answer that never ends: a byte now and then, sooner than any socket's timeout."""

    def answer(request):
        request.wfile.write(head)
        while not stop.wait(0.05):
            request.wfile.write(b"x")

    return answer


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nX: ",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n",
    ],
)
def test_a_server_that_trickles_is_cut_off(issuer, head):
    """Without the cut this would not end."""
    stop = threading.Event()
    issuer.publish(jwks(FIRST))
    issuer.answers["/jwks"] = trickle(stop, head=head)
    keys = keys_of(issuer, seconds=0.5)
    try:
        keys.refresh(now=NOW)
    finally:
        stop.set()
    assert "no answer within 0.5 s" in reason(keys)


def test_an_issuer_that_is_not_there_is_told(issuer):
    issuer.server.server_close()
    keys = keys_of(issuer)
    keys.refresh(now=NOW)
    assert f"no keys of {issuer.url}: cannot fetch {issuer.url}{DISCOVERY}" in reason(keys)


@pytest.mark.parametrize(
    "url",
    [
        "http://x",
        "file:///etc/passwd",
        "ftp://x",
        "data:,x",
        "https://",
        "https://a@x",
        "https://a:b@x",
        "https://x:99999",
        "x",
        "",
    ],
)
def test_only_https_addresses_are_fetched(url):
    assert not is_https(url)
    with pytest.raises(FetchError, match="is no https address"):
        fetch(url, most_bytes=10, seconds=1)


def test_an_https_address_is_one():
    assert all(map(is_https, ["https://x", "https://x:8443/a?b#c", "HTTPS://[::1]/"]))
