"""JSON Web Tokens of an OpenID Connect issuer, verified as RFC 8725 advises. PyJWT does the cryptography.

The token is believed in nothing before its signature is verified: its header chooses among our keys and algorithms,
and addresses or keys that it carries (`jku`, `jwk`, `x5u`, `x5c`) are not looked at.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import jwt
from jwt.exceptions import PyJWTError

from olagraph_api.security.claims import principal_of
from olagraph_api.security.errors import Unauthenticated
from olagraph_api.security.key_sets import LONGEST_KEY_ID
from olagraph_api.security.key_sources import KeySource
from olagraph_api.security.principals import Principal
from olagraph_api.security.settings import OidcSettings
from olagraph_api.security.strict_json import parse_object

LONGEST_TOKEN = 16 * 1024

_FARTHEST = 10**12  # seconds since 1970, some thirty thousand years

# Times are checked here, against the time given; PyJWT would read the clock.
_OPTIONS: Any = {
    "require": ["exp", "iss", "aud", "sub"],
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "enforce_minimum_key_length": True,
}


class _Header(NamedTuple):
    algorithm: str
    key_id: str | None


class TokenVerifier:
    """Verifies the tokens of one issuer."""

    def __init__(self, settings: OidcSettings, keys: KeySource) -> None:
        """A verifier by these settings, with the issuer's `keys`."""
        self._settings = settings
        self._keys = keys

    def refresh_due(self, token: str, *, now: datetime) -> bool:
        """Whether keys should be fetched before this token is verified: `refresh`, which may take seconds."""
        try:
            header = self._header(token)
        except Unauthenticated:
            return False
        return self._keys.refresh_due(header.key_id, header.algorithm, now=now)

    def refresh(self, *, now: datetime) -> None:
        """Fetch the issuer's keys, unless that was done just now."""
        self._keys.refresh(now=now)

    def verify(self, token: str, *, now: datetime) -> Principal:
        """Whom the token speaks for, by the keys at hand.

        Raises:
            Unauthenticated: it is not valid at `now`.
            AuthenticationUnavailable: there are no keys to verify it with.
        """
        header = self._header(token)
        key = self._keys.find(header.key_id, header.algorithm, now=now)
        if key is None:
            raise Unauthenticated("the token names no key of the issuer's")
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[header.algorithm],  # one of those configured, and the key is bound to it
                audience=self._settings.audience,
                issuer=self._settings.issuer,
                options=_OPTIONS,
            )
            _parsed(token.split(".")[1])
        except (PyJWTError, ValueError) as error:
            raise Unauthenticated(f"the token is not valid: {error}") from None
        self._check_times(claims, now.timestamp())
        return principal_of(claims, self._settings)

    def _header(self, token: str) -> _Header:
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated(f"the token is longer than {LONGEST_TOKEN:,} characters")
        try:
            header = _parsed(token.partition(".")[0])
        except ValueError as error:
            raise Unauthenticated(f"no token: its header is {error}") from None
        algorithm, key_id = header.get("alg"), header.get("kid")
        if not isinstance(algorithm, str) or algorithm not in self._settings.algorithms:
            raise Unauthenticated("the token is signed by an algorithm that is not configured")
        if "crit" in header:  # RFC 7515 §4.1.11: an extension that must be understood; we know none
            raise Unauthenticated("the token demands an extension")
        if key_id is not None and (not isinstance(key_id, str) or len(key_id) > LONGEST_KEY_ID):
            raise Unauthenticated("the token's key id is malformed")
        return _Header(algorithm, key_id)

    def _check_times(self, claims: Mapping[str, Any], now: float) -> None:
        leeway = self._settings.leeway
        expires, issued = _time(claims, "exp"), _time(claims, "iat")
        not_before = _time(claims, "nbf")
        if expires is None or now >= expires + leeway:
            raise Unauthenticated("the token has expired")
        if not_before is not None and now < not_before - leeway:
            raise Unauthenticated("the token does not count yet")
        if issued is not None and now < issued - leeway:
            raise Unauthenticated("the token was issued in the future")


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    """A NumericDate (RFC 7519 §2), seconds since 1970; None = not stated."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _FARTHEST:
        raise Unauthenticated(f"the token's {name} is no time")
    return value


def _parsed(segment: str) -> dict[str, Any]:
    """The JSON object of a part of a token."""
    try:
        content = base64.b64decode(segment + "=" * (-len(segment) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not in base64url") from None
    return parse_object(content)
