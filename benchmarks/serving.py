"""The server under load: many clients and a writer at once, and kill -9 in the midst of it.

    python benchmarks/serving.py [--store sqlite|neo4j] [--clients 200] [--seconds 60] [--services 200] [--workers 1]
                                 [--kills 20] [--seed 1]

`olagraph serve` runs as a process of its own. Each change renames every service and turns every verdict, so an answer
shows which revision it is of, and whether it is of one alone. Asked for at random: all names, the verdicts, an outage.
Every answer must be whole, and none may be older than a change that was acknowledged before its question. Then a writer
goes on alone while the server is killed and started again: whatever was acknowledged must be there.
"""

import argparse
import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp
import psutil

from benchmarks.crashes import ROOT, LocalNeo4j

NAMES = "{ portfolio { name revision } services(first: 1000) { nodes { name } } }"
VERDICTS = "{ portfolio { name revision } assessments(first: 20) { nodes { verdict } } }"
OUTAGE = """{ portfolio { name revision }
  outage(services: ["s3"]) { services(first: 5) { nodes { service { name } state } } } }"""
IMPORT = """mutation ($document: String!, $revision: Int!) {
  importDocument(document: $document, expectedRevision: $revision) { revision userErrors { message } } }"""

_READY = re.compile(r"olagraph serves \S+ at (http\S+)")
_LONGEST_START = 60.0


def document(number: int, services: int) -> str:
    """The portfolio file that every service and verdict of revision `number` follows from."""
    promised = "99.9%" if number % 2 else "50%"
    lines = [
        "olagraph: 1",
        f'name: "{number}"',
        "providers: [{id: us, kind: internal}, {id: them, kind: external}]",
        "customers: [{id: all}]",
        "services:",
        f'  - {{id: s0, name: "{number}", provider: them}}',
        *(
            f'  - {{id: s{i}, name: "{number}", provider: us, workflow: [s{i // 4}]}}'
            for i in range(1, services)
        ),
        "agreements:",
        "  - {id: uc, kind: UC, provider: them, customer: us, covers: [s0], targets: [{availability: 99%}]}",
        *(
            f"  - {{id: sla{i}, kind: SLA, provider: us, customer: all, covers: [s{i}],"
            f" targets: [{{availability: {promised}}}]}}"
            for i in range(1, services, 10)
        ),
    ]
    return "\n".join(lines)


def fault(query: str, answer: Mapping[str, Any], *, known: int) -> str | None:
    """What is wrong with an answer: errors, two revisions in one, or older than a change acknowledged before."""
    if "errors" in answer:
        return f"errors: {answer['errors'][0]}"
    told = answer["data"]
    revision = told["portfolio"]["revision"]
    if revision < known:
        return f"revision {revision} after {known} was acknowledged"
    names = {told["portfolio"]["name"]}
    if query == NAMES:
        names |= {service["name"] for service in told["services"]["nodes"]}
    elif query == OUTAGE:
        names |= {hit["service"]["name"] for hit in told["outage"]["services"]["nodes"]}
    elif (verdicts := {each["verdict"] for each in told["assessments"]["nodes"]}) != verdict_at(revision):
        return f"verdicts {verdicts} at revision {revision}"
    return None if names == {str(revision)} else f"names {sorted(names)} at revision {revision}"


def verdict_at(revision: int) -> set[str]:
    """The verdict on every SLA at a revision."""
    return {"INFEASIBLE" if revision % 2 else "SUPPORTED"}


class Server:
    """`olagraph serve` as a process.

    Attributes:
        url: of its GraphQL endpoint.
    """

    def __init__(self, store: str, environment: Mapping[str, str], *options: str, port: int = 0) -> None:
        command = [
            sys.executable,
            "-m",
            "olagraph",
            "serve",
            "--store",
            store,
            "--port",
            str(port),
            "--log-format",
            "json",
        ]
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the server
        paths = os.pathsep.join([str(ROOT), str(ROOT / "api")])
        self.process = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env={**os.environ, **environment, "PYTHONPATH": paths},
            stdout=subprocess.DEVNULL,
            stderr=self.log,
        )
        self.url = f"{self._ready()}/graphql"

    def _ready(self) -> str:
        deadline = time.monotonic() + _LONGEST_START
        while time.monotonic() < deadline:
            if found := _READY.search(self.said()):
                return found[1]
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        self.process.kill()
        raise RuntimeError(f"the server did not start:\n{self.said()}")

    def said(self) -> str:
        """What it wrote to standard error."""
        self.log.seek(0)
        return self.log.read()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.url.rpartition(":")[2].partition("/")[0])

    def megabytes(self) -> float:
        """The memory that it takes, its workers included."""
        process = psutil.Process(self.process.pid)
        return sum(each.memory_info().rss for each in (process, *process.children())) / 2**20

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Have it end, and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(_LONGEST_START)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.end(signal.SIGKILL)
        self.log.close()


@dataclass
class Load:
    """What came of a load.

    Attributes:
        seconds: the time from question to answer, one a query.
        writes: changes that were acknowledged.
        faults: what was wrong, one sentence each.
        known: the latest revision acknowledged.
    """

    seconds: list[float] = field(default_factory=list)
    writes: int = 0
    faults: list[str] = field(default_factory=list)
    known: int = 0

    def quantile(self, share: float) -> float:
        """Milliseconds within which this share of queries was answered."""
        return sorted(self.seconds)[min(int(share * len(self.seconds)), len(self.seconds) - 1)] * 1000


async def asked(session: aiohttp.ClientSession, url: str, query: str, **variables: object) -> Any:
    """The answer to a query or mutation."""
    async with session.post(url, json={"query": query, "variables": variables}) as response:
        return await response.json()


async def load(url: str, *, clients: int, services: int, seconds: float, seed: int = 1) -> Load:
    """Clients that ask without a break, and a writer, from the first change on for so many seconds."""
    done = Load()
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as session:

        async def read(chance: random.Random) -> None:
            while time.monotonic() < until:
                query, known, began = chance.choice((NAMES, VERDICTS, OUTAGE)), done.known, time.monotonic()
                answer = await asked(session, url, query)
                done.seconds.append(time.monotonic() - began)
                if (wrong := fault(query, answer, known=known)) is not None:
                    done.faults.append(wrong)

        async def write() -> None:
            while time.monotonic() < until:
                await written(session, url, done, services)

        await written(session, url, done, services)
        until = time.monotonic() + seconds
        await asyncio.gather(write(), *(read(random.Random(seed + number)) for number in range(clients)))
    return done


async def written(session: aiohttp.ClientSession, url: str, done: Load, services: int) -> None:
    """Write the next revision."""
    text = document(done.known + 1, services)
    answer = await asked(session, url, IMPORT, document=text, revision=done.known)
    payload = (answer.get("data") or {}).get("importDocument") or {}
    if payload.get("revision") != done.known + 1:
        done.faults.append(f"change {done.known + 1} was not made: {answer}")
        return
    done.known += 1
    done.writes += 1


async def load_watched(server: Server, *, seconds: float, **options: int) -> tuple[Load, list[float]]:
    """The load on a server, and the memory that it takes: before, at every sixth of the time, and after."""
    memory = [server.megabytes()]
    running = asyncio.create_task(load(server.url, seconds=seconds, **options))
    while not (await asyncio.wait([running], timeout=seconds / 6))[0]:
        memory.append(server.megabytes())
    return running.result(), [*memory, server.megabytes()]


async def write_until_cut_off(url: str, done: Load, services: int) -> None:
    """Write change after change until the server is gone."""
    async with aiohttp.ClientSession() as session:
        with suppress(aiohttp.ClientError, ConnectionError):
            while not done.faults:
                await written(session, url, done, services)


async def state(url: str) -> tuple[int, list[str]]:
    """The revision that a server tells, and what is wrong with what it tells."""
    async with aiohttp.ClientSession() as session:
        answers = {query: await asked(session, url, query) for query in (NAMES, VERDICTS, OUTAGE)}
    faults = [wrong for query, answer in answers.items() if (wrong := fault(query, answer, known=0))]
    return answers[NAMES]["data"]["portfolio"]["revision"], faults


def kill(
    store: str, environment: Mapping[str, str], *, known: int, services: int, after: float
) -> tuple[int, list[str]]:
    """Kill a server that a writer is busy with, start another, and see what is there.

    Args:
        known: the revision before.
        after: seconds of writing, from the first change acknowledged.

    Returns:
        The revision that is there, and what is wrong.
    """
    done = Load(known=known)
    with Server(store, environment) as server:

        async def cut_off() -> None:
            writing = asyncio.create_task(write_until_cut_off(server.url, done, services))
            while not done.writes and not writing.done():
                await asyncio.sleep(0.01)
            await asyncio.sleep(after)
            server.process.kill()
            await writing

        asyncio.run(cut_off())
    with Server(store, environment) as again:
        revision, faults = asyncio.run(state(again.url))
    # The change under way when it was killed may have been written, or not.
    if revision not in (done.known, done.known + 1):
        faults.append(f"revision {done.known} was acknowledged, {revision} is there")
    return revision, [*done.faults, *faults]


@contextmanager
def database(kind: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The URL of an empty store, and what the environment says about it."""
    with tempfile.TemporaryDirectory(prefix="olagraph-serving-") as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/portfolios.db", {}
            return
        server = LocalNeo4j(Path(folder))
        try:
            yield server.url, server.environment
        finally:
            server.close()


def main() -> int:
    """Load and kills; the exit code says whether anything was wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", choices=("sqlite", "neo4j"), default="sqlite")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--services", type=int, default=200)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    faults: list[str] = []
    generous = {"OLAGRAPH_LIMITS_BURST": "1000000000", "OLAGRAPH_LIMITS_PER_SECOND": "1000000000"}
    with database(arguments.store) as (store, environment):
        with Server(store, {**environment, **generous}, "--workers", str(arguments.workers)) as server:
            done, memory = asyncio.run(
                load_watched(
                    server,
                    clients=arguments.clients,
                    services=arguments.services,
                    seconds=arguments.seconds,
                    seed=arguments.seed,
                )
            )
            code = server.end()
        faults += done.faults
        print(
            f"{arguments.clients} clients and a writer for {arguments.seconds:g} s: {len(done.seconds):,} queries"
            f" ({len(done.seconds) / arguments.seconds:,.0f}/s), {done.writes:,} changes, {len(done.faults)} faults;"
            f" answered within {done.quantile(0.5):,.0f} ms (half), {done.quantile(0.95):,.0f} ms (95 %),"
            f" {done.quantile(0.99):,.0f} ms (99 %); exit code {code}\n"
            f"memory over the time: {', '.join(f'{each:,.0f}' for each in memory)} MB"
        )
        known, chance = done.known, random.Random(arguments.seed)
        for number in range(1, arguments.kills + 1):
            before_kill = known
            known, wrong = kill(
                store, environment, known=known, services=arguments.services, after=chance.uniform(0.2, 1.5)
            )
            faults += wrong
            print(f"kill {number:3}: {known - before_kill:5,} changes", *wrong, sep="; ", flush=True)
    print(
        *faults[:20], "nothing was lost, torn or stale" if not faults else f"{len(faults)} faults", sep="\n"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
