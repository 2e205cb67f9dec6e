"""The entities of a portfolio by id; the same look-up as before where nothing has changed."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar


class _Named(Protocol):
    @property
    def id(self) -> str: ...


_Entity = TypeVar("_Entity", bound=_Named)


def by_id(entities: Sequence[_Entity], *, earlier: Mapping[str, _Entity] | None) -> Mapping[str, _Entity]:
    """The entities by id, in their order; `earlier` itself where it holds the same objects in the same order."""
    if (
        earlier is not None
        and len(earlier) == len(entities)
        and all(one is other for one, other in zip(entities, earlier.values(), strict=True))
    ):
        return earlier
    return {entity.id: entity for entity in entities}


def changed(before: Mapping[str, _Entity], after: Mapping[str, _Entity]) -> frozenset[str]:
    """The ids of what was added, removed or replaced by another object."""
    if before is after:
        return frozenset()
    new = {id_ for id_, entity in after.items() if before.get(id_) is not entity}
    return frozenset(new | (before.keys() - after.keys()))


def in_same_order(before: Mapping[str, _Entity], after: Mapping[str, _Entity]) -> bool:
    """Whether what is in both comes in the same order."""
    if before is after:
        return True
    return [id_ for id_ in before if id_ in after] == [id_ for id_ in after if id_ in before]
