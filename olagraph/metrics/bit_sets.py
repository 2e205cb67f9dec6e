"""Sets of small numbers as the bits of an integer."""

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_


def at_least(sets: Sequence[int], k: int) -> int:
    """The bits that are set in at least `k` of the sets."""
    if k == 1:
        return reduce(or_, sets, 0)
    if k == len(sets):
        return reduce(and_, sets)
    counted = [0] * k  # counted[j]: set in more than j of the sets so far
    for bits in sets:
        for j in range(k - 1, 0, -1):
            counted[j] |= counted[j - 1] & bits
        counted[0] |= bits
    return counted[-1]
