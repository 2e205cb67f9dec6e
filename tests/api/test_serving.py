"""`olagraph serve` and `olagraph demo` as processes: how they begin and end, several at once, under load, killed."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest

from benchmarks.crashes import ROOT
from benchmarks.serving import NAMES, VERDICTS, Server, asked, fault, kill, load
from olagraph.documents import load as read
from tests.api.test_snapshots import until
from tests.cli.test_commands import olagraph
from tests.stores.places import Place

SERVICES = 30


def json_of(url: str) -> Any:
    """The answer to a GET."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def has_ended(process: psutil.Process) -> bool:
    """Whether a process runs no more, even if nobody has taken note of its end."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The URL of an embedded store that is not there yet."""
    return f"sqlite:///{tmp_path}/portfolios.db"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_says_where_it_is_in_one_line_and_ends_cleanly(url: str, number: signal.Signals) -> None:
    with Server(url, {}) as server:
        assert server.said() == f"olagraph serves {url} at {server.url.removesuffix('/graphql')}\n"
        assert json_of(f"{server.url}?query=%7B__typename%7D") == {"data": {"__typename": "Query"}}
        assert server.end(number) == 0


def test_a_server_ends_although_a_subscription_is_open(url: str) -> None:
    with Server(url, {}) as server:

        async def subscribed() -> int:
            async with aiohttp.ClientSession() as session:
                await asked(
                    session,
                    server.url,
                    'mutation { createPortfolio(portfolio: "a", fields: {name: "a"}) { written } }',
                )
                query = {"query": 'subscription { portfolioChanged(portfolio: "a") { revision } }'}
                async with session.post(
                    server.url, json=query, headers={"Accept": "text/event-stream"}
                ) as stream:
                    await stream.content.readline()
                    return await asyncio.to_thread(server.end)

        assert asyncio.run(subscribed()) == 0


@pytest.mark.parametrize(
    ("arguments", "environment", "reason"),
    [
        (["--host", "0.0.0.0"], {}, "cannot serve on '0.0.0.0' without authentication"),
        (["--host", "203.0.113.7", "--workers", "2"], {}, "cannot serve on '203.0.113.7' without"),
        (["--store", "sqlite:///x.db?portfolio=a"], {}, "serve serves every portfolio of a store"),
        (["--store", "sqlite:///gone/x.db"], {}, "there is no folder gone"),
        (["--store", "mysql://x"], {}, "is no store"),
        ([], {"OLAGRAPH_KEYS_FILE": "gone.json"}, "there is no key file gone.json"),
        ([], {"OLAGRAPH_LIMITS_BURST": "many"}, "OLAGRAPH_LIMITS_BURST"),
        ([], {"OLAGRAPH_SECURITY": "gone.toml"}, "cannot read gone.toml"),
        ([], {"OLAGRAPH_AUDIT_FILE": "gone/audit.jsonl"}, "cannot open gone/audit.jsonl"),
        (["--host", "unix:x.txt"], {}, "cannot listen on x.txt: it is no socket"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(
    arguments: list[str],
    environment: Mapping[str, str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "x.txt").touch()
    monkeypatch.chdir(tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    refused = olagraph("serve", "--port", "0", *arguments)
    assert refused.exit_code in (2, 3)
    assert reason in refused.stderr
    assert refused.output.count("\n") == 1


def test_a_port_that_is_taken_is_refused(url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = olagraph("serve", "--store", url, "--port", str(port))
    assert (refused.exit_code, refused.output.count("\n")) == (2, 1)
    assert f"cannot listen on port {port} of 127.0.0.1" in refused.stderr
    assert "--port names another" in refused.stderr


def test_a_unix_socket_is_its_owners_alone_and_outlives_no_server(url: str, tmp_path: Path) -> None:
    path = tmp_path / "socket"
    command = [sys.executable, "-m", "olagraph", "serve", "--store", url, "--host", f"unix:{path}"]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "api")])
    for _ in range(2):  # the second finds what the first left behind
        with subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": paths}, stderr=subprocess.PIPE, text=True
        ) as server:
            assert server.stderr is not None
            assert server.stderr.readline() == f"olagraph serves {url} at unix:{path}\n"
            assert path.stat().st_mode & 0o777 == 0o600
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(path))
                client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                assert b"200 OK" in client.recv(1000)
            server.kill()


def test_the_demo_serves_its_example_and_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "olagraph", "demo", "--port", "0"]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "api")]),
        "TMPDIR": str(tmp_path),
    }
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as demo:
        assert demo.stderr is not None
        line = demo.stderr.readline()
        assert list(tmp_path.iterdir())
        answer = json_of(f"{line.split()[-1]}/graphql?query=%7Bportfolio%7Bname%20counts%7Bservices%7D%7D%7D")
        demo.send_signal(signal.SIGINT)
        assert demo.wait(30) == 0
    example = read(ROOT / "fixtures" / "bank-payments.yaml")
    assert answer == {
        "data": {"portfolio": {"name": example.name, "counts": {"services": len(example.services)}}}
    }
    assert not list(tmp_path.iterdir())


def test_the_example_is_the_portfolio_of_the_fixtures() -> None:
    """It travels in the package, which the fixtures do not."""
    assert (ROOT / "olagraph" / "demo.yaml").read_bytes() == (
        ROOT / "fixtures" / "bank-payments.yaml"
    ).read_bytes()


def test_several_processes_behind_one_port_are_as_fresh_as_one(place: Place) -> None:
    with Server(place.url, place.environment, "--workers", "2") as server:
        workers = psutil.Process(server.process.pid).children()
        done = asyncio.run(load(server.url, clients=8, services=SERVICES, seconds=2))
        assert not done.faults
        assert done.writes
        assert done.seconds
        metrics = urllib.request.urlopen(server.url.replace("graphql", "metrics"), timeout=30).read().decode()
        counted = [
            float(line.split()[-1])
            for line in metrics.splitlines()
            if line.startswith("olagraph_operations_total")
        ]
        assert sum(counted) == done.writes + len(done.seconds)
        assert server.end() == 0
    until(lambda: all(map(has_ended, workers)))


def test_the_workers_of_a_supervisor_that_is_killed_end_too(url: str) -> None:
    with Server(url, {}, "--workers", "2") as server:
        workers = psutil.Process(server.process.pid).children()
        server.end(signal.SIGKILL)
    until(lambda: all(map(has_ended, workers)))


def test_many_clients_and_a_writer_see_whole_and_fresh_answers_and_memory_stays(place: Place) -> None:
    """Two hundred clients for a short time; benchmarks/serving.py has the long one."""
    with Server(place.url, {**place.environment, "OLAGRAPH_LIMITS_BURST": "1000000000"}) as server:
        done = asyncio.run(load(server.url, clients=200, services=SERVICES, seconds=4))
        assert not done.faults, done.faults[:3]
        assert done.writes
        assert len(done.seconds) >= 200
        assert server.megabytes() < 400
        assert server.end() == 0


def test_what_was_acknowledged_is_there_after_kill_9(place: Place) -> None:
    known = 0
    for after in (0.1, 0.4):
        revision, faults = kill(place.url, place.environment, known=known, services=SERVICES, after=after)
        assert not faults
        assert revision > known
        known = revision


def test_the_oracle_of_the_load_notices_what_is_torn_stale_or_wrong(url: str) -> None:
    """Else the tests above would show nothing."""
    names = {"portfolio": {"name": "3", "revision": 3}, "services": {"nodes": [{"name": "3"}, {"name": "2"}]}}
    assert fault(NAMES, {"data": names}, known=0) == "names ['2', '3'] at revision 3"
    whole = {"portfolio": {"name": "3", "revision": 3}, "assessments": {"nodes": [{"verdict": "INFEASIBLE"}]}}
    assert fault(VERDICTS, {"data": whole}, known=3) is None
    assert fault(VERDICTS, {"data": whole}, known=4) == "revision 3 after 4 was acknowledged"
    whole["assessments"]["nodes"][0]["verdict"] = "SUPPORTED"  # type: ignore[index]
    assert fault(VERDICTS, {"data": whole}, known=3) == "verdicts {'SUPPORTED'} at revision 3"
    assert fault(NAMES, {"errors": [{"message": "no"}]}, known=0) == "errors: {'message': 'no'}"
