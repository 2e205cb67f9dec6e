"""The desk that every operation comes by: who asks, what he may spend, and the books that are kept of it."""

import logging
import secrets
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import HTTPConnection

from olagraph_api.context import Outcome as Written
from olagraph_api.security.audit import AuditRecord, Kind, Outcome
from olagraph_api.security.audit_log import AuditLog
from olagraph_api.security.authenticator import authenticator_for
from olagraph_api.security.connections import ConnectionAuthentication, Login
from olagraph_api.security.rate_limits import RateLimit, RateLimiter, Refused
from olagraph_api.settings import AppSettings
from olagraph_api.telemetry.access_log import tell
from olagraph_api.telemetry.metrics import Metrics
from olagraph_api.telemetry.request_ids import request_id_of

if TYPE_CHECKING:
    from opentelemetry.trace import Span

_log = logging.getLogger(__name__)


class Desk:
    """What all operations of one application have in common.

    Args:
        settings: of the application.
        metrics: told of every operation.

    Attributes:
        authentication: tells who asks.

    Raises:
        KeyFileError: the key file cannot be read.
        OSError: the audit log cannot be opened.
    """

    def __init__(self, settings: AppSettings, metrics: Metrics) -> None:
        security, limits = settings.security, settings.security.limits
        self.clock = settings.clock
        self.metrics = metrics
        self.tracing = settings.tracing
        self.audit = None if security.audit is None else AuditLog(security.audit)
        self.authentication = ConnectionAuthentication(
            authenticator_for(security, local=settings.local), limits, settings.clock, self.audit
        )
        self.limiter = RateLimiter(RateLimit(burst=limits.burst, units=limits.per_second))

    async def login(self, request: HTTPConnection) -> Login:
        """Who sends a request.

        Raises:
            HTTPException: nobody we know, or it cannot be told.
        """
        principal = await self.authentication(request)
        return Login(principal, request.headers.get("authorization"))

    def close(self) -> None:
        """Write what is left to be written."""
        if self.audit is not None:
            self.audit.close()
        if self.tracing is not None:
            self.tracing.close()


class Entry:
    """One operation in the books.

    Args:
        desk: keeps them.
        login: who asks.
        connection: brought the operation.

    Attributes:
        is_websocket: whether it comes on an open WebSocket.
        request_id: of the operation; those of one WebSocket have ids of their own.
    """

    def __init__(self, desk: Desk, login: Login, connection: HTTPConnection) -> None:
        self.login = login
        self._desk = desk
        self._connection = connection
        self.is_websocket = connection.scope["type"] == "websocket"
        given = request_id_of(connection.scope)
        self.request_id = f"{given}.{secrets.token_hex(4)}" if self.is_websocket else given
        self._at = desk.clock.now()
        self._began = time.perf_counter()
        self._kind: Kind | None = None
        self._name: str | None = None
        self._portfolio: str | None = None
        self._variables: Mapping[str, Any] = {}
        self._charged = 0
        self._span: Span | None = None

    def open(
        self, kind: Kind, *, name: str | None, portfolio: str | None, variables: Mapping[str, Any]
    ) -> None:
        """Write down what is asked for, once it is known.

        Args:
            portfolio: the one that it is about.
        """
        self._kind, self._name, self._portfolio, self._variables = kind, name, portfolio, variables
        if self._desk.tracing is not None:
            self._span = self._desk.tracing.begin(kind.value, name)
        if kind is Kind.SUBSCRIPTION:
            self._desk.metrics.subscription(opened=True)

    def spend(self, cost: int) -> Refused | None:
        """Charge the principal; returns why not, if he has not got as much."""
        refused = self._desk.limiter.spend(self.login.principal.id, cost, now=self._desk.clock.ticks())
        if refused is None:
            self._charged += cost
        return refused

    async def is_still_valid(self) -> bool:
        """Whether the credentials still mean the same principal."""
        return await self._desk.authentication.still_valid(self.login)

    def close(
        self, outcome: Outcome, *, reason: str | None, values: int | None, written: Written, is_stale: bool
    ) -> None:
        """The operation is over.

        Args:
            reason: why it was refused or failed.
            values: that it took; what was charged beyond them is given back. None = not counted.
            written: what a mutation did.
            is_stale: whether it was answered without the store.
        """
        desk, principal = self._desk, self.login.principal
        seconds = time.perf_counter() - self._began
        if values is not None and values < self._charged:
            desk.limiter.refund(principal.id, self._charged - values, now=desk.clock.ticks())
            self._charged = values
        type_ = "unknown" if self._kind is None else self._kind.value
        desk.metrics.operation(type_, outcome, seconds=seconds, cost=self._charged)
        if self._kind is Kind.SUBSCRIPTION:
            desk.metrics.subscription(opened=False)
        portfolio = written.portfolio or self._portfolio
        if desk.audit is not None:
            desk.audit.write(
                AuditRecord(
                    at=self._at,
                    request=self.request_id,
                    kind=self._kind or Kind.QUERY,
                    outcome=outcome,
                    principal=principal.id,
                    name=principal.name,
                    address=self._connection.client.host if self._connection.client else None,
                    operation=self._name,
                    portfolio=portfolio,
                    revision_before=written.before,
                    revision_after=written.after,
                    reason=reason,
                    duration_ms=seconds * 1000,
                    variables=self._variables or None,
                )
            )
        fields = {
            "operation": type_,
            "name": self._name,
            "portfolio": portfolio,
            "principal": principal.id,
            "outcome": outcome.value,
            "reason": reason,
            "cost": self._charged,
            "stale": is_stale or None,
        }
        self._tell(fields, milliseconds=round(seconds * 1000, 2))
        if self._span is not None and desk.tracing is not None:
            told = {f"olagraph.{name}": value for name, value in fields.items() if value is not None}
            desk.tracing.end(self._span, failed=outcome is Outcome.FAILED, attributes=told)

    def _tell(self, fields: dict[str, Any], *, milliseconds: float) -> None:
        if self.is_websocket:
            told = {**fields, "request": self.request_id, "duration_ms": milliseconds}
            _log.info("%s by WebSocket", fields["operation"], extra={"fields": told})
        else:
            tell(self._connection.scope, **fields)
