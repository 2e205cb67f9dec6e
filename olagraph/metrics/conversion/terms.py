"""What a promise is stated in, and what a conversion to a target's terms makes of it (SEMANTICS §6)."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from olagraph.model.entities import ROUND_THE_CLOCK, Exclusion, Population
from olagraph.model.window import Window


class ConversionKind(StrEnum):
    """What two sides of a promise may state differently."""

    WINDOW = "window"
    HOURS = "hours"
    EXCLUSION = "exclusion"
    POPULATION = "population"
    AVERAGE = "average"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The effective terms of a promise or of a target; the agreement's defaults are already applied.

    Attributes:
        window: the measuring window; None = the other side's.
        hours: `24x7` or a calendar's id.
        exclusions: time that does not count, on top of the hours.
        clock: for a ticket's time, `24x7` or the calendar it runs on; None = the hours.
        population: the cases spoken of; None = all.
        averaged_over: how many members one averaged figure speaks of; None = each one alone.
    """

    window: Window | None = None
    hours: str = ROUND_THE_CLOCK
    exclusions: tuple[Exclusion, ...] = ()
    clock: str | None = None
    population: Population | None = None
    averaged_over: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of failure, 0 to 1: of time for availability, of requests or tickets otherwise.

    Attributes:
        worst: what the bases `guaranteed` and `independent` take.
        favourable: what `ceiling` takes; never above `worst`.
    """

    worst: Fraction
    favourable: Fraction

    def __post_init__(self) -> None:
        if not 0 <= self.favourable <= self.worst <= 1:
            raise ValueError(f"not 0 <= favourable <= worst <= 1: {self.favourable}, {self.worst}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """One step from the promise's terms to the target's, as the explanation shows it.

    Attributes:
        sentence: for people, without a full stop.
        before, after: the share of failure around the step, of an interval the worse end; None for a hard
            value.
    """

    kind: ConversionKind
    sentence: str
    before: Share | None = None
    after: Share | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A promise in the terms of the target.

    Attributes:
        at_worst, at_best: the ends of what the two texts leave open; equal if they leave nothing open.
        steps: the conversions, in the order they were made.
    """

    at_worst: Share
    at_best: Share
    steps: tuple[Conversion, ...] = ()

    @property
    def is_interval(self) -> bool:
        """Whether the two texts leave the share open."""
        return self.at_worst != self.at_best


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedHard:
    """What becomes of a promise that always holds ("within 2 s", "200/s") in the terms of the target.

    Attributes:
        carries_over: the value holds as it stands; False = an interval, from missing to the promised value.
        steps: the conversions, in the order they were made.
    """

    carries_over: bool
    steps: tuple[Conversion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incommensurable:
    """The promise says nothing in the target's terms: it counts as missing (finding `INCOMMENSURABLE`).

    Attributes:
        kind: what stands in the way.
        reason: one sentence that names what is missing, without a full stop.
    """

    kind: ConversionKind
    reason: str
