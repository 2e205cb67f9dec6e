"""A server that is started, stopped, killed and started again."""

import json
import os
import signal
from dataclasses import replace

import pytest
from neo4j.exceptions import ClientError

from olagraph.stores import StoreError
from olagraph.stores.neo4j_local import start, status, stop
from olagraph.stores.neo4j_local.folder import Folder
from olagraph.stores.neo4j_local.java import write_configuration
from tests.stores.neo4j_local.servers import ask, small


@pytest.fixture
def settings(tmp_path):
    """Of a server that is stopped at the end, whatever became of it."""
    settings = small(tmp_path / "a folder with spaces, ümläute", password="""it's "quoted" \\ #1 é""")
    yield settings
    stop(settings.folder)


def test_what_was_written_survives_kill_and_stop_and_a_second_server_beside_it_is_another(settings, server):
    """Killed, it is known not to run and starts again; stopped and started read-only, it still has everything."""
    password = settings.password
    first = start(settings)
    ask(first, "CREATE (:Kept {name: 'before the kill'})", password=password)
    assert ask(server, "MATCH (kept:Kept) RETURN kept.name") == []

    os.kill(first.pid, signal.SIGKILL)
    while status(settings.folder) is not None:
        pass
    second = start(replace(settings, port=first.port))
    assert (second.port, second.pid != first.pid) == (first.port, True)
    assert second.since >= first.since
    assert ask(second, "MATCH (kept:Kept) RETURN kept.name", password=password) == ["before the kill"]

    assert stop(settings.folder) == second
    assert (status(settings.folder), stop(settings.folder)) == (None, None)
    with pytest.raises(StoreError, match="was given at its first start: give it again"):
        start(replace(settings, password=None))

    third = start(replace(settings, extra={"server.databases.default_to_read_only": "true"}))
    assert ask(third, "MATCH (kept:Kept) RETURN kept.name", password=password) == ["before the kill"]
    with pytest.raises(ClientError, match="read-only"):
        ask(third, "CREATE (:Lost)", password=password)


def test_a_first_start_that_fails_says_why_and_leaves_the_choice_of_the_password(settings):
    """Java's own refusal is told; what was generated for the failed start binds nobody."""
    with pytest.raises(StoreError, match=r"ended at its start: .*Too small maximum heap") as failed:
        start(replace(settings, password=None, heap="1k"))
    assert "\n" not in str(failed.value)
    assert status(settings.folder) is None
    again = start(settings)
    assert again.password_file is None
    assert ask(again, "RETURN 1", password=settings.password) == [1]


def test_a_folder_whose_data_another_server_holds_is_refused_with_its_reason(settings, server):
    """The record of the process can be lost; Neo4j's own lock on its data cannot."""
    record = server.folder / "process.json"
    kept = record.read_text(encoding="utf-8")
    record.unlink()
    try:
        with pytest.raises(StoreError, match=r"ended at its start: .*(?i:lock)"):
            start(small(server.folder))
    finally:
        record.write_text(kept, encoding="utf-8")
    assert status(server.folder) == server


def test_a_setting_that_neo4j_does_not_know_is_named(settings):
    with pytest.raises(StoreError, match=r"server\.no\.such"):
        start(replace(settings, extra={"server.no.such": "1"}))


def test_a_process_that_got_the_number_of_a_dead_server_is_neither_taken_for_it_nor_stopped(tmp_path):
    folder = Folder(tmp_path)
    folder.make()
    write_configuration(folder, small(tmp_path), port=7687)
    record = {"pid": os.getpid(), "port": 7687, "version": "5"}
    (tmp_path / "process.json").write_text(json.dumps(record), encoding="utf-8")
    assert status(tmp_path) is None
    assert stop(tmp_path) is None
    assert not (tmp_path / "process.json").exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x"}', '{"pid": 1}'])
def test_a_record_that_cannot_be_read_is_no_server(tmp_path, content):
    (tmp_path / "process.json").write_text(content, encoding="utf-8")
    assert status(tmp_path) is None


def test_a_folder_that_is_not_there_has_no_server_and_is_not_made(tmp_path):
    assert (status(tmp_path / "none"), stop(tmp_path / "none")) == (None, None)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "held", ["process.json", "thesis.tex", "conf/neo4j.conf"], ids=["a record", "a text", "a Neo4j"]
)
def test_a_folder_with_something_else_is_refused_and_left_as_it_is(tmp_path, held):
    (tmp_path / "conf").mkdir()
    (tmp_path / held).write_text("{}", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(StoreError, match="holds something else than a server: name an empty folder"):
        start(small(tmp_path))
    assert stop(tmp_path) is None
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / held).read_text(encoding="utf-8") == "{}"


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match=r"cannot use .*file: "):
        start(small(tmp_path / "file"))
