"""Answers: what they show, what they hide, and how they are encoded."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError
from starlette.responses import Response

from olagraph_api.http.media_types import GRAPHQL
from olagraph_api.limits import Code, refusal
from olagraph_api.plans import RequestRefusedError

_log = logging.getLogger(__name__)

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one request, or to one event of a subscription.

    Attributes:
        executed: False for a request that was refused before: its answer has no `data`.
        status: for an HTTP answer; None where the media type decides.
        request_id: stands in the log beside what the client does not see.
    """

    data: dict[str, Any] | None = None
    errors: tuple[GraphQLError, ...] = ()
    executed: bool = True
    status: int | None = None
    request_id: str = field(default_factory=lambda: secrets.token_hex(8))

    @classmethod
    def of(cls, result: ExecutionResult) -> "Answer":
        """The answer of an execution; errors without a place come from before it."""
        errors = tuple(result.errors or ())
        return cls(result.data, errors)

    @classmethod
    def refused(cls, refused: RequestRefusedError) -> "Answer":
        """The answer to a request that is not executed."""
        return cls(errors=refused.errors, executed=False, status=refused.status)

    @classmethod
    def failing(cls, error: Exception) -> "Answer":
        """The answer where an execution came to nothing; what went wrong is not shown."""
        return cls(errors=(GraphQLError(str(error), original_error=error),))

    @classmethod
    def bad(cls, message: str, *, status: int) -> "Answer":
        """The answer to what is no GraphQL request."""
        return cls(errors=(refusal(message, Code.BAD_REQUEST),), executed=False, status=status)

    def formatted(self) -> dict[str, Any]:
        """The answer as the specification shapes it, with unexpected exceptions masked."""
        shown: dict[str, Any] = {"errors": self.formatted_errors()} if self.errors else {}
        if self.executed:
            shown["data"] = self.data
        return shown

    def formatted_errors(self) -> list[Any]:
        """Its errors alone."""
        return [self._formatted(error) for error in self.errors]

    def encoded(self) -> bytes:
        """The answer as JSON."""
        try:
            return orjson.dumps(self.formatted())
        except TypeError as error:  # a scalar gave what JSON cannot hold
            return orjson.dumps({"errors": [self._masked(None, error)], "data": None})

    def response(self, media_type: str, headers: Mapping[str, str] = _NO_HEADERS) -> Response:
        """The answer over HTTP, with these headers beside its own."""
        status = self.status or (400 if not self.executed and media_type == GRAPHQL else 200)
        headers = {**headers, "x-request-id": self.request_id, "cache-control": "no-store"}
        if status == 405:
            headers["allow"] = "POST"
        return Response(self.encoded(), status, headers, f"{media_type}; charset=utf-8")

    @property
    def failed(self) -> bool:
        """Whether something went wrong that is not the client's doing, and is not shown to him."""
        return self.executed and any(unexpected(error) is not None for error in self.errors)

    def _formatted(self, error: GraphQLError) -> Any:
        # Before execution, what scalars raise is about the client's own values.
        masked = unexpected(error) if self.executed else None
        return error.formatted if masked is None else self._masked(error, masked)

    def _masked(self, error: GraphQLError | None, masked: Exception) -> dict[str, Any]:
        _log.error("Request %s failed", self.request_id, exc_info=masked)
        shown: dict[str, Any] = dict(error.formatted) if error else {}
        shown["message"] = "Internal error"
        shown["extensions"] = {"code": Code.INTERNAL.value, "requestId": self.request_id}
        return shown


def unexpected(error: GraphQLError) -> Exception | None:
    """What a client must not see: any exception that is not raised for clients; None where there is none."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause
