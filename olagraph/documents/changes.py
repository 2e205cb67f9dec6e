"""What differs between two portfolios, entity by entity: what stores write, and change logs tell."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias

from olagraph.documents.collector import collector_paused
from olagraph.documents.entities import (
    HEADER,
    HEADER_KEY,
    KINDS,
    SECTION_OF,
    Key,
    header,
    own_fields,
    restorer,
    written,
)
from olagraph.documents.plain import Plain
from olagraph.model.entities import Portfolio


class Action(StrEnum):
    """What becomes of an entity."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Edit:
    """What becomes of one entity.

    Attributes:
        key: which.
        before, after: the entity in the shape of the portfolio file; None where there is none.
    """

    key: Key
    before: Plain | None
    after: Plain | None

    @property
    def action(self) -> Action:
        """Added, changed or removed."""
        if self.before is None:
            return Action.ADDED
        return Action.REMOVED if self.after is None else Action.CHANGED


ChangeSet: TypeAlias = tuple[Edit, ...]
"""Edits that belong together, each entity once."""


@collector_paused()
def difference(before: Portfolio, after: Portfolio) -> ChangeSet:
    """The edits that turn one portfolio into another. The order of entities is no difference."""
    edits = []
    if (old := header(before)) != (new := header(after)):
        edits.append(Edit(HEADER_KEY, old, new))
    for kind, section in SECTION_OF.items():
        was = {entity.id: entity for entity in getattr(before, section)}
        for entity in getattr(after, section):
            known = was.pop(entity.id, None)
            if known is None:
                edits.append(Edit(Key(kind, entity.id), None, written(kind, entity)))
            elif known is not entity and known != entity:
                edits.append(Edit(Key(kind, entity.id), written(kind, known), written(kind, entity)))
        edits += [Edit(Key(kind, id_), written(kind, entity), None) for id_, entity in was.items()]
    return tuple(edits)


def applied(portfolio: Portfolio, edits: Iterable[Edit]) -> Portfolio:
    """`portfolio` after edits made to it: changed entities stay in their place, new ones come last.

    Edits are trusted, as in `portfolio_of`.

    Raises:
        FaultRecordedError, LookupError, TypeError, ValueError: an edit is damaged.
    """
    edited: dict[str, dict[str, Plain | None]] = {kind: {} for kind in KINDS}
    for edit in edits:
        edited[edit.key.kind][edit.key.id] = edit.after
    if (own := edited[HEADER].get(HEADER_KEY.id)) is not None:
        portfolio = replace(portfolio, **own_fields(own))
    for kind, section in SECTION_OF.items():  # metrics first: targets name them
        if new := edited[kind]:
            entities: dict[str, Any] = {section: tuple(_edited(kind, section, portfolio, new))}
            portfolio = replace(portfolio, **entities)
    return portfolio


def _edited(kind: str, section: str, portfolio: Portfolio, new: dict[str, Plain | None]) -> Iterator[Any]:
    restore = restorer(kind, portfolio)
    for entity in getattr(portfolio, section):
        if entity.id not in new:
            yield entity
        elif (plain := new.pop(entity.id)) is not None:
            yield restore(plain)
    yield from (restore(plain) for plain in new.values() if plain is not None)
