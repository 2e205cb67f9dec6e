"""A validated operation, ready to be executed again and again."""

from collections.abc import Iterator, Mapping
from typing import Any

from cachetools import LRUCache
from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_variable_values,
)
from graphql.execution.values import VariableValues

from olagraph_api.limits import Code, Limits, check_variables, cost_of
from olagraph_api.plans.compiling import compiled
from olagraph_api.plans.plan import Plan
from olagraph_api.plans.query import Query
from olagraph_api.plans.refusing import RequestRefusedError, with_code
from olagraph_api.plans.schema import HEAVY, ExecutableSchema
from olagraph_api.plans.selections import UnsupportedError

_VARIANTS = 8  # plans of one operation, for different @skip and @include


class Operation:
    """One operation of a validated document.

    Args:
        schema: what the document was validated against.
        query: the operation with its fragments.
        limits: what its variables and cost may be.

    Attributes:
        is_asynchronous: a field has a name that is one of a coroutine function, of whatever type.
        is_heavy: likewise, of a field that is marked with `metadata={HEAVY: True}`.
    """

    def __init__(self, schema: ExecutableSchema, query: Query, limits: Limits) -> None:
        self.schema = schema
        self.query = query
        self._limits = limits
        self._plans: LRUCache[tuple[bool, ...], Plan | None] = LRUCache(_VARIANTS)
        selections = list(_selections(query))
        self._conditions = _condition_variables(selections)
        names = {selection.name.value for selection in selections if isinstance(selection, FieldNode)}
        fields = [
            field
            for type_ in schema.core.type_map.values()
            if isinstance(type_, GraphQLObjectType)
            for name in names & type_.fields.keys()
            if (field := schema.field_definition(type_.fields[name])) is not None
        ]
        self.is_asynchronous = any(field.is_async for field in fields)
        self.is_heavy = any(field.metadata.get(HEAVY) for field in fields)

    @property
    def type(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.query.operation.operation

    @property
    def name(self) -> str | None:
        """Its name in the document."""
        name = self.query.operation.name
        return name.value if name else None

    def variables(self, given: Mapping[str, Any]) -> VariableValues:
        """The coerced variables.

        Raises:
            RequestRefusedError: they are too large, or not what the operation declares.
        """
        try:
            check_variables(given, self._limits)
        except GraphQLError as error:
            raise RequestRefusedError([error]) from None
        declared = self.query.operation.variable_definitions or ()
        values = get_variable_values(
            self.schema.core, declared, dict(given), max_errors=50, hide_suggestions=True
        )
        if isinstance(values, list):
            raise RequestRefusedError([with_code(error, Code.BAD_USER_INPUT) for error in values])
        return values

    def cost(self, variables: VariableValues) -> int:
        """What an execution may cost, in values.

        Raises:
            RequestRefusedError: more than the limits allow.
        """
        try:
            return cost_of(
                self.query.operation,
                schema=self.schema.core,
                fragments=self.query.fragments,
                variables=variables.coerced,
                limits=self._limits,
            )
        except GraphQLError as error:
            raise RequestRefusedError([error]) from None

    def plan(self, variables: VariableValues) -> Plan | None:
        """The plan for these variables; None where graphql-core must execute the operation."""
        conditions = {name: variables.coerced.get(name) for name in self._conditions}
        if self.type is not OperationType.QUERY or self.query.operation.directives:
            return None
        key = tuple(value for value in conditions.values() if isinstance(value, bool))
        if len(key) < len(conditions):
            return None  # null in a condition: an error
        if key not in self._plans:
            known = dict(zip(conditions, key, strict=True))
            try:
                self._plans[key] = compiled(self.schema, self.query, known)
            except UnsupportedError:
                self._plans[key] = None
        return self._plans[key]


def _selections(query: Query) -> Iterator[SelectionNode]:
    """Every selection that the operation can reach, once."""
    spread: set[str] = set()
    stack: list[SelectionSetNode] = [query.operation.selection_set]
    while stack:
        for selection in stack.pop().selections:
            yield selection
            below = getattr(selection, "selection_set", None)
            if below is not None:
                stack.append(below)
            elif not isinstance(selection, FieldNode):
                name: str = selection.name.value  # type: ignore[attr-defined]
                if name not in spread:
                    spread.add(name)
                    stack.append(query.fragments[name].selection_set)


def _condition_variables(selections: list[SelectionNode]) -> tuple[str, ...]:
    names = {
        argument.value.name.value: None
        for selection in selections
        for directive in selection.directives or ()
        for argument in directive.arguments or ()
        if isinstance(argument.value, VariableNode)
    }
    return tuple(names)
