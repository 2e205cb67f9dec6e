"""The audit log: what a line holds, and that none is forged, blocks a request, or is lost unnoticed."""

import json
import os
import stat
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olagraph_api.security.audit import AuditRecord, Kind, Outcome, audit_line
from olagraph_api.security.audit_log import AuditLog
from olagraph_api.security.settings import AuditSettings

NOW = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)


def record(**changed) -> AuditRecord:
    return replace(AuditRecord(at=NOW, request="r1", kind=Kind.MUTATION, outcome=Outcome.DONE), **changed)


def told(**changed):
    return json.loads(audit_line(record(**changed), values=False))


def lines(path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]


def test_a_line_tells_who_did_what_when_and_how_it_ended():
    full = record(
        at=NOW.astimezone(timezone(timedelta(hours=2))),
        principal="key:1",
        name="Ana",
        address="192.0.2.7",
        operation="SetTarget",
        portfolio="bank",
        revision_before=3,
        revision_after=4,
        reason="none",
        duration_ms=1.23456,
        variables={"value": "99.9%"},
    )
    assert json.loads(audit_line(full, values=False)) == {
        "at": "2026-11-23T12:00:00.123Z",
        "request": "r1",
        "kind": "mutation",
        "outcome": "done",
        "principal": "key:1",
        "name": "Ana",
        "address": "192.0.2.7",
        "operation": "SetTarget",
        "portfolio": "bank",
        "revision_before": 3,
        "revision_after": 4,
        "reason": "none",
        "duration_ms": 1.235,
        "variables": {"value": "[redacted]"},
    }


def test_what_does_not_apply_is_not_written():
    assert set(told()) == {"at", "request", "kind", "outcome"}
    assert told(revision_before=0, variables={})["revision_before"] == 0


def test_values_of_variables_are_written_only_where_that_is_asked_for():
    secret = record(variables={"value": {"nested": ["s3cret"]}})
    assert b"s3cret" not in audit_line(secret, values=False)
    assert json.loads(audit_line(secret, values=True))["variables"] == {"value": {"nested": ["s3cret"]}}


@pytest.mark.parametrize("value", ["x" * 10_000, float("nan"), object(), {1j: 2}])
def test_values_too_long_or_of_no_kind_that_json_has_are_redacted(value):
    assert json.loads(audit_line(record(variables={"v": value}), values=True))["variables"] == {
        "v": "[redacted]"
    }


@given(st.text(), st.text(), st.dictionaries(st.text(), st.text(), max_size=3), st.booleans())
def test_no_text_forges_a_line(name, operation, variables, values):
    line = audit_line(record(name=name, operation=operation, variables=variables), values=values)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert all(0x20 <= byte < 0x7F for byte in line[:-1])
    if len(name) <= 500:
        assert json.loads(line)["name"] == name


def test_hostile_lengths_are_cut():
    line = audit_line(
        record(
            operation="o" * 10**6,
            reason="r" * 10**6,
            variables={f"{n:0500}": "v" * 100 for n in range(10_000)},
        ),
        values=True,
    )
    assert len(line) < 20_000


def test_lines_are_appended_in_order_to_a_file_for_its_owner_alone(tmp_path):
    path = tmp_path / "audit.jsonl"
    for start in (0, 100):
        log = AuditLog(AuditSettings(file=path))
        for n in range(start, start + 100):
            log.write(record(request=f"r{n}"))
        log.close()
    assert [line["request"] for line in lines(path)] == [f"r{n}" for n in range(200)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert log.lost == 0


def test_the_setting_lets_values_through(tmp_path):
    path = tmp_path / "audit.jsonl"
    log = AuditLog(AuditSettings(file=path, variables=True))
    log.write(record(variables={"value": "99.9%"}))
    log.close()
    assert lines(path)[0]["variables"] == {"value": "99.9%"}


@pytest.mark.parametrize("rotation", ["moved", "moved and made anew", "removed"])
def test_rotation_needs_no_signal(tmp_path, rotation):
    path, old = tmp_path / "audit.jsonl", tmp_path / "audit.jsonl.1"
    log = AuditLog(AuditSettings(file=path))
    log.write(record(request="before"))
    wait_for(lambda: path.stat().st_size > 0)
    os.rename(path, old)
    if rotation == "moved and made anew":
        path.touch(0o600)
    if rotation == "removed":
        old.unlink()
    log.write(record(request="after"))
    log.close()
    assert [line["request"] for line in lines(path)] == ["after"]
    if rotation != "removed":
        assert [line["request"] for line in lines(old)] == ["before"]


def wait_for(done) -> None:
    pause = threading.Event()
    while not done():
        pause.wait(0.005)


def test_a_disk_that_stands_still_blocks_nobody_and_what_is_lost_is_counted(tmp_path, caplog):
    """A named pipe whose reader does not read is such a disk."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    log = AuditLog(AuditSettings(file=path), most_waiting=10)
    for n in range(2_000):
        log.write(record(request=f"r{n}", reason="x" * 400))
    assert log.lost > 0
    assert len(caplog.records) == 1
    assert f"the audit log {path} loses records: the disk does not keep up" in caplog.text
    os.set_blocking(reader, True)
    drained: list[bytes] = []
    draining = threading.Thread(target=lambda: drained.extend(iter(lambda: os.read(reader, 65536), b"")))
    draining.start()
    log.close()
    draining.join()
    os.close(reader)
    assert b"".join(drained).count(b"\n") + log.lost == 2_000


def test_a_disk_that_is_full_is_told_and_what_is_lost_is_counted(caplog):
    log = AuditLog(AuditSettings(file=Path("/dev/full")))
    log.write(record())
    log.write(record())
    log.close()
    assert log.lost == 2
    assert "No space left on device" in caplog.text


def test_a_file_that_cannot_be_opened_is_told_at_the_start(tmp_path):
    with pytest.raises(FileNotFoundError):
        AuditLog(AuditSettings(file=tmp_path / "nowhere" / "audit.jsonl"))


def test_many_threads_write_whole_lines(tmp_path):
    path = tmp_path / "audit.jsonl"
    log = AuditLog(AuditSettings(file=path))

    def write() -> None:
        for _ in range(200):
            log.write(record(reason="x" * 300))

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.close()
    assert len(lines(path)) == 1_600
