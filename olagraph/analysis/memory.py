"""What was worked out for one assessment, for the next one to use."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from operator import is_
from typing import Any, TypeVar

_Result = TypeVar("_Result")
_Entity = TypeVar("_Entity")

PIECE = 100
"""So many entities are looked at together: few enough to look at again, enough to be told unchanged at once."""


def pieces(entities: Sequence[_Entity], *, size: int = PIECE) -> Iterator[tuple[int, Sequence[_Entity]]]:
    """Some entities at a time, each time with the place of the first."""
    for place in range(0, len(entities), size):
        yield place, entities[place : place + size]


class Memory:
    """Remembers results by what they are about, each with what was looked at to get it.

    Args:
        earlier: of an earlier assessment; only what is asked for again is kept of it.
    """

    def __init__(self, earlier: "Memory | None" = None) -> None:
        self._before: dict[Hashable, tuple[tuple[object, ...], Any]] = {} if earlier is None else earlier._now
        self._now: dict[Hashable, tuple[tuple[object, ...], Any]] = {}

    def recall(self, about: Hashable, looked_at: tuple[object, ...], work: Callable[[], _Result]) -> _Result:
        """What `work` gives; what it gave before, if it looks at the very same objects as then."""
        return self.revise(about, looked_at, lambda _: work())

    def revise(
        self,
        about: Hashable,
        looked_at: tuple[object, ...],
        work: Callable[[tuple[tuple[object, ...], Any] | None], _Result],
    ) -> _Result:
        """The same; `work` is told what was looked at before, and what it gave."""
        known = self._before.get(about)
        if known is None or len(known[0]) != len(looked_at) or not all(map(is_, known[0], looked_at)):
            known = (looked_at, work(known))
        self._now[about] = known
        result: _Result = known[1]
        return result

    def where(
        self,
        about: str,
        entities: Sequence[_Entity],
        holds: Callable[[_Entity], bool],
        *looked_at: object,
    ) -> Iterator[_Entity]:
        """Those of some entities of which something holds that follows from each of them and what is looked at.

        Asked again, it looks at an entity only if any of those around it is another object.
        """
        for place, piece in pieces(entities):
            yield from self.recall(
                (about, place),
                (*piece, *looked_at),
                lambda piece=piece: tuple(filter(holds, piece)),  # type: ignore[misc]
            )

    def same(self, about: Hashable, value: _Result) -> _Result:
        """An equal value is the object that it was before, so that it counts as the same."""
        known = self._before.get(about)
        if known is None or known[1] != value:
            known = ((), value)
        self._now[about] = known
        result: _Result = known[1]
        return result

    def close(self) -> None:
        """Forgets the earlier assessment."""
        self._before = {}
