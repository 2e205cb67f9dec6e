"""Structures compiled and values solved, remembered."""

from collections.abc import Sequence

from olagraph.metrics.basis import Basis
from olagraph.metrics.structure import Certified, Compiled, Structure, compile_structure

_MOST_REMEMBERED = 100_000
"""So many structures, and so many values: one solver may see a portfolio change for months."""


class Solver:
    """Structures compiled and values solved so far, remembered: much of a portfolio looks alike."""

    def __init__(self) -> None:
        self._compiled: dict[Structure, Compiled] = {}
        self._solved: dict[tuple[Compiled, Basis, tuple[float, ...]], Certified] = {}

    def compiled(self, structure: Structure) -> Compiled:
        """The structure, compiled."""
        found = self._compiled.get(structure)
        if found is None:
            if len(self._compiled) >= _MOST_REMEMBERED:
                self._compiled.clear()
            found = self._compiled[structure] = compile_structure(structure)
        return found

    def solve(self, compiled: Compiled, basis: Basis, values: Sequence[float]) -> Certified:
        """The unavailability of a compiled structure on one basis."""
        key = (compiled, basis, tuple(values))
        found = self._solved.get(key)
        if found is None:
            match basis:
                case Basis.GUARANTEED:
                    found = compiled.guaranteed(values)
                case Basis.INDEPENDENT:
                    found = compiled.independent(values)
                case Basis.CEILING:
                    found = compiled.ceiling(values)
            if len(self._solved) >= _MOST_REMEMBERED:
                self._solved.clear()
            self._solved[key] = found
        return found
