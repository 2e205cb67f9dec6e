"""Portfolios out of the graph, in many transactions: one would be too large. What was interrupted goes on."""

from neo4j import ManagedTransaction, Session

from olagraph.stores.neo4j.schema import CHANGE, IDENTIFIED, PORTFOLIO, REMOVED

_BATCH = 5_000


def withdraw(transaction: ManagedTransaction, portfolio: str) -> None:
    """Take a portfolio off everybody's sight, before its parts go."""
    transaction.run(
        f"MATCH (p:{PORTFOLIO} {{portfolio: $portfolio}}) REMOVE p:{PORTFOLIO} SET p:{REMOVED}",
        portfolio=portfolio,
    ).consume()


def withdrawn(transaction: ManagedTransaction) -> tuple[str, ...]:
    """The portfolios whose removal has begun."""
    found = transaction.run(f"MATCH (p:{REMOVED}) WHERE p.portfolio IS NOT NULL RETURN p.portfolio")
    return tuple(sorted(record[0] for record in found))


def delete_withdrawn(session: Session, portfolio: str) -> None:
    """Delete what a portfolio consists of, its own node last."""
    for label in (*IDENTIFIED, CHANGE, REMOVED):
        session.run(
            f"MATCH (:{REMOVED} {{portfolio: $portfolio}}) MATCH (n:{label} {{portfolio: $portfolio}})"
            f" CALL (n) {{ DETACH DELETE n }} IN TRANSACTIONS OF {_BATCH} ROWS",
            portfolio=portfolio,
        ).consume()
