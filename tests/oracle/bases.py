"""The three bases of a monotone structure by brute force: all 2ⁿ states, and the full programme over them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

States = NDArray[np.bool_]


@dataclass(frozen=True)
class Group:
    """A redundancy group with a common cause: β and the indices of its members (§5)."""

    beta: float
    members: tuple[int, ...]


def states(count: int) -> list[States]:
    """Per component, whether it is up in each of the 2^count states."""
    numbers = np.arange(2**count)
    return [(numbers >> index & 1).astype(bool) for index in range(count)]


def independent(up: States, ratios: Sequence[float], groups: Iterable[Group] = ()) -> float:
    """The probability of the up-states if components fail independently, but for common causes."""
    groups = tuple(groups)
    causes = [group.beta * min(1 - ratios[member] for member in group.members) for group in groups]
    total = 0.0
    for struck in product((False, True), repeat=len(groups)):
        weight, given = 1.0, list(ratios)
        for group, cause, strikes in zip(groups, causes, struck, strict=True):
            weight *= cause if strikes else 1 - cause
            if weight == 0:
                break
            for member in group.members:
                given[member] = 0.0 if strikes else 1 - (1 - ratios[member] - cause) / (1 - cause)
        if weight:
            total += weight * _probability(up, given)
    return total


def _probability(up: States, ratios: Sequence[float]) -> float:
    chance = np.ones(1)
    for ratio in ratios:
        chance = np.concatenate([chance * (1 - ratio), chance * ratio])
    return float(chance[up].sum())


def guaranteed(up: States, ratios: Sequence[float]) -> float:
    """The least probability of the up-states over all joint laws, components up at least their ratios."""
    return _programme(up.tobytes(), tuple(ratios), worst=True)


def ceiling(up: States, ratios: Sequence[float]) -> float:
    """The greatest probability of the up-states over all joint laws, components up exactly their ratios."""
    return _programme(up.tobytes(), tuple(ratios), worst=False)


@lru_cache(maxsize=100_000)
def _programme(table: bytes, ratios: tuple[float, ...], *, worst: bool) -> float:
    up = np.frombuffer(table, dtype=bool)
    possible = np.ones(len(up), dtype=bool)
    rows = states(len(ratios))
    for row, ratio in zip(rows, ratios, strict=True):
        if ratio in (0.0, 1.0):
            possible &= row == bool(ratio)
    up = up[possible]
    if up.all() or not up.any():
        return float(up[0])
    free = [
        (row[possible], ratio) for row, ratio in zip(rows, ratios, strict=True) if ratio not in (0.0, 1.0)
    ]
    marginals = np.array([row for row, _ in free], dtype=float)
    bounds = np.array([ratio for _, ratio in free])
    total = np.ones((1, len(up)))
    programme: dict[str, Any] = (
        {"c": up.astype(float), "A_ub": -marginals, "b_ub": -bounds, "A_eq": total, "b_eq": [1.0]}
        if worst
        else {"c": -up.astype(float), "A_eq": np.vstack([marginals, total]), "b_eq": [*bounds, 1.0]}
    )
    answer = linprog(**programme, bounds=(0, None), method="highs")
    if answer.status != 0:
        raise ArithmeticError(answer.message)
    return float(min(1.0, max(0.0, abs(answer.fun))))
