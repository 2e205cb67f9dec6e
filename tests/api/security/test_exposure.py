"""Serving without accounts: this machine alone, and not through its browser either."""

from pathlib import Path

import pytest

from olagraph_api.security.exposure import (
    UnsafeExposure,
    allowed_hosts,
    is_loopback,
    require_authentication,
    resolved,
)
from olagraph_api.security.settings import KeySettings, SecuritySettings
from tests.api.security.signing import oidc

NAMES = {
    "elsewhere.example": ("192.0.2.7",),
    "here.example": ("127.0.0.1",),
    "both.example": ("127.0.0.1", "192.0.2.7"),
    "six.example": ("::1", "127.0.0.1"),
}


def resolve(host: str) -> tuple[str, ...]:
    """A resolver that knows some names, and addresses by themselves."""
    return NAMES[host] if host in NAMES else resolved(host)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.8.8.8", "127.8.8.8"),
        ("::1", "::1"),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1"),
        ("here.example", "127.0.0.1"),
        ("six.example", "::1"),
        ("unix:/run/olagraph.sock", "unix:/run/olagraph.sock"),
    ],
)
def test_this_machine_is_served_without_accounts_by_the_address_that_was_checked(host, address):
    assert require_authentication(host, SecuritySettings(), resolve=resolve) == address


def test_localhost_is_this_machine():
    assert is_loopback(require_authentication("localhost", SecuritySettings()))


@pytest.mark.parametrize(
    "host",
    [
        "0.0.0.0",
        "0",
        "",
        "::",
        "::0",
        "::ffff:0.0.0.0",
        "::ffff:192.0.2.7",
        "::ffff:c000:207",
        "192.0.2.7",
        "10.0.0.1",
        "169.254.1.1",
        "fe80::1",
        "2001:db8::1",
        "[::]",
        "[::1]",
        "*",
        "elsewhere.example",
        "both.example",
        "no such host",
        "127.0.0.1.invalid",
        "x" * 300,
        "\u0000",
    ],
)
def test_others_are_not_served_without_authentication(host):
    with pytest.raises(UnsafeExposure) as refusal:
        require_authentication(host, SecuritySettings(), resolve=resolve)
    told = str(refusal.value)
    assert told.startswith(f"cannot serve on {host!r} without authentication")
    assert "serve on 127.0.0.1, or configure API keys" in told
    assert "\n" not in told


@pytest.mark.parametrize(
    "settings", [SecuritySettings(keys=KeySettings(file=Path("keys.json"))), SecuritySettings(oidc=oidc())]
)
def test_with_accounts_anything_is_served(settings):
    for host in ("0.0.0.0", "::", "elsewhere.example", "127.0.0.1"):
        assert require_authentication(host, settings, resolve=resolve) == host


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "127.0.0.1:80", "[::1]", "1"])
def test_what_is_no_address_is_not_this_machine_s(text):
    assert not is_loopback(text)


def test_without_accounts_only_the_names_of_this_machine_and_those_configured_are_answered():
    loopback = ("localhost", "127.0.0.1", "[::1]")
    assert allowed_hosts(SecuritySettings()) == loopback
    assert allowed_hosts(SecuritySettings(allowed_hosts=("Ola.example",))) == (*loopback, "ola.example")


def test_with_accounts_any_name_is_answered_unless_some_are_configured():
    keys = KeySettings(file=Path("keys.json"))
    assert allowed_hosts(SecuritySettings(keys=keys)) == ("*",)
    assert "*" not in allowed_hosts(SecuritySettings(keys=keys, allowed_hosts=("ola.example",)))
