"""The page on security says what the settings are."""

import re
import tomllib
from pathlib import Path

from olagraph_api.security.audit import AuditRecord, Kind, Outcome
from olagraph_api.security.key_sets import ALGORITHMS
from olagraph_api.security.principals import Role
from olagraph_api.security.settings import LimitSettings
from olagraph_api.security.settings_file import SETTINGS_FILE, VARIABLES, read_settings

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "securing-the-api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_its_settings_are_settings(tmp_path):
    path = tmp_path / "security.toml"
    path.write_text("".join(EXAMPLES), encoding="utf-8")
    settings = read_settings(path, {})
    assert settings.oidc is not None
    assert settings.oidc.role.values == {"desk": Role.VIEWER, "sre": Role.EDITOR, "heads": Role.ADMIN}
    assert settings.audit is not None


def test_the_limits_it_shows_are_the_defaults():
    (example,) = (text for text in EXAMPLES if text.startswith("[limits]"))
    assert LimitSettings(**tomllib.loads(example)["limits"]) == LimitSettings()


def test_it_names_every_variable_algorithm_role_and_field_of_the_audit_log():
    code = set(re.findall(r"`([A-Za-z_]+)`", PAGE))
    assert {SETTINGS_FILE, *VARIABLES} == {name for name in code if name.startswith("OLAGRAPH_")}
    assert set(AuditRecord.__dataclass_fields__) | set(Role) <= code
    assert set(ALGORITHMS) | set(Kind) | set(Outcome) <= set(re.findall(r"\w+", PAGE))
