"""Runs requests: light queries where they arrive, whatever may take its time in a thread."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager

import strawberry
from anyio import CapacityLimiter, to_thread
from graphql import ExecutionResult, OperationType

from olagraph_api.http.answers import Answer
from olagraph_api.http.requests import GraphQLRequest
from olagraph_api.limits import Allowance, Code, Limits, refusal
from olagraph_api.plans import (
    NOT_ATTEMPTED,
    Attempt,
    Documents,
    ExecutableSchema,
    Operation,
    RequestRefusedError,
    answer,
    answer_awaiting,
    attempt,
    events,
)

# Characters; validating as many takes a few milliseconds, validating the longest documents a quarter of a second.
_SHORT_DOCUMENT = 1_000


class Engine:
    """Executes the requests of one process on one schema. Its methods belong to one event loop.

    Args:
        schema: the schema.
        limits: of each request, and of the process.
    """

    def __init__(self, schema: strawberry.Schema, limits: Limits) -> None:
        self.limits = limits
        self._documents = Documents(ExecutableSchema(schema), limits)
        self._threads = CapacityLimiter(limits.threads)
        self._open_subscriptions = 0

    async def operation(self, request: GraphQLRequest) -> Operation:
        """The operation that a request names.

        Raises:
            RequestRefusedError: there is none, or its document is refused.
        """
        text = request.query
        document = self._documents.known(text)
        if document is None:
            if len(text) > _SHORT_DOCUMENT:
                document = await to_thread.run_sync(self._documents.read, text, limiter=self._threads)
            else:
                document = self._documents.read(text)
            self._documents.keep(text, document)
        return document.operation(request.operation_name)

    async def answer(self, operation: Operation, request: GraphQLRequest, context: object) -> Answer:
        """The answer to a query or mutation.

        Args:
            operation: what `operation` gave for the request.
            request: the request.
            context: what resolvers read as `info.context`.
        """
        try:
            if operation.type is OperationType.SUBSCRIPTION:
                message = "Subscribe by WebSocket (graphql-transport-ws) or with Accept: text/event-stream"
                raise RequestRefusedError([refusal(message, Code.BAD_REQUEST)])
            return Answer.of(await self._result(operation, request, context))
        except RequestRefusedError as refused:
            return Answer.refused(refused)

    async def _result(
        self, operation: Operation, request: GraphQLRequest, context: object
    ) -> ExecutionResult:
        given = request.variables
        variables = operation.variables(given)
        cost = operation.cost(variables)
        plan = operation.plan(variables)
        is_query = operation.type is OperationType.QUERY
        # A mutation is not cut off once it writes.
        allowance = Allowance.starting_now(self.limits) if is_query else None
        awaits = plan is None and operation.is_asynchronous
        attempted = NOT_ATTEMPTED

        def run_plan() -> Attempt:
            if plan is None or allowance is None:
                return NOT_ATTEMPTED
            return attempt(plan, variables=variables, context=context, allowance=allowance)

        def execute() -> ExecutionResult:
            tried = run_plan() if attempted is NOT_ATTEMPTED else attempted
            return answer(operation, given=given, context=context, allowance=allowance, attempted=tried)

        if cost <= self.limits.light_cost and not operation.is_heavy:
            attempted = run_plan()
            if attempted.result is not None:
                return attempted.result
        seconds = allowance.seconds_left if allowance else None
        try:
            async with asyncio.timeout(seconds) as deadline:
                if awaits:
                    return await answer_awaiting(operation, given=given, context=context, allowance=allowance)
                return await to_thread.run_sync(execute, limiter=self._threads, abandon_on_cancel=is_query)
        except TimeoutError:
            if allowance is None or not deadline.expired():
                raise
            return ExecutionResult(None, [allowance.too_late()])

    async def answers(
        self, operation: Operation, request: GraphQLRequest, context: object
    ) -> AsyncGenerator[Answer]:
        """The answers to any operation: one to a query or mutation, one an event to a subscription.

        Args:
            operation: what `operation` gave for the request.
            request: the request.
            context: what resolvers read as `info.context`.
        """
        if operation.type is not OperationType.SUBSCRIPTION:
            yield await self.answer(operation, request, context)
            return
        try:
            operation.cost(operation.variables(request.variables))
            with self._subscription():
                stream = events(operation, given=request.variables, context=context, limits=self.limits)
                async with aclosing(stream) as results:
                    async for result in results:
                        yield Answer.of(result)
        except RequestRefusedError as refused:
            yield Answer.refused(refused)

    @contextmanager
    def _subscription(self) -> Iterator[None]:
        allowed = self.limits.subscriptions
        if self._open_subscriptions >= allowed:
            message = f"This server has {allowed} open subscriptions, all that it allows: try later"
            raise RequestRefusedError([refusal(message, Code.TOO_MANY_SUBSCRIPTIONS, allowed=allowed)])
        self._open_subscriptions += 1
        try:
            yield
        finally:
            self._open_subscriptions -= 1
