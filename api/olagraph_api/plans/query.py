"""One operation of a document with what belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode


@dataclass(frozen=True, slots=True)
class Query:
    """An operation and the document it stands in.

    Attributes:
        fragments: all those of the document, by name.
    """

    document: DocumentNode
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
