"""kill -9 in mid-write, again and again: what was acknowledged is there afterwards, and nothing half.

    python benchmarks/crashes.py [--store sqlite|neo4j] [--kills 50] [--services 30] [--seed 1]

A process writes change sets as fast as it can and prints the revision of each one acknowledged. It is killed at a
random moment within a random one of the first twenty; on Neo4j the server is killed with it every other time, and
started again. Then the store is opened and checked: revision, content, change log. With 10,000 services a change is
larger than one of Neo4j's transactions.
"""

import argparse
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from olagraph.documents.changes import applied, difference
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
from olagraph.model.quantity import Quantity
from olagraph.model.workflow import Sequence, Step
from olagraph.stores import (
    Conflict,
    Snapshot,
    Store,
    UnknownPortfolio,
    neo4j_local,
    open_store,
    parse_address,
)
from olagraph.stores.address import DEFAULT_PORTFOLIO
from olagraph.stores.neo4j_local import ServerSettings

ROOT = Path(__file__).resolve().parents[1]
SERVICES = 30
BEGIN = datetime(2026, 11, 23, tzinfo=UTC)
MOST = 20
"""The most changes that are acknowledged before a kill."""
QUIET = 0.2  # seconds in which what was under way when its writer was killed has ended

QUICK_START = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Options of Java that halve the work of starting a server which is soon killed."""


def step(portfolio: Portfolio, who: str, *, count: int = SERVICES) -> Portfolio:
    """The next portfolio: everything changes its number, something goes, something comes.

    Args:
        count: of services.
    """
    number = 1 + int(portfolio.name or 0)
    names = [f"service-{index}" for index in range(count)]
    services = (
        Service(
            id=name,
            provider=f"provider-{number}",
            name=str(number),
            workflow=Step(of=Sequence(tuple(Step(of=each) for each in names[index + 1 : index + 3])))
            if index + 1 < count
            else None,
        )
        for index, name in enumerate(names)
    )
    target = Target(metric="availability", value=Quantity.ratio(1 - Decimal(1) / (number + 1)))
    return Portfolio(
        name=str(number),
        providers=(Provider(id=f"provider-{number}", kind=ProviderKind.INTERNAL),),
        customers=(*portfolio.customers, Customer(id=f"{who}-{number}")),
        services=tuple(services),
        agreements=(
            Agreement(
                id="sla",
                kind=AgreementKind.SLA,
                provider=f"provider-{number}",
                customers=(f"{who}-{number}",),
                covers=Covers(services=(names[0],)),
                targets=(target,),
            ),
        ),
    )


def is_whole(snapshot: Snapshot) -> bool:
    """Whether a snapshot is what as many steps as its revision says have made."""
    portfolio = snapshot.portfolio
    if not snapshot.revision:
        return portfolio == Portfolio()
    *before, last = portfolio.customers
    again = step(
        replace(portfolio, name=str(snapshot.revision - 1), customers=tuple(before)),
        last.id.rpartition("-")[0],
        count=len(portfolio.services),
    )
    return contents(again) == contents(portfolio) and len(before) + 1 == snapshot.revision


def contents(portfolio: Portfolio) -> dict[object, object]:
    """What a portfolio holds, in whatever order."""
    return dict(entities(portfolio))


def write_steps(store: Store, who: str, *, steps: int | None = None, count: int = SERVICES) -> Iterator[int]:
    """Write step after step, repeating what others were faster with; yields each revision acknowledged."""
    snapshot = latest(store)
    while steps is None or steps > 0:
        new = step(snapshot.portfolio, who, count=count)
        try:
            revision = store.apply(
                DEFAULT_PORTFOLIO,
                difference(snapshot.portfolio, new),
                expected=snapshot.revision,
                by=who,
                at=BEGIN + timedelta(seconds=snapshot.revision),
                what=f"step {new.name}",
            )
        except Conflict:
            snapshot = latest(store)
            continue
        snapshot = Snapshot(new, revision)
        steps = None if steps is None else steps - 1
        yield revision


def latest(store: Store) -> Snapshot:
    """The default portfolio as it is, also where nothing was written yet."""
    try:
        return store.load(DEFAULT_PORTFOLIO)
    except UnknownPortfolio:
        return Snapshot(Portfolio(), 0)


def open_at(url: str, environment: Mapping[str, str], *, create: bool = False) -> Store:
    """The store at a URL; `environment` holds what the URL keeps to itself."""
    return open_store(parse_address(url, environment), create=create)


def writing_process(
    url: str,
    who: str,
    *,
    environment: Mapping[str, str],
    steps: int | None = None,
    count: int = SERVICES,
) -> subprocess.Popen[str]:
    """A process that writes steps and prints the revisions acknowledged, one a line."""
    command = [sys.executable, "-m", "benchmarks.crashes", "--services", str(count), "--write", url, who]
    return subprocess.Popen(
        command if steps is None else [*command, str(steps)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Crash:
    """What one kill left behind.

    Attributes:
        acknowledged: how many changes were acknowledged before it.
        unacknowledged: how many more are in the store: the one under way had been written, or not.
        faults: what is wrong, one sentence each.
    """

    acknowledged: int
    unacknowledged: int
    faults: tuple[str, ...]


class LocalNeo4j:
    """A Neo4j of our own that can be killed, and started again with what it kept.

    Args:
        folder: its data, settings and logs.
    """

    def __init__(self, folder: Path) -> None:
        self._settings = ServerSettings(
            folder=folder,
            port=0,
            password=secrets.token_urlsafe(12),
            heap="512m",
            java_options=QUICK_START,
        )
        self.environment = {"NEO4J_USERNAME": "neo4j", "NEO4J_PASSWORD": self._settings.password or ""}
        self.start()

    def start(self) -> None:
        """Start it; it answers when this returns, and where it answered before."""
        server = neo4j_local.start(self._settings)
        self._settings = replace(self._settings, port=server.port)
        self.url = server.url

    def kill(self) -> None:
        """End it as a power failure would."""
        server = neo4j_local.status(self._settings.folder)
        if server is not None:
            os.kill(server.pid, signal.SIGKILL)
        while neo4j_local.status(self._settings.folder) is not None:
            time.sleep(0.01)

    def close(self) -> None:
        """Stop it."""
        neo4j_local.stop(self._settings.folder)


def crash(
    url: str,
    who: str,
    *,
    environment: Mapping[str, str],
    chance: random.Random,
    server: LocalNeo4j | None = None,
    most: int = MOST,
    count: int = SERVICES,
) -> Crash:
    """Kill a writer in mid-write, and look at what it left.

    Args:
        server: killed at that moment too, and started again.
        most: changes acknowledged before it; two at least.
    """
    with closing(open_at(url, environment, create=True)) as store:
        before = latest(store)
    with writing_process(url, who, environment=environment, count=count) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline()]
        begin = time.monotonic()
        more = chance.randrange(1, most)
        lines += [writer.stdout.readline() for _ in range(more)]
        time.sleep(chance.uniform(0, (time.monotonic() - begin) / more))
        if server is not None:
            server.kill()
        writer.kill()
        lines += writer.stdout.readlines()
    acknowledged = [int(line) for line in lines if line.endswith("\n")]
    if server is not None:
        server.start()
    with closing(open_at(url, environment)) as store:
        time.sleep(QUIET)
        after = latest(store)
        logged = store.changes(DEFAULT_PORTFOLIO, since=before.revision)
        faults = list(store.check(DEFAULT_PORTFOLIO))
    extra = after.revision - before.revision - len(acknowledged)
    if acknowledged != [*range(before.revision + 1, before.revision + 1 + len(acknowledged))]:
        faults.append(f"after revision {before.revision} these were acknowledged: {acknowledged}")
    if extra not in (0, 1):
        faults.append(f"{len(acknowledged)} changes were acknowledged, {extra + len(acknowledged)} are there")
    if not is_whole(after):
        faults.append(f"revision {after.revision} is not whole")
    if [entry.change.revision for entry in logged] != [*range(before.revision + 1, after.revision + 1)]:
        faults.append(f"the change log does not lead to revision {after.revision}")
    replayed = before.portfolio
    for entry in logged:
        replayed = applied(replayed, entry.edits)
    if contents(replayed) != contents(after.portfolio):
        faults.append("the change log tells of another content")
    return Crash(acknowledged=len(acknowledged), unacknowledged=extra, faults=tuple(faults))


def crashes(kind: str, kills: int, *, seed: int, count: int = SERVICES) -> Iterator[Crash]:
    """Crash after crash of one store, in a folder of its own that is removed at the end."""
    chance = random.Random(seed)
    with (
        tempfile.TemporaryDirectory(prefix="olagraph-crashes-") as folder,
        _database(kind, Path(folder)) as where,
    ):
        url, environment, server = where
        for number in range(kills):
            yield crash(
                url,
                f"writer-{number}",
                environment=environment,
                chance=chance,
                server=server if number % 2 else None,
                count=count,
            )


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[tuple[str, Mapping[str, str], LocalNeo4j | None]]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'portfolios.db'}", {}, None
        return
    with closing(LocalNeo4j(folder)) as server:
        yield server.url, server.environment, server


def main() -> int:
    """Crash a store many times and print what was left; the exit code says whether anything was wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", choices=("sqlite", "neo4j"), default="sqlite")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--services", type=int, default=SERVICES, help="how many a change changes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", nargs="+", metavar="URL WHO STEPS", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.write:
        url, who, *steps = arguments.write
        with closing(open_at(url, os.environ, create=True)) as store:
            limit = int(steps[0]) if steps else None
            for revision in write_steps(store, who, steps=limit, count=arguments.services):
                print(revision, flush=True)
        return 0
    acknowledged = unacknowledged = faulty = 0
    all_crashes = crashes(arguments.store, arguments.kills, seed=arguments.seed, count=arguments.services)
    for number, found in enumerate(all_crashes, start=1):
        acknowledged += found.acknowledged
        unacknowledged += found.unacknowledged
        faulty += bool(found.faults)
        print(
            f"kill {number:3}: {found.acknowledged:5,} changes acknowledged",
            *found.faults,
            sep="; ",
            flush=True,
        )
    print(
        f"{arguments.store}: {arguments.kills} kills, {acknowledged:,} changes acknowledged, none lost"
        if not faulty
        else f"{arguments.store}: {faulty} of {arguments.kills} kills left something wrong",
        f"{unacknowledged} more were written whole before anybody could say so",
        sep="; ",
    )
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
