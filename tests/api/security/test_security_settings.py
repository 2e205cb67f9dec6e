"""Settings: from a file and the environment, everything that is wrong at once."""

from dataclasses import replace
from pathlib import Path

import pytest

from olagraph_api.security.principals import Role
from olagraph_api.security.settings import (
    AuditSettings,
    KeySettings,
    LimitSettings,
    OidcSettings,
    PortfolioClaim,
    RoleClaim,
    SecuritySettings,
)
from olagraph_api.security.settings_file import VARIABLES, InvalidSettings, read_settings
from tests.api.security.signing import oidc

FULL = """
allowed_hosts = ["ola.example", "*.bank.example"]
allowed_origins = ["https://status.example"]

[keys]
file = "keys.json"

[oidc]
issuer = "https://login.example/realms/ops"
audience = "olagraph"
algorithms = ["RS256", "ES256"]
leeway = 30
jwks_file = "jwks.json"
ca_file = "/etc/ca.pem"
name_claim = "email"
role = {claim = ["realm_access", "roles"], values = {sre = "editor", heads = "admin"}}
portfolios = {claim = "groups", values = {bank-team = ["bank"], sre = "*"}, everyone = ["demo"]}

[limits]
burst = 1000
per_second = 100
failures = 10

[audit]
file = "audit.jsonl"
variables = true
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "security.toml"


def faults(path: Path | None, environment: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(InvalidSettings) as error:
        read_settings(path, environment or {})
    assert str(error.value) == "\n".join(map(str, error.value.faults))
    return [str(fault).replace(f"{path}: ", "") for fault in error.value.faults]


def full(folder: Path) -> SecuritySettings:
    """What FULL means in a file of this folder."""
    return SecuritySettings(
        allowed_hosts=("ola.example", "*.bank.example"),
        allowed_origins=("https://status.example",),
        keys=KeySettings(file=folder / "keys.json"),
        oidc=OidcSettings(
            issuer="https://login.example/realms/ops",
            audience=("olagraph",),
            algorithms=("RS256", "ES256"),
            leeway=30,
            jwks_file=folder / "jwks.json",
            ca_file=Path("/etc/ca.pem"),
            name_claim="email",
            role=RoleClaim(claim=("realm_access", "roles"), values={"sre": Role.EDITOR, "heads": Role.ADMIN}),
            portfolios=PortfolioClaim(
                claim=("groups",), values={"bank-team": ("bank",), "sre": ("*",)}, everyone=("demo",)
            ),
        ),
        limits=LimitSettings(burst=1000, per_second=100, failures=10),
        audit=AuditSettings(file=folder / "audit.jsonl", variables=True),
    )


def test_nothing_stated_is_loopback_without_accounts():
    settings = read_settings(None, {})
    assert settings == SecuritySettings()
    assert not settings.authenticates
    assert settings.allowed_origins == settings.allowed_hosts == ()


def test_a_file_states_everything_and_its_files_lie_beside_it(path, tmp_path):
    path.write_text(FULL, encoding="utf-8")
    settings = read_settings(path, {})
    assert settings.authenticates
    assert settings == full(tmp_path)


def test_the_environment_wins(path, tmp_path):
    path.write_text(FULL, encoding="utf-8")
    environment = {
        "OLAGRAPH_KEYS_FILE": "other.json",
        "OLAGRAPH_OIDC_AUDIENCE": "a, b",
        "OLAGRAPH_OIDC_LEEWAY": "5",
        "OLAGRAPH_AUDIT_VARIABLES": "false",
        "OLAGRAPH_ALLOWED_HOSTS": "",
    }
    stated = full(tmp_path)
    assert stated.oidc is not None
    assert stated.audit is not None
    assert read_settings(path, environment) == replace(
        stated,
        keys=KeySettings(file=Path("other.json")),
        oidc=replace(stated.oidc, audience=("a", "b"), leeway=5),
        audit=replace(stated.audit, variables=False),
    )


def test_the_environment_is_enough_for_keys_and_names_the_file_of_the_rest(path):
    keys = SecuritySettings(keys=KeySettings(file=Path("k.json")))
    assert read_settings(None, {"OLAGRAPH_KEYS_FILE": "k.json"}) == keys
    path.write_text('allowed_hosts = "ola.example"', encoding="utf-8")
    assert read_settings(None, {"OLAGRAPH_SECURITY": str(path)}).allowed_hosts == ("ola.example",)


def test_every_variable_reaches_its_setting(path):
    texts = {
        "burst": "7",
        "failures": "7",
        "per_second": "7",
        "leeway": "7",
        "variables": "true",
        "algorithms": "ES256",
        "issuer": "https://other.example",
        "allowed_hosts": "other.example",
        "allowed_origins": "https://other.example",
    }
    path.write_text(FULL, encoding="utf-8")
    before = read_settings(path, {})
    for variable, place in VARIABLES.items():
        changed = read_settings(path, {variable: texts.get(place[-1], "other")})
        assert changed != before or place == ("audit", "variables"), variable


def test_everything_wrong_is_told_at_once_with_place_cause_and_remedy(path):
    path.write_text(
        """
allowed_host = ["x"]
allowed_origins = ["*", "https://a.example/path"]
allowed_hosts = ["a b"]
[keys]
fil = "keys.json"
[oidc]
issuer = "http://login.example"
audience = []
algorithms = ["HS256", "none"]
role = {claim = "groups", values = {sre = "boss"}}
portfolios = {}
leeway = 9999
[limits]
burst = 0
[audit]
file = 7
""",
        encoding="utf-8",
    )
    told = faults(path)
    assert "allowed_host: unknown setting; did you mean 'allowed_hosts'?" in told
    assert "keys.fil: unknown setting; did you mean 'file'?" in told
    assert "keys.file: missing; expected a value for it" in told
    assert "oidc.role.values.sre: 'boss'; expected 'viewer', 'editor' or 'admin'" in told
    assert any(
        line.startswith("oidc.issuer: 'http://login.example'; expected an https address") for line in told
    )
    assert any(line.startswith("oidc.algorithms.0: 'HS256'; expected one of RS256") for line in told)
    assert any(line.startswith("oidc.algorithms.1: 'none'; expected one of RS256") for line in told)
    assert any(line.startswith("allowed_origins.0: '*'; expected an origin") for line in told)
    assert any(
        line.startswith("oidc.portfolios: incomplete; expected `everyone` or a `claim`") for line in told
    )
    places = {line.partition(": ")[0] for line in told}
    assert places == {
        "allowed_host",
        "allowed_origins.0",
        "allowed_origins.1",
        "allowed_hosts.0",
        "keys.fil",
        "keys.file",
        "oidc.issuer",
        "oidc.audience",
        "oidc.algorithms.0",
        "oidc.algorithms.1",
        "oidc.role.values.sre",
        "oidc.portfolios",
        "oidc.leeway",
        "limits.burst",
        "audit.file",
    }


def test_values_are_values_of_a_claim(path):
    path.write_text(FULL.replace('{claim = "groups", values', "{values"), encoding="utf-8")
    assert faults(path) == ["oidc.portfolios: incomplete; expected the `claim` that `values` are of"]


def test_a_fault_in_the_environment_names_the_variable(path):
    path.write_text(FULL, encoding="utf-8")
    told = faults(
        path,
        {
            "OLAGRAPH_OIDC_ISSUER": "http://x",
            "OLAGRAPH_LIMITS_BURST": "many",
            "OLAGRAPH_KEYS_FIL": "x",
            "OLAGRAPH_OIDC_ROLE": "x",
        },
    )
    assert any(
        line.startswith("the environment: OLAGRAPH_OIDC_ISSUER: 'http://x'; expected an https")
        for line in told
    )
    assert any(
        line.startswith("the environment: OLAGRAPH_LIMITS_BURST: 'many'; expected a valid integer")
        for line in told
    )
    assert "the environment: OLAGRAPH_KEYS_FIL: unknown variable; did you mean 'OLAGRAPH_KEYS_FILE'?" in told
    assert len(told) == 4


def test_variables_of_other_parts_are_left_alone():
    assert read_settings(None, {"OLAGRAPH_SKIP_UI": "1", "PATH": "/bin"}) == SecuritySettings()


@pytest.mark.parametrize(
    "content", [b"[", b"\xff", b"a = 1\na = 2", b"a = " + b"[" * 100_000, b"#" * (2**20 + 1)]
)
def test_what_is_no_toml_is_told(path, content):
    path.write_bytes(content)
    (line,) = faults(path)
    assert "not TOML" in line or "more than 1,048,576 bytes" in line


@pytest.mark.parametrize("content", ["keys = 7", "oidc = []", 'limits = "x"'])
def test_a_section_that_is_no_table_is_told_even_where_the_environment_adds_to_it(path, content):
    path.write_text(content, encoding="utf-8")
    assert faults(path)
    section = content.partition(" ")[0]
    variable = next(name for name, place in VARIABLES.items() if place[0] == section)
    assert faults(path, {variable: "1"})


def test_a_missing_file_is_an_error_of_the_system(path):
    with pytest.raises(FileNotFoundError):
        read_settings(path, {})


def test_settings_cannot_be_changed_or_made_wrong_in_code_either():
    settings = SecuritySettings()
    with pytest.raises(AttributeError):
        settings.keys = None  # type: ignore[misc]
    with pytest.raises(ValueError, match="an https address"):
        oidc(issuer="http://login.example")
