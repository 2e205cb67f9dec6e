"""What a system is built of besides gates: components, and events described twice."""

from dataclasses import dataclass

from olagraph.metrics.conversion import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """What is known of one component.

    Attributes:
        at_worst, at_best: its unavailability with what is not known of it at its worst and at its best; equal where
            it is known.
    """

    at_worst: Share
    at_best: Share


@dataclass(frozen=True, slots=True)
class Alternative:
    """One event described twice: by its composition and by a promise on the whole; the better counts."""

    composed: int
    promised: int
    own: int | None

    @property
    def inside(self) -> tuple[int, ...]:
        """What the composition uses."""
        return (self.composed,) if self.own is None else (self.composed, self.own)
