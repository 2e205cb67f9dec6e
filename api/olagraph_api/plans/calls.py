"""How a field gets its value: an attribute, or a call of its resolver with arguments that are converted once a run."""

import inspect
import keyword
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLResolveInfo,
    GraphQLResolveInfoHelpers,
    get_argument_values,
)
from graphql.execution.values import VariableValues
from strawberry.schema.schema_converter import get_arguments
from strawberry.types.field import StrawberryField

from olagraph_api.plans.leaves import GivesUpError
from olagraph_api.plans.schema import ATTRIBUTE, ExecutableSchema
from olagraph_api.plans.selections import UnsupportedError


def _asynchronous(*_values: object) -> NoReturn:
    raise GivesUpError


NO_ASYNC = GraphQLResolveInfoHelpers(gather=_asynchronous, track=_asynchronous)
"""In `info` of a plan's resolvers, which are synchronous."""


def attribute_of(schema: ExecutableSchema, field: StrawberryField) -> str | None:
    """The attribute that holds a field's value, dots and all; None where a resolver computes it.

    Raises:
        UnsupportedError: the value is found in a way of the schema's own.
    """
    if not field.is_basic_field:
        return None
    path: str = field.metadata.get(ATTRIBUTE) or field.python_name
    plain = schema.converter.config.default_resolver is getattr and field.default_resolver is getattr
    if not plain or not all(name.isidentifier() and not keyword.iskeyword(name) for name in path.split(".")):
        raise UnsupportedError(f"default resolver of {path}")
    return path


@dataclass(frozen=True, slots=True)
class Call:
    """One place in a document whose value comes from a resolver.

    Attributes:
        info: what the resolver is told, but for context and variables; its path holds no list indices.
    """

    schema: ExecutableSchema
    definition: GraphQLField
    field: StrawberryField
    node: FieldNode
    info: GraphQLResolveInfo[Any]

    @property
    def function(self) -> Any:
        """What is called: the resolver itself, or where it has extensions (permissions, too) Strawberry's wrapping.

        Raises:
            UnsupportedError: it is asynchronous.
        """
        if self.field.is_async or inspect.iscoroutinefunction(self.definition.resolve):
            raise UnsupportedError(f"asynchronous {self.info.field_name}")
        if self._wrapped:
            return self.definition.resolve
        resolver = self.field.base_resolver
        function = resolver.wrapped_func if resolver is not None else None
        if not callable(function):
            raise UnsupportedError(f"resolver of {self.info.field_name}")
        return function

    @property
    def _wrapped(self) -> bool:
        return bool(self.field.extensions or self.schema.strawberry_schema.exception_handlers)

    @property
    def has_arguments(self) -> bool:
        """Whether a run has anything to convert or hand over."""
        resolver = self.field.base_resolver
        return self._wrapped or bool(self.definition.args) or bool(resolver and resolver.info_parameter)

    def expression(self, *, function: str, source: str, arguments: str) -> str:
        """The Python expression of the call.

        Args:
            function: the name of `function` in the generated code.
            source: the name of the object that has the field.
            arguments: the expression of what `arguments` gave in this run.
        """
        spread = [f"**{arguments}"] if self.has_arguments else []
        if self._wrapped:
            return f"{function}({', '.join([source, *spread])})"
        resolver = self.field.base_resolver
        given = [source] if resolver and resolver.self_parameter else []
        given += [f"{name}={source}" for name in self._source_parameters()]
        return f"{function}({', '.join([*given, *spread])})"

    def arguments(self, variables: VariableValues, context: object) -> Mapping[str, Any]:
        """The keyword arguments of every call in one run.

        Raises:
            GraphQLError: arguments that cannot be coerced.
        """
        given = get_argument_values(self.definition, self.node, variables, None, True)
        info = self.info._replace(variable_values=variables, context=context)
        if self._wrapped:
            return {**given, "info": info}
        converter = self.schema.converter
        _, converted = get_arguments(
            field=self.field,
            source=None,
            info=converter.config.info_class(_raw_info=info, _field=self.field),
            kwargs=given,
            config=converter.config,
            scalar_registry=converter.scalar_registry,
        )
        sources = self._source_parameters()
        return {name: value for name, value in converted.items() if name not in sources}

    def _source_parameters(self) -> tuple[str, ...]:
        resolver = self.field.base_resolver
        parameters = (resolver.parent_parameter, resolver.root_parameter) if resolver else ()
        # One named `root` and annotated as the parent is both.
        return tuple(dict.fromkeys(parameter.name for parameter in parameters if parameter is not None))
