"""Runs requests: light queries where they arrive, whatever may take its time in a thread."""

import asyncio
import time
from collections.abc import AsyncGenerator, Coroutine, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import strawberry
from anyio import CapacityLimiter, to_thread
from graphql import ExecutionResult, GraphQLError, OperationType
from graphql.execution.values import VariableValues

from olagraph_api.http.answers import Answer
from olagraph_api.http.requests import GraphQLRequest
from olagraph_api.http.scopes import Scope
from olagraph_api.limits import Allowance, Code, Limits, refusal
from olagraph_api.plans import (
    NOT_ATTEMPTED,
    Attempt,
    Documents,
    ExecutableSchema,
    Operation,
    Plan,
    RequestRefusedError,
    answer,
    answer_awaiting,
    attempt,
    events,
)
from olagraph_api.waiting import Unready, repeated

# Characters; validating as many takes a few milliseconds, validating the longest documents a quarter of a second.
_SHORT_DOCUMENT = 1_000


@dataclass(frozen=True, slots=True)
class _Query:
    """A query with its variables.

    Attributes:
        given: the variables as sent.
        coerced: as the operation declares them.
        plan: None where graphql-core must execute it.
    """

    operation: Operation
    given: Mapping[str, Any]
    coerced: VariableValues
    plan: Plan | None

    def attempted(self, context: object, allowance: Allowance) -> Attempt:
        """What comes of the plan."""
        if self.plan is None:
            return NOT_ATTEMPTED
        return attempt(self.plan, variables=self.coerced, context=context, allowance=allowance)


async def _awaited(unready: Unready | None) -> object:
    """What a query was not ready for, as soon as it is there.

    Raises:
        RequestRefusedError: it cannot be had.
    """
    if unready is None:
        return None
    try:
        return await asyncio.wrap_future(unready.ready)
    except GraphQLError as error:
        raise RequestRefusedError([error], status=503) from None


async def _to_the_end(work: Coroutine[Any, Any, ExecutionResult]) -> ExecutionResult:
    """What work gives that is not cut off, whoever has lost patience meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


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

    async def answer(self, operation: Operation, request: GraphQLRequest, scope: Scope) -> Answer:
        """The answer to a query or mutation.

        Args:
            operation: what `operation` gave for the request.
            request: the request.
            scope: surrounds the operation; it is finished when this returns.
        """
        values: int | None = None
        try:
            if operation.type is OperationType.SUBSCRIPTION:
                message = "Subscribe by WebSocket (graphql-transport-ws) or with Accept: text/event-stream"
                raise RequestRefusedError([refusal(message, Code.BAD_REQUEST)])
            variables = operation.variables(request.variables)
            cost = operation.cost(variables)
            await scope.admit(operation, request, variables=variables.coerced, cost=cost)
            if operation.type is OperationType.QUERY:
                query = _Query(operation, request.variables, variables, operation.plan(variables))
                light = cost <= self.limits.light_cost and not operation.is_heavy
                result, values = await self._queried(query, scope, light=light)
            else:
                result = await self._mutated(operation, request, scope)
            answered = Answer.of(result)
        except RequestRefusedError as refused:
            answered = Answer.refused(refused)
        except Exception as error:
            answered = Answer.failing(error)
        except asyncio.CancelledError:
            # A mutation may have been written all the same, and must not go unnoticed.
            cut_off = refusal("The client did not wait for the answer", Code.CUT_OFF)
            scope.finish(Answer(errors=(cut_off,)), values=values)
            raise
        return scope.finish(answered, values=values)

    async def _queried(self, query: _Query, scope: Scope, *, light: bool) -> tuple[ExecutionResult, int]:
        """What a query gives, and how many values it took; it is executed again when it was not ready."""
        deadline = time.monotonic() + self.limits.seconds
        waiting: Unready | None = None
        while True:
            allowance = Allowance(self.limits, deadline=deadline)
            try:
                async with asyncio.timeout(allowance.seconds_left) as seconds:
                    context = scope.context(await _awaited(waiting))
                    with repeated():
                        result = await self._attempted(query, context, allowance, light=light)
                    return result, allowance.spent
            except Unready as unready:
                waiting = unready
            except TimeoutError:
                if not seconds.expired():
                    raise
                too_late = waiting.refusal if waiting else allowance.too_late()
                return ExecutionResult(None, [too_late]), allowance.spent

    async def _attempted(
        self, query: _Query, context: object, allowance: Allowance, *, light: bool
    ) -> ExecutionResult:
        """What one attempt to execute a query gives.

        Raises:
            Unready: it takes what is not there yet.
        """
        attempted = NOT_ATTEMPTED
        if light:
            attempted = query.attempted(context, allowance)
            if attempted.result is not None:
                return attempted.result
        if query.plan is None and query.operation.is_asynchronous:
            return await answer_awaiting(
                query.operation, given=query.given, context=context, allowance=allowance
            )

        def execute() -> ExecutionResult:
            tried = query.attempted(context, allowance) if attempted is NOT_ATTEMPTED else attempted
            return answer(
                query.operation, given=query.given, context=context, allowance=allowance, attempted=tried
            )

        return await to_thread.run_sync(execute, limiter=self._threads, abandon_on_cancel=True)

    async def _mutated(self, operation: Operation, request: GraphQLRequest, scope: Scope) -> ExecutionResult:
        """What a mutation gives, which is executed once, and not cut off once it writes."""
        context = await self._context(scope)
        if operation.is_asynchronous:
            return await _to_the_end(
                answer_awaiting(operation, given=request.variables, context=context, allowance=None)
            )
        execute = partial(answer, operation, given=request.variables, context=context, allowance=None)
        return await _to_the_end(to_thread.run_sync(execute, limiter=self._threads))

    async def _context(self, scope: Scope) -> object:
        """The context of what is executed once, as soon as all that it takes is there."""
        waiting: Unready | None = None
        try:
            async with asyncio.timeout(self.limits.seconds):
                while True:
                    try:
                        return scope.context(await _awaited(waiting))
                    except Unready as unready:
                        waiting = unready
        except TimeoutError:
            assert waiting is not None, "nothing else takes its time here"
            raise RequestRefusedError([waiting.refusal], status=503) from None

    async def answers(
        self, operation: Operation, request: GraphQLRequest, scope: Scope
    ) -> AsyncGenerator[Answer]:
        """The answers to any operation: one to a query or mutation, one an event to a subscription.

        Args:
            operation: what `operation` gave for the request.
            request: the request.
            scope: surrounds the operation; it is finished when this ends.
        """
        if operation.type is not OperationType.SUBSCRIPTION:
            yield await self.answer(operation, request, scope)
            return
        last = Answer()
        try:
            variables = operation.variables(request.variables)
            cost = operation.cost(variables)
            await scope.admit(operation, request, variables=variables.coerced, cost=cost)
            with self._subscription():
                context = await self._context(scope)
                stream = events(operation, given=request.variables, context=context, limits=self.limits)
                async with aclosing(stream) as results:
                    async for result in results:
                        await scope.admit_event(cost=cost)
                        last = replace(Answer.of(result), request_id=scope.request_id)
                        yield last
        except RequestRefusedError as refused:
            last = Answer.refused(refused)
            yield last
        except Exception as error:
            last = replace(Answer.failing(error), request_id=scope.request_id)
            yield last
        finally:
            scope.finish(last)

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
