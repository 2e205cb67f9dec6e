"""The three bases of every composed value (SEMANTICS §2)."""

from enum import StrEnum


class Basis(StrEnum):
    """Which dependence between failures is assumed."""

    GUARANTEED = "guaranteed"
    """None: outages may coincide in the worst way; conversions at their worst."""
    INDEPENDENT = "independent"
    """Independence of distinct components; conversions at their worst. A long-run mean, no bound for each window."""
    CEILING = "ceiling"
    """The most favourable dependence and conversions, with every promise exactly at its target."""
