"""Applications for tests, and how they are asked."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from benchmarks.crashes import step
from olagraph.documents.changes import difference
from olagraph.model.entities import Portfolio
from olagraph.stores import Store
from olagraph_api.app import create_app
from olagraph_api.security.clock import Clock
from olagraph_api.security.key_file import create_key
from olagraph_api.security.principals import Role
from olagraph_api.security.settings import KeySettings, SecuritySettings
from olagraph_api.settings import AppSettings
from tests.api.clock import NOW

WHOLE = "{ portfolio { name revision } services { nodes { name } } agreements { nodes { provider { id } } } }"
"""Asks for what every step of `benchmarks.crashes` changes."""


@dataclass
class Time:
    """A clock that goes on when it is told to."""

    passed: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return NOW + self.passed

    def clock(self) -> Clock:
        return Clock(now=self.now, ticks=lambda: int(self.passed.total_seconds() * 10**9))


@contextmanager
def client(
    store: Store, *, time: Time | None = None, security: SecuritySettings | None = None, **settings: Any
) -> Iterator[TestClient]:
    """A client of an application over a store, for as long as the block runs."""
    made = AppSettings(clock=(time or Time()).clock(), security=security or SecuritySettings(), **settings)
    with TestClient(
        create_app(store, made), base_url="http://localhost", client=("192.0.2.7", 5000)
    ) as started:
        yield started


def ask(client: TestClient, query: str, *, key: str | None = None, **variables: Any) -> Any:
    """The response to a GraphQL request."""
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)


def data(response: Any) -> Any:
    """What was asked for, which must have been answered in full."""
    answer = response.json()
    assert "errors" not in answer, answer
    return answer["data"]


def code(response: Any) -> str:
    """The code of the one error."""
    (error,) = response.json()["errors"]
    found: str = error["extensions"]["code"]
    return found


def next_step(store: Store, portfolio: str = "default") -> int:
    """Write the next of the portfolios that `WHOLE` asks about; its revision."""
    revision = store.revision(portfolio)
    before = store.load(portfolio).portfolio if revision else Portfolio()
    edits = difference(before, step(before, "ana"))
    return store.apply(portfolio, edits, expected=revision, by="ana", at=NOW, what="a step")


def is_whole(answer: Mapping[str, Any]) -> bool:
    """Whether an answer to `WHOLE` tells of one revision alone."""
    revision = answer["portfolio"]["revision"]
    names = {answer["portfolio"]["name"], *(service["name"] for service in answer["services"]["nodes"])}
    providers = {agreement["provider"]["id"] for agreement in answer["agreements"]["nodes"]}
    return names == {str(revision)} and providers == {f"provider-{revision}"}


class Keys:
    """A file of API keys."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "keys.json"
        self._labels = itertools.count(1)

    def new(self, role: Role, *portfolios: str) -> str:
        """A new key."""
        label = f"{role} {next(self._labels)}"
        return create_key(self.file, role=role, portfolios=portfolios or ["*"], label=label, now=NOW)[1]

    def settings(self, **more: Any) -> SecuritySettings:
        """Settings with these keys; there must be one."""
        return SecuritySettings(keys=KeySettings(file=self.file), **more)
