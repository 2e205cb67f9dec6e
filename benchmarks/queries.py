"""What a GraphQL query costs the server, beside a plain endpoint with the same payload and GraphQL Yoga on Node.

    python benchmarks/queries.py [--requests 300] [--rounds 5] [--without-node]

Four servers, each in a process of its own: FastAPI with orjson and no GraphQL; ours; Strawberry's router as it comes;
GraphQL Yoga, whose packages npm installs into a temporary folder. Two requests: a thousand items of eight fields, and
one item by its id. Each round asks all servers in turn; the median over the rounds of the CPU time a request is
printed, and its ratio to the plain endpoint.
"""

import argparse
import http.client
import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
import strawberry
import uvicorn
from fastapi import FastAPI, Request, Response
from starlette.requests import HTTPConnection
from strawberry.fastapi import GraphQLRouter

from olagraph_api.http import Begin, Scope, graphql_router

HOST = "127.0.0.1"
YOGA = {"graphql": "16.11.0", "graphql-yoga": "5.24.1"}
ITEMS = 1_000
FIELDS = "id name kind description criticality weight active tags"
LIST = f"{{ services(first: {ITEMS}) {{ {FIELDS} }} }}"
ITEM = f"query ($id: ID!) {{ service(id: $id) {{ {FIELDS} }} }}"
REQUESTS: dict[str, dict[str, Any]] = {
    f"{ITEMS} × 8": {"query": LIST},
    "one item": {"query": ITEM, "variables": {"id": "s17"}},
}

YOGA_SERVER = """
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { createSchema, createYoga } from "graphql-yoga";
const services = JSON.parse(readFileSync("services.json"));
const byId = new Map(services.map((service) => [service.id, service]));
const schema = createSchema({
  typeDefs: `
    type Query { services(first: Int! = 100): [Service!]! service(id: ID!): Service }
    type Service { id: ID! name: String! kind: String! description: String criticality: Int weight: Float!
      active: Boolean! tags: [String!]! }`,
  resolvers: {
    Query: {
      services: (_, { first }) => services.slice(0, first),
      service: (_, { id }) => byId.get(id),
    },
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


@strawberry.type
class Service:
    """One item."""

    id: strawberry.ID
    name: str
    kind: str
    description: str | None
    criticality: int | None
    weight: float
    active: bool
    tags: list[str]


def made_services() -> list[Service]:
    """The payload."""
    return [
        Service(
            id=strawberry.ID(f"s{i}"),
            name=f"Service number {i}",
            kind="application" if i % 3 else "infrastructure",
            description=f"What service {i} does for whom" if i % 2 else None,
            criticality=i % 5 or None,
            weight=i / 7,
            active=i % 4 != 0,
            tags=["payments", "retail"][: i % 3],
        )
        for i in range(ITEMS)
    ]


SERVICES = made_services()
BY_ID = {service.id: service for service in SERVICES}


@strawberry.type
class Query:
    """The same two roots that the plain endpoint has."""

    @strawberry.field
    def services(self, first: int = 100) -> list[Service]:
        """The first items."""
        return SERVICES[:first]

    @strawberry.field
    def service(self, id: strawberry.ID) -> Service | None:
        """One item."""
        return BY_ID.get(id)


def plain(service: Service) -> dict[str, object]:
    """An item as the plain endpoint writes it."""
    return {
        "id": service.id,
        "name": service.name,
        "kind": service.kind,
        "description": service.description,
        "criticality": service.criticality,
        "weight": service.weight,
        "active": service.active,
        "tags": service.tags,
    }


def plain_app() -> FastAPI:
    """FastAPI and orjson; it takes the same requests, and only looks whether there are variables."""
    app = FastAPI()

    @app.post("/graphql")
    async def answer(request: Request) -> Response:
        asked = orjson.loads(await request.body())
        if "variables" in asked:
            data: dict[str, object] = {"service": plain(BY_ID[asked["variables"]["id"]])}
        else:
            data = {"services": [plain(service) for service in SERVICES]}
        return Response(orjson.dumps({"data": data}), media_type="application/json")

    return app


def our_app() -> FastAPI:
    """Compiled plans behind our router."""

    async def clients(_connection: HTTPConnection, _payload: Mapping[str, object]) -> Begin:
        return Scope

    app = FastAPI()
    app.include_router(graphql_router(strawberry.Schema(Query), clients=clients))
    return app


def strawberry_app() -> FastAPI:
    """Strawberry's own router and executor."""
    app = FastAPI()
    router: GraphQLRouter[None, None] = GraphQLRouter(strawberry.Schema(Query))
    app.include_router(router, prefix="/graphql")
    return app


APPS = {"FastAPI + orjson": plain_app, "ours": our_app, "Strawberry": strawberry_app}


def serve(name: str, port: int) -> None:
    """Serve one of the applications, with the CPU time of its process at /cpu."""
    app = APPS[name]()

    @app.get("/cpu")
    async def cpu() -> Response:
        return Response(str(time.process_time()))

    uvicorn.run(app, host=HOST, port=port, log_level="error", timeout_keep_alive=3_600)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server and a connection to it."""

    name: str
    connection: http.client.HTTPConnection

    def ask(self, request: dict[str, Any]) -> Any:
        """The data of the answer."""
        self.connection.request("POST", "/graphql", json.dumps(request), {"content-type": "application/json"})
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
            self.connection.request("POST", "/graphql", body, {"content-type": "application/json"})
            self.connection.getresponse().read()
        return (self.cpu() - before) / times * 1_000


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
    process = subprocess.Popen([*command, str(port)], cwd=folder)
    connection = http.client.HTTPConnection(HOST, port)
    try:
        for _ in range(200):
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
        (folder / "services.json").write_text(json.dumps([asdict(service) for service in SERVICES]))
        subprocess.run(["npm", "install", "--ignore-scripts", "--silent"], cwd=folder, check=True)
        with running("GraphQL Yoga", ["node", "server.mjs"], folder) as server:
            yield server


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--requests", type=int, default=300, help="per round and server; of the list, a third"
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
            stack.enter_context(running(name, [sys.executable, __file__, "--serve", name])) for name in APPS
        ]
        if not options.without_node and shutil.which("npm"):
            servers.append(stack.enter_context(yoga()))
        for title, request in REQUESTS.items():
            answers = [server.ask(request) for server in servers]
            if any(answer != answers[0] for answer in answers):
                raise SystemExit(f"the servers answer {title} differently")
            times = options.requests if "variables" in request else max(options.requests // 3, 1)
            for server in servers:
                server.cost(request, times)  # warm up: plans here, machine code there
            costs: dict[str, list[float]] = {server.name: [] for server in servers}
            for _ in range(options.rounds):
                for server in servers:
                    costs[server.name].append(server.cost(request, times))
            medians = {name: statistics.median(each) for name, each in costs.items()}
            base = medians["FastAPI + orjson"]
            print(f"\n{title:<20}{'CPU ms':>8}{'ratio':>8}")
            for name, median in medians.items():
                print(f"{name:<20}{median:8.3f}{median / base:8.2f}")


if __name__ == "__main__":
    main()
