"""Files merged into a portfolio: what they state is new, what they do not name stays."""

from collections.abc import Iterable, Iterator

from olagraph.documents.entities import HEADER_KEY, KIND_OF, RECORDS, Key, document_of, entities
from olagraph.documents.portfolios import Document
from olagraph.documents.tree import ListNode, MappingNode
from olagraph.model.entities import Portfolio


def left_by(documents: Iterable[Document], base: Portfolio, *, source: str) -> Document:
    """What remains of a portfolio whose entities and own fields documents state anew.

    Args:
        documents: need not be valid; what is wrong in them is found when all are read together.
        source: where the portfolio lies, for messages.
    """
    named: set[Key] = set()
    fields: set[str] = set()
    for document in documents:
        for key, value in document.root.entries if isinstance(document.root, MappingNode) else ():
            if key.text in KIND_OF and isinstance(value, ListNode):
                kind = KIND_OF[key.text]
                named.update(_named(kind, value))
            else:
                fields.add(key.text)
    return document_of(
        (
            (key, plain if key != HEADER_KEY else {k: v for k, v in plain.items() if k not in fields})
            for key, plain in entities(base)
            if key not in named
        ),
        source=source,
    )


def _named(kind: str, section: ListNode) -> Iterator[Key]:
    """The keys of the entities in a section, as far as they can be told."""
    for item in section.items:
        own = RECORDS[kind].identity(item.entries) if isinstance(item, MappingNode) else None
        if own is not None:
            yield Key(kind, own.text)
