"""Which portfolios an operation names, so that they are read before it is executed."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from graphql import FieldNode, FragmentSpreadNode, SelectionSetNode, VariableNode

from olagraph.stores.address import DEFAULT_PORTFOLIO
from olagraph_api.plans import Operation

_ARGUMENT = "portfolio"
_REMEMBERED = 1_000


def named_portfolios(operation: Operation, variables: Mapping[str, object]) -> tuple[str, ...]:
    """The portfolios that the root fields of an operation name, each once, in their order.

    Args:
        variables: as the operation declares them.
    """
    named = [variables.get(name) if is_variable else name for name, is_variable in _places(operation)]
    return tuple(dict.fromkeys(name for name in named if isinstance(name, str)))


@lru_cache(_REMEMBERED)
def _places(operation: Operation) -> tuple[tuple[str, bool], ...]:
    """What stands for a portfolio at each root field that takes one: its id, or the name of a variable."""
    root = operation.schema.core.get_root_type(operation.type)
    assert root is not None, "a valid operation has a root type"
    found: list[tuple[str, bool]] = []
    for field in _root_fields(operation, operation.query.operation.selection_set):
        definition = root.fields.get(field.name.value)
        if definition is None or _ARGUMENT not in definition.args:
            continue
        value = next((each.value for each in field.arguments or () if each.name.value == _ARGUMENT), None)
        if isinstance(value, VariableNode):
            found.append((value.name.value, True))
        else:
            found.append((str(getattr(value, "value", DEFAULT_PORTFOLIO)), False))
    return tuple(found)


def _root_fields(operation: Operation, selections: SelectionSetNode) -> Iterator[FieldNode]:
    for selection in selections.selections:
        if isinstance(selection, FieldNode):
            yield selection
        elif isinstance(selection, FragmentSpreadNode):
            fragment = operation.query.fragments[selection.name.value]
            yield from _root_fields(operation, fragment.selection_set)
        else:
            yield from _root_fields(operation, selection.selection_set)  # type: ignore[attr-defined]
