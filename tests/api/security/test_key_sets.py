"""JWK Sets: which keys of an issuer are believed, and for what."""

import json

import pytest

from olagraph_api.security.key_sets import ALGORITHMS, parse_key_set
from tests.api.security.signing import jwk, jwks, key_pair, number

RSA = key_pair("RS256")


def test_a_key_counts_for_its_kind_of_algorithm_only():
    keys = parse_key_set(
        jwks(
            jwk("RS256", RSA, kid="r"),
            jwk("ES256", key_pair("ES256"), kid="e"),
            jwk("EdDSA", key_pair("EdDSA"), kid="o"),
        ),
        tuple(ALGORITHMS),
    )
    found = {kid: {name for name in ALGORITHMS if keys.find(kid, name)} for kid in "reo"}
    assert found == {
        "r": {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"},
        "e": {"ES256"},
        "o": {"EdDSA"},
    }


@pytest.mark.parametrize("algorithms", [("RS256",), ("ES256",)])
def test_only_the_algorithms_configured_are_served(algorithms):
    keys = parse_key_set(
        jwks(jwk("RS256", RSA, kid="k"), jwk("ES256", key_pair("ES256"), kid="k")), algorithms
    )
    assert {name for name in ALGORITHMS if keys.find("k", name)} == set(algorithms)


@pytest.mark.parametrize(
    "more",
    [
        {"use": "enc"},
        {"alg": "RS512"},
        {"key_ops": ["encrypt"]},
        {"key_ops": "verify"},
        {"kid": 7},
        {"kid": "x" * 257},
    ],
)
def test_a_key_meant_for_something_else_is_passed_over(more):
    good = jwk("RS256", key_pair("RS256", 1), kid="good")
    keys = parse_key_set(jwks(jwk("RS256", RSA, **({"kid": "k"} | more)), good), ("RS256",))
    assert [kid for kid, _ in keys.keys] == ["good"]


def test_a_symmetric_key_is_never_one_to_verify_with():
    with pytest.raises(ValueError, match="holds no key for RS256"):
        parse_key_set(jwks({"kty": "oct", "k": "c2VjcmV0", "kid": "k", "alg": "RS256"}), ("RS256",))


def test_a_short_rsa_key_is_passed_over():
    with pytest.raises(ValueError, match="holds no key"):
        parse_key_set(jwks(jwk("RS256", key_pair("RS256", 0, 1024), kid="k")), ("RS256",))


def test_a_private_key_in_the_set_counts_by_its_public_part():
    private = RSA.private_numbers()
    leaked = jwk("RS256", RSA, kid="k", d=number(private.d), p=number(private.p), q=number(private.q))
    found = parse_key_set(jwks(leaked), ("RS256",)).find("k", "RS256")
    assert found is not None
    assert not hasattr(found.key, "private_numbers")


def test_two_keys_of_one_id_are_both_passed_over():
    keys = parse_key_set(
        jwks(
            jwk("RS256", RSA, kid="k"),
            jwk("RS256", key_pair("RS256", 1), kid="k"),
            jwk("RS256", RSA, kid="other"),
        ),
        ("RS256",),
    )
    assert keys.find("k", "RS256") is None
    assert keys.find("other", "RS256") is not None


def test_the_same_key_stated_twice_is_one_key():
    assert parse_key_set(jwks(jwk("RS256", RSA, kid="k"), jwk("RS256", RSA, kid="k")), ("RS256",)).find(
        "k", "RS256"
    )


def test_a_token_without_key_id_takes_the_only_key_there_is():
    one = parse_key_set(jwks(jwk("RS256", RSA, kid="a")), ("RS256",))
    two = parse_key_set(
        jwks(jwk("RS256", RSA, kid="a"), jwk("RS256", key_pair("RS256", 1), kid="b")), ("RS256",)
    )
    assert one.find(None, "RS256") is one.find("a", "RS256")
    assert two.find(None, "RS256") is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"keys": {}}',
        b'{"keys": []}',
        b'{"keys": [1, null, "x", []]}',
        b'{"keys": [{"kty": "RSA", "n": "!", "e": "AQAB"}]}',
        b'{"keys": [{"kty": "RSA", "n": 5, "e": null}]}',
        b'{"keys": [{"kty": "RSA"}]}',
        b'{"keys": [{"kty": ["RSA"]}]}',
        b'{"keys": [], "keys": []}',
        b"\xff",
        json.dumps({"keys": [{}] * 101}).encode(),
        b'{"keys": ' + b"[" * 100_000,
    ],
)
def test_what_is_no_set_of_keys_is_refused(content):
    with pytest.raises(ValueError, match=r"."):
        parse_key_set(content, ("RS256", "ES256", "EdDSA"))


def test_a_point_that_is_not_on_the_curve_is_no_key():
    bent = jwk("ES256", key_pair("ES256"), kid="k") | {"y": number(5, 32)}
    with pytest.raises(ValueError, match="holds no key"):
        parse_key_set(jwks(bent), ("ES256",))


def test_a_key_of_another_curve_is_not_taken_for_this_algorithm():
    with pytest.raises(ValueError, match="holds no key"):
        parse_key_set(jwks(jwk("ES384", key_pair("ES384"), kid="k", alg="ES256")), ("ES256",))
