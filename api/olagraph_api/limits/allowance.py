"""What one execution may take: values and time, checked while it runs."""

import time
from typing import Self

from graphql import GraphQLError

from olagraph_api.limits.refusals import Code, refusal
from olagraph_api.limits.settings import Limits

_VALUES_BETWEEN_LOOKS = 256  # at the clock


class Exhausted(BaseException):
    """An execution used up its allowance.

    Not an `Exception`: the executor turns those into one error a field and carries on, which is what must not happen.
    """

    def __init__(self, error: GraphQLError) -> None:
        super().__init__(error.message)
        self.error = error


class Allowance:
    """Counts values down and watches the deadline; one for each execution."""

    __slots__ = ("_clock_due", "_deadline", "_left", "_limits")

    def __init__(self, limits: Limits, *, deadline: float) -> None:
        self._limits = limits
        self._left = limits.values
        self._deadline = deadline
        self._clock_due = limits.values

    @classmethod
    def starting_now(cls, limits: Limits) -> Self:
        """With all the values and all the time that the limits give."""
        return cls(limits, deadline=time.monotonic() + limits.seconds)

    @property
    def seconds_left(self) -> float:
        """Until the deadline; negative after it."""
        return self._deadline - time.monotonic()

    @property
    def spent(self) -> int:
        """The values taken off so far."""
        return self._limits.values - self._left

    def spend(self, values: int) -> None:
        """Take some values off, before they are made.

        Raises:
            Exhausted: no values or no time left.
        """
        self._left = left = self._left - values
        if left <= self._clock_due:
            if left < 0:
                raise Exhausted(self._too_many_values())
            self._clock_due = max(left - _VALUES_BETWEEN_LOOKS, -1)  # when none are left, look, too
            if time.monotonic() > self._deadline:
                raise Exhausted(self.too_late())

    def too_late(self) -> GraphQLError:
        """The error of an operation that passed its deadline."""
        seconds = self._limits.seconds
        message = f"The operation took longer than {seconds:g} s: ask for less at a time"
        return refusal(message, Code.DEADLINE_EXCEEDED, allowed=seconds)

    def _too_many_values(self) -> GraphQLError:
        allowed = self._limits.values
        message = f"The answer has more than {allowed} values: ask for smaller pages or fewer fields"
        return refusal(message, Code.ANSWER_TOO_LARGE, allowed=allowed)
