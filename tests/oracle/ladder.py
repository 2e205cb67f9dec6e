"""The verdict ladder of SEMANTICS §4, climbed with everything missing at its worst and at its best."""

from dataclasses import dataclass

from tests.oracle.availability import Bases, assess_structure
from tests.oracle.structure import Structure

CLOSED_FORM = 1e-12
PROGRAMME = 1e-9
RANK = ("INFEASIBLE", "UNSUPPORTED", "UNKNOWN", "CONDITIONAL", "SUPPORTED")


@dataclass(frozen=True)
class View:
    """One view's verdict and its bases at worst and at best.

    Attributes:
        decided_by: the end that decided the verdict; None = neither (`UNKNOWN`).
    """

    verdict: str
    worst: Bases
    best: Bases
    decided_by: Bases | None


def view(structure: Structure, target: float) -> View:
    """Climb the ladder twice."""
    worst = assess_structure(structure, missing=0.0)
    best = assess_structure(structure, missing=1.0) if structure.missing() else worst
    if (verdict := _climb(worst, target)) in ("SUPPORTED", "CONDITIONAL"):
        return View(verdict, worst, best, worst)
    if (verdict := _climb(best, target)) in ("UNSUPPORTED", "INFEASIBLE"):
        return View(verdict, worst, best, best)
    return View("UNKNOWN", worst, best, None)


def _climb(bases: Bases, target: float) -> str:
    if bases.guaranteed >= target - PROGRAMME:
        return "SUPPORTED"
    if bases.independent >= target - CLOSED_FORM:
        return "CONDITIONAL"
    return "UNSUPPORTED" if bases.ceiling >= target - PROGRAMME else "INFEASIBLE"


def headline(*views: View) -> str:
    """The worse verdict."""
    return min((one.verdict for one in views), key=RANK.index)


def gap(target: float, *views: View) -> float | None:
    """By how much the independent value of the worse view misses the target; None for `UNKNOWN`."""
    worse = headline(*views)
    deciding = [
        one.decided_by.independent for one in views if one.verdict == worse and one.decided_by is not None
    ]
    return target - min(deciding) if deciding else None
