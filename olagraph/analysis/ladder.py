"""The verdict ladder (SEMANTICS §4): from values on three bases to one word."""

from collections.abc import Mapping
from dataclasses import dataclass

from olagraph.analysis.results import Basis, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Whether each basis meets the target at one end of what is missing; None where it has no meaning."""

    guaranteed: bool | None
    independent: bool | None
    ceiling: bool | None

    def verdict(self) -> Verdict:
        """The verdict if this end were the truth. A null basis is skipped."""
        if self.guaranteed:
            return Verdict.SUPPORTED
        if self.independent:
            return Verdict.CONDITIONAL
        if self.guaranteed is None and self.independent is None and self.ceiling is None:
            return Verdict.UNKNOWN
        return Verdict.INFEASIBLE if self.ceiling is False else Verdict.UNSUPPORTED

    @classmethod
    def of(cls, met: Mapping[Basis, bool | None]) -> "Met":
        """From a table by basis."""
        return cls(
            guaranteed=met[Basis.GUARANTEED], independent=met[Basis.INDEPENDENT], ceiling=met[Basis.CEILING]
        )


HOLDS = frozenset({Verdict.SUPPORTED, Verdict.CONDITIONAL})
"""The target is met."""
REFUTED = frozenset({Verdict.UNSUPPORTED, Verdict.INFEASIBLE})
"""The target is missed."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict and the end of what is missing that decided it.

    Attributes:
        at_worst: decided with everything missing at its worst; False: at its best; None: not decided.
    """

    verdict: Verdict
    at_worst: bool | None


def climb(*, at_worst: Met, at_best: Met) -> Decision:
    """The ladder, climbed with everything missing at its worst and at its best.

    At worst it holds: it holds. At best it is refuted: what is known already refutes it. Else the missing
    promises decide.
    """
    worst = at_worst.verdict()
    if worst in HOLDS:
        return Decision(worst, at_worst=True)
    best = at_best.verdict()
    if best in REFUTED:
        return Decision(best, at_worst=False)
    return Decision(Verdict.UNKNOWN, at_worst=None)
