"""An outage on a large portfolio, beside the same graph in Neo4j asked for plain reachability.

    python benchmarks/outage.py [--services 100000] [--uri URL] [--repeat 7] [--patience 60] [--without-neo4j]

The portfolio: five layers of services with redundancy and shared infrastructure (`layers` of benchmarks/scale.py).
Three providers fail in turn: one whose services hardly anybody needs, one that is redundant for tens of thousands of
services, and one without which tens of thousands are down. Ours is the whole answer on a warm index: states, SLAs in
the order of their breach, customers, and the ids of all affected services read out; beside it, on the same index, the
services alone from which one can reach what the provider provides, whether or not another one could stand in. That is
what Neo4j is asked for, in the Cypher that one would write first and in the other forms that we know; each is asked
once before it is timed, or given up when it takes longer than --patience seconds. One form only counts the services,
so that nothing travels but a number. The best of several times is printed, and the ratio to ours. Without --uri a
local Neo4j runs for the while.
"""

import argparse
import gc
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from neo4j import GraphDatabase, Query
from neo4j.exceptions import Neo4jError

from benchmarks.scale import portfolio
from benchmarks.stores import database
from olagraph.analysis.outage.impact import outage_in
from olagraph.analysis.outage.index import OutageIndex
from olagraph.analysis.outage.results import Failed, Outage
from olagraph.analysis.outage.spreading import reached
from olagraph.documents.changes import difference
from olagraph.graph import PortfolioGraph
from olagraph.model.entities import Portfolio, Provider, ProviderKind
from olagraph.stores import open_store, parse_address

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
BENCHMARK = "benchmark"
FEW = "small-supplier"
PROVIDERS = (FEW, "supplier-7", "supplier-0")
"""One that hardly anybody needs; one that is redundant for most; one that most need."""

_PROVIDED = "MATCH (:Provider {portfolio: $portfolio, id: $provider})-[:PROVIDES]->(s:Service)"
COUNTED = "variable length, only counted"
FORMS = {
    "variable length": f"{_PROVIDED} MATCH (d:Service)-[:DEPENDS_ON*0..]->(s) RETURN DISTINCT d.id",
    "quantified path": f"{_PROVIDED} MATCH (s) (()<-[:DEPENDS_ON]-())* (d:Service) RETURN DISTINCT d.id",
    COUNTED: f"{_PROVIDED} MATCH (d:Service)-[:DEPENDS_ON*0..]->(s) RETURN count(DISTINCT d)",
}


def level_by_level(depth: int) -> str:
    """Breadth first, written out: each level is the users of the one before, each once."""
    lines = [_PROVIDED, "WITH collect(DISTINCT s) AS l0"]
    for level in range(depth):
        below = ", ".join(f"l{each}" for each in range(level + 1))
        lines.append(
            f"CALL (l{level}) {{ UNWIND l{level} AS used MATCH (used)<-[:DEPENDS_ON]-(user)"
            f" RETURN collect(DISTINCT user) AS l{level + 1} }} WITH {below}, l{level + 1}"
        )
    every = " + ".join(f"l{each}" for each in range(depth + 1))
    return " ".join([*lines, f"UNWIND {every} AS d RETURN DISTINCT d.id"])


def made(services: int) -> Portfolio:
    """Layers, in which one bought service that few need has a supplier of its own."""
    whole = portfolio("layers", services)
    index = OutageIndex(PortfolioGraph(whole))
    bought = [each.id for each in whole.services if each.workflow is None and not each.id.startswith("infra")]
    users = {each: len(index.graph.used_by(each)) for each in bought}
    lonely = min(bought, key=lambda each: (users[each] == 0, users[each], each))
    moved = tuple(replace(s, provider=FEW) if s.id == lonely else s for s in whole.services)
    agreements = tuple(replace(a, provider=FEW) if a.id == f"uc-{lonely}" else a for a in whole.agreements)
    small = Provider(id=FEW, kind=ProviderKind.EXTERNAL)
    return replace(whole, services=moved, agreements=agreements, providers=(*whole.providers, small))


def timed(ask: Callable[[], Any], repeat: int) -> tuple[float, Any]:
    """The best of several times, in seconds, and the answer."""
    times, answer = [], None
    for _ in range(repeat):
        start = time.perf_counter()
        answer = ask()
        times.append(time.perf_counter() - start)
    return min(times), answer


def ours(index: OutageIndex, provider: str) -> tuple[Outage, list[str]]:
    """The whole answer, with the ids of all affected services."""
    found = outage_in(index, failed=Failed(providers=(provider,)), from_=START, for_=timedelta(hours=4))
    return found, list(found.services)


def reachable(index: OutageIndex, provider: str) -> list[str]:
    """The services that can reach those of a provider."""
    network = index.network
    provided = np.array([network.node[each] for each in index.services_of[provider]], dtype=np.int64)
    found = reached(network, provided, None)[: len(network.services)]
    return [network.services[node] for node in np.flatnonzero(found).tolist()]


def timed_outage(index: OutageIndex, provider: str, repeat: int) -> tuple[float, tuple[Outage, list[str]]]:
    """The best time of our answer, warmed up, and the answer."""
    ours(index, provider)
    return timed(lambda: ours(index, provider), repeat)


class Reachability:
    """The graph in Neo4j, asked what can reach the services of a provider."""

    def __init__(self, url: str, environment: Mapping[str, str], *, patience: float) -> None:
        address = parse_address(url, environment)
        self._driver = GraphDatabase.driver(
            address.server,
            auth=(address.user or "", address.password or ""),
            notifications_min_severity="OFF",
        )
        self._database, self._patience = address.database, patience

    def ask(self, text: str, provider: str) -> int:
        """How many services there are; what is found is read in full."""
        with self._driver.session(database=self._database) as session:
            query = Query(text, timeout=self._patience)
            found = session.run(query, portfolio=BENCHMARK, provider=provider).values()
        return int(found[0][0]) if found and isinstance(found[0][0], int) else len(found)

    def fastest(
        self, forms: Mapping[str, str], provider: str, repeat: int
    ) -> dict[str, tuple[float, int] | None]:
        """By form the best time, and how many services were found; None = given up."""
        found: dict[str, tuple[float, int] | None] = {}
        for name, text in forms.items():
            try:
                self.ask(text, provider)  # plans it, and warms the cache
                found[name] = timed(lambda text=text: self.ask(text, provider), repeat)  # type: ignore[misc]
            except Neo4jError:
                found[name] = None
        return found

    def close(self) -> None:
        """Close the connections."""
        self._driver.close()


@contextmanager
def stored(whole: Portfolio, uri: str | None, patience: float) -> Iterator[Reachability]:
    """The portfolio in Neo4j, gone in the end."""
    with database("neo4j", uri) as (url, said):
        environment = {**os.environ, **said}
        with closing(open_store(parse_address(url, environment), create=True)) as store:
            start = time.perf_counter()
            store.apply(
                BENCHMARK, difference(Portfolio(), whole), expected=0, by="benchmark", at=START, what="layers"
            )
            print(f"stored in Neo4j in {time.perf_counter() - start:.0f} s")
            try:
                with closing(Reachability(url, environment, patience=patience)) as reachability:
                    yield reachability
            finally:
                if uri is not None:  # a local server goes as a whole
                    store.remove(BENCHMARK)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--services", type=int, default=100_000)
    parser.add_argument("--uri", help="of a Neo4j that may be written to")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--patience", type=float, default=60.0, help="seconds for one query")
    parser.add_argument("--without-neo4j", action="store_true")
    asked = parser.parse_args()
    gc.disable()  # as the command does
    whole = made(asked.services)
    graph = PortfolioGraph(whole)
    seconds, index = timed(lambda: OutageIndex(graph), 1)
    print(
        f"{len(whole.services):,} services, {len(whole.agreements):,} agreements; index built in {seconds:.1f} s"
    )
    for provider in PROVIDERS:
        seconds, (found, _) = timed_outage(index, provider, asked.repeat)
        states = Counter(str(found.services[each].state) for each in found.services)
        told = ", ".join(f"{count:,} {state}" for state, count in states.items())
        print(f"{provider}: {seconds * 1e3:.1f} ms; {told}; {len(found.agreements):,} agreements")
    if asked.without_neo4j:
        return
    depth = int(index.network.level.max()) + 1
    forms = {**FORMS, "level by level": level_by_level(depth)}
    with stored(whole, asked.uri, asked.patience) as reachability:
        for provider in PROVIDERS:
            seconds, _ = timed_outage(index, provider, asked.repeat)  # again: side by side with the others
            plain, found = timed(lambda provider=provider: reachable(index, provider), asked.repeat)  # type: ignore[misc]
            print(
                f"\n{provider}: ours {seconds * 1e3:.1f} ms;"
                f" plain reachability {plain * 1e3:.1f} ms, {len(found):,} services"
            )
            times = reachability.fastest(forms, provider, min(asked.repeat, 3))
            for name, measured in times.items():
                if measured is None:
                    print(f"  Neo4j, {name}: more than {asked.patience:.0f} s")
                else:
                    print(
                        f"  Neo4j, {name}: {measured[0] * 1e3:.0f} ms, {measured[1]:,} services,"
                        f" {measured[0] / seconds:.0f}x, {measured[0] / plain:.0f}x"
                    )
            named = [measured[0] for name, measured in times.items() if measured and name != COUNTED]
            if named:
                print(
                    f"  the fastest that names the services takes {min(named) / seconds:.0f} times as long as"
                    f" our whole answer, {min(named) / plain:.0f} times as long as our plain one"
                )


if __name__ == "__main__":
    main()
