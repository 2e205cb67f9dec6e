"""Storing and reading a large portfolio, beside plain loops that write and read the same nodes and relationships.

    python benchmarks/stores.py [--store sqlite|neo4j] [--uri URL] [--size 100000]

The size is that of the graph in nodes; it has about four relationships a node. Everything runs at a quarter, at half
and at the whole of it, each part in a process of its own, so that its peak memory is its own. On Neo4j the plain
loops are those over the driver that one would write first: batches of MERGE, one record a row. Without --uri a local
Neo4j runs for the while.
"""

import argparse
import json
import os
import random
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.plain_loops import LOOPS
from olagraph.documents.changes import difference
from olagraph.documents.collector import collector_paused
from olagraph.documents.entities import entities, portfolio_of
from olagraph.model.entities import (
    Agreement,
    AgreementKind,
    Covers,
    Customer,
    Portfolio,
    Provider,
    ProviderKind,
    Service,
    Target,
)
from olagraph.model.quantity import Dimension, Quantity
from olagraph.model.workflow import AllOf, Sequence, Step
from olagraph.stores import UnknownPortfolio, neo4j_local, open_store, parse_address
from olagraph.stores.changes import Stored
from olagraph.stores.neo4j.expected import expected_rows
from olagraph.stores.neo4j.rows import Rows
from olagraph.stores.neo4j_local import ServerSettings

ROOT = Path(__file__).resolve().parents[1]
BENCHMARK = "benchmark"
DAY = date(2026, 1, 1)
SUPPLIERS, CUSTOMERS = 200, 50
PARTS = ("store", "plain store", "read", "plain read")


def portfolio(size: int) -> Portfolio:
    """A portfolio whose graph has about `size` nodes: services with eight dependencies, agreements with two targets."""
    chance = random.Random(size)
    count = max(20, round(size * 0.121))
    bought = count // 20
    services = []
    for number in range(count):
        later = range(number + 1, min(number + 200, count))
        used = [f"service-{other}" for other in chance.sample(later, min(8, len(later)))]
        supplier = f"supplier-{number % SUPPLIERS}"
        if number >= count - bought or len(used) < 8:
            services.append(Service(id=f"service-{number}", provider=supplier, region="eu-west"))
            continue
        services.append(
            Service(
                id=f"service-{number}",
                name=f"Service number {number}",
                provider="it" if number % 2 else supplier,
                workflow=Step(of=Sequence(tuple(Step(of=each) for each in used[:5]))),
                requires=Step(of=AllOf(tuple(Step(of=each) for each in used[5:]))),
                own=(Target(metric="availability", value=Quantity.parse("99.99%", Dimension.RATIO)),),
                tags=("critical",) if number % 10 == 0 else (),
                criticality=1 + number % 5,
            )
        )
    return Portfolio(
        name=f"{size:,} nodes",
        providers=(
            Provider(id="it", kind=ProviderKind.INTERNAL),
            *(
                Provider(id=f"supplier-{n}", kind=ProviderKind.EXTERNAL, region="eu-west")
                for n in range(SUPPLIERS)
            ),
        ),
        customers=tuple(
            Customer(id=f"customer-{number}", name=f"Customer {number}") for number in range(CUSTOMERS)
        ),
        services=tuple(services),
        agreements=tuple(agreement(number, services, chance) for number in range(round(size * 0.212))),
    )


def agreement(number: int, services: list[Service], chance: random.Random) -> Agreement:
    """An agreement on four services."""
    covered = chance.sample(range(len(services)), 4)
    sla = number % 2 == 0
    return Agreement(
        id=f"agreement-{number}",
        kind=AgreementKind.SLA if sla else AgreementKind.UC,
        provider=services[covered[0]].provider,
        customers=(f"customer-{number % CUSTOMERS}",) if sla else ("it",),
        covers=Covers(services=tuple(f"service-{each}" for each in covered)),
        targets=(
            Target(metric="availability", value=Quantity.parse(f"99.{number % 10}%", Dimension.RATIO)),
            Target(metric="latency", value=Quantity.parse("250 ms", Dimension.DURATION)),
        ),
        from_=DAY,
        ref=f"MSA-{number} § 4.2",
    )


def graph(whole: Portfolio) -> Rows:
    """The nodes and relationships that a portfolio lies in."""
    placed = {key: Stored(place, plain) for place, (key, plain) in enumerate(entities(whole))}
    return expected_rows(placed, whole)


def run(part: str, url: str, size: int) -> dict[str, float]:
    """One part: its seconds, its peak memory in MB, and what it stored or read."""
    address = parse_address(url, os.environ)
    loop = LOOPS["sqlite" if address.file else "neo4j"]
    measured: dict[str, float] = {}
    if part in ("store", "plain store"):
        whole = portfolio(size)
        rows = graph(whole) if part == "plain store" else None
        built = time.perf_counter()
        if rows is not None:
            loop(address).store(rows)
        else:
            with closing(open_store(address, create=True)) as store:
                edits = difference(Portfolio(), whole)
                store.apply(BENCHMARK, edits, expected=0, by="ana", at=datetime.now(UTC), what="benchmark")  # noqa: TID251
        measured["seconds"] = time.perf_counter() - built
    elif part == "plain read":
        begun = time.perf_counter()
        nodes, relationships = loop(address).read()
        measured = {
            "seconds": time.perf_counter() - begun,
            "nodes": len(nodes),
            "relationships": relationships,
        }
    else:
        with closing(open_store(address)) as store:
            begun = time.perf_counter()
            loaded = store.load(BENCHMARK).portfolio
            measured["seconds"] = time.perf_counter() - begun
        plain = list(entities(loaded))
        with collector_paused():
            begun = time.perf_counter()
            portfolio_of(plain, source=url)
            measured["portfolio"] = time.perf_counter() - begun
    measured["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return measured


def run_apart(part: str, url: str, size: int, environment: Mapping[str, str]) -> dict[str, float]:
    """`run` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.stores", "--part", part, "--uri", url, "--size", str(size)]
    answer = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(answer.stdout)
    return found


@contextmanager
def database(kind: str, url: str | None) -> Iterator[tuple[str, Mapping[str, str]]]:
    """A URL, and what the environment says about it."""
    if url is not None:
        yield url, {}
        return
    with tempfile.TemporaryDirectory(prefix="olagraph-benchmark-") as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/store.db", {}
            return
        settings = ServerSettings(folder=Path(folder), port=0, password=secrets.token_urlsafe(12))
        server = neo4j_local.start(settings)
        try:
            yield server.url, {"NEO4J_USERNAME": "neo4j", "NEO4J_PASSWORD": settings.password or ""}
        finally:
            neo4j_local.stop(settings.folder)


def clear(url: str, environment: Mapping[str, str]) -> None:
    """Remove what the benchmark wrote."""
    address = parse_address(url, {**os.environ, **environment})
    LOOPS["sqlite" if address.file else "neo4j"](address).clear()
    with closing(open_store(address)) as store, suppress(UnknownPortfolio):
        store.remove(BENCHMARK)


def measured(url: str, environment: Mapping[str, str], size: int) -> dict[str, dict[str, float]]:
    """Every part at one size."""
    try:
        return {part: run_apart(part, url, size, environment) for part in PARTS}
    finally:
        clear(url, environment)


def main() -> None:
    """Measures every part at the three sizes, and prints rates and ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", choices=("sqlite", "neo4j"), default="sqlite")
    parser.add_argument("--uri", help="of a database to use; what is in it stays")
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.part:
        print(json.dumps(run(arguments.part, arguments.uri, arguments.size)))
        return
    with database(arguments.store, arguments.uri) as (url, environment):
        measured(
            url, environment, arguments.size // 10
        )  # a server that has just started is slow at everything
        for quarters in (1, 2, 4):
            found = measured(url, environment, arguments.size * quarters // 4)
            rows = found["plain read"]["nodes"] + found["plain read"]["relationships"]
            nodes, relationships = found["plain read"]["nodes"], found["plain read"]["relationships"]
            print(f"{nodes:,.0f} nodes and {relationships:,.0f} relationships", flush=True)
            for part in PARTS:
                seconds, memory = found[part]["seconds"], found[part]["megabytes"]
                print(
                    f"  {part:12} {seconds:7.2f} s {rows / seconds:10,.0f} rows/s {memory:6.0f} MB",
                    flush=True,
                )
            read = found["read"]["seconds"]
            restoring = found["read"]["portfolio"]
            print(f"  read: {read - restoring:.2f} s to entities, {restoring:.2f} s more to the portfolio")
            print(
                f"  storing is {found['plain store']['seconds'] / found['store']['seconds']:.1f} times as fast"
            )
            print(
                f"  reading is {found['plain read']['seconds'] / read:.1f} times as fast,"
                f" {found['plain read']['seconds'] / (read - restoring):.1f} times to entities"
            )


if __name__ == "__main__":
    main()
