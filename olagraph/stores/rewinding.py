"""Past revisions: what lies in a store, with the changes made since taken back."""

from collections.abc import Iterable, Iterator

from olagraph.documents.entities import KINDS, Key
from olagraph.documents.plain import Plain
from olagraph.stores.changes import Stored

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


def rewound(
    stored: Iterable[tuple[Key, Stored]], undone: Iterable[tuple[Key, Stored | None]]
) -> dict[Key, Stored]:
    """Entities as they were before changes.

    Args:
        stored: as they are.
        undone: what each change found, the latest change first; None = nothing was there.
    """
    entities = dict(stored)
    for key, before in undone:
        if before is None:
            entities.pop(key, None)
        else:
            entities[key] = before
    return entities


def in_order(stored: Iterable[tuple[Key, Stored]]) -> Iterator[tuple[Key, Plain]]:
    """Entities by kind and position: the order in which a portfolio lists them."""
    ordered = sorted(stored, key=lambda item: (_RANK[item[0].kind], item[1].position))
    return ((key, each.plain) for key, each in ordered)
