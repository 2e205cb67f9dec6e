"""The three bases of every composed value (SEMANTICS §2)."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar


class Basis(StrEnum):
    """Which dependence between failures is assumed."""

    GUARANTEED = "guaranteed"
    """None: outages may coincide in the worst way; conversions at their worst."""
    INDEPENDENT = "independent"
    """Independence of distinct components; conversions at their worst. A long-run mean, no bound for each window."""
    CEILING = "ceiling"
    """The most favourable dependence and conversions, with every promise exactly at its target."""


N = TypeVar("N", bound=float | Fraction | None, covariant=True)


@dataclass(frozen=True, slots=True)
class Bases(Generic[N]):
    """One composed value on the three bases (SEMANTICS §2); None where a basis has no meaning."""

    guaranteed: N
    independent: N
    ceiling: N

    def on(self, basis: Basis) -> N:
        """The value on one basis."""
        match basis:
            case Basis.GUARANTEED:
                return self.guaranteed
            case Basis.INDEPENDENT:
                return self.independent
            case Basis.CEILING:
                return self.ceiling
