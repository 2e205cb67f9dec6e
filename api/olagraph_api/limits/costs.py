"""The cost of an operation before it runs: an upper bound of the values in its answer, were plain lists as assumed.

A field costs one, and what is below a list is multiplied by the list's size: its own `first` or `last`; that of the
connection it belongs to; or the assumed size. Fragments are costed once for each type and page they are spread at, so
the time is linear in the document. @skip and @include are taken as if all of it were asked for. Introspection costs
next to nothing here: validation limits its lists inside each other, and execution counts its values.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_list_type,
    is_non_null_type,
)
from graphql.pyutils import Undefined

from olagraph_api.limits.documents import INTROSPECTION
from olagraph_api.limits.refusals import Code, refusal
from olagraph_api.limits.settings import Limits

_PAGING = ("first", "last")


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a selection set stands: its type, and the page size of the connection that it is the inside of."""

    type: GraphQLNamedType
    page: int | None = None


class _Costs:
    """Costs the selections of one operation."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, object],
        limits: Limits,
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables
        self._limits = limits
        self._known: dict[tuple[str, str, int | None], int] = {}

    def selections(self, selection_set: SelectionSetNode, scope: _Scope) -> int:
        """The cost of all selections in one object."""
        total = 0
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                total += self._field(selection, scope)
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inner = self._narrowed(scope, condition.name.value) if condition else scope
                total += self.selections(selection.selection_set, inner)
            elif isinstance(selection, FragmentSpreadNode):
                total += self._fragment(selection.name.value, scope)
        return total

    def _fragment(self, name: str, scope: _Scope) -> int:
        key = (name, scope.type.name, scope.page)
        if key not in self._known:
            fragment = self._fragments[name]
            inner = self._narrowed(scope, fragment.type_condition.name.value)
            self._known[key] = self.selections(fragment.selection_set, inner)
        return self._known[key]

    def _narrowed(self, scope: _Scope, condition: str) -> _Scope:
        return _Scope(self._schema.type_map[condition], scope.page)

    def _field(self, node: FieldNode, scope: _Scope) -> int:
        definition = self._definition(scope.type, node.name.value)
        if definition is None or node.selection_set is None or node.name.value in INTROSPECTION:
            return 1
        named = get_named_type(definition.type)
        page = self._page(definition, node)
        depth = _list_depth(definition)
        if not depth:
            return 1 + self.selections(node.selection_set, _Scope(named, page))
        size = next(size for size in (page, scope.page, self._limits.assumed_list) if size is not None)
        items: int = size * self._limits.assumed_list ** (
            depth - 1
        )  # of a list of lists, the outer one has the page
        return 1 + items * self.selections(node.selection_set, _Scope(named))

    def _definition(self, type_: GraphQLNamedType, name: str) -> GraphQLField | None:
        if name.startswith("__"):
            return self._schema.get_field(type_, name) if isinstance(type_, GraphQLObjectType) else None
        fields: Mapping[str, GraphQLField] = getattr(type_, "fields", {})  # a union has none
        return fields.get(name)

    def _page(self, definition: GraphQLField, node: FieldNode) -> int | None:
        """The page that a field asks for; None where it has no paging arguments.

        Raises:
            GraphQLError: a page that is negative or too large.
        """
        if not any(name in definition.args for name in _PAGING):
            return None
        literals = {argument.name.value: argument.value for argument in node.arguments or ()}
        asked: list[int] = []
        for name in _PAGING:
            value = self._asked(definition.args.get(name), literals.get(name))
            if value is None:
                continue
            if not 0 <= value <= self._limits.max_page:
                allowed = self._limits.max_page
                message = f"'{name}' of '{node.name.value}' must lie between 0 and {allowed}, not {value}"
                raise refusal(message, Code.BAD_USER_INPUT, node=node, argument=name, allowed=allowed)
            asked.append(value)
        return min(asked, default=self._limits.page)

    def _asked(self, argument: GraphQLArgument | None, literal: ValueNode | None) -> int | None:
        """The integer that an argument has; None where it has none: coercion refuses what it must."""
        value: object = Undefined
        if isinstance(literal, VariableNode):
            value = self._variables.get(literal.name.value, Undefined)
        elif literal is not None:
            value = _integer(literal)
        if value is Undefined and argument is not None and argument.default is not None:
            default = argument.default
            value = default.value if default.literal is None else _integer(default.literal)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def _integer(literal: ValueNode) -> int | None:
    return int(literal.value) if isinstance(literal, IntValueNode) else None


def _list_depth(definition: GraphQLField) -> int:
    depth, type_ = 0, definition.type
    while is_list_type(type_) or is_non_null_type(type_):
        depth += is_list_type(type_)
        type_ = type_.of_type
    return depth


def cost_of(
    operation: OperationDefinitionNode,
    *,
    schema: GraphQLSchema,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: Mapping[str, object],
    limits: Limits,
) -> int:
    """The cost of a validated operation, in values.

    Args:
        operation: a valid one: its fragments exist and form no circle.
        schema: what it was validated against.
        fragments: those of its document.
        variables: their coerced values.
        limits: what lists are assumed to hold, and the budget.

    Raises:
        GraphQLError: it costs more than the limits allow, or asks for a page that is too large.
    """
    root = schema.get_root_type(operation.operation)
    if root is None:
        return 0  # execution says that there is no such root
    cost = _Costs(schema, fragments, variables, limits).selections(operation.selection_set, _Scope(root))
    if cost > limits.cost:
        remedy = "ask for smaller pages or fewer levels"
        message = f"The operation would cost {cost} values and {limits.cost} are allowed: {remedy}"
        raise refusal(message, Code.COST_TOO_HIGH, cost=cost, allowed=limits.cost)
    return cost
