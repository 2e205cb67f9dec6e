"""A small schema like the real one: services and agreements in a graph, with everything that GraphQL has."""

import asyncio
import enum
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, NewType, TypeAlias

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

from olagraph_api.plans import HEAVY

Quantity = NewType("Quantity", str)


def quantity(value: object) -> str:
    """A quantity as the answer has it."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"no quantity: {value!r}")
    return value


@strawberry.enum
class Kind(enum.Enum):
    SLA = "sla"
    OLA = "ola"
    UC = "uc"


@strawberry.interface
class Node:
    id: strawberry.ID


@strawberry.type
class Target:
    metric: str
    value: Quantity
    tags: list[str]
    budget: float | None = None


@strawberry.type
class Provider(Node):
    name: str
    kind: str | None = None


@strawberry.type
class Agreement(Node):
    kind: Kind
    ref: str | None
    begins: date
    share: float
    rank: int
    targets: list[Target]
    service_id: strawberry.Private[str]

    @strawberry.field
    def service(self, info: strawberry.Info) -> "Service":
        shop: Shop = info.context
        return shop.services[self.service_id]

    @strawberry.field
    def parties(
        self, info: strawberry.Info, first: int = 10
    ) -> list[Annotated["Party", strawberry.lazy("tests.api.shop")]]:
        shop: Shop = info.context
        parties: list[Party] = [shop.provider, shop.services[self.service_id]]
        return parties[:first]

    @strawberry.field
    def strict(self) -> str:
        """Null where it must not be, for some."""
        return None if self.rank % 7 == 3 else f"rank {self.rank}"  # type: ignore[return-value]

    @strawberry.field
    def fragile(self, limit: int = 5) -> int | None:
        if self.rank > limit:
            raise GraphQLError(f"rank {self.rank} is beyond {limit}", extensions={"code": "BEYOND"})
        return self.rank


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class AgreementEdge:
    node: Agreement
    cursor: str


@strawberry.type
class AgreementConnection:
    nodes: list[Agreement]
    page_info: PageInfo
    total_count: int

    @strawberry.field
    def edges(self) -> list[AgreementEdge]:
        return [AgreementEdge(node=node, cursor=f"c{i}") for i, node in enumerate(self.nodes)]


@strawberry.type
class ServiceConnection:
    nodes: list["Service"]
    page_info: PageInfo
    total_count: int


def page_info(items: list, first: int) -> PageInfo:
    return PageInfo(has_next_page=len(items) > first, end_cursor=None)


def service_page(items: list["Service"], first: int) -> ServiceConnection:
    return ServiceConnection(nodes=items[:first], page_info=page_info(items, first), total_count=len(items))


def agreement_page(items: list[Agreement], first: int) -> AgreementConnection:
    return AgreementConnection(nodes=items[:first], page_info=page_info(items, first), total_count=len(items))


@strawberry.type
class Service(Node):
    name: str
    description: str | None
    criticality: int | None
    weight: float
    active: bool
    tags: list[str]
    needs: strawberry.Private[tuple[str, ...]]

    @strawberry.field
    def dependencies(self, info: strawberry.Info, first: int = 10) -> ServiceConnection:
        shop: Shop = info.context
        return service_page([shop.services[name] for name in self.needs], first)

    @strawberry.field
    def agreements(
        self, info: strawberry.Info, first: int = 10, kind: Kind | None = None
    ) -> AgreementConnection:
        shop: Shop = info.context
        found = [a for a in shop.agreements if a.service_id == self.id and kind in (None, a.kind)]
        return agreement_page(found, first)

    @strawberry.field
    def label(self) -> str:
        return f"{self.id}: {self.name}"

    @strawberry.field
    def matrix(self) -> list[list[int]]:
        return [[len(self.name), 1], []]


Party = Annotated[Provider | Service, strawberry.union("Party")]
Subject: TypeAlias = Annotated[Service | Agreement | Target, strawberry.union("Subject")]


@strawberry.input
class Filter:
    kinds: list[Kind] | None = None
    prefix: str = ""


@strawberry.input
class Change:
    id: strawberry.ID
    values: list[int] | None = None


@strawberry.type
class Query:
    @strawberry.field
    def services(self, info: strawberry.Info, first: int = 100) -> ServiceConnection:
        shop: Shop = info.context
        shop.calls += 1
        return service_page(list(shop.services.values()), first)

    @strawberry.field
    def agreements(
        self, info: strawberry.Info, first: int = 100, matching: Filter | None = None
    ) -> AgreementConnection:
        shop: Shop = info.context
        found = [
            a
            for a in shop.agreements
            if matching is None
            or ((matching.kinds is None or a.kind in matching.kinds) and a.id.startswith(matching.prefix))
        ]
        return agreement_page(found, first)

    @strawberry.field
    def service(self, info: strawberry.Info, id: strawberry.ID) -> Service | None:
        shop: Shop = info.context
        return shop.services.get(id)

    @strawberry.field
    def node(self, info: strawberry.Info, id: strawberry.ID) -> Node | None:
        shop: Shop = info.context
        return shop.nodes.get(id)

    @strawberry.field
    def subjects(self, info: strawberry.Info, first: int = 5) -> list[Subject]:
        shop: Shop = info.context
        mixed: list[Subject] = []
        for i, agreement in enumerate(shop.agreements):
            mixed += [agreement, shop.services[agreement.service_id], *agreement.targets[: i % 2]]
        return mixed[:first]

    @strawberry.field
    def nodes(self, info: strawberry.Info, ids: list[strawberry.ID]) -> list[Node | None]:
        shop: Shop = info.context
        return [shop.nodes.get(id) for id in ids]

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError("the password is hunter2")

    @strawberry.field
    def broken_strictly(self) -> str:
        raise RuntimeError("the password is hunter2")

    @strawberry.field
    def stream(self) -> list[int]:
        def numbers() -> Iterator[int]:
            yield from range(3)

        return numbers()  # type: ignore[return-value]

    @strawberry.field
    def numbers(self, count: int) -> list[int]:
        return list(range(count))

    @strawberry.field
    def echo(self, text: str, day: date | None = None, kind: Kind = Kind.SLA) -> str:
        return f"{text} {day} {kind.name}"

    @strawberry.field(metadata={HEAVY: True})
    def slow(self, info: strawberry.Info, seconds: float) -> str:
        shop: Shop = info.context
        return shop.wait(seconds)

    @strawberry.field
    async def later(self, seconds: float = 0) -> str:
        await asyncio.sleep(seconds)
        return "later"


@strawberry.type
class Changed:
    id: strawberry.ID
    total: int


@strawberry.type
class Mutation:
    @strawberry.mutation
    def change(self, info: strawberry.Info, change: Change) -> Changed:
        shop: Shop = info.context
        shop.changes += 1
        return Changed(id=change.id, total=sum(change.values or []))


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, info: strawberry.Info, to: int, pause: float = 0) -> AsyncIterator[int]:
        shop: Shop = info.context
        shop.listeners += 1
        try:
            for i in range(to):
                await asyncio.sleep(pause)
                yield i
        finally:
            shop.listeners -= 1

    @strawberry.subscription
    async def services_changed(self, info: strawberry.Info) -> AsyncIterator[Service]:
        shop: Shop = info.context
        for service in list(shop.services.values())[:2]:
            yield service

    @strawberry.subscription
    async def failing(self) -> AsyncIterator[int]:
        yield 1
        raise RuntimeError("the password is hunter2")


@dataclass
class Shop:
    """The data; also the context of every operation."""

    services: dict[str, Service]
    agreements: list[Agreement]
    provider: Provider
    calls: int = 0
    changes: int = 0
    listeners: int = 0

    @property
    def nodes(self) -> dict[str, Node]:
        return {node.id: node for node in (*self.services.values(), *self.agreements, self.provider)}

    def wait(self, seconds: float) -> str:
        import time

        time.sleep(seconds)
        return f"waited {seconds:g} s"


def shop(services: int = 6, agreements: int = 12) -> Shop:
    """Some services in a chain, each with agreements."""
    names = [f"s{i}" for i in range(services)]
    return Shop(
        services={
            name: Service(
                id=strawberry.ID(name),
                name=f"Service {i} “é”",
                description=None if i % 3 else f"What {name} does\n",
                criticality=i % 4 or None,
                weight=i / 3,
                active=i % 2 == 0,
                tags=["a", "b"][: i % 3],
                needs=tuple(names[i + 1 : i + 3]),
            )
            for i, name in enumerate(names)
        },
        agreements=[
            Agreement(
                id=strawberry.ID(f"a{i}"),
                kind=list(Kind)[i % 3],
                ref=None if i % 4 else f"R-{i}",
                begins=date(2026, 1, 1 + i % 28),
                share=0.5 + i,
                rank=i,
                targets=[
                    Target(metric="availability", value=Quantity("99.5%"), tags=["x"] * (i % 2), budget=None)
                ],
                service_id=names[i % services],
            )
            for i in range(agreements)
        ],
        provider=Provider(id=strawberry.ID("p"), name="Cloud", kind=None),
    )


def schema() -> strawberry.Schema:
    """The schema, built afresh."""
    return strawberry.Schema(
        Query,
        Mutation,
        Subscription,
        types=[Agreement, Service, Provider],
        config=StrawberryConfig(
            scalar_map={
                Quantity: strawberry.scalar(name="Quantity", serialize=quantity, parse_value=quantity)
            }
        ),
    )
