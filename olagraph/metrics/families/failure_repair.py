"""MTBF, MTTF and MTTR of a system from those of its components (SEMANTICS §5; Barlow and Proschan 1975, chapter 7).

Long-run means under independence: not monotone in the parts (a better part can lengthen the whole's mean
outage), so there is no guaranteed value and no ceiling, and none at all with anything missing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UpAndDown:
    """Mean time to failure (up) and mean time to repair (down) of one component, in seconds."""

    mttf: float
    mttr: float


@dataclass(frozen=True, slots=True)
class FailureRepair:
    """What a system does in the long run.

    Attributes:
        frequency: failures per second.
        mttf: the mean up time, in seconds; ITIL calls it MTBF.
        mttr: the mean down time, in seconds.
    """

    frequency: float
    mttf: float
    mttr: float

    @property
    def mtbf(self) -> float:
        """The mean cycle, MTTF + MTTR, in seconds; ITIL calls it MTBSI."""
        return self.mttf + self.mttr


def failure_repair(
    components: Sequence[UpAndDown], *, birnbaum: Sequence[float], unavailability: float
) -> FailureRepair:
    """The system's failure frequency f = Σ I_B,i ωᵢ and the mean times that follow from it.

    ωᵢ = 1/(MTTFᵢ + MTTRᵢ); mean up time A/f, mean down time (1 − A)/f. A system that never fails has mean up
    time infinity and mean down time 0.

    Args:
        components: of the system.
        birnbaum: of each component, the Birnbaum importance.
        unavailability: of the system, 1 − A, independent basis.
    """
    frequency = math.fsum(
        importance / (component.mttf + component.mttr)
        for component, importance in zip(components, birnbaum, strict=True)
        if importance
    )
    if not frequency:
        return FailureRepair(frequency=0.0, mttf=math.inf, mttr=0.0)
    return FailureRepair(
        frequency=frequency, mttf=(1 - unavailability) / frequency, mttr=unavailability / frequency
    )
