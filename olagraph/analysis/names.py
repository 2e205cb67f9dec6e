"""Names that are not there, with the nearest ones that are."""

from collections.abc import Iterable
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
