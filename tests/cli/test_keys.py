"""keys create, list, revoke."""

import json
from pathlib import Path

import pytest

from olagraph_api.security.key_file import KeyFile
from olagraph_api.security.principals import Role
from tests.cli.test_commands import olagraph


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def create(file: Path, *more: str) -> str:
    """A new key, as it is printed."""
    made = olagraph("keys", "create", "--file", str(file), "--label", "status page", *more)
    assert made.exit_code == 0, made.output
    return made.stdout.strip()


def test_a_key_is_printed_once_and_works(file: Path) -> None:
    made = olagraph(
        "keys", "create", "--file", str(file), "--role", "viewer", "--portfolio", "bank", "--label", "page"
    )
    assert made.exit_code == 0
    key = made.stdout.strip()
    assert key.startswith("olagraph_")
    assert made.stderr == f"Made key {key.split('_')[1]} in {file}. It is shown this once.\n"
    held = next(iter(KeyFile(file).keys().values()))
    assert (held.role, held.portfolios) == (Role.VIEWER, frozenset({"bank"}))
    assert (held.label, held.expires) == ("page", None)
    assert key.rpartition("_")[2] not in file.read_text()


def test_a_key_counts_until_the_end_of_its_last_day(file: Path) -> None:
    create(file, "--role", "editor", "--portfolio", "bank", "--portfolio", "shop", "--expires", "2999-06-30")
    held = next(iter(KeyFile(file).keys().values()))
    assert held.portfolios == {"bank", "shop"}
    assert held.expires is not None
    assert held.expires.isoformat() == "2999-07-01T00:00:00+00:00"


def test_the_list_tells_what_counts_and_holds_no_secret(file: Path) -> None:
    first = create(file, "--role", "admin", "--portfolio", "*")
    second = create(
        file, "--role", "viewer", "--portfolio", "b", "--portfolio", "a", "--expires", "2999-06-30"
    )
    ids = [key.split("_")[1] for key in (first, second)]
    assert (
        olagraph("keys", "revoke", ids[0], "--file", str(file)).stdout
        == f"Key {ids[0]} (status page) is revoked.\n"
    )
    one, two = olagraph("keys", "list", "--file", str(file)).stdout.splitlines()
    assert one.startswith(f"{ids[0]}  revoked 2")
    assert one.endswith("  admin   every portfolio  (status page)")
    assert two == f"{ids[1]}  valid until 2999-06-30    viewer  a, b  (status page)"


def test_an_empty_file_of_keys_is_said_to_be_empty(file: Path) -> None:
    file.write_text('{"olagraph_keys": 1, "keys": []}')
    file.chmod(0o600)
    assert olagraph("keys", "list", "--file", str(file)).stdout == "There are no keys.\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["list"], "Which file? --file names it, or OLAGRAPH_KEYS_FILE\n"),
        (
            ["list", "--file", "gone.json"],
            "there is no key file gone.json; `olagraph keys create` makes it\n",
        ),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    arguments: list[str], told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OLAGRAPH_KEYS_FILE", raising=False)
    monkeypatch.delenv("OLAGRAPH_SECURITY", raising=False)
    result = olagraph("keys", *arguments)
    assert (result.exit_code, result.stderr) == (2, told)


def test_the_file_and_the_audit_log_are_those_that_the_server_is_set_up_with(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = tmp_path / "audit.jsonl"
    monkeypatch.setenv("OLAGRAPH_KEYS_FILE", str(file))
    monkeypatch.setenv("OLAGRAPH_AUDIT_FILE", str(audit))
    made = olagraph("keys", "create", "--role", "viewer", "--portfolio", "bank", "--label", "page")
    id_ = made.stdout.split("_")[1]
    olagraph("keys", "revoke", id_)
    told = [json.loads(line) for line in audit.read_text().splitlines()]
    assert [(line["kind"], line["operation"], line["reason"]) for line in told] == [
        ("keys", "create", f"key {id_}, viewer"),
        ("keys", "revoke", f"key {id_}, viewer"),
    ]
    assert made.stdout.strip().rpartition("_")[2] not in audit.read_text()
