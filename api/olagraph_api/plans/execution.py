"""Answers operations: by their plan, or by graphql-core.

Where a plan gives up, graphql-core executes the query afresh and states the errors. Queries have no side effects, and
what the root resolvers gave is handed on, so nothing long is done twice.
"""

from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from graphql import ExecutionResult, GraphQLResolveInfo, MiddlewareManager, execute, located_error, subscribe
from graphql.execution.values import VariableValues

from olagraph_api.limits import Allowance, Exhausted, Limits
from olagraph_api.plans.operation import Operation
from olagraph_api.plans.plan import Plan


class _Metered:
    """Middleware for graphql-core: each field is taken off the allowance; known root values are not asked for again."""

    def __init__(self, allowance: Allowance, roots: Mapping[str, object]) -> None:
        self._allowance = allowance
        self._roots = roots

    def resolve(self, next_: Any, source: object, info: GraphQLResolveInfo[Any], **arguments: Any) -> object:
        """The field's value.

        Raises:
            Exhausted: the allowance is used up.
        """
        self._allowance.spend(1)
        if info.path.prev is None and info.path.key in self._roots:
            value = self._roots[info.path.key]  # type: ignore[index]
            if isinstance(value, Exception):
                raise value
            return value
        return next_(source, info, **arguments)


class _MeteredEvents(_Metered):
    """Middleware for the events of a subscription: the allowance begins anew with each."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(Allowance.starting_now(limits), {})
        self._limits = limits

    def resolve(self, next_: Any, source: object, info: GraphQLResolveInfo[Any], **arguments: Any) -> object:
        """The field's value, as for `_Metered`."""
        if info.path.prev is None:
            self._allowance = Allowance.starting_now(self._limits)
        return super().resolve(next_, source, info, **arguments)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of running a plan.

    Attributes:
        result: None where the plan gave up.
        roots: what the root resolvers gave or raised, by response key: `answer` does not call them again.
    """

    result: ExecutionResult | None
    roots: Mapping[str, object]


NOT_ATTEMPTED = Attempt(None, {})


def attempt(plan: Plan, *, variables: VariableValues, context: object, allowance: Allowance) -> Attempt:
    """Run a plan.

    Args:
        plan: the operation's for these variables.
        variables: coerced.
        context: what resolvers read as `info.context`.
        allowance: for this execution, `answer` included.
    """
    roots: Mapping[str, object] = {}
    try:
        run = plan.start(variables, context, allowance)
        roots = run.roots
        return Attempt(ExecutionResult(plan.query(run), None), roots)
    except Exhausted as exhausted:
        return Attempt(ExecutionResult(None, [exhausted.error]), roots)
    except Exception:
        return Attempt(None, roots)  # for graphql-core to tell


def answer(
    operation: Operation,
    *,
    given: Mapping[str, Any],
    context: object,
    allowance: Allowance | None,
    attempted: Attempt = NOT_ATTEMPTED,
) -> ExecutionResult:
    """The answer to a query or mutation whose resolvers are synchronous: that of its plan, else that of graphql-core.

    Args:
        operation: which.
        given: the variables as sent.
        context: what resolvers read as `info.context`.
        allowance: for this execution; None for a mutation, which is not cut off once it writes.
        attempted: what came of the operation's plan.

    Raises:
        TypeError: a resolver is asynchronous and not declared as such.
    """
    if attempted.result is not None:
        return attempted.result
    try:
        metered = _Metered(allowance, attempted.roots) if allowance else None
        result = _executed(operation, given, context, metered)
    except Exhausted as exhausted:
        return ExecutionResult(None, [exhausted.error])
    if not isinstance(result, ExecutionResult):
        raise TypeError("a synchronous resolver gave an awaitable")
    return result


async def answer_awaiting(
    operation: Operation, *, given: Mapping[str, Any], context: object, allowance: Allowance | None
) -> ExecutionResult:
    """Execute a query or mutation with coroutine functions among its resolvers; arguments as for `answer`."""
    try:
        result = _executed(operation, given, context, _Metered(allowance, {}) if allowance else None)
        return result if isinstance(result, ExecutionResult) else await result
    except Exhausted as exhausted:
        return ExecutionResult(None, [exhausted.error])


async def events(
    operation: Operation, *, given: Mapping[str, Any], context: object, limits: Limits
) -> AsyncGenerator[ExecutionResult]:
    """Execute a subscription: one result an event, each with an allowance of its own, and one if its source fails.

    Args:
        operation: a subscription.
        given: the variables as sent.
        context: what resolvers read as `info.context`.
        limits: those of each event.
    """
    metered = _MeteredEvents(limits)
    stream = subscribe(
        operation.schema.core,
        operation.query.document,
        context_value=context,
        variable_values=dict(given),
        operation_name=operation.name,
        middleware=MiddlewareManager(metered),
        hide_suggestions=True,
    )
    if isawaitable(stream):
        stream = await stream
    if isinstance(stream, ExecutionResult):
        yield stream
        return
    async with aclosing(stream) as results:  # type: ignore[type-var]
        try:
            async for result in results:
                yield result
        except Exhausted as exhausted:
            yield ExecutionResult(None, [exhausted.error])
        except Exception as error:  # of the source of events: it ends with it
            yield ExecutionResult(None, [located_error(error)])


def _executed(
    operation: Operation, given: Mapping[str, Any], context: object, metered: _Metered | None
) -> ExecutionResult | Awaitable[ExecutionResult]:
    return execute(
        operation.schema.core,
        operation.query.document,
        context_value=context,
        variable_values=dict(given),
        operation_name=operation.name,
        middleware=[metered] if metered else None,
        hide_suggestions=True,
    )
