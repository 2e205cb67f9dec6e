"""A compiled query and its runs."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from graphql.execution.values import VariableValues
from graphql.pyutils import is_collection

from olagraph_api.limits import Allowance
from olagraph_api.plans.calls import Call
from olagraph_api.plans.leaves import GivesUpError


class Run:
    """One execution of a plan: what the generated code reads.

    Attributes:
        spend: takes values off the allowance.
        arguments: the keyword arguments of each call.
        roots: what the resolver of each root field gave, or raised, by response key: if the plan gives up, graphql-core
            takes these, so that no root resolver runs twice.
    """

    __slots__ = ("arguments", "roots", "spend")

    def __init__(self, allowance: Allowance, arguments: list[Mapping[str, Any]]) -> None:
        self.spend = allowance.spend
        self.arguments = arguments
        self.roots: dict[str, object] = {}

    def root(self, key: str, call: Callable[[], object]) -> object:
        """The value of a root field, kept."""
        try:
            value = self.roots[key] = call()
        except Exception as raised:
            self.roots[key] = raised
            raise
        return value

    def items(self, value: object, weight: int) -> Collection[object]:
        """The items of a list, paid for.

        Args:
            value: what the resolver gave.
            weight: the values that each item has.

        Raises:
            GivesUpError: no list; also an iterator, which graphql-core could not read once more.
            Exhausted: the answer has too many values.
        """
        if value.__class__ is not list and value.__class__ is not tuple and not is_collection(value):
            raise GivesUpError
        self.spend(len(value) * weight)
        return value


@dataclass(frozen=True, slots=True)
class Plan:
    """A query compiled for certain values of the variables in its @skip and @include.

    Attributes:
        query: the generated function from a run to the data.
        calls: the resolvers that take arguments, in the order of `Run.arguments`.
        source: the generated code, to be read by people.
    """

    query: Callable[[Run], dict[str, Any]]
    calls: tuple[Call, ...]
    source: str

    def start(self, variables: VariableValues, context: object, allowance: Allowance) -> Run:
        """A run for these variables.

        Raises:
            GraphQLError: arguments that cannot be coerced.
        """
        return Run(allowance, [call.arguments(variables, context) for call in self.calls])
