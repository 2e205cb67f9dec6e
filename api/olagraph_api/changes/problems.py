"""Why a change was not made: what a client can mend, or must read anew."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from strawberry.utils.str_converters import to_camel_case

from olagraph.documents.entities import SECTION_OF, Key
from olagraph.documents.faults import Fault
from olagraph.stores import Conflict

_STEPS = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")


class ProblemCode(StrEnum):
    """What kind of problem it is; a code keeps its meaning from release to release."""

    INVALID = "INVALID"
    """The portfolio would not be valid."""
    UNKNOWN_ID = "UNKNOWN_ID"
    """What is to be changed is not there."""
    AMBIGUOUS = "AMBIGUOUS"
    """Several things answer to what was named."""
    ALREADY_THERE = "ALREADY_THERE"
    """What is to be created exists."""
    CONFLICT = "CONFLICT"
    """Somebody else changed the portfolio since it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One reason why a change was not made.

    Attributes:
        message: place, cause and remedy, for people.
        field: the steps from the mutation's argument to the place, names and positions; None = no one place.
    """

    message: str
    code: ProblemCode
    field: tuple[str, ...] | None = None


class NotChanged(Exception):  # noqa: N818 - an answer to the client, not an error
    """A change is not made. It carries every problem, and nothing was written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.message for problem in self.problems))

    @classmethod
    def because(cls, message: str, code: ProblemCode, *field: str) -> "NotChanged":
        """For one reason."""
        return cls([Problem(message=message, code=code, field=field or None)])

    @classmethod
    def conflict(cls, conflict: Conflict) -> "NotChanged":
        """Somebody else was faster."""
        return cls.because(str(conflict), ProblemCode.CONFLICT, "expectedRevision")


def problems_of(faults: Iterable[Fault], arguments: Mapping[Key, tuple[str, ...]]) -> list[Problem]:
    """The faults of a portfolio as problems.

    Args:
        arguments: by entity, the steps to the argument that states it.
    """
    return [_problem(fault, arguments) for fault in faults]


def _problem(fault: Fault, arguments: Mapping[Key, tuple[str, ...]]) -> Problem:
    steps = [item or name for item, name in _STEPS.findall(fault.path)]
    field = tuple(steps)
    for key, argument in arguments.items():
        head = [SECTION_OF[key.kind], key.id] if key.id else []
        if steps[: len(head)] == head:
            first, rest = steps[len(head) : len(head) + 1], steps[len(head) + 1 :]
            field = (*argument, *map(to_camel_case, first), *rest)
            break
    remedy = f"; expected {fault.expected}" if fault.expected else ""
    if fault.nearest is not None:
        remedy = f"; did you mean {fault.nearest!r}?"
    place = f"{fault.path}: " if fault.path else ""
    line = f"line {fault.line}, column {fault.column}: " if fault.line else ""
    return Problem(
        message=f"{line}{place}{fault.found}{remedy}", code=ProblemCode.INVALID, field=field or None
    )
