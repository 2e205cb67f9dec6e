"""Tokens: what is let in, and every known way of getting in without one."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from olagraph_api.security.errors import AuthenticationUnavailable, Unauthenticated
from olagraph_api.security.key_sources import FileKeys
from olagraph_api.security.principals import Principal, Role
from olagraph_api.security.tokens import LONGEST_TOKEN, TokenVerifier
from tests.api.security.signing import NOW, b64, claims, jwk, jwks, key_pair, oidc, token

SECONDS = int(NOW.timestamp())


@pytest.fixture(scope="module")
def key_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("issuer") / "jwks.json"
    path.write_bytes(
        jwks(jwk("RS256", key_pair("RS256"), kid="k1"), jwk("ES256", key_pair("ES256"), kid="k2"))
    )
    return path


def verifier(key_file: Path, **settings) -> TokenVerifier:
    stated = oidc(**settings)
    return TokenVerifier(stated, FileKeys(key_file, stated.algorithms))


def refused(key_file: Path, spelled: str, **settings) -> str:
    """The reason kept for the audit log."""
    with pytest.raises(Unauthenticated) as refusal:
        verifier(key_file, **settings).verify(spelled, now=NOW)
    assert str(refusal.value) == "valid credentials are needed"
    return refusal.value.reason


def test_a_good_token_is_its_principal(key_file):
    assert verifier(key_file).verify(token(), now=NOW) == Principal(
        id="oidc:ana", name="Ana", role=Role.EDITOR, portfolios=frozenset({"bank"})
    )


@pytest.mark.parametrize(
    "algorithm", ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
)
def test_every_algorithm_that_can_be_configured_verifies(tmp_path, algorithm):
    path = tmp_path / "jwks.json"
    path.write_bytes(jwks(jwk(algorithm, key_pair(algorithm), kid="k1")))
    verifier(path, algorithms=algorithm).verify(token(algorithm), now=NOW)
    other = token(algorithm, key_pair(algorithm, 1))
    assert "Signature verification failed" in refused(path, other, algorithms=algorithm)


def test_a_curve_of_448_bits_verifies_by_eddsa_too(tmp_path):
    path, key = tmp_path / "jwks.json", key_pair("Ed448")
    path.write_bytes(jwks(jwk("Ed448", key, kid="k1")))
    verifier(path, algorithms="EdDSA").verify(token("EdDSA", key), now=NOW)


@pytest.mark.parametrize("spelled", ["none", "None", "NONE", "nOnE", ""])
def test_an_unsigned_token_is_refused(key_file, spelled):
    unsigned = token("none", header={"alg": spelled})
    assert "an algorithm that is not configured" in refused(key_file, unsigned)
    assert "an algorithm that is not configured" in refused(key_file, unsigned.rstrip(".") + ".")


def test_an_unsigned_token_that_claims_to_be_signed_is_refused(key_file):
    assert "not valid" in refused(key_file, token("none", header={"alg": "RS256"}))


@pytest.mark.parametrize("form", ["pem", "der", "jwk"])
def test_the_public_key_is_no_secret_to_sign_with(key_file, form):
    """Confusion of algorithms: HS256 keyed by what everybody can fetch."""
    public = key_pair("RS256").public_key()
    secret = {
        "pem": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "der": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "jwk": json.dumps(jwk("RS256", key_pair("RS256"))).encode(),
    }[form]
    assert "an algorithm that is not configured" in refused(key_file, token("HS256", secret))
    assert "not valid" in refused(key_file, token("HS256", secret, header={"alg": "RS256"}))


@pytest.mark.parametrize("algorithm", ["none", "HS256", "HS512", "RS1", "ES256K", ""])
def test_no_other_algorithm_can_be_configured(algorithm):
    with pytest.raises(ValueError, match="one of RS256"):
        oidc(algorithms=algorithm)


def test_an_algorithm_that_is_not_configured_is_refused_with_a_good_key(key_file):
    good = token("ES256", kid="k2")
    verifier(key_file, algorithms=["RS256", "ES256"]).verify(good, now=NOW)
    assert "an algorithm that is not configured" in refused(key_file, good, algorithms="RS256")


def test_a_key_of_another_type_than_the_algorithm_s_is_not_used(key_file):
    crossed = token("RS256", header={"alg": "ES256", "kid": "k1"})
    assert "names no key" in refused(key_file, crossed, algorithms=["RS256", "ES256"])


@pytest.mark.parametrize(
    "kid",
    [
        "../../../../dev/null",
        "/etc/passwd",
        "k1' OR '1'='1",
        "k1\u0000",
        "K1",
        "",
        "k1 ",
        "http://evil.example/k",
    ],
)
def test_a_key_id_is_looked_up_and_nothing_else(key_file, kid):
    assert "names no key" in refused(key_file, token(kid=kid))


@pytest.mark.parametrize("kid", [7, [], {}, ["k1"], True, "x" * 257])
def test_a_malformed_key_id_is_refused(key_file, kid):
    assert "key id is malformed" in refused(key_file, token(header={"kid": kid}))


@pytest.mark.parametrize(
    "header",
    [
        {"jku": "https://evil.example/jwks.json"},
        {"x5u": "https://evil.example/cert.pem"},
        {"x5c": ["MIIB"]},
        {"jwk": jwk("RS256", key_pair("RS256", 1))},
    ],
)
def test_keys_and_addresses_that_a_token_brings_along_are_not_looked_at(key_file, header):
    attacker = token("RS256", key_pair("RS256", 1), header=header)
    assert "Signature verification failed" in refused(key_file, attacker)
    verifier(key_file).verify(token(header=header), now=NOW)


@pytest.mark.parametrize("header", [{"crit": ["exp"]}, {"crit": []}, {"b64": False, "crit": ["b64"]}])
def test_an_extension_that_must_be_understood_is_refused(key_file, header):
    assert "demands an extension" in refused(key_file, token(header=header))


def test_a_detached_payload_is_refused(key_file):
    assert "not valid" in refused(key_file, token(header={"b64": False}))


@pytest.mark.parametrize(
    "audience", ["other", ["other"], [], "", "olagraph.evil", None, 7, {"olagraph": 1}, [["olagraph"]]]
)
def test_a_token_for_another_audience_is_refused(key_file, audience):
    assert "not valid" in refused(key_file, token(payload=claims(aud=audience)))


def test_one_audience_of_several_is_enough(key_file):
    verifier(key_file).verify(token(payload=claims(aud=["other", "olagraph"])), now=NOW)
    verifier(key_file, audience=["x", "y"]).verify(token(payload=claims(aud="y")), now=NOW)


@pytest.mark.parametrize(
    "issuer",
    [
        "https://evil.example",
        "https://login.example/realms/ops/",
        "https://login.example",
        "",
        None,
        ["https://login.example/realms/ops"],
        7,
    ],
)
def test_a_token_of_another_issuer_is_refused(key_file, issuer):
    assert "not valid" in refused(key_file, token(payload=claims(iss=issuer)))


@pytest.mark.parametrize(
    ("changed", "seconds", "valid"),
    [
        ({}, 359, True),
        ({}, 360, False),
        ({"nbf": SECONDS + 60}, 0, True),
        ({"nbf": SECONDS + 61}, 0, False),
        ({"iat": SECONDS + 60}, 0, True),
        ({"iat": SECONDS + 61}, 0, False),
        ({"iat": None}, 0, True),
        ({"exp": SECONDS + 0.5}, 60, True),
    ],
)
def test_times_hold_within_the_leeway(key_file, changed, seconds, valid):
    check, spelled = verifier(key_file, leeway=60), token(payload=claims(**changed))
    at = NOW + timedelta(seconds=seconds)
    if valid:
        check.verify(spelled, now=at)
    else:
        with pytest.raises(Unauthenticated):
            check.verify(spelled, now=at)


@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", ["2027", True, [], {}, 10**400, -(10**400), 1e300])
def test_a_time_that_is_none_is_refused(key_file, name, value):
    assert f"the token's {name} is no time" in refused(key_file, token(payload=claims(**{name: value})))


@pytest.mark.parametrize("name", ["exp", "sub", "aud", "iss"])
def test_what_every_token_must_state_is_demanded(key_file, name):
    assert "not valid" in refused(key_file, token(payload=claims(**{name: None})))


@pytest.mark.parametrize("subject", ["", "x" * 256])
def test_a_subject_must_be_one(key_file, subject):
    assert "no usable subject" in refused(key_file, token(payload=claims(sub=subject)))


def test_an_oversized_token_is_refused_before_it_is_read(key_file):
    assert "is longer than" in refused(key_file, token(payload=claims(padding="x" * LONGEST_TOKEN)))


@pytest.mark.parametrize(
    "payload",
    [
        json.dumps(claims())[:-1] + ', "sub": "root"}',
        json.dumps(claims())[:-1] + ', "aud": "olagraph"}',
        json.dumps(claims())[:-1] + ', "extra": {"a": 1, "a": 2}}',
        json.dumps(claims())[:-1] + ', "extra": NaN}',
        "[]",
        "7",
        "null",
        "{",
        "[" * 8_000,
    ],
)
def test_a_payload_with_two_readings_or_none_is_refused(key_file, payload):
    assert "not valid" in refused(key_file, token(payload=payload))


@pytest.mark.parametrize(
    "header",
    [
        '{"alg": "RS256", "alg": "none", "kid": "k1"}',
        "[]",
        "null",
        "{",
        "[" * 8_000,
        '{"kid": "k1"}',
        '{"alg": ["RS256"]}',
    ],
)
def test_a_header_with_two_readings_or_none_is_refused(key_file, header):
    refused(key_file, token(header=header))


@pytest.mark.parametrize("spelled", ["", ".", "..", "...", "a.b.c", "a.b.c.d.e", "é.é.é", "\ud800.x.y"])
def test_what_is_no_token_is_refused(key_file, spelled):
    refused(key_file, spelled)


@given(st.data())
def test_a_token_with_any_character_changed_is_refused(key_file, data):
    spelled = GOOD
    position = data.draw(st.integers(0, len(spelled) - 1))
    character = data.draw(st.sampled_from("ABCxyz019-_.=+/ "))
    changed = spelled[:position] + character + spelled[position + 1 :]
    if changed != spelled:
        refused(key_file, changed)


GOOD = token()


@given(st.text(max_size=300))
def test_no_text_breaks_the_verifier(key_file, text):
    refused(key_file, text)
    refused(key_file, f"{b64(text.encode('utf-8', 'replace'))}.e30.e30")


def test_a_signature_stripped_or_moved_is_refused(key_file):
    header, payload, signature = GOOD.split(".")
    _, other, _ = token(payload=claims(sub="root")).split(".")
    for forged in (
        f"{header}.{payload}.",
        f"{header}.{payload}",
        f"{header}.{other}.{signature}",
        f"{GOOD}.x",
    ):
        refused(key_file, forged)


def test_keys_that_cannot_be_read_let_nobody_in(tmp_path):
    missing = tmp_path / "jwks.json"
    with pytest.raises(AuthenticationUnavailable) as error:
        verifier(missing).verify(GOOD, now=NOW)
    assert error.value.reason == f"cannot read the JWK Set {missing}: No such file or directory"
    missing.write_bytes(b"{}")
    with pytest.raises(AuthenticationUnavailable) as error:
        verifier(missing).verify(GOOD, now=NOW)
    assert "no JWK Set" in error.value.reason


def test_a_key_that_is_taken_from_the_file_stops_working_at_once(tmp_path):
    path = tmp_path / "jwks.json"
    path.write_bytes(jwks(jwk("RS256", key_pair("RS256"), kid="k1")))
    check = verifier(path)
    check.verify(GOOD, now=NOW)
    path.write_bytes(jwks(jwk("RS256", key_pair("RS256", 1), kid="k9")))
    with pytest.raises(Unauthenticated):
        check.verify(GOOD, now=NOW)
    assert not check.refresh_due(GOOD, now=NOW)


@pytest.mark.parametrize(
    ("stated", "role"),
    [
        ({"groups": ["desk"]}, Role.VIEWER),
        ({"groups": "sre"}, Role.EDITOR),
        ({"groups": ["desk", "heads", "sre", "others"]}, Role.ADMIN),
        ({"groups": ["sre", 7, None, {}]}, Role.EDITOR),
        ({"groups": []}, None),
        ({"groups": ["others"]}, None),
        ({"groups": None}, None),
        ({"groups": {"sre": True}}, None),
        ({"groups": ["SRE"]}, None),
    ],
)
def test_the_highest_role_of_the_claim_counts_and_none_is_no_access(key_file, stated, role):
    spelled = token(payload=claims(**stated))
    if role is None:
        assert "carries no role" in refused(key_file, spelled)
    else:
        assert verifier(key_file).verify(spelled, now=NOW).role is role


def test_a_claim_may_lie_in_nested_objects(key_file):
    check = verifier(key_file, role={"claim": ["realm_access", "roles"], "values": {"ola": "viewer"}})
    assert check.verify(token(payload=claims(realm_access={"roles": ["ola"]})), now=NOW).role is Role.VIEWER
    for other in ("ola", ["ola"], {"roles": None}, None):
        with pytest.raises(Unauthenticated):
            check.verify(token(payload=claims(realm_access=other)), now=NOW)


@pytest.mark.parametrize(
    ("settings", "stated", "granted"),
    [
        ({"everyone": ["bank", "cards"]}, {}, {"bank", "cards"}),
        ({"everyone": ["*"]}, {}, {"*"}),
        ({"claim": "tenants"}, {"tenants": ["a", "b"]}, {"a", "b"}),
        ({"claim": "tenants"}, {"tenants": "a"}, {"a"}),
        ({"claim": "tenants"}, {"tenants": ["*", "a"]}, {"a"}),
        ({"claim": "tenants"}, {"tenants": "*"}, set()),
        ({"claim": "tenants"}, {}, set()),
        ({"claim": "groups", "values": {"sre": "*", "bank-team": ["bank"]}}, {}, {"*"}),
        (
            {"claim": "groups", "values": {"bank-team": ["bank"]}, "everyone": ["demo"]},
            {"groups": ["sre", "bank-team"]},
            {"bank", "demo"},
        ),
    ],
)
def test_portfolios_follow_from_the_claims_and_all_of_them_from_the_settings_alone(
    key_file, settings, stated, granted
):
    check, spelled = verifier(key_file, portfolios=settings), token(payload=claims(**stated))
    if granted:
        assert check.verify(spelled, now=NOW).portfolios == granted
    else:
        with pytest.raises(Unauthenticated) as refusal:
            check.verify(spelled, now=NOW)
        assert "grants no portfolio" in refusal.value.reason


def test_a_name_is_fit_to_show(key_file):
    for name, shown in [("A\u202eb\nc", "A\\u202eb c"), ("x" * 500, "x" * 79 + "…"), ("", "ana"), (7, "ana")]:
        assert verifier(key_file).verify(token(payload=claims(name=name)), now=NOW).name == shown
