"""Documents: parsed, within the limits, validated; kept by their text."""

from collections.abc import Mapping
from dataclasses import dataclass

from cachetools import LRUCache
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    parse,
    validate,
)

from olagraph_api.limits import Code, Limits, check_document, refusal
from olagraph_api.plans.operation import Operation
from olagraph_api.plans.query import Query
from olagraph_api.plans.refusing import RequestRefusedError, with_code
from olagraph_api.plans.schema import ExecutableSchema


@dataclass(frozen=True, slots=True)
class Document:
    """A validated document.

    Attributes:
        operations: by name; the only one also as None.
        weight: what it takes in the cache, about in tokens.
    """

    operations: Mapping[str | None, Operation]
    weight: int

    def operation(self, name: str | None) -> Operation:
        """One of its operations; None where it has only one.

        Raises:
            RequestRefusedError: it has no such operation.
        """
        operation = self.operations.get(name)
        if operation is None:
            raise RequestRefusedError([refusal(self._without(name), Code.UNKNOWN_OPERATION)])
        return operation

    def _without(self, name: str | None) -> str:
        if name is not None:
            return f"The document has no operation named '{name}'"
        if not self.operations:
            return "The document has no operation"
        return "The document has several operations: say which in operationName"


class Documents:
    """Reads documents, and keeps those that clients sent last.

    Args:
        schema: what they are validated against.
        limits: what they may be, and how much of them is kept.
    """

    def __init__(self, schema: ExecutableSchema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._kept: LRUCache[str, Document] = LRUCache(
            limits.cached_tokens, getsizeof=lambda document: document.weight
        )

    def known(self, text: str) -> Document | None:
        """The document, if it was kept. Not for several threads at once."""
        return self._kept.get(text)

    def keep(self, text: str, document: Document) -> None:
        """Keep a document, and forget what was not asked for the longest. Not for several threads at once."""
        if document.weight <= self._limits.cached_tokens:
            self._kept[text] = document

    def read(self, text: str) -> Document:
        """Parse and validate a document; in any thread.

        Raises:
            RequestRefusedError: it is too large, or invalid.
        """
        document = self._parsed(text)
        try:
            check_document(document, self._limits)
        except GraphQLError as error:
            raise RequestRefusedError([error]) from None
        errors = validate(self._schema.core, document, hide_suggestions=True)
        if errors:
            raise RequestRefusedError([with_code(error, Code.VALIDATION_FAILED) for error in errors])
        # Ignored characters and comments are no tokens, but the text is kept with them.
        return Document(self._operations(document), document.token_count + len(text) // 8)

    def _parsed(self, text: str) -> DocumentNode:
        tokens = self._limits.tokens
        try:
            return parse(text, max_lexical_tokens=tokens, max_comments=tokens)
        except GraphQLSyntaxError as error:
            raise RequestRefusedError([with_code(error, Code.PARSE_FAILED)]) from None

    def _operations(self, document: DocumentNode) -> Mapping[str | None, Operation]:
        fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        operations: dict[str | None, Operation] = {
            definition.name.value if definition.name else None: Operation(
                self._schema, Query(document, definition, fragments), self._limits
            )
            for definition in document.definitions
            if isinstance(definition, OperationDefinitionNode)
        }
        if len(operations) == 1:
            operations[None] = next(iter(operations.values()))
        return operations
