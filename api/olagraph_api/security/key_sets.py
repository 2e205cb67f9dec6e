"""JSON Web Key Sets (RFC 7517): the public keys of an issuer, each bound to the algorithms it may verify."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from jwt import PyJWK
from jwt.exceptions import PyJWTError

from olagraph_api.security.strict_json import parse_object

MOST_BYTES = 256 * 1024
LONGEST_KEY_ID = 256

_MOST_KEYS = 100


class KeyKind(NamedTuple):
    """The keys that an algorithm works with: `kty`, the curves (`crv`) if it has any, the public members."""

    type: str
    curves: frozenset[str]
    members: tuple[str, ...]


_RSA = KeyKind("RSA", frozenset(), ("kty", "n", "e"))


def _elliptic(curve: str) -> KeyKind:
    return KeyKind("EC", frozenset({curve}), ("kty", "crv", "x", "y"))


ALGORITHMS: Mapping[str, KeyKind] = MappingProxyType(
    {
        "RS256": _RSA,
        "RS384": _RSA,
        "RS512": _RSA,
        "PS256": _RSA,
        "PS384": _RSA,
        "PS512": _RSA,
        "ES256": _elliptic("P-256"),
        "ES384": _elliptic("P-384"),
        "ES512": _elliptic("P-521"),
        "EdDSA": KeyKind("OKP", frozenset({"Ed25519", "Ed448"}), ("kty", "crv", "x")),
    }
)
"""The algorithms that may be configured: signatures by key pairs (RFC 7518 §3.1, RFC 8037), never `none` or HMAC."""


@dataclass(frozen=True, slots=True)
class KeySet:
    """Verification keys by (`kid`, algorithm); `kid` is None where the set names none."""

    keys: Mapping[tuple[str | None, str], PyJWK]

    def find(self, key_id: str | None, algorithm: str) -> PyJWK | None:
        """The key for a token's header. Without `kid`, the one key of that algorithm if there is just one."""
        if key_id is not None:
            return self.keys.get((key_id, algorithm))
        fitting = [key for (_, of), key in self.keys.items() if of == algorithm]
        return fitting[0] if len(fitting) == 1 else None


def parse_key_set(content: bytes, algorithms: Collection[str]) -> KeySet:
    """The keys of a JWK Set that verify by one of `algorithms`; others are passed over, as RFC 7517 §5 asks.

    Two different keys of one `kid` and algorithm are both passed over: which one is meant cannot be told.

    Raises:
        ValueError: it is no JWK Set, or none of its keys can be used.
    """
    listed = parse_object(content).get("keys")
    if not isinstance(listed, list) or len(listed) > _MOST_KEYS:
        raise ValueError(f'no JWK Set: expected {{"keys": […]}} with at most {_MOST_KEYS} keys')
    members: dict[tuple[str | None, str], dict[str, Any]] = {}
    ambiguous: set[tuple[str | None, str]] = set()
    for jwk in listed:
        for algorithm in algorithms:
            if not _verifies(jwk, algorithm):
                continue
            named = (jwk.get("kid"), algorithm)
            public = {name: jwk.get(name) for name in ALGORITHMS[algorithm].members}
            if members.setdefault(named, public) != public:
                ambiguous.add(named)
    keys = {
        named: key
        for named, public in members.items()
        if named not in ambiguous and (key := _key(public, named[1])) is not None
    }
    if not keys:
        raise ValueError(f"the JWK Set holds no key for {', '.join(algorithms)}")
    return KeySet(MappingProxyType(keys))


def _verifies(jwk: object, algorithm: str) -> bool:
    """Whether a member of the set is meant for signatures by this algorithm: its type must be the algorithm's."""
    if not isinstance(jwk, dict):
        return False
    kind = ALGORITHMS[algorithm]
    key_id, operations = jwk.get("kid"), jwk.get("key_ops", ["verify"])
    return (
        jwk.get("kty") == kind.type
        and (not kind.curves or jwk.get("crv") in kind.curves)
        and jwk.get("use", "sig") == "sig"
        and jwk.get("alg", algorithm) == algorithm
        and isinstance(operations, list)
        and "verify" in operations
        and (key_id is None or (isinstance(key_id, str) and len(key_id) <= LONGEST_KEY_ID))
    )


def _key(public: dict[str, Any], algorithm: str) -> PyJWK | None:
    """The key ready to verify; None if it is malformed or too short to trust (RSA below 2048 bits)."""
    try:
        key = PyJWK(public, algorithm)
    except (PyJWTError, TypeError, ValueError):
        return None
    return None if key.Algorithm.check_key_length(key.key) else key
