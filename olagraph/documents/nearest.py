"""The valid name nearest to one that is unknown, with bounded work."""

from collections.abc import Collection

_LONGEST = 64
_MOST_COMPARISONS = 50_000


class NearestNames:
    """Finds nearest names until its work is spent: a file of unknown names must not take quadratic time."""

    def __init__(self) -> None:
        self._comparisons = 0
        self._found: dict[tuple[str, str], str | None] = {}

    def find(self, name: str, names: Collection[str], *, what: str) -> str | None:
        """The one of `names` most like `name`; None if none is alike, or too much was asked already.

        Args:
            what: says which collection `names` is; the answer for a name is remembered under it.
        """
        if (what, name) not in self._found:
            self._comparisons += len(names)
            if len(name) > _LONGEST or self._comparisons > _MOST_COMPARISONS:
                return None
            import difflib

            alike = difflib.get_close_matches(name, [other for other in names if len(other) <= _LONGEST], n=1)
            self._found[what, name] = alike[0] if alike else None
        return self._found[what, name]
