"""The three bases of one structure: the greatest fixed point of up in every state, then brute force."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tests.oracle.bases import Group, States, ceiling, guaranteed, independent, states
from tests.oracle.expression import Expression
from tests.oracle.structure import Component, Standing, Structure, Whole


@dataclass(frozen=True)
class Bases:
    """One value on each basis, availability as a ratio."""

    guaranteed: float
    independent: float
    ceiling: float


class TooLargeError(ValueError):
    """A structure of more components than brute force is meant for."""


MOST_COMPONENTS = 12


def assess_structure(structure: Structure, *, missing: float) -> Bases:
    """The bases of a structure with everything missing up at the ratio `missing` (0 at worst, 1 at best)."""
    return _bases(structure, structure.root, structure.standings[structure.root], missing)


def _bases(structure: Structure, root: str, standing: Standing, missing: float) -> Bases:
    rows = {**_reached(structure, standing), root: standing}
    parts = list(dict.fromkeys(_parts(rows)))
    if len(parts) > MOST_COMPONENTS:
        raise TooLargeError(f"{root} has {len(parts)} components")
    values = [_value(structure, part, missing) for part in parts]
    up = _up(root, rows, dict(zip(parts, states(len(parts)), strict=True)), 2 ** len(parts))
    groups = [
        Group(float(group.beta), tuple(parts.index(_member(rows, step.service)) for step in group.steps))
        for row in rows.values()
        for group in _groups(row)
        if group.beta is not None
    ]
    return Bases(
        guaranteed(up, [value.guaranteed for value in values]),
        independent(up, [value.independent for value in values], groups),
        ceiling(up, [value.ceiling for value in values]),
    )


def _value(structure: Structure, part: Component | Whole, missing: float) -> Bases:
    if isinstance(part, Component):
        ratio = missing if part.ratio is None else float(part.ratio)
        return Bases(ratio, ratio, ratio)
    composed = _bases(structure, part.service, structure.inside[part.service], missing)
    promise = float(part.promise)
    return Bases(
        max(composed.guaranteed, promise), max(composed.independent, promise), max(composed.ceiling, promise)
    )


def _reached(structure: Structure, standing: Standing) -> dict[str, Standing]:
    rows: dict[str, Standing] = {}
    pending = [use for part in standing if isinstance(part, Expression) for use in _uses(part)]
    while pending:
        service = pending.pop()
        if service not in rows:
            rows[service] = structure.standings[service]
            pending += [use for part in rows[service] if isinstance(part, Expression) for use in _uses(part)]
    return rows


def _parts(rows: dict[str, Standing]) -> Iterator[Component | Whole]:
    for row in rows.values():
        yield from (part for part in row if not isinstance(part, Expression))


def _uses(expression: Expression) -> Iterator[str]:
    if expression.pattern == "use":
        yield expression.service
    for step in expression.steps:
        yield from _uses(step)


def _groups(row: Standing) -> Iterator[Expression]:
    pending = [part for part in row if isinstance(part, Expression)]
    while pending:
        expression = pending.pop()
        if expression.pattern == "k_of_n":
            yield expression
        pending.extend(expression.steps)


def _member(rows: dict[str, Standing], service: str) -> Component | Whole:
    (member,) = rows[service]
    if isinstance(member, Expression):
        raise TypeError(f"{service} is in a group with a common cause and is no leaf")
    return member


def _up(root: str, rows: dict[str, Standing], parts: dict[Component | Whole, States], size: int) -> States:
    services = {name: np.ones(size, dtype=bool) for name in rows}
    while True:
        after = {
            name: _all([_part_up(part, services, parts, size) for part in row], size)
            for name, row in rows.items()
        }
        if all(np.array_equal(after[name], services[name]) for name in rows):
            return services[root]
        services = after


def _part_up(
    part: Component | Whole | Expression,
    services: dict[str, States],
    parts: dict[Component | Whole, States],
    size: int,
) -> States:
    return _expression_up(part, services, size) if isinstance(part, Expression) else parts[part]


def _expression_up(expression: Expression, services: dict[str, States], size: int) -> States:
    if expression.pattern == "use":
        return services[expression.service]
    below = [_expression_up(step, services, size) for step in expression.steps]
    if expression.pattern == "k_of_n":
        working = np.sum(below, axis=0)
        return np.asarray(working >= expression.k)
    return _all(below, size)  # availability asks whether every request would be served (§3)


def _all(below: list[States], size: int) -> States:
    return np.logical_and.reduce([np.ones(size, dtype=bool), *below])
