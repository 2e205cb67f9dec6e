"""What a GraphQL query costs the server, beside a plain endpoint with the same payload and GraphQL Yoga on Node.

    python benchmarks/queries.py [--requests 300] [--rounds 5] [--without-node]

Five servers, each in a process of its own: FastAPI with orjson and no GraphQL; our schema behind our router; the whole
application over a store in a file; the schema behind Strawberry's own server; GraphQL Yoga with the same schema, whose
packages npm installs into a temporary folder. All those in Python have the interpreter set as `olagraph serve` sets
it, which makes each of them faster. The portfolio has a thousand services and a thousand SLAs. The requests:
a thousand services, agreements and assessed targets of about eight fields each, and one service by its id. Each round
asks all servers in turn; the least CPU time a request of any round is printed, as other work on the machine only adds
to it, and its ratio to the plain endpoint.
"""

import argparse
import http.client
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import uvicorn
from fastapi import FastAPI, Request, Response
from starlette.requests import HTTPConnection
from strawberry.asgi import GraphQL

from olagraph.analysis.results import Level, TargetAssessment
from olagraph.documents.changes import difference
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
from olagraph.model.workflow import Sequence, Step
from olagraph.stores import open_store, parse_address
from olagraph_api.app import create_app
from olagraph_api.context import Context
from olagraph_api.http import Begin, Scope, graphql_router
from olagraph_api.schema import SCHEMA
from olagraph_api.security.clock import Clock
from olagraph_api.security.principals import Principal
from olagraph_api.security.settings import LimitSettings, SecuritySettings
from olagraph_api.serving import prepare_interpreter
from olagraph_api.settings import AppSettings
from olagraph_api.snapshots import Seen, Snapshot

HOST = "127.0.0.1"
YOGA = {"graphql": "16.11.0", "graphql-yoga": "5.24.1"}
EXPORTED = Path(__file__).parents[1] / "api" / "schema.graphql"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ITEMS = 1_000
SERVICE = "id name region zone criticality owner tags provider { id }"
AGREEMENT = "id kind name status ref from provider { id } customers { id }"
ASSESSMENT = (
    "agreement { id } service { id } metric verdict gap contracted { verdict independent { low high } }"
    " achievable { verdict }"
)
REQUESTS: dict[str, dict[str, Any]] = {
    f"{ITEMS} services": {"query": f"{{ services(first: {ITEMS}) {{ nodes {{ {SERVICE} }} }} }}"},
    f"{ITEMS} agreements": {"query": f"{{ agreements(first: {ITEMS}) {{ nodes {{ {AGREEMENT} }} }} }}"},
    f"{ITEMS} assessments": {"query": f"{{ assessments(first: {ITEMS}) {{ nodes {{ {ASSESSMENT} }} }} }}"},
    "one service": {
        "query": f"query ($id: ID!) {{ service(id: $id) {{ {SERVICE} }} }}",
        "variables": {"id": "service-0017"},
    },
}

YOGA_SERVER = """
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { createSchema, createYoga } from "graphql-yoga";
const data = JSON.parse(readFileSync("data.json"));
const byId = new Map(data.services.nodes.map((service) => [service.id, service]));
const page = (name) => (_, { first }) => ({ nodes: data[name].nodes.slice(0, first) });
const schema = createSchema({
  typeDefs: readFileSync(process.argv[3], "utf8"),
  resolverValidationOptions: { requireResolversForResolveType: "ignore" },
  resolvers: {
    Query: {
      services: page("services"),
      agreements: page("agreements"),
      assessments: page("assessments"),
      service: (_, { id }) => byId.get(id),
    },
    Party: { __resolveType: () => "Customer" },
  },
});
const yoga = createYoga({ schema, logging: false, landingPage: false });
const server = createServer((request, response) => {
  if (request.url === "/cpu") {
    const { user, system } = process.cpuUsage();
    response.end(String((user + system) / 1e6));
  } else yoga(request, response);
});
server.keepAliveTimeout = 3_600_000;
server.listen(Number(process.argv[2]), "127.0.0.1");
"""


def made_portfolio() -> Portfolio:
    """A thousand services, each delivered from one of fifty suppliers' services, and promised in an SLA."""

    def promised(amount: str) -> tuple[Target, ...]:
        return (Target(metric="availability", value=Quantity(Decimal(amount), "%", Dimension.RATIO)),)

    supplied = [f"supplied-{i:02}" for i in range(50)]
    own = [f"service-{i:04}" for i in range(ITEMS - len(supplied))]
    return Portfolio(
        name="Benchmark",
        currency="EUR",
        providers=(
            Provider(id="us", kind=ProviderKind.INTERNAL, name="Our IT"),
            Provider(id="cloud", kind=ProviderKind.EXTERNAL, name="Cloud", region="eu-west"),
        ),
        customers=tuple(Customer(id=f"customer-{i}", name=f"Customer {i}") for i in range(9)),
        services=(
            *(Service(id=name, provider="cloud", name=f"Supplied {name[-2:]}") for name in supplied),
            *(
                Service(
                    id=name,
                    provider="us",
                    name=f"Service number {i}",
                    workflow=Step(of=Sequence((Step(of=supplied[i % 50]), Step(of=supplied[i % 49 + 1])))),
                    region="eu-west-1",
                    zone="eu-west-1a" if i % 3 else None,
                    criticality=i % 5 + 1 if i % 6 else None,
                    owner="jane.doe" if i % 2 else None,
                    tags=("payments", "retail")[: i % 3],
                )
                for i, name in enumerate(own)
            ),
        ),
        agreements=(
            Agreement(id="uc", provider="cloud", customers=("us",), covers=Covers(all=True), targets=promised("99.9")),
            *(
                Agreement(
                    id=f"sla-{i:04}",
                    kind=AgreementKind.SLA,
                    provider="us",
                    name=f"SLA number {i}",
                    customers=(f"customer-{i % 9}",),
                    covers=Covers(services=(own[i % len(own)],)),
                    from_=date(2026, 1, 1) if i % 2 else None,
                    ref=f"MSA §{i}",
                    targets=promised("99.5" if i % 2 else "99.9"),
                )
                for i in range(ITEMS)
            ),
        ),
    )  # fmt: skip


@cache
def snapshot() -> Snapshot:
    """The portfolio with what is derived from it."""
    return Snapshot("default", 1, made_portfolio())


# What a plain endpoint does -------------------------------------------------------------------------------------


def plain_service(service: Service) -> dict[str, object]:
    """A service as a plain endpoint writes it."""
    return {
        "id": service.id,
        "name": service.name,
        "region": service.region,
        "zone": service.zone,
        "criticality": service.criticality,
        "owner": service.owner,
        "tags": service.tags,
        "provider": {"id": service.provider},
    }


def plain_agreement(agreement: Agreement) -> dict[str, object]:
    """An agreement as a plain endpoint writes it."""
    return {
        "id": agreement.id,
        "kind": snapshot().graph.kind_of(agreement).name,
        "name": agreement.name,
        "status": agreement.status.name,
        "ref": agreement.ref,
        "from": agreement.from_,
        "provider": {"id": agreement.provider},
        "customers": [{"id": customer} for customer in agreement.customers],
    }


def plain_target(target: TargetAssessment) -> dict[str, object]:
    """An assessed target as a plain endpoint writes it."""
    return {
        "agreement": {"id": target.agreement.id},
        "service": {"id": target.service},
        "metric": target.metric.id,
        "verdict": target.verdict.name,
        "gap": target.gap,
        "contracted": {
            "verdict": target.contracted.verdict.name,
            "independent": plain_level(target.contracted.independent),
        },
        "achievable": {"verdict": target.achievable.verdict.name},
    }


def plain_level(level: Level | None) -> dict[str, object] | None:
    """A value as a plain endpoint writes it."""
    return None if level is None else {"low": level.at_worst, "high": level.at_best}


@cache
def sorted_by_id(things: tuple[Any, ...]) -> list[Any]:
    """Services or agreements in the order in which they are asked for."""
    return sorted(things, key=lambda each: each.id)


PLAIN: Mapping[str, Callable[[], dict[str, object]]] = {
    "services": lambda: {
        "nodes": [plain_service(each) for each in sorted_by_id(snapshot().portfolio.services)]
    },
    "agreements": lambda: {
        "nodes": [plain_agreement(each) for each in sorted_by_id(snapshot().portfolio.agreements)[:ITEMS]]
    },
    "assessments": lambda: {
        "nodes": [plain_target(each) for each in snapshot().assessment(NOW.date()).targets[:ITEMS]]
    },
}


# Servers --------------------------------------------------------------------------------------------------------


def plain_app(_folder: Path) -> FastAPI:
    """FastAPI and orjson; it takes the same requests, and looks no further than for the first name in them."""
    app = FastAPI()

    @app.post("/graphql")
    async def answer(request: Request) -> Response:
        asked = orjson.loads(await request.body())
        if "variables" in asked:
            data: dict[str, object] = {
                "service": plain_service(snapshot().services[asked["variables"]["id"]])
            }
        else:
            name = asked["query"][2 : asked["query"].index("(")]
            data = {name: PLAIN[name]()}
        return Response(orjson.dumps({"data": data}), media_type="application/json")

    return app


def fixed_context() -> Context:
    """A context that holds the portfolio."""
    return Context(
        principal=Principal.local("benchmark"),
        request_id="benchmark",
        store=None,  # type: ignore[arg-type]  # nothing asks for it
        snapshots=None,  # type: ignore[arg-type]
        clock=lambda: NOW,
        seen={"default": Seen(portfolio="default", snapshot=snapshot())},
    )


def schema_app(_folder: Path) -> FastAPI:
    """Compiled plans behind our router."""

    async def clients(_connection: HTTPConnection, _payload: Mapping[str, object]) -> Begin:
        return lambda: Scope(fixed_context())

    app = FastAPI()
    app.include_router(graphql_router(SCHEMA, clients=clients))
    return app


def whole_app(folder: Path) -> FastAPI:
    """All that `olagraph serve` serves, over a store in a file."""
    store = open_store(parse_address(f"sqlite:///{folder}/benchmark.db", {}), create=True)
    edits = difference(Portfolio(), made_portfolio())
    store.apply("default", edits, expected=0, by="benchmark", at=NOW, what="begin")
    clock = Clock(now=lambda: NOW, ticks=time.monotonic_ns)
    security = SecuritySettings(limits=LimitSettings(burst=10**9, per_second=10**9))
    return create_app(store, AppSettings(clock=clock, security=security))


def strawberry_app(_folder: Path) -> FastAPI:
    """Strawberry's own server and executor."""

    class Served(GraphQL[Context, None]):
        async def get_context(self, request: Any, response: Any) -> Context:
            return fixed_context()

    app = FastAPI()
    app.mount("/graphql", Served(SCHEMA))
    return app


APPS = {
    "FastAPI + orjson": plain_app,
    "our router": schema_app,
    "olagraph serve": whole_app,
    "Strawberry": strawberry_app,
}


def serve(name: str, port: int) -> None:
    """Serve one of the applications, with the CPU time of its process at /cpu."""
    with tempfile.TemporaryDirectory() as folder:
        app = APPS[name](Path(folder))

        @app.get("/cpu")
        async def cpu() -> Response:
            return Response(str(time.process_time()))

        app.router.routes.insert(0, app.router.routes.pop())  # before the pages, which take every path
        prepare_interpreter()
        uvicorn.run(app, host=HOST, port=port, log_level="error", timeout_keep_alive=3_600)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server and a connection to it."""

    name: str
    connection: http.client.HTTPConnection

    def ask(self, request: dict[str, Any]) -> Any:
        """The data of the answer."""
        self._send(json.dumps(request))
        return json.loads(self.connection.getresponse().read())["data"]

    def cpu(self) -> float:
        """Seconds of CPU time that the server has used."""
        self.connection.request("GET", "/cpu")
        return float(self.connection.getresponse().read())

    def cost(self, request: dict[str, Any], times: int) -> float:
        """Milliseconds of the server's CPU time a request."""
        body = json.dumps(request)
        before = self.cpu()
        for _ in range(times):
            self._send(body)
            response = self.connection.getresponse()
            if len(response.read()) < 100 or response.status != 200:
                raise SystemExit(f"{self.name} refuses to answer")
        return (self.cpu() - before) / times * 1_000

    def _send(self, body: str) -> None:
        path = "/graphql/" if self.name == "Strawberry" else "/graphql"
        self.connection.request("POST", path, body, {"content-type": "application/json"})


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(name: str, command: list[str], folder: Path | None = None) -> Iterator[Server]:
    """A server in a process of its own, for as long as the block runs."""
    port = free_port()
    process = subprocess.Popen([part.format(port=port) for part in command], cwd=folder)
    connection = http.client.HTTPConnection(HOST, port)
    try:
        until = datetime.now(UTC) + timedelta(seconds=60)  # noqa: TID251 - it is a clock that it waits for
        while datetime.now(UTC) < until:  # noqa: TID251
            try:
                connection.connect()
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
        yield Server(name, connection)
    finally:
        connection.close()
        process.terminate()
        process.wait()


@contextmanager
def yoga() -> Iterator[Server]:
    """GraphQL Yoga, installed for the occasion."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "package.json").write_text(json.dumps({"type": "module", "dependencies": YOGA}))
        (folder / "server.mjs").write_text(YOGA_SERVER)
        (folder / "data.json").write_bytes(orjson.dumps({key: made() for key, made in PLAIN.items()}))
        subprocess.run(["npm", "install", "--ignore-scripts", "--silent"], cwd=folder, check=True)
        with running("GraphQL Yoga", ["node", "server.mjs", "{port}", str(EXPORTED)], folder) as server:
            yield server


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--requests", type=int, default=300, help="per round and server; of the lists, a tenth"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without-node", action="store_true", help="leave GraphQL Yoga out")
    parser.add_argument("--serve", nargs=2, metavar=("NAME", "PORT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        name, port = options.serve
        serve(name, int(port))
        return
    with ExitStack() as stack:
        servers = [
            stack.enter_context(running(name, [sys.executable, __file__, "--serve", name, "{port}"]))
            for name in APPS
        ]
        if not options.without_node and shutil.which("npm"):
            servers.append(stack.enter_context(yoga()))
        for title, request in REQUESTS.items():
            answers = [server.ask(request) for server in servers]
            if any(answer != answers[0] for answer in answers):
                raise SystemExit(f"the servers answer {title} differently")
            times = options.requests if "variables" in request else max(options.requests // 10, 1)
            for server in servers:
                server.cost(request, times)  # warm up: plans here, machine code there
            costs: dict[str, list[float]] = {server.name: [] for server in servers}
            for _ in range(options.rounds):
                for server in servers:
                    costs[server.name].append(server.cost(request, times))
            least = {name: min(each) for name, each in costs.items()}
            base = least["FastAPI + orjson"]
            print(f"\n{title:<20}{'CPU ms':>8}{'ratio':>8}")
            for name, cost in least.items():
                print(f"{name:<20}{cost:8.3f}{cost / base:8.2f}")


if __name__ == "__main__":
    main()
