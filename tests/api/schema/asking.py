"""Questions to the served schema, each answered twice: by its plan and by graphql-core alone, which must agree."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from graphql import execute_sync

from olagraph.documents import load, load_text
from olagraph.model.entities import Portfolio
from olagraph.stores import Tenant
from olagraph_api.context import Context
from olagraph_api.limits import Allowance, Limits
from olagraph_api.plans import NOT_ATTEMPTED, Documents, ExecutableSchema, Operation, answer, attempt
from olagraph_api.schema import SCHEMA
from olagraph_api.security.principals import Principal, Role
from olagraph_api.snapshots import Seen, SeenTenants, Snapshot

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
FIXTURES = Path(__file__).parents[3] / "fixtures"
PORTFOLIOS = sorted(path.stem for path in FIXTURES.glob("*.yaml") if path.stem != "expected")
EXECUTABLE = ExecutableSchema(SCHEMA)
LIMITS = Limits()
UNLIMITED = Limits(
    depth=50,
    aliases=10_000,
    directives=10_000,
    expanded_fields=100_000,
    tokens=1_000_000,
    root_fields=1_000,
    cost=10**15,
    values=10**9,
    seconds=600,
)


@cache
def fixture(name: str) -> Portfolio:
    """A bundled portfolio."""
    return load(FIXTURES / f"{name}.yaml")


@cache
def snapshot(name: str) -> Snapshot:
    """A bundled portfolio at revision 7."""
    return Snapshot("default", 7, fixture(name))


def small(text: str) -> Snapshot:
    """A portfolio written inline, at revision 3."""
    return Snapshot("default", 3, load_text(f"olagraph: 1\n{text}", "small.yaml"))


def context(*snapshots: Snapshot, principal: Principal | None = None, store: Any = None) -> Context:
    """The context of a query that finds these portfolios and no others."""
    seen = {each.id: Seen(portfolio=each.id, snapshot=each) for each in snapshots}
    tenants = tuple(
        Tenant(id=each.id, name=each.portfolio.name, revision=each.revision, assessed=None)
        for each in sorted(snapshots, key=lambda each: each.id)
    )
    return Context(
        principal=principal or Principal.local("jane"),
        request_id="r1",
        store=store,
        snapshots=NothingElse(),  # type: ignore[arg-type]  # asked only for what was not seen
        clock=lambda: NOW,
        seen=seen,
        tenants=SeenTenants(tenants=tenants, asked=NOW),
    )


class NothingElse:
    """Snapshots that know of no further portfolio."""

    def fresh(self, portfolio: str) -> Any:
        from concurrent.futures import Future

        future: Future[Seen] = Future()
        future.set_result(Seen(portfolio=portfolio, snapshot=None))
        return future


def viewer(*portfolios: str) -> Principal:
    """Somebody who is granted some portfolios."""
    return Principal(id="key:1", name="Vera", role=Role.VIEWER, portfolios=frozenset(portfolios))


@cache
def operation(text: str, limits: Limits = UNLIMITED) -> Operation:
    """The only operation of a document."""
    return Documents(EXECUTABLE, limits).read(text).operation(None)


def asked(
    text: str, of: Context | Snapshot, variables: Mapping[str, Any] | None = None, *, planned: bool = True
) -> dict[str, Any]:
    """What is answered, errors and all; the same by plan and by graphql-core.

    Args:
        text: a query.
        of: the context, or the one portfolio that it has.
        variables: as sent.
        planned: whether the plan must answer by itself.
    """
    given = dict(variables or {})
    within = of if isinstance(of, Context) else context(of)
    asking = operation(text)
    values = asking.variables(given)
    plan = asking.plan(values)
    assert plan is not None, "graphql-core must execute it"
    allowance = Allowance.starting_now(UNLIMITED)
    tried = attempt(plan, variables=values, context=within, allowance=allowance)
    ours = answer(
        asking,
        given=given,
        context=within,
        allowance=allowance,
        attempted=tried if tried.result is not None else NOT_ATTEMPTED,
    )
    core = execute_sync(
        EXECUTABLE.core,
        asking.query.document,
        context_value=within,
        variable_values=given,
        hide_suggestions=True,
    )
    formatted: dict[str, Any] = json.loads(json.dumps(ours.formatted))
    assert formatted == json.loads(json.dumps(core.formatted))
    assert planned == (tried.result is not None), core.errors
    return formatted


def data(text: str, of: Context | Snapshot, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The data of an answer without errors, all of it by the plan."""
    formatted = asked(text, of, variables)
    found: dict[str, Any] = formatted["data"]
    return found


def refused(text: str, of: Context | Snapshot, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The only error of an answer."""
    (error,) = asked(text, of, variables, planned=False)["errors"]
    found: dict[str, Any] = error
    return found
