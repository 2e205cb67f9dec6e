"""Jitter: delay variation, the delay of a packet above the smallest possible one (SEMANTICS §5; ITU-T Y.1541).

Variations add along a path as times do, so promises "P % within t" compose like percentile times: min-plus
for the guarantee, convolution where sections vary independently. ITU-T Y.1541 clause 8 approximates that
convolution from means and variances, which promises do not state; with measured ones `estimate` is its
formula.
"""

from collections import abc
from dataclasses import dataclass
from math import fsum, sqrt

from olagraph.metrics.composition import Node
from olagraph.metrics.families.percentile_times import percentile_times
from olagraph.metrics.families.time_law import TimeLaw, TimePromise


def jitter(tree: Node, promises: abc.Sequence[TimePromise]) -> TimeLaw:
    """The law of the delay variation of a service.

    Args:
        tree: the service.
        promises: of each component.
    """
    return percentile_times(tree, promises)


@dataclass(frozen=True, slots=True)
class Section:
    """The measured delay of one network section, in seconds.

    Attributes:
        mean, variance: of the delay; the variance is positive.
        quantile: the delay that the fraction in question stays within.
    """

    mean: float
    variance: float
    quantile: float


def estimate(sections: abc.Sequence[Section], *, fraction: float) -> float:
    """The delay that `fraction` of the packets stay within end to end, in seconds: no bound, an approximation.

    ITU-T Y.1541 clause 8.2: means, variances and third moments add; each section's skewness is read off its
    quantile by the Cornish-Fisher expansion, and the whole's quantile is read off its skewness.

    Args:
        sections: at least one, independent of each other.
        fraction: of the packets, over 0.5 and below 1 and not that of one standard deviation (0.8413…).
    """
    from statistics import NormalDist  # slow to import, and rarely needed

    x = NormalDist().inv_cdf(fraction)
    curve = 1 - x * x
    mean = fsum(section.mean for section in sections)
    deviation = sqrt(fsum(section.variance for section in sections))
    third_moment = 0.0
    for section in sections:
        own = sqrt(section.variance)
        third_moment += 6 * (x - (section.quantile - section.mean) / own) / curve * own**3
    skewness = third_moment / deviation**3
    return mean + deviation * (x - skewness / 6 * curve)
