"""Collects the fields of an object as the GraphQL specification says, for known @skip and @include."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)

Conditions: TypeAlias = Mapping[str, bool]


class UnsupportedError(Exception):
    """An operation that is left to graphql-core."""


class Selections:
    """The fields selected in an operation, its fragments expanded.

    Args:
        schema: what the document was validated against.
        fragments: those of the document.
        conditions: the values of the variables that @skip and @include read.
    """

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], conditions: Conditions
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._conditions = conditions

    def collected(
        self, type_: GraphQLObjectType, selection_sets: Iterable[SelectionSetNode]
    ) -> dict[str, list[FieldNode]]:
        """The fields of an object of this type by response key, in the order of the answer.

        Raises:
            UnsupportedError: a directive that is neither @skip nor @include.
        """
        fields: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        for selection_set in selection_sets:
            self._collect(type_, selection_set, fields, spread)
        return fields

    def _collect(
        self,
        type_: GraphQLObjectType,
        selection_set: SelectionSetNode,
        fields: dict[str, list[FieldNode]],
        spread: set[str],
    ) -> None:
        for selection in selection_set.selections:
            if not self._included(selection):
                continue
            if isinstance(selection, FieldNode):
                key = selection.alias.value if selection.alias else selection.name.value
                fields.setdefault(key, []).append(selection)
            elif isinstance(selection, InlineFragmentNode):
                if self._applies(selection.type_condition, type_):
                    self._collect(type_, selection.selection_set, fields, spread)
            elif isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                fragment = self._fragments[name]
                if name not in spread and self._applies(fragment.type_condition, type_):
                    spread.add(name)
                    self._collect(type_, fragment.selection_set, fields, spread)

    def _applies(self, condition: NamedTypeNode | None, type_: GraphQLObjectType) -> bool:
        if condition is None or condition.name.value == type_.name:
            return True
        named = self._schema.type_map[condition.name.value]
        return is_abstract_type(named) and self._is_possible(named, type_)

    def _is_possible(self, abstract: GraphQLAbstractType, type_: GraphQLObjectType) -> bool:
        return self._schema.is_sub_type(abstract, type_)

    def _included(self, selection: SelectionNode) -> bool:
        for directive in selection.directives or ():
            name = directive.name.value
            if name not in ("skip", "include"):
                raise UnsupportedError(f"@{name}")
            (argument,) = directive.arguments or ()
            value = argument.value
            if isinstance(value, VariableNode):
                holds = self._conditions[value.name.value]
            elif isinstance(value, BooleanValueNode):
                holds = value.value
            else:
                raise UnsupportedError(f"@{name} of a {value.kind}")
            if holds == (name == "skip"):
                return False
        return True
