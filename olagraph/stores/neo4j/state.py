"""The portfolio's own node: its revision, which life of its name it is, and the lock that its writers take."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from neo4j import ManagedTransaction


class DamagedStateError(Exception):
    """Somebody changed what a portfolio's own node tells."""


class State(NamedTuple):
    """What the portfolio's own node tells.

    Attributes:
        applied: up to which revision the graph was brought.
        next_position: of the next entity that is added.
        header: the node's properties.
    """

    revision: int
    applied: int
    next_position: int
    header: Mapping[str, Any]


def read_state(transaction: ManagedTransaction, portfolio: str) -> State | None:
    """The state of a portfolio; None if there is none of this name."""
    found = transaction.run("MATCH (p:Portfolio {portfolio: $portfolio}) RETURN p", portfolio=portfolio)
    for record in found:
        return _state(portfolio, dict(record[0]))
    return None


def _state(portfolio: str, node: Mapping[str, Any]) -> State:
    numbers = [node.get(key) for key in ("revision", "applied", "next_position")]
    match numbers:
        case [int(revision), int(applied), int(next_position)]:
            return State(revision, applied, next_position, node)
    raise DamagedStateError(
        f"the :Portfolio node of {portfolio!r} has as revision, applied and next_position not three whole numbers"
        f" but {', '.join(map(repr, numbers))}: restore a backup, or set them"
    )


def read_life(transaction: ManagedTransaction, portfolio: str) -> str | None:
    """What tells a portfolio from one of its name that was removed before; None if there is none of this name."""
    found = transaction.run(
        "MATCH (p:Portfolio {portfolio: $portfolio})"
        " OPTIONAL MATCH (first:Change {portfolio: $portfolio, revision: 1}) RETURN coalesce(first.token, '')",
        portfolio=portfolio,
    )
    return next((record[0] for record in found), None)


def lock(transaction: ManagedTransaction, portfolio: str, *, create: bool = False) -> State | None:
    """Keep other writers of a portfolio waiting until the transaction ends; its state.

    Args:
        create: make its node if there is none.
    """
    there = (
        "MERGE (p:Portfolio {portfolio: $portfolio})"
        " ON CREATE SET p.revision = 0, p.applied = 0, p.next_position = 0"
        if create
        else "MATCH (p:Portfolio {portfolio: $portfolio})"
    )
    # Only writing takes the lock; what was read before is not trusted.
    transaction.run(f"{there} SET p.locked = true REMOVE p.locked", portfolio=portfolio).consume()
    return read_state(transaction, portfolio)
