"""Subscriptions: what changes, and only that."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from graphql import ExecutionResult

from olagraph.documents import load_text
from olagraph.documents.changes import difference
from olagraph.model.entities import Portfolio
from olagraph.stores import Store, open_store, parse_address
from olagraph_api.context import Context
from olagraph_api.schema import SCHEMA
from olagraph_api.security.principals import Principal, Role
from olagraph_api.snapshots import Snapshots

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PATIENCE = 30.0
SHOP = """
olagraph: 1
providers: [{id: it, kind: internal}, {id: cloud, kind: external}]
customers: [{id: retail}]
services:
  - {id: shop, provider: it, workflow: [pay], own: [{availability: 100%}]}
  - {id: mail, provider: it, workflow: [pay], own: [{availability: 100%}]}
  - {id: pay, provider: cloud}
agreements:
  - {id: sla, kind: SLA, provider: it, customer: retail, covers: [shop], targets: [{availability: 99.9%}]}
  - {id: sla-mail, kind: SLA, provider: it, customer: retail, covers: [mail], targets: [{availability: 99%}]}
  - {id: uc, kind: UC, provider: cloud, customer: it, covers: [pay], targets: [{availability: 99.95%}]}
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(parse_address(f"sqlite:///{tmp_path}/shop.db", {}), create=True)
    yield opened
    opened.close()


def write(store: Store, text: str, *, portfolio: str = "default") -> int:
    """Bring the portfolio to a text, as somebody else does."""
    revision = store.revision(portfolio)
    before = store.load(portfolio).portfolio if revision else Portfolio()
    edits = difference(before, load_text(text, "shop.yaml"))
    return store.apply(portfolio, edits, expected=revision, by="Joe", at=NOW, what="edited")


@asynccontextmanager
async def subscribed(store: Store, query: str, portfolios: str = "*") -> AsyncIterator[AsyncIterator[Any]]:
    """The data of the events of a subscription."""
    snapshots = Snapshots(store, now=lambda: NOW, pause=0.02)
    snapshots.start()
    principal = Principal(id="key:1", name="Vic", role=Role.VIEWER, portfolios=frozenset({portfolios}))
    context = Context(
        principal=principal, request_id="r1", store=store, snapshots=snapshots, clock=lambda: NOW
    )
    stream: Any = await SCHEMA.subscribe(query, context_value=context)
    assert hasattr(stream, "__anext__"), stream

    async def data() -> AsyncIterator[Any]:
        async for result in stream:
            assert isinstance(result, ExecutionResult) or hasattr(result, "data")
            if result.errors:
                yield [error.extensions for error in result.errors]
            else:
                (value,) = result.data.values()
                yield value

    try:
        yield data()
    finally:
        await stream.aclose()
        await asyncio.to_thread(snapshots.close)


async def following(events: AsyncIterator[Any]) -> Any:
    """The next event."""
    async with asyncio.timeout(PATIENCE):
        return await anext(events)


ASSESSMENTS = "revision asOf nodes { agreement { id } verdict } gone"


def test_verdicts_that_change_are_told_and_no_others(store: Store) -> None:
    async def run() -> None:
        write(store, SHOP)
        async with subscribed(store, f"subscription {{ assessmentsChanged {{ {ASSESSMENTS} }} }}") as events:
            assert await following(events) == {"revision": 1, "asOf": "2026-11-23", "nodes": [], "gone": []}
            write(store, SHOP.replace("99.95%", "99.5%"))
            event = await following(events)
            assert event["revision"] == 2
            assert {node["agreement"]["id"]: node["verdict"] for node in event["nodes"]} == {
                "sla": "INFEASIBLE",
                "sla-mail": "SUPPORTED",  # with another value
            }
            write(store, SHOP.replace("99.95%", "99.5%").replace("[{id: retail}]", "[{id: retail, name: R}]"))
            write(store, "\n".join(line for line in SHOP.splitlines() if "id: sla-mail" not in line))
            event = await following(events)
            assert event["revision"] == 4, "the change of a name changes no verdict"
            assert [node["agreement"]["id"] for node in event["nodes"]] == ["sla"]
            assert len(event["gone"]) == 1

    asyncio.run(run())


def test_a_filter_leaves_out_the_others(store: Store) -> None:
    async def run() -> None:
        write(store, SHOP)
        query = (
            f'subscription {{ assessmentsChanged(filter: {{agreement: ["sla-mail"]}}) {{ {ASSESSMENTS} }} }}'
        )
        async with subscribed(store, query) as events:
            await following(events)
            write(store, SHOP.replace("99.95%", "99.5%"))
            assert [n["agreement"]["id"] for n in (await following(events))["nodes"]] == ["sla-mail"]

    asyncio.run(run())


def test_findings_that_appear_and_are_settled_are_told(store: Store) -> None:
    async def run() -> None:
        write(store, SHOP)
        query = "subscription { findingsChanged { revision appeared { code } changed { code } gone } }"
        async with subscribed(store, query) as events:
            assert await following(events) == {"revision": 1, "appeared": [], "changed": [], "gone": []}
            write(store, SHOP.replace("99.95%", "99.5%"))
            event = await following(events)
            assert {"code": "TARGET_INFEASIBLE"} in event["appeared"]
            write(store, SHOP)
            assert len((await following(events))["gone"]) == len(event["appeared"])

    asyncio.run(run())


def test_each_change_is_told_in_order(store: Store) -> None:
    async def run() -> None:
        write(store, SHOP)
        async with subscribed(store, "subscription { portfolioChanged { revision by what } }") as events:
            assert await following(events) == {"revision": 1, "by": "Joe", "what": "edited"}
            for name in ("A", "B", "C"):
                write(store, f"{SHOP}name: {name}\n")
            told = [await following(events) for _ in range(3)]
            assert told == [{"revision": r, "by": "Joe", "what": "edited"} for r in (2, 3, 4)]

    asyncio.run(run())


@pytest.mark.parametrize("name", ["assessmentsChanged", "findingsChanged", "portfolioChanged"])
@pytest.mark.parametrize("portfolios", ["*", "other"])
def test_a_portfolio_that_is_not_there_looks_like_one_that_is_not_granted(
    store: Store, name: str, portfolios: str
) -> None:
    async def run() -> None:
        if portfolios == "other":
            write(store, SHOP)
        async with subscribed(store, f"subscription {{ {name} {{ revision }} }}", portfolios) as events:
            assert await following(events) == [{"code": "UNKNOWN_PORTFOLIO"}]

    asyncio.run(run())
