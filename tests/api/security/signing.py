"""An issuer for the tests: key pairs and tokens made with `cryptography` alone, so that PyJWT does not check itself."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from olagraph_api.security.settings import OidcSettings

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ISSUER = "https://login.example/realms/ops"
AUDIENCE = "olagraph"

_HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
_CURVES = {
    "ES256": ("P-256", ec.SECP256R1()),
    "ES384": ("P-384", ec.SECP384R1()),
    "ES512": ("P-521", ec.SECP521R1()),
}


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def number(value: int, size: int | None = None) -> str:
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def key_pair(algorithm: str, which: int = 0, bits: int = 2048) -> Any:
    """A private key for an algorithm, the same at every call; `which` tells several apart."""
    return _made(algorithm, which, bits)


@cache
def _made(algorithm: str, which: int, bits: int) -> Any:
    if algorithm[:2] in ("RS", "PS"):
        return rsa.generate_private_key(public_exponent=65537, key_size=bits)
    if algorithm in _CURVES:
        return ec.generate_private_key(_CURVES[algorithm][1])
    return ed448.Ed448PrivateKey.generate() if algorithm == "Ed448" else ed25519.Ed25519PrivateKey.generate()


def jwk(algorithm: str, key: Any, **more: Any) -> dict[str, Any]:
    """The public JWK of a private key."""
    public = key.public_key()
    if algorithm[:2] in ("RS", "PS"):
        numbers = public.public_numbers()
        members = {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}
    elif algorithm in _CURVES:
        numbers, size = public.public_numbers(), (public.key_size + 7) // 8
        members = {
            "kty": "EC",
            "crv": _CURVES[algorithm][0],
            "x": number(numbers.x, size),
            "y": number(numbers.y, size),
        }
    else:
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        members = {"kty": "OKP", "crv": "Ed448" if len(raw) == 57 else "Ed25519", "x": b64(raw)}
    return members | more


def jwks(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": keys}).encode()


def sign(algorithm: str, key: Any, message: bytes) -> bytes:
    """A signature; HS256 signs with bytes, none with nothing."""
    if algorithm == "none":
        return b""
    if algorithm == "HS256":
        return hmac.digest(key, message, hashlib.sha256)
    if algorithm == "EdDSA":
        return key.sign(message)
    digest = _HASHES[algorithm[2:]]
    if algorithm[:2] == "RS":
        return key.sign(message, padding.PKCS1v15(), digest)
    if algorithm[:2] == "PS":
        return key.sign(message, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
    size = (key.key_size + 7) // 8
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(digest)))
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def claims(**changed: Any) -> dict[str, Any]:
    """What a good token states; a changed claim of None is left out."""
    seconds = int(NOW.timestamp())
    stated = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "ana",
        "name": "Ana",
        "exp": seconds + 300,
        "iat": seconds - 10,
        "groups": ["sre"],
    } | changed
    return {name: value for name, value in stated.items() if value is not None}


def token(
    algorithm: str = "RS256",
    key: Any = None,
    *,
    payload: dict[str, Any] | str | None = None,
    header: dict[str, Any] | str | None = None,
    kid: str | None = "k1",
) -> str:
    """A signed token; `payload` and `header` may be raw JSON."""
    stated: Any = {"alg": algorithm, "typ": "JWT"} | ({} if kid is None else {"kid": kid})
    stated = header if isinstance(header, str) else json.dumps(stated | (header or {}))
    body = payload if isinstance(payload, str) else json.dumps(payload or claims())
    message = f"{b64(stated.encode())}.{b64(body.encode())}"
    return f"{message}.{b64(sign(algorithm, key or key_pair(algorithm), message.encode()))}"


def oidc(**changed: Any) -> OidcSettings:
    """Settings for this issuer: the group sre edits `bank`."""
    stated: dict[str, Any] = {
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "role": {"claim": "groups", "values": {"sre": "editor", "desk": "viewer", "heads": "admin"}},
        "portfolios": {"everyone": ["bank"]},
    }
    return OidcSettings(**(stated | changed))
