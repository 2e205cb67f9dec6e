"""Workflow expressions as docs/portfolio-file.md writes them, read into one small tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

Pattern = Literal["use", "sequence", "parallel", "all_of", "k_of_n", "choice", "repeat"]

_UNITS = {"ms": Fraction(1, 1000), "s": Fraction(1), "min": Fraction(60), "h": Fraction(3600)}


def ratio(written: object) -> Fraction:
    """The ratio that `99.5%`, `"0.995"` or `0.995` spells, exactly."""
    text = str(written)
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def composed_ratio(target: dict[str, Any], metric: str) -> Fraction:
    """The ratio to compose with: of a 100 % target, the one it says to assume (§6)."""
    return ratio(target.get("assume", target[metric]))


def seconds(written: object) -> Fraction:
    """The seconds that a duration such as `250 ms` spells, exactly."""
    amount, unit = str(written).split()
    return Fraction(amount) * _UNITS[unit]


@dataclass(frozen=True)
class Expression:
    """One node of a workflow or of `requires`.

    Attributes:
        service: the service used, of a `use`.
        steps: the nodes below, of everything else.
        k: how many branches must work, of a `k_of_n` (1 for `any_of`).
        beta: the common-cause share of a `k_of_n`.
        probabilities: of a `choice`; None = unknown.
        times: `max` of a `repeat`.
        again: `probability` of a `repeat`.
    """

    pattern: Pattern
    service: str = ""
    steps: tuple["Expression", ...] = ()
    k: int = 1
    beta: Fraction | None = None
    probabilities: tuple[Fraction, ...] | None = None
    times: int | None = None
    again: Fraction | None = None
    optional: bool = False
    timeout: Fraction | None = None


def read(written: Any, *, plain_list: Pattern) -> Expression:
    """The tree of what a file says; `plain_list` is what a bare list means there (§3, docs/portfolio-file.md)."""
    if isinstance(written, str):
        return Expression("use", service=written)
    if isinstance(written, list):
        return Expression(plain_list, steps=_read_all(written, plain_list))
    if "step" in written:
        inner = read(written["step"], plain_list=plain_list)
        limit = written.get("timeout")
        return Expression(
            **{
                **vars(inner),
                "optional": written.get("optional", False),
                "timeout": None if limit is None else seconds(limit),
            }
        )
    ((pattern, said),) = written.items()
    if pattern in ("any_of", "k_of_n"):
        branches = said if isinstance(said, list) else said["of"]
        options = {} if isinstance(said, list) else said
        beta = options.get("common_cause")
        return Expression(
            "k_of_n",
            steps=_read_all(branches, plain_list),
            k=options.get("k", 1),
            beta=None if beta is None else ratio(beta),
        )
    if pattern == "choice":
        stated = [branch.get("probability") if isinstance(branch, dict) else None for branch in said]
        return Expression(
            "choice",
            steps=_read_all(said, plain_list),
            probabilities=None if None in stated else tuple(ratio(share) for share in stated),
        )
    if pattern == "repeat":
        return Expression(
            "repeat",
            steps=(read(said["step"], plain_list=plain_list),),
            times=said.get("max"),
            again=ratio(said["probability"]) if "probability" in said else None,
        )
    return Expression(pattern, steps=_read_all(said, plain_list))


def _read_all(written: list[Any], plain_list: Pattern) -> tuple[Expression, ...]:
    return tuple(read(step, plain_list=plain_list) for step in written)


def every_use(expression: Expression) -> Iterator[str]:
    """The services named anywhere below, optional steps included."""
    if expression.pattern == "use":
        yield expression.service
    for step in expression.steps:
        yield from every_use(step)


def needed(expression: Expression) -> Expression | None:
    """The expression without its optional steps; None if nothing is left (§3, §4)."""
    if expression.optional:
        return None
    if expression.pattern == "use":
        return expression
    kept = tuple(step for step in map(needed, expression.steps) if step is not None)
    return Expression(**{**vars(expression), "steps": kept}) if kept else None
