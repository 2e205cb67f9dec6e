"""GraphQL operations at the desk: let in, given their context, written down."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from graphql import GraphQLError
from starlette.exceptions import WebSocketException
from starlette.requests import HTTPConnection

from olagraph.stores import Store, StoreError
from olagraph_api.context import Context
from olagraph_api.context import Outcome as Written
from olagraph_api.desk import Desk, Entry
from olagraph_api.http import Begin, Scope
from olagraph_api.http.answers import Answer, unexpected
from olagraph_api.http.requests import GraphQLRequest
from olagraph_api.limits import Code, refusal
from olagraph_api.named_portfolios import named_portfolios
from olagraph_api.plans import Operation, RequestRefusedError
from olagraph_api.security.audit import Kind, Outcome
from olagraph_api.security.connections import ConnectionRefused
from olagraph_api.snapshots import Seen, SeenTenants, Snapshot, Snapshots
from olagraph_api.snapshots.store_state import store_unavailable
from olagraph_api.waiting import Unready, being_read

_log = logging.getLogger(__name__)

STALE_SINCE = "Olagraph-Stale-Since"
"""The header of an answer that was made while the store did not answer: when what it tells was last known to hold."""


class Operations:
    """Lets clients of GraphQL in.

    Args:
        desk: knows them.
        store, snapshots: for their contexts.
    """

    def __init__(self, desk: Desk, *, store: Store, snapshots: Snapshots) -> None:
        self._desk = desk
        self._store = store
        self._snapshots = snapshots

    async def clients(self, connection: HTTPConnection, payload: Mapping[str, object]) -> Begin:
        """See `olagraph_api.http.Clients`."""
        if connection.scope["type"] == "websocket":
            try:
                login = await self._desk.authentication.connect(connection, payload)
            except ConnectionRefused as refused:
                raise WebSocketException(refused.code, str(refused)) from None
        else:
            login = await self._desk.login(connection)

        def begin() -> Scope:
            entry = Entry(self._desk, login, connection)
            return OperationScope(
                entry, store=self._store, snapshots=self._snapshots, clock=self._desk.clock.now
            )

        return begin


class OperationScope(Scope):
    """One operation.

    Args:
        entry: its line in the books.
        store, snapshots, clock: for its context.
    """

    def __init__(
        self, entry: Entry, *, store: Store, snapshots: Snapshots, clock: Callable[[], datetime]
    ) -> None:
        super().__init__()
        self.request_id = entry.request_id
        self._entry = entry
        self._store = store
        self._snapshots = snapshots
        self._clock = clock
        self._named: tuple[str, ...] = ()
        self._seen: dict[str, Seen] = {}
        self._tenants: SeenTenants | None = None
        self._context: Context | None = None

    async def admit(
        self, operation: Operation, request: GraphQLRequest, *, variables: Mapping[str, object], cost: int
    ) -> None:
        """Let an operation in that is valid and within the limits, before it is executed."""
        principal = self._entry.login.principal
        named = named_portfolios(operation, variables)
        self._named = tuple(portfolio for portfolio in named if principal.sees(portfolio))
        self._entry.open(
            Kind(operation.type.value),
            name=operation.name,
            portfolio=named[0] if named else None,
            variables=request.variables,
        )
        if self._entry.is_websocket:
            await self._check_credentials()
        self._spend(cost)

    async def admit_event(self, *, cost: int) -> None:
        """Let an event of a subscription in, before it is sent."""
        await self._check_credentials()
        self._spend(cost)

    def context(self, awaited: object) -> Context:
        """The context of one attempt."""
        if isinstance(awaited, Seen):
            self._seen[awaited.portfolio] = awaited
        elif isinstance(awaited, Snapshot):
            self._seen[awaited.id] = replace(self._seen[awaited.id], snapshot=awaited)
        elif isinstance(awaited, SeenTenants):
            self._tenants = awaited
        for portfolio in self._named:
            if portfolio not in self._seen:
                reading = self._snapshots.fresh(portfolio)
                if not reading.done() or reading.exception() is not None:
                    raise Unready(reading, being_read(f"portfolio {portfolio!r}"))
                self._seen[portfolio] = reading.result()
        self._context = Context(
            principal=self._entry.login.principal,
            request_id=self.request_id,
            store=self._store,
            snapshots=self._snapshots,
            clock=self._clock,
            seen=self._seen,
            tenants=self._tenants,
        )
        return self._context

    def finish(self, answer: Answer, *, values: int | None = None) -> Answer:
        """The operation is over."""
        answer = replace(answer, errors=tuple(map(_told, answer.errors)))
        written = Written() if self._context is None else self._context.outcome
        outcome, reason = Outcome.DONE, written.refused
        if answer.failed:
            outcome, reason = Outcome.FAILED, Code.INTERNAL.value
        elif answer.errors or reason is not None:
            codes = [str((error.extensions or {}).get("code", "")) for error in answer.errors]
            outcome, reason = Outcome.REFUSED, reason or codes[0]
        since = min((seen.stale_since for seen in self._seen.values() if seen.stale_since), default=None)
        if since is not None:
            self.headers[STALE_SINCE] = since.isoformat()
        self._entry.close(outcome, reason=reason, values=values, written=written, is_stale=since is not None)
        return answer

    async def _check_credentials(self) -> None:
        """Refuse what comes on a connection whose credentials have been revoked or have expired."""
        if not await self._entry.is_still_valid():
            raise RequestRefusedError([refusal("Valid credentials are needed", Code.UNAUTHENTICATED)])

    def _spend(self, cost: int) -> None:
        refused = self._entry.spend(cost)
        if refused is None:
            return
        seconds = refused.retry_after
        if seconds is None:
            message = f"The operation costs {cost} values, more than may be spent at once: ask for less"
            raise RequestRefusedError([refusal(message, Code.COST_TOO_HIGH, cost=cost)], status=400)
        self.headers["Retry-After"] = str(seconds)
        message = f"Too many requests: try again in {seconds} s"
        raise RequestRefusedError([refusal(message, Code.RATE_LIMITED, retryAfter=seconds)], status=429)


def _told(error: GraphQLError) -> GraphQLError:
    """An error as clients are told it: what a store says of itself is for the log."""
    if not isinstance(unexpected(error), StoreError):
        return error
    _log.error("a query was not answered: %s", unexpected(error))
    told = store_unavailable()
    return GraphQLError(told.message, error.nodes, path=error.path, extensions=told.extensions)
