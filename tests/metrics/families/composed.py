"""Writes small composed trees the way SEMANTICS writes them: sequence("t", any_of("t", "x"))."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from olagraph.metrics import composition as c


class Writing:
    """Numbers the components of trees by name, in the order of `names`."""

    def __init__(self, *names: str) -> None:
        self._parts = {name: c.Part(number) for number, name in enumerate(names)}

    def node(self, written: Any) -> c.Node:
        """A component's name, or a mapping of one pattern to what is in it, as in the reference files."""
        if isinstance(written, str):
            return self._parts[written]
        if not isinstance(written, Mapping):
            return written
        ((pattern, inside),) = written.items()
        match pattern:
            case "sequence":
                return c.Sequence(self._all(inside))
            case "parallel":
                return c.Parallel(self._all(inside))
            case "any_of":
                return c.KOfN(k=1, steps=self._all(inside), race=True)
            case "choice":
                shares, branches = zip(*inside, strict=True)
                return c.Choice(self._all(branches), tuple(Fraction(str(share)) for share in shares))
            case "unknown_choice":
                return c.Choice(self._all(inside))
            case _:
                raise AssertionError(pattern)

    def _all(self, written: Any) -> tuple[c.Node, ...]:
        return tuple(self.node(step) for step in written)


def exact(*numbers: Any) -> list[c.Value]:
    """Values that no conversion changes, as exact fractions of the decimals written."""
    return [c.Value(value, value) for value in (Fraction(str(number)) for number in numbers)]
