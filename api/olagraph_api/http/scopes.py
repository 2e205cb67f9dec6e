"""What surrounds an operation: who may ask it, in which context, and who is told what became of it."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from starlette.requests import HTTPConnection

from olagraph_api.http.answers import Answer
from olagraph_api.http.requests import GraphQLRequest
from olagraph_api.plans import Operation


class Scope:
    """One operation of a client, from its arrival to its answer. This one admits every operation.

    Args:
        context: what resolvers read as `info.context`.

    Attributes:
        request_id: stands in the log beside what the client does not see.
        headers: of the answer over HTTP.
    """

    def __init__(self, context: object = None) -> None:
        self.request_id = secrets.token_hex(8)
        self.headers: dict[str, str] = {}
        self._context = context

    async def admit(
        self, operation: Operation, request: GraphQLRequest, *, variables: Mapping[str, object], cost: int
    ) -> None:
        """Let an operation in that is valid and within the limits, before it is executed.

        Args:
            operation: which.
            request: asks for it.
            variables: its variables as they are declared.
            cost: what it may take, in values.

        Raises:
            RequestRefusedError: it is not let in.
        """

    async def admit_event(self, *, cost: int) -> None:
        """Let an event of a subscription in, before it is executed.

        Raises:
            RequestRefusedError: the subscription ends here.
        """

    def context(self, awaited: object) -> object:
        """The context of one attempt to execute the operation.

        Args:
            awaited: what came of the `Unready` that ended the attempt before; None for the first.

        Raises:
            Unready: it takes what is not there yet.
        """
        return self._context

    def finish(self, answer: Answer, *, values: int | None = None) -> Answer:
        """The operation is over; of a subscription, with its last answer.

        Args:
            answer: what came of it.
            values: that it took; None where that was not counted.

        Returns:
            The answer as the client gets it.
        """
        return answer


Begin: TypeAlias = Callable[[], Scope]
"""Begins an operation of a client that was let in."""

Clients: TypeAlias = Callable[[HTTPConnection, Mapping[str, object]], Awaitable[Begin]]
"""Lets a client in: a request, or a WebSocket with the payload of its `connection_init` (empty over HTTP).

A `starlette.exceptions.HTTPException` refuses a request, a `WebSocketException` a WebSocket.
"""
