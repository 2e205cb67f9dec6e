"""Workflow expressions: how a service is delivered from others (SEMANTICS §3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from olagraph.model.quantity import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A use of a service, or an expression, with what is said about this one use of it.

    Attributes:
        of: the id of the service used, or an expression.
        timeout: how long the caller waits; cuts the step's time, orders failover inside `any_of`.
        optional: a soft dependency: it degrades, never breaks.
        cached_for: an outage shorter than this is not felt.
    """

    of: "str | Pattern"
    timeout: Quantity | None = None
    optional: bool = False
    cached_for: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other: all must work, times add."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Parallel:
    """All at once, wait for all (AND-join): all must work, the slowest decides."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Supporting services that must all work; they add no time (in `requires` only)."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KOfN:
    """Redundancy: at least `k` of the branches must work.

    Attributes:
        k: how many must work, 1 <= k <= number of branches.
        steps: the branches.
        common_cause: beta, the share of the weakest branch's failures that takes all branches down at once;
            None = not stated.
        load_shared: all branches are in use and add their throughput.
        race: written as `any_of` (k is 1): a race, or failover in order if branches carry timeouts.
    """

    k: int
    steps: tuple[Step, ...]
    common_cause: Decimal | None = None
    load_shared: bool = False
    race: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One branch of a choice; `probability` is None on all branches or on none."""

    step: Step
    probability: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One branch is taken, with probabilities that sum to 1, or unknown ones."""

    branches: tuple[Branch, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The branches' steps, in order."""
        return tuple(branch.step for branch in self.branches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A step done `max` times, or again with `probability` each time; exactly one of the two is given."""

    step: Step
    max: int | None = None
    probability: Decimal | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The one step, as a tuple."""
        return (self.step,)


Pattern: TypeAlias = Sequence | Parallel | AllOf | KOfN | Choice | Repeat


def any_of(*steps: Step, common_cause: Decimal | None = None, load_shared: bool = False) -> KOfN:
    """Redundancy in which one branch suffices."""
    return KOfN(k=1, steps=steps, common_cause=common_cause, load_shared=load_shared, race=True)


def uses(step: Step) -> Iterator[tuple[Step, bool]]:
    """The steps below `step` that name a service, in the order written, each occurrence once.

    With each, whether it or an expression around it is optional.
    """
    pending = [(step, step.optional)]
    while pending:
        current, soft = pending.pop()
        if isinstance(current.of, str):
            yield current, soft
        else:
            pending.extend((inner, soft or inner.optional) for inner in reversed(current.of.steps))


def has_structure(step: Step | None) -> bool:
    """Whether anything in an expression is not optional; without that it says nothing about availability."""
    if step is None or step.optional:
        return False
    return isinstance(step.of, str) or any(has_structure(inner) for inner in step.of.steps)


def pattern_name(pattern: Pattern) -> str:
    """What people call a pattern, "any of" or "2 of 3"."""
    match pattern:
        case Sequence():
            return "sequence"
        case Parallel():
            return "parallel"
        case AllOf():
            return "all of"
        case Choice():
            return "choice"
        case Repeat():
            return "repeat" if pattern.max is None else f"repeat up to {pattern.max} times"
        case KOfN():
            return "any of" if pattern.k == 1 else f"{pattern.k} of {len(pattern.steps)}"
