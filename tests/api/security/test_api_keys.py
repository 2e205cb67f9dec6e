"""API keys: how they are spelled, what is kept, and the file they are kept in."""

import hashlib
import json
import multiprocessing
import re
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from olagraph_api.security import key_file
from olagraph_api.security.api_keys import find_key, new_key
from olagraph_api.security.errors import AuthenticationUnavailable, Unauthenticated
from olagraph_api.security.key_file import KeyFile, KeyFileError, create_key, list_keys, revoke_key
from olagraph_api.security.principals import Principal, Role

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def made(path: Path, label: str = "status page", **more):
    stated: dict[str, Any] = {"role": Role.VIEWER, "portfolios": ["bank"], "label": label, "now": NOW} | more
    return create_key(path, **stated)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def test_a_key_names_its_id_and_hides_256_bits(path):
    key, spelled = made(path)
    match = re.fullmatch(r"olagraph_([0-9a-f]{16})_([0-9a-f]{64})", spelled)
    assert match is not None
    assert match[1] == key.id
    assert len({made(path)[1] for _ in range(5)} | {spelled}) == 6


def test_of_a_key_only_a_digest_is_kept(path):
    key, spelled = made(path)
    kept = path.read_text(encoding="utf-8")
    assert spelled not in kept
    assert spelled.rpartition("_")[2] not in kept
    assert hashlib.sha256(spelled.encode()).hexdigest() == key.digest == json.loads(kept)["keys"][0]["digest"]
    assert key.digest not in repr(key)


def test_a_key_is_its_principal(path):
    key, spelled = made(path, role=Role.EDITOR, portfolios=["bank", "cards"])
    assert KeyFile(path).authenticate(spelled, now=NOW) == Principal(
        id=f"key:{key.id}", name="status page", role=Role.EDITOR, portfolios=frozenset({"bank", "cards"})
    )


def test_what_is_listed_is_what_was_made(path):
    made_keys = [made(path, f"nr {n}", expires=NOW + n * DAY if n else None)[0] for n in range(3)]
    assert list_keys(path) == tuple(made_keys)


def test_a_key_counts_until_the_moment_it_expires(path):
    _, spelled = made(path, expires=NOW + DAY)
    file = KeyFile(path)
    file.authenticate(spelled, now=NOW + DAY - timedelta(microseconds=1))
    with pytest.raises(Unauthenticated) as refusal:
        file.authenticate(spelled, now=NOW + DAY)
    assert "has expired" in refusal.value.reason


def test_a_revoked_key_stops_working_at_once_in_a_server_that_runs(path):
    key, spelled = made(path)
    _, other = made(path, "another")
    running = KeyFile(path)
    running.authenticate(spelled, now=NOW)
    assert revoke_key(path, key.id, now=NOW) == replace(key, revoked=NOW)
    with pytest.raises(Unauthenticated) as refusal:
        running.authenticate(spelled, now=NOW)
    assert "is revoked" in refusal.value.reason
    running.authenticate(other, now=NOW)


def test_to_revoke_a_key_again_keeps_when_it_was_revoked(path):
    key, _ = made(path)
    revoke_key(path, key.id, now=NOW)
    assert revoke_key(path, key.id, now=NOW + DAY).revoked == NOW
    assert [kept.revoked for kept in list_keys(path)] == [NOW]


def test_a_key_made_while_a_server_runs_works_at_once(path):
    made(path)
    running = KeyFile(path)
    running.keys()
    running.authenticate(made(path)[1], now=NOW)


def test_unknown_revoked_and_expired_keys_are_refused_in_the_same_words(path):
    key, revoked = made(path)
    revoke_key(path, key.id, now=NOW)
    _, expired = made(path, expires=NOW + DAY)
    never = new_key(role=Role.VIEWER, portfolios=frozenset({"*"}), label="no", created=NOW)[1]
    wrong_secret = f"olagraph_{key.id}_{'0' * 64}"
    file, said = KeyFile(path), set()
    for spelled in (revoked, expired, never, wrong_secret, "olagraph_", "olagraph_x_y"):
        with pytest.raises(Unauthenticated) as refusal:
            file.authenticate(spelled, now=NOW + DAY)
        said.add(str(refusal.value))
        assert spelled not in refusal.value.reason
    assert said == {"valid credentials are needed"}


@given(position=st.integers(0, 89), digit=st.sampled_from("0123456789abcdef_OX"))
def test_a_key_with_any_character_changed_is_refused(position, digit):
    key, spelled = new_key(role=Role.VIEWER, portfolios=frozenset({"*"}), label="x", created=NOW)
    changed = spelled[:position] + digit + spelled[position + 1 :]
    if changed == spelled:
        assert find_key({key.id: key}, changed, now=NOW) is key
    else:
        with pytest.raises(Unauthenticated):
            find_key({key.id: key}, changed, now=NOW)


@given(st.text(max_size=120))
def test_whatever_is_no_key_is_refused(text):
    with pytest.raises(Unauthenticated):
        find_key({}, f"olagraph_{text}", now=NOW)


def test_the_file_is_for_its_owner_alone_and_stays_so(path):
    made(path)
    made(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["keys.json", "keys.json.lock"]


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_is_refused(path, mode):
    _, spelled = made(path)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match="others than its owner may write it; chmod 600 mends that"):
        list_keys(path)
    with pytest.raises(AuthenticationUnavailable):
        KeyFile(path).authenticate(spelled, now=NOW)


def test_a_link_to_the_file_stays_a_link(path, tmp_path):
    made(path)
    link = tmp_path / "link.json"
    link.symlink_to(path)
    made(link)
    assert link.is_symlink()
    assert len(list_keys(path)) == 2


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("", "Expecting value"),
        ("[]", "not a JSON object"),
        ("{}", "it is no key file"),
        ('{"olagraph_keys": 2, "keys": []}', "it is no key file"),
        ('{"olagraph_keys": 1, "keys": [], "keys": []}', "a name occurs twice"),
        ('{"olagraph_keys": 1, "keys": [{}]}', "Field required"),
        ('{"olagraph_keys": 1, "keys": ' + "[" * 100_000, "nested too deeply"),
    ],
)
def test_a_broken_file_lets_nobody_in_and_says_why(path, content, cause):
    _, spelled = made(path)
    running = KeyFile(path)
    running.authenticate(spelled, now=NOW)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(AuthenticationUnavailable) as error:
        running.authenticate(spelled, now=NOW)
    assert cause in error.value.reason
    assert str(path) in error.value.reason
    assert "\n" not in error.value.reason


def test_two_keys_of_one_id_are_refused(path):
    made(path)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["keys"] *= 2
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(KeyFileError, match="two keys have one id"):
        list_keys(path)


def test_a_missing_file_is_told_with_the_remedy(path):
    with pytest.raises(KeyFileError, match=r"there is no key file .*; `olagraph keys create` makes it"):
        list_keys(path)


def test_a_file_that_goes_away_takes_its_keys_along(path):
    _, spelled = made(path)
    running = KeyFile(path)
    running.authenticate(spelled, now=NOW)
    path.unlink()
    with pytest.raises(AuthenticationUnavailable):
        running.authenticate(spelled, now=NOW)


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ({"portfolios": []}, "a key takes a portfolio"),
        ({"portfolios": [""]}, "the id of a portfolio"),
        ({"label": " "}, "a key takes a label"),
        ({"label": "x" * 201}, "a key takes a label"),
        ({"expires": NOW}, "which is past"),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(path, argument, told):
    with pytest.raises(KeyFileError, match=told):
        made(path, **argument)
    assert not path.exists()


def test_an_unknown_id_is_told_with_the_nearest(path):
    key, _ = made(path)
    with pytest.raises(
        KeyFileError, match=rf"there is no key '{key.id[:-1]}' in .*; did you mean {key.id}\?"
    ):
        revoke_key(path, key.id[:-1], now=NOW)
    with pytest.raises(KeyFileError, match="`olagraph keys list` lists them"):
        revoke_key(path, "zzz", now=NOW)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(
        KeyFileError, match=r"cannot write the key file .*: there is no folder .*; make it first"
    ):
        made(tmp_path / "nowhere" / "keys.json")


def test_a_place_that_cannot_be_written_is_told():
    with pytest.raises(KeyFileError, match=r"^cannot write the key file /proc/keys.json: "):
        made(Path("/proc/keys.json"))


def test_who_cannot_have_a_turn_is_told_so(path, monkeypatch):
    monkeypatch.setattr(key_file, "_LONGEST_WAIT_S", 0.05)
    with (
        FileLock(f"{path}.lock"),
        pytest.raises(KeyFileError, match=r"somebody else has been writing it for 0.05 s"),
    ):
        made(path)


def test_a_file_too_large_to_be_one_is_refused(path):
    path.write_bytes(b" " * (8 * 2**20 + 1))
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match=r"it is larger than 8,388,608 bytes"):
        list_keys(path)


def test_a_folder_is_no_key_file(tmp_path):
    with pytest.raises(KeyFileError, match=r"cannot read the key file .*: Is a directory"):
        list_keys(tmp_path)


def _make_and_revoke(path: Path, label: str) -> None:
    for _ in range(5):
        key, _ = made(path, label)
        revoke_key(path, key.id, now=NOW)


def test_writers_at_the_same_time_undo_nothing_of_each_other(path):
    """No revocation may be lost: the key would live again."""
    writers = [
        multiprocessing.get_context("spawn").Process(target=_make_and_revoke, args=(path, f"writer {n}"))
        for n in range(2)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    keys = list_keys(path)
    assert sorted(key.label for key in keys) == ["writer 0"] * 5 + ["writer 1"] * 5
    assert all(key.revoked == NOW for key in keys)
