"""Limits on a parsed document, in time linear in its size: before validation, which is not.

Each fragment is measured once however often it is spread, so a document whose expansion is exponential is measured as
fast as any other. Circles of fragments end where they close; validation reports them afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from olagraph_api.limits.inputs import check_literals
from olagraph_api.limits.refusals import Code, refusal
from olagraph_api.limits.settings import Limits

# Selection sets and spreads inside each other: far beyond every depth limit, far below Python's own recursion limit.
_NESTING = 100
INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class _Size:
    """What a selection set comes to, its fragments expanded."""

    depth: int = 0
    introspection_depth: int = 0
    root_fields: int = 0
    expanded_fields: int = 0
    aliases: int = 0
    directives: int = 0

    def __add__(self, other: "_Size") -> "_Size":
        """Both beside each other."""
        return _Size(
            max(self.depth, other.depth),
            max(self.introspection_depth, other.introspection_depth),
            self.root_fields + other.root_fields,
            self.expanded_fields + other.expanded_fields,
            self.aliases + other.aliases,
            self.directives + other.directives,
        )


_NOTHING = _Size()


class _TooNestedError(Exception):
    """Selection sets nested beyond what is measured."""


class _Measure:
    """Measures the operations of one document."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments: Mapping[str, FragmentDefinitionNode] = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        # A fragment that is being measured counts as nothing: that is where a circle closes.
        self._sizes: dict[str, _Size] = {}

    def operation(self, operation: OperationDefinitionNode) -> _Size:
        """The size of one operation."""
        variables = operation.variable_definitions or ()
        own = _directives(operation) + sum(_directives(variable) for variable in variables)
        return self._selections(operation.selection_set, 1) + _Size(directives=own)

    def _selections(self, selection_set: SelectionSetNode, nesting: int) -> _Size:
        if nesting > _NESTING:
            raise _TooNestedError
        size = _NOTHING
        for selection in selection_set.selections:
            size += self._selection(selection, nesting) + _Size(directives=_directives(selection))
        return size

    def _selection(self, selection: SelectionNode, nesting: int) -> _Size:
        if isinstance(selection, FieldNode):
            return self._field(selection, nesting)
        if isinstance(selection, InlineFragmentNode):
            return self._selections(selection.selection_set, nesting + 1)
        return self._fragment(selection.name.value, nesting + 1)  # type: ignore[attr-defined]

    def _field(self, field: FieldNode, nesting: int) -> _Size:
        below = self._selections(field.selection_set, nesting + 1) if field.selection_set else _NOTHING
        introspects = field.name.value in INTROSPECTION
        deepest = max(below.depth, below.introspection_depth) + 1
        return _Size(
            depth=1 if introspects else below.depth + 1,
            introspection_depth=deepest if introspects else below.introspection_depth,
            root_fields=1,
            expanded_fields=below.expanded_fields + 1,
            aliases=below.aliases + (field.alias is not None),
            directives=below.directives,
        )

    def _fragment(self, name: str, nesting: int) -> _Size:
        if name not in self._sizes and name in self._fragments:
            self._sizes[name] = _NOTHING
            fragment = self._fragments[name]
            self._sizes[name] = self._selections(fragment.selection_set, nesting) + _Size(
                directives=_directives(fragment)
            )
        return self._sizes.get(name, _NOTHING)


def _directives(node: Node) -> int:
    return len(getattr(node, "directives", None) or ())


def check_document(document: DocumentNode, limits: Limits) -> None:
    """Refuse a document that is too large; counts are of all its operations together, depth is the deepest.

    Raises:
        GraphQLError: the first limit exceeded, with the limit and what the document has.
    """
    measure, size = _Measure(document), _NOTHING
    try:
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                size += measure.operation(definition)
    except _TooNestedError:
        raise _too_large("depth", limit=limits.depth, actual=None) from None
    for what in ("depth", "introspection_depth", "root_fields", "expanded_fields", "aliases", "directives"):
        limit, actual = getattr(limits, what), getattr(size, what)
        if actual > limit:
            raise _too_large(what, limit=limit, actual=actual)
    check_literals(document, limits)


def _too_large(what: str, *, limit: int, actual: int | None) -> GraphQLError:
    name = what.replace("_", " ")
    # Expansions are exponential: their true number may have thousands of digits.
    shown = actual if actual is not None and actual < 1_000_000 else f"far more than {limit}"
    message = f"The document exceeds the limit on {name}: {limit} allowed, {shown} found"
    return refusal(message, Code.DOCUMENT_TOO_LARGE, limit=what, allowed=limit)
