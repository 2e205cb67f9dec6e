"""Names that are not there, with the nearest ones that are."""

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches


class UnknownName(LookupError):  # noqa: N818 - it says what happened; callers treat it as an answer
    """A name that the portfolio does not hold.

    Attributes:
        kind: what was looked for, "agreement".
        name: what was asked for.
        nearest: the most similar names, the best first.
    """

    def __init__(self, kind: str, name: str, names: Iterable[str]) -> None:
        self.kind = kind
        self.name = name
        self.nearest = tuple(get_close_matches(name, list(names), n=3, cutoff=0.5))
        hint = f"; did you mean {' or '.join(self.nearest)}?" if self.nearest else ""
        super().__init__(f"there is no {kind} {name!r}{hint}")

    @property
    def each(self) -> "tuple[UnknownName, ...]":
        """One error a name: itself, unless it speaks of several."""
        return (self,)


class UnknownNames(UnknownName):
    """Several names that the portfolio does not hold; kind, name and nearest are those of the first."""

    def __init__(self, each: Sequence[UnknownName]) -> None:
        super().__init__(each[0].kind, each[0].name, each[0].nearest)
        self._each = tuple(each)
        self.args = ("; ".join(map(str, each)),)

    @property
    def each(self) -> tuple[UnknownName, ...]:
        """One error a name."""
        return self._each


def refuse_unknown(asked: Iterable[tuple[str, Iterable[str], Collection[str]]]) -> None:
    """Refuses names that are not there, all at once.

    Args:
        asked: what was looked for, "agreement"; the names asked for; and the names that are there.

    Raises:
        UnknownName: for one; `UnknownNames` for several.
    """
    unknown = [
        UnknownName(kind, name, names)
        for kind, wanted, names in asked
        for name in wanted
        if name not in names
    ]
    if unknown:
        raise unknown[0] if len(unknown) == 1 else UnknownNames(unknown)
