"""Storing and reading a large portfolio, beside plain loops that write and read the same nodes and relationships.

    python benchmarks/stores.py [--store sqlite|neo4j] [--uri URL] [--size 100000] [--rounds 3] [--cold]

The size is that of the graph in nodes; it has about four relationships a node. Everything runs at a quarter, at half
and at the whole of it, each part in a process of its own, so that its peak memory is its own.

* `store` is what an import does: from a portfolio in memory to an acknowledged revision, change log included.
* `read` is what everybody waits for who opens a store: `Store.load`, from the database to a whole `Portfolio`.
* `plain store` and `plain read` are the loops of `plain_loops`, which says what is fair to them.

A round runs the four one after the other, and whoever was first in a pair is second in the next round; a ratio is the
median over the rounds, so that what else the machine does hits both sides. Rows are the graph's, for both sides.

Without --uri a local Neo4j runs for the while; it is warmed up first. With --cold each part runs on a server that has
just started, reading too, and each side has a server of its own.
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
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Protocol, TypeAlias

from benchmarks.plain_loops import LOOPS
from olagraph.documents.changes import difference
from olagraph.documents.entities import entities
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
PAIRS = (("store", "plain store"), ("read", "plain read"))
PARTS = tuple(part for pair in PAIRS for part in pair)

Measured: TypeAlias = dict[str, float]
"""Of a part: its seconds, its peak memory in MB, and how many nodes and relationships it read."""

Round: TypeAlias = dict[str, Measured]
"""By part."""


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


def run(part: str, url: str, size: int) -> Measured:
    """One part."""
    address = parse_address(url, os.environ)
    loop = LOOPS["sqlite" if address.file else "neo4j"]
    counted: Measured = {}
    if part == "store":
        whole = portfolio(size)
        begun = time.perf_counter()
        with closing(open_store(address, create=True)) as store:
            edits = difference(Portfolio(), whole)
            store.apply(BENCHMARK, edits, expected=0, by="ana", at=datetime.now(UTC), what="benchmark")  # noqa: TID251
    elif part == "plain store":
        rows = graph(portfolio(size))
        begun = time.perf_counter()
        loop(address).store(rows)
    elif part == "read":
        begun = time.perf_counter()
        with closing(open_store(address)) as store:
            store.load(BENCHMARK)
    else:
        begun = time.perf_counter()
        found = loop(address).read()
        counted["nodes"] = len(found.nodes)
        counted["relationships"] = sum(map(len, found.relationships.values()))
    seconds = time.perf_counter() - begun
    return {
        "seconds": seconds,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        **counted,
    }


def run_apart(part: str, url: str, size: int, environment: Mapping[str, str]) -> Measured:
    """`run` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.stores", "--part", part, "--uri", url, "--size", str(size)]
    answer = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE, text=True
    )
    found: Measured = json.loads(answer.stdout)
    return found


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A Neo4j in a folder of its own, which may run or not."""

    settings: ServerSettings

    @property
    def environment(self) -> Mapping[str, str]:
        """What says who may connect."""
        return {"NEO4J_USERNAME": "neo4j", "NEO4J_PASSWORD": self.settings.password or ""}

    @contextmanager
    def running(self) -> Iterator[str]:
        """Its URL while it runs."""
        try:
            yield neo4j_local.start(self.settings).url
        finally:
            neo4j_local.stop(self.settings.folder)


@contextmanager
def local_server() -> Iterator[LocalServer]:
    """A new one."""
    with tempfile.TemporaryDirectory(prefix="olagraph-benchmark-") as folder:
        yield LocalServer(ServerSettings(folder=Path(folder), port=0, password=secrets.token_urlsafe(12)))


@contextmanager
def database(kind: str, url: str | None) -> Iterator[tuple[str, Mapping[str, str]]]:
    """A URL, and what the environment says about it."""
    if url is not None:
        yield url, {}
    elif kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="olagraph-benchmark-") as folder:
            yield f"sqlite:///{folder}/store.db", {}
    else:
        with local_server() as server, server.running() as url:
            yield url, server.environment


def warm_round(url: str, environment: Mapping[str, str], size: int, *, swapped: bool) -> Round:
    """Every part once, in the same database, which is emptied afterwards."""
    address = parse_address(url, {**os.environ, **environment})
    try:
        return {
            part: run_apart(part, url, size, environment)
            for pair in PAIRS
            for part in (pair[::-1] if swapped else pair)
        }
    finally:
        LOOPS["sqlite" if address.file else "neo4j"](address).clear()
        with closing(open_store(address, create=True)) as store, suppress(UnknownPortfolio):
            store.remove(BENCHMARK)


def file_round(size: int, *, swapped: bool) -> Round:
    """Every part once, in new SQLite files."""
    with database("sqlite", None) as (url, environment):
        return warm_round(url, environment, size, swapped=swapped)


def cold_round(size: int, *, swapped: bool) -> Round:
    """Every part once, each on a Neo4j that has just started."""
    found: Round = {}
    sides = tuple(zip(*PAIRS, strict=True))
    for side in sides[::-1] if swapped else sides:
        with local_server() as server:
            for part in side:
                with server.running() as url:
                    found[part] = run_apart(part, url, size, server.environment)
    return found


class OneRound(Protocol):
    """What runs every part once."""

    def __call__(self, size: int, *, swapped: bool) -> Round:
        """Run them; `swapped`: the plain loops first."""
        ...


@contextmanager
def rounds_in(kind: str, url: str | None, *, cold: bool, size: int) -> Iterator[OneRound]:
    """What runs a round in the database that is asked for; warmed up, if it stays the same."""
    if cold:
        yield cold_round
    elif kind == "sqlite" and url is None:
        yield file_round
    else:
        with database(kind, url) as (url, environment):
            one_round = partial(warm_round, url, environment)
            one_round(size // 4, swapped=False)  # a server that has just started is slow at everything
            yield one_round
            address = parse_address(url, {**os.environ, **environment})
            LOOPS["sqlite" if address.file else "neo4j"](address).leave()


def compare(one_round: OneRound, size: int, rounds: int) -> Round:
    """Rounds at one size. Prints rates and ratios; returns the medians."""
    found = [one_round(size, swapped=bool(number % 2)) for number in range(rounds)]
    medians = {
        part: {key: median(each[part][key] for each in found) for key in found[0][part]} for part in PARTS
    }
    nodes, relationships = medians["plain read"]["nodes"], medians["plain read"]["relationships"]
    print(f"{nodes:,.0f} nodes and {relationships:,.0f} relationships", flush=True)
    for part, told in medians.items():
        rate = (nodes + relationships) / told["seconds"]
        print(f"  {part:12} {told['seconds']:7.2f} s {rate:10,.0f} rows/s {told['megabytes']:6.0f} MB")
    for part, plain in PAIRS:
        ratios = sorted(each[plain]["seconds"] / each[part]["seconds"] for each in found)
        print(
            f"  {part}: {median(ratios):.1f} times as fast as the plain loop ({ratios[0]:.1f} to {ratios[-1]:.1f})"
        )
    sys.stdout.flush()
    return medians


def main() -> None:
    """Measures every part at the three sizes, and prints rates, ratios and how memory grows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", choices=("sqlite", "neo4j"), default="sqlite")
    parser.add_argument("--uri", help="of a database to use; what is in it stays")
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cold", action="store_true", help="on Neo4j servers that have just started")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.part:
        print(json.dumps(run(arguments.part, arguments.uri, arguments.size)))
        return
    with rounds_in(arguments.store, arguments.uri, cold=arguments.cold, size=arguments.size) as one_round:
        sizes = [arguments.size // 4, arguments.size // 2, arguments.size]
        quarter, half, whole = (compare(one_round, size, arguments.rounds) for size in sizes)
    print("Peak memory at the three sizes, and what each doubling adds:")
    for part in PARTS:
        small, medium, large = (each[part]["megabytes"] for each in (quarter, half, whole))
        doubled = f"+{medium - small:.0f} MB, +{large - medium:.0f} MB"
        print(f"  {part:12} {small:4.0f} MB, {medium:4.0f} MB, {large:4.0f} MB: {doubled}")


if __name__ == "__main__":
    main()
