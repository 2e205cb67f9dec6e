"""Who is behind an HTTP request or a WebSocket, and what those are told whom we do not know."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from olagraph_api.security.audit import AuditRecord, Kind, Outcome
from olagraph_api.security.audit_log import AuditLog
from olagraph_api.security.authenticator import Authenticator
from olagraph_api.security.clock import Clock
from olagraph_api.security.errors import AuthenticationUnavailable, Unauthenticated
from olagraph_api.security.principals import Principal
from olagraph_api.security.rate_limits import RateLimit, RateLimiter, Refused, client_of
from olagraph_api.security.settings import LimitSettings

_log = logging.getLogger(__name__)

CHALLENGE = 'Bearer realm="olagraph"'
"""WWW-Authenticate where no credentials were sent."""

REJECTION = f'{CHALLENGE}, error="invalid_token"'
"""The same where some were (RFC 6750 §3.1): unknown, expired and revoked alike."""

FORBIDDEN, TRY_AGAIN_LATER = 4403, 1013
"""Close codes of a WebSocket: as graphql-transport-ws has it, and as registered with RFC 6455."""

_RETRY_UNAVAILABLE_S = 5


@dataclass(frozen=True, slots=True)
class Login:
    """Who is behind a WebSocket, and by which header; see `ConnectionAuthentication.still_valid`."""

    principal: Principal
    authorization: str | None = field(repr=False)


class ConnectionRefused(Exception):  # noqa: N818 - the protocol's word
    """A WebSocket is to be closed.

    Attributes:
        code: the close code; the text is the close reason.
    """

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class ConnectionAuthentication:
    """Authenticates connections: an instance is a FastAPI dependency, `Depends(authentication)`, of a Principal."""

    def __init__(
        self,
        authenticator: Authenticator,
        limits: LimitSettings,
        clock: Clock,
        audit: AuditLog | None = None,
    ) -> None:
        """Authenticate by `authenticator`; refusals are limited per address and told to `audit`."""
        self._authenticator = authenticator
        self._clock = clock
        self._audit = audit
        self._failures = RateLimiter(RateLimit(burst=limits.failures, units=limits.failures, seconds=60))

    async def __call__(self, request: HTTPConnection) -> Principal:
        """Who sends a request.

        Raises:
            HTTPException: 401 with a challenge, 429 where an address had too many of those, 503 where it cannot
                be told now.
        """
        try:
            authorization = _authorization(request)
            return await self._authenticator.authenticate(authorization, now=self._clock.now())
        except Unauthenticated as refusal:
            refused = self._refusal(request, refusal)
            if refused is not None:
                raise too_many(refused) from None
            sent = "authorization" in request.headers
            raise HTTPException(
                401, str(refusal), {"WWW-Authenticate": REJECTION if sent else CHALLENGE}
            ) from None
        except AuthenticationUnavailable as unavailable:
            _log.error("%s", unavailable.reason)
            raise HTTPException(503, str(unavailable), {"Retry-After": str(_RETRY_UNAVAILABLE_S)}) from None

    async def connect(self, websocket: HTTPConnection, payload: Mapping[str, Any] | None) -> Login:
        """Who opens a WebSocket, by the payload of its `connection_init`: {"Authorization": "Bearer …"}.

        Browsers cannot send the header with a WebSocket; other clients may, and leave the payload out.

        Raises:
            ConnectionRefused: with the code and the reason to close with.
        """
        named = [value for name, value in (payload or {}).items() if str(name).lower() == "authorization"]
        try:
            if len(named) > 1 or not all(isinstance(value, str) for value in named):
                raise Unauthenticated("credentials of another form than one text")
            authorization = named[0] if named else _authorization(websocket)
            principal = await self._authenticator.authenticate(authorization, now=self._clock.now())
        except Unauthenticated as refusal:
            self._refusal(websocket, refusal)
            raise ConnectionRefused(FORBIDDEN, "Forbidden") from None
        except AuthenticationUnavailable as unavailable:
            _log.error("%s", unavailable.reason)
            raise ConnectionRefused(TRY_AGAIN_LATER, str(unavailable)) from None
        return Login(principal, authorization)

    async def still_valid(self, login: Login) -> bool:
        """Whether the credentials of an open WebSocket still mean the same principal.

        Ask before each thing that is sent: a subscription must not outlive its key or token. While it cannot be
        told, the answer is no.
        """
        try:
            now = self._clock.now()
            return await self._authenticator.authenticate(login.authorization, now=now) == login.principal
        except (Unauthenticated, AuthenticationUnavailable):
            return False

    def _refusal(self, connection: HTTPConnection, refusal: Unauthenticated) -> Refused | None:
        """Count a refusal, and tell the audit log unless its address has had too many."""
        address = "" if connection.client is None else connection.client.host
        refused = self._failures.spend(client_of(address), 1, now=self._clock.ticks())
        if refused is None and self._audit is not None:
            self._audit.write(
                AuditRecord(
                    at=self._clock.now(),
                    request=getattr(connection.state, "request_id", None) or secrets.token_hex(8),
                    kind=Kind.AUTHENTICATION,
                    outcome=Outcome.REFUSED,
                    address=address or None,
                    reason=refusal.reason,
                )
            )
        return refused


def too_many(refused: Refused) -> HTTPException:
    """The answer to a client that has spent what it may; 400 where no waiting would help."""
    if refused.retry_after is None:
        return HTTPException(400, "this costs more than may be spent at once")
    return HTTPException(
        429,
        f"too many requests; try again in {refused.retry_after} s",
        {"Retry-After": str(refused.retry_after)},
    )


def _authorization(connection: HTTPConnection) -> str | None:
    """The Authorization header.

    Raises:
        Unauthenticated: there are several, and a proxy before us may have looked at another one.
    """
    headers = connection.headers.getlist("authorization")
    if len(headers) > 1:
        raise Unauthenticated("several Authorization headers")
    return headers[0] if headers else None
