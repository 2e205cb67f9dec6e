"""Compiles a query into Python.

Each object type at each place of the query becomes one function, which returns a dictionary display:

    def make3(o, run):
        return {'id': v4 if (v4 := o.id).__class__ is str else k5(v4), 'needs': make6(o.needs, run)}

`o` is the object, `run` the run, `k5` a constant of the plan, `v4` a value on its way, `x7` an item. Names from the
document appear in the code only as string literals, attributes only as Strawberry's Python names. The code handles no
errors: whatever does not go as usual raises, and graphql-core answers instead, errors and all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    FieldNode,
    GraphQLAbstractType,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import Path, is_awaitable

from olagraph_api.plans.calls import NO_ASYNC, Call, attribute_of
from olagraph_api.plans.leaves import (
    GivesUpError,
    leaf_converter,
    names_of_members,
    plain_items,
    usual_test,
)
from olagraph_api.plans.plan import Plan
from olagraph_api.plans.query import Query
from olagraph_api.plans.runtime_types import Make, check_of, dispatched
from olagraph_api.plans.schema import ExecutableSchema
from olagraph_api.plans.selections import Conditions, Selections, UnsupportedError

# Objects of many types at many places: what no one asks for, graphql-core answers.
_MOST_FUNCTIONS = 300


@dataclass(frozen=True, slots=True)
class _Written:
    """An expression.

    Attributes:
        text: the code.
        weight: the values that single objects below it have; a list pays for its own when its length is known.
        calls: whether it calls a resolver.
        reads: whether it reads an attribute of `o`.
    """

    text: str
    weight: int = 0
    calls: bool = False
    reads: bool = False


class _Compiler:
    """Writes the functions of one query."""

    def __init__(self, schema: ExecutableSchema, query: Query, conditions: Conditions) -> None:
        self._schema = schema
        self._query = query
        self._selections = Selections(schema.core, query.fragments, conditions)
        self._namespace: dict[str, Any] = {}
        self._functions: list[str] = []
        self._weights: dict[str, int] = {}
        self._made: dict[tuple[object, ...], str] = {}
        self._calls: list[Call] = []
        self._names = 0

    def plan(self) -> Plan:
        """The whole query."""
        root = self._schema.core.query_type
        assert root is not None, "a valid query has a root type"
        selected = self._selections.collected(root, [self._query.operation.selection_set])
        fields = {
            key: self._field(root, nodes, Path(None, key, root.name), at_root=True)
            for key, nodes in selected.items()
        }
        weight = sum(1 + each.weight for each in fields.values())
        query = f"def query(run, o=None):\n    run.spend({weight})\n    return {_display(fields)}\n"
        source = "\n\n".join([*self._functions, query])
        exec(compile(source, "<plan of a GraphQL query>", "exec"), self._namespace)
        return Plan(self._namespace["query"], tuple(self._calls), source)

    def _name(self, prefix: str) -> str:
        self._names += 1
        return f"{prefix}{self._names}"

    def _constant(self, value: object) -> str:
        name = self._name("k")
        self._namespace[name] = value
        return name

    def _info(self, parent: GraphQLObjectType, nodes: list[FieldNode], path: Path) -> GraphQLResolveInfo[Any]:
        name = nodes[0].name.value
        return GraphQLResolveInfo(
            field_name=name,
            field_nodes=nodes,
            return_type=parent.fields[name].type,
            parent_type=parent,
            path=path,
            schema=self._schema.core,
            fragments=dict(self._query.fragments),
            root_value=None,
            operation=self._query.operation,
            variable_values=VariableValues({}, {}),
            context=None,
            is_awaitable=is_awaitable,
            abort_signal=None,
            async_helpers=NO_ASYNC,
        )

    def _field(
        self, parent: GraphQLObjectType, nodes: list[FieldNode], path: Path, *, at_root: bool = False
    ) -> _Written:
        """A field of `o`."""
        name = nodes[0].name.value
        if name == "__typename":
            return _Written(repr(parent.name))
        definition = parent.fields.get(name)
        field = self._schema.field_definition(definition) if definition else None
        if definition is None or field is None:
            raise UnsupportedError(name)
        attribute = attribute_of(self._schema, field)
        info = self._info(parent, nodes, path)
        if attribute is None:
            value = self._call(Call(self._schema, definition, field, nodes[0], info))
            if at_root:
                value = f"run.root({path.key!r}, lambda: {value})"
        elif at_root:
            raise UnsupportedError("an attribute of the root")
        else:
            value = f"o.{attribute}"
        completed = self._completed(definition.type, value, nodes, info)
        return replace(completed, calls=attribute is None, reads=attribute is not None)

    def _call(self, call: Call) -> str:
        arguments = f"run.arguments[{len(self._calls)}]"
        if call.has_arguments:
            self._calls.append(call)
        return call.expression(function=self._constant(call.function), source="o", arguments=arguments)

    def _completed(
        self, type_: GraphQLOutputType, value: str, nodes: list[FieldNode], info: GraphQLResolveInfo[Any]
    ) -> _Written:
        """The completion of `value`."""
        nullable = not is_non_null_type(type_)
        if is_non_null_type(type_):
            type_ = type_.of_type
        if is_leaf_type(type_):
            return _Written(self._leaf(type_, value, nullable=nullable))
        held, weight = self._name("v"), 0
        source = held if nullable else value
        if is_list_type(type_):
            made = self._list(type_.of_type, source, nodes, info)
        else:
            function = self._object(type_, nodes, info)
            made, weight = f"{function}({source}, run)", self._weights[function]
        return _Written(f"(None if ({held} := {value}) is None else {made})" if nullable else made, weight)

    def _list(
        self, item_type: GraphQLOutputType, value: str, nodes: list[FieldNode], info: GraphQLResolveInfo[Any]
    ) -> str:
        item = self._name("x")
        each = self._completed(item_type, item, nodes, info)
        items = f"run.items({value}, {max(each.weight, 1)})"
        leaf = item_type.of_type if is_non_null_type(item_type) else item_type
        plain = plain_items(leaf) if is_leaf_type(leaf) else None
        if plain is None:
            return f"[{each.text} for {item} in {items}]"
        held, whole = self._name("v"), self._name("v")
        made = f"[{each.text} for {item} in {held}]"
        return f"({made} if ({whole} := {self._constant(plain)}({held} := {items})) is None else {whole})"

    def _leaf(self, type_: GraphQLLeafType, value: str, *, nullable: bool) -> str:
        convert = self._constant(leaf_converter(type_, nullable=nullable))
        test, members = usual_test(type_, nullable=nullable), names_of_members(type_)
        held = self._name("v")
        if members:
            return f"({self._constant(members)}.get(id({held} := {value})) or {convert}({held}))"
        if test is None:
            return f"{convert}({value})"
        tested = test.format(v=held).replace(held, f"({held} := {value})", 1)
        return f"({held} if {tested} else {convert}({held}))"

    def _object(self, type_: GraphQLOutputType, nodes: list[FieldNode], info: GraphQLResolveInfo[Any]) -> str:
        """The name of the function that makes objects of a type at a place."""
        key = (type_, tuple(info.path.as_list()), *map(id, nodes))
        if key not in self._made:
            if is_object_type(type_):
                self._made[key] = self._concrete(type_, nodes, info)
            elif is_abstract_type(type_):
                self._made[key] = self._abstract(type_, nodes, info)
            else:
                raise UnsupportedError(str(type_))
        return self._made[key]

    def _abstract(
        self, type_: GraphQLAbstractType, nodes: list[FieldNode], info: GraphQLResolveInfo[Any]
    ) -> str:
        possible = self._schema.core.get_possible_types(type_)
        functions = {concrete.name: self._object(concrete, nodes, info) for concrete in possible}

        def make_of(name: str) -> Make:
            make: Make = self._namespace[functions[name]]
            return make

        function = self._constant(dispatched(self._schema, type_, info, make_of))
        self._weights[function] = max((self._weights[each] for each in functions.values()), default=1)
        return function

    def _concrete(
        self, type_: GraphQLObjectType, nodes: list[FieldNode], info: GraphQLResolveInfo[Any]
    ) -> str:
        if len(self._functions) >= _MOST_FUNCTIONS:
            raise UnsupportedError("too many objects")
        sets = [node.selection_set for node in nodes if node.selection_set]
        fields = {
            key: self._field(type_, below, info.path.add_key(key, type_.name))
            for key, below in self._selections.collected(type_, sets).items()
        }
        written = fields.values()
        statements = []
        check = check_of(self._schema, type_, info)
        if check is not None:
            names = {"cls": self._constant(check.cls), "function": self._constant(check.function)}
            statements.append(check.statement(**names))
        elif not any(each.reads for each in written):  # reading an attribute would have failed
            statements.append(f"if o is None or isinstance(o, Exception): {self._constant(_give_up)}()")
        if any(each.calls for each in written):
            statements.append("run.spend(1)")  # resolvers may take long: look at the clock
        statements.append(f"return {_display(fields)}")
        name = self._name("make")
        self._functions.append("\n    ".join([f"def {name}(o, run):", *statements]))
        self._weights[name] = sum(1 + each.weight for each in written)
        return name


def _display(fields: Mapping[str, _Written]) -> str:
    return f"{{{', '.join(f'{key!r}: {field.text}' for key, field in fields.items())}}}"


def _give_up() -> None:
    raise GivesUpError


def compiled(schema: ExecutableSchema, query: Query, conditions: Conditions) -> Plan:
    """The plan of a valid query.

    Args:
        schema: what the query was validated against.
        query: the operation with its fragments.
        conditions: the values of the variables that its @skip and @include read.

    Raises:
        UnsupportedError: graphql-core must execute it.
    """
    return _Compiler(schema, query, conditions).plan()
