"""A server that runs: what it says of itself, and what it refuses."""

import socket
import stat

import psutil
import pytest

from olagraph.stores import StoreError
from olagraph.stores.neo4j_local import start, status
from tests.stores.neo4j_local.servers import ask, small


def test_it_answers_at_its_url_which_clients_of_a_cluster_take_too(server):
    assert server.url.startswith("neo4j://")
    assert ask(server, "RETURN 6 * 7") == [42]


def test_it_is_the_version_it_says(server):
    assert ask(server, "CALL dbms.components() YIELD versions RETURN versions[0]") == [server.version]


def test_of_two_starts_at_once_one_starts_and_both_are_told(starts):
    assert starts[0] == starts[1]


def test_a_second_start_answers_with_the_server_that_runs(server):
    assert start(small(server.folder)) == server


def test_status_is_what_start_told(server):
    assert status(server.folder) == server


def test_it_listens_on_the_loopback_interface_only(server):
    listening = [
        c.laddr for c in psutil.Process(server.pid).net_connections("inet") if c.status == psutil.CONN_LISTEN
    ]
    assert {(address.ip.removeprefix("::ffff:"), address.port) for address in listening} == {
        ("127.0.0.1", server.port)
    }


def test_only_the_owner_reads_the_generated_password(server):
    assert stat.S_IMODE(server.password_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700


def test_the_password_is_in_no_command_line_no_log_and_no_setting(server):
    password = server.password_file.read_text(encoding="utf-8").strip()
    assert password not in " ".join(psutil.Process(server.pid).cmdline())
    for file in server.folder.rglob("*"):
        if file.is_file() and file.suffix in {".log", ".conf", ".json", ".ini"}:
            assert password.encode() not in file.read_bytes()


def test_the_password_that_everybody_knows_is_not_taken(server):
    with pytest.raises(StoreError, match="does not take this password"):
        start(small(server.folder, password="neo4j"))


def test_a_wrong_password_is_refused_without_being_repeated_and_the_server_runs_on(server):
    with pytest.raises(StoreError) as refused:
        start(small(server.folder, password="not the one"))
    assert "does not take this password of its user neo4j" in str(refused.value)
    assert f"the one it was set to, which {server.password_file} holds" in str(refused.value)
    assert "not the one" not in str(refused.value)
    assert status(server.folder) == server


def test_a_port_in_use_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = small(tmp_path / "other", port=port)
        with pytest.raises(StoreError, match=f"port {port} of 127.0.0.1 cannot be used .*: choose another"):
            start(settings)
    assert status(settings.folder) is None
