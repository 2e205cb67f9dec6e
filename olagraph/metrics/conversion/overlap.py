"""How the windows of one side fall on a window of the other, and how much of what they allow it may hold.

Lengths are whole days. Calendar windows and blocks begin at midnight; a rolling window begins at any instant.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How much one window may hold, in days: `per_window + per_day · length`, at most its length.

    Downtime of a promise with share u is u a day; excluded hours are h a window.
    """

    per_window: Fraction = Fraction(0)
    per_day: Fraction = Fraction(0)

    def of(self, days: int) -> Fraction:
        """The allowance of one window of this length."""
        return self.of_run(windows=1, days=days)

    def of_run(self, *, windows: int, days: int) -> Fraction:
        """The allowances of several windows of this total length."""
        return min(Fraction(days), windows * self.per_window + days * self.per_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A window of which only a part is meant."""

    days: int
    overlap: int

    def most(self, allowance: Allowance) -> Fraction:
        """The most that may fall into the part."""
        return min(Fraction(self.overlap), allowance.of(self.days))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """The position is known: whole windows, and those cut at either end.

    Attributes:
        whole_windows, whole_days: how many windows lie in the stretch wholly, and their total length.
        cut: the others.
    """

    whole_windows: int = 0
    whole_days: int = 0
    cut: tuple[Cut, ...] = ()

    def most(self, allowance: Allowance) -> Fraction:
        """D(I) = Σ_w min(|I∩w|, allowance of w), in days (SEMANTICS §6)."""
        whole = allowance.of_run(windows=self.whole_windows, days=self.whole_days)
        return whole + sum((piece.most(allowance) for piece in self.cut), Fraction(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sliding:
    """The position is not known: whole windows between two that share the rest of I in any proportion.

    Attributes:
        whole_windows, whole_days: how many windows lie in the stretch for certain, and their total length.
        first, last: lengths of the windows at either end.
        rest: the days of I that fall on these two; at most `first + last`.
        midnight: I begins at midnight: the rest is split into whole days.
    """

    whole_windows: int
    whole_days: int
    first: int
    last: int
    rest: int
    midnight: bool

    def most(self, allowance: Allowance) -> Fraction:
        """D(I) at the position where it is greatest, in days.

        min(x, a) + min(rest − x, b) is concave in the part x on the first window, so any x between a and
        rest − b is best; at midnight, the whole days around those two.
        """
        first, last = allowance.of(self.first), allowance.of(self.last)
        whole = allowance.of_run(windows=self.whole_windows, days=self.whole_days)
        if not self.midnight:
            return whole + min(Fraction(self.rest), first + last)
        least, most = max(0, self.rest - self.last), min(self.first, self.rest)
        corners = (floor(first), ceil(first), floor(self.rest - last), ceil(self.rest - last))
        splits = {min(max(corner, least), most) for corner in corners}
        return whole + max(min(Fraction(x), first) + min(Fraction(self.rest - x), last) for x in splits)


Overlaps = tuple[Fixed | Sliding, ...]
"""The ways in which the windows of one kind may fall on a stretch of time; one if the position is known."""


def most_within(overlaps: Overlaps, allowance: Allowance) -> Fraction:
    """The most that may fall into the stretch of time, in days, over all its possible positions."""
    return max(overlap.most(allowance) for overlap in overlaps)


def whole_windows(overlaps: Overlaps) -> int:
    """How many windows lie in the stretch of time for certain."""
    return min(overlap.whole_windows for overlap in overlaps)
