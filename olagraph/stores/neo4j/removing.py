"""Portfolios out of the graph, in many transactions: one would be too large. What was interrupted goes on."""

from neo4j import ManagedTransaction, Session

from olagraph.stores.neo4j.schema import CHANGE, IDENTIFIED, PORTFOLIO, REMOVED

# Those that all the others hang on come last, when hardly anything hangs on them any more.
_PARTS = (CHANGE, *reversed(IDENTIFIED), REMOVED)

# Relationships for themselves, as one node may have hundreds of thousands, more than one transaction can hold.
_DELETIONS = (
    " MATCH (n)-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 20000 ROWS",
    " CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS",
)


def withdraw(transaction: ManagedTransaction, portfolio: str) -> None:
    """Take a portfolio off everybody's sight, before its parts go."""
    transaction.run(
        f"MATCH (p:{PORTFOLIO} {{portfolio: $portfolio}}) REMOVE p:{PORTFOLIO} SET p:{REMOVED}",
        portfolio=portfolio,
    ).consume()


def withdraw_all(transaction: ManagedTransaction) -> None:
    """Take every portfolio off everybody's sight."""
    transaction.run(
        f"MATCH (p:{PORTFOLIO}) WHERE p.portfolio IS NOT NULL REMOVE p:{PORTFOLIO} SET p:{REMOVED}"
    ).consume()


def withdrawn(transaction: ManagedTransaction) -> tuple[str, ...]:
    """The portfolios whose removal has begun."""
    found = transaction.run(f"MATCH (p:{REMOVED}) WHERE p.portfolio IS NOT NULL RETURN p.portfolio")
    return tuple(sorted(record[0] for record in found))


def delete_withdrawn(session: Session, portfolio: str) -> None:
    """Delete what a portfolio consists of, its own node last."""
    for label in _PARTS:
        nodes = f"MATCH (:{REMOVED} {{portfolio: $portfolio}}) MATCH (n:{label} {{portfolio: $portfolio}})"
        for deletion in _DELETIONS:
            session.run(f"{nodes}{deletion}", portfolio=portfolio).consume()


def delete_all(session: Session) -> None:
    """Delete what all portfolios consist of; what is somebody else's names no portfolio."""
    for label in _PARTS:
        for deletion in _DELETIONS:
            session.run(f"MATCH (n:{label}) WHERE n.portfolio IS NOT NULL{deletion}").consume()
