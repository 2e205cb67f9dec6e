"""Fetching jars, from a repository on this machine."""

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from olagraph.stores import StoreError
from olagraph.stores.neo4j_local.jars import Jar, fetch_once, locked_jars

CONTENT = b"classes"
JAR = Jar(group="org.example", artifact="thing", version="1.0", sha256=hashlib.sha256(CONTENT).hexdigest())
JARS = (JAR, replace(JAR, classifier="linux-x86_64"), replace(JAR, artifact="other"))


class Repository(ThreadingHTTPServer):
    """Gives every jar of version 1.0, and counts."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked = Counter[str]()


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Repository)
        self.server.asked[self.path] += 1
        self.send_response(200 if "/1.0/" in self.path else 404)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Iterator[Repository]:
    """A mirror that the user's `jgo.conf` names in place of the central repository."""
    with Repository() as repository:
        configuration = tmp_path / "jgo.conf"
        configuration.write_text(
            f"[repositories]\ncentral = http://127.0.0.1:{repository.server_port}/maven/\n", encoding="utf-8"
        )
        monkeypatch.setenv("JGO_CONFIG_FILE", str(configuration))
        thread = threading.Thread(target=repository.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield repository
        repository.shutdown()
        thread.join()


def fetch(jars, folder):
    lines: list[str] = []
    fetch_once(jars, into=folder, progress=lines.append)
    return lines


def test_jars_come_from_where_the_user_says_under_their_maven_names(repository, tmp_path):
    fetch(JARS, tmp_path / "cache" / "jars")
    assert {path.name: path.read_bytes() for path in (tmp_path / "cache" / "jars").iterdir()} == {
        "thing-1.0.jar": CONTENT,
        "thing-1.0-linux-x86_64.jar": CONTENT,
        "other-1.0.jar": CONTENT,
    }
    assert set(repository.asked) == {
        "/maven/org/example/thing/1.0/thing-1.0.jar",
        "/maven/org/example/thing/1.0/thing-1.0-linux-x86_64.jar",
        "/maven/org/example/other/1.0/other-1.0.jar",
    }


def test_of_two_at_once_one_fetches_and_the_other_waits(repository, tmp_path):
    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(lambda _: fetch(JARS, tmp_path / "jars"), range(4)))
    assert sorted(map(bool, told)) == [False, False, False, True]
    assert set(repository.asked.values()) == {1}


def test_what_a_killed_fetch_left_is_not_taken_for_jars(repository, tmp_path):
    (tmp_path / "jars.partial").mkdir()
    (tmp_path / "jars.partial" / "half.jar").write_bytes(b"cla")
    fetch(JARS, tmp_path / "jars")
    assert not (tmp_path / "jars" / "half.jar").exists()
    assert not (tmp_path / "jars.partial").exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (replace(JAR, sha256="0" * 64), "thing-1.0.jar from .* its SHA-256 differs"),
        (replace(JAR, version="2.0"), "answered 404 to the request for org/example/thing/2.0/thing-2.0.jar"),
    ],
)
def test_one_jar_that_is_wrong_or_missing_leaves_nothing(repository, tmp_path, wrong, said):
    with pytest.raises(StoreError, match=said):
        fetch([*JARS, wrong], tmp_path / "jars")
    assert [path.name for path in tmp_path.glob("jars*")] in ([], ["jars.lock"])


def test_a_network_that_is_not_there_is_named_in_one_line(repository, tmp_path, monkeypatch):
    (tmp_path / "jgo.conf").write_text("[repositories]\ncentral = http://127.0.0.1:9/\n", encoding="utf-8")
    with pytest.raises(
        StoreError, match=r"cannot fetch .*\.jar from http://127.0.0.1:9/: .*refused"
    ) as failed:
        fetch(JARS, tmp_path / "jars")
    assert "\n" not in str(failed.value)


def test_the_lock_names_every_jar_once_with_its_digest():
    jars = locked_jars()
    assert len({jar.name for jar in jars}) == len(jars) > 200
    assert all(len(jar.sha256) == 64 for jar in jars)
    assert {jar.version for jar in jars if jar.group == "org.neo4j"} == {"5.26.24"}
