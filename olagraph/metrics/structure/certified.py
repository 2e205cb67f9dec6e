"""A number that is known exactly or between two bounds that hold for certain."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Certified:
    """Bounds on a true value, up to the rounding of doubles.

    Attributes:
        low, high: low <= true value <= high; equal where the value itself was computed.
    """

    low: float
    high: float

    @property
    def exact(self) -> bool:
        """Whether the value itself is known."""
        return self.low == self.high
