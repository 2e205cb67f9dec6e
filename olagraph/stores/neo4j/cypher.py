"""The Cypher that writes and reads rows, made from the schema: text only, no database."""

from collections.abc import Sequence

from olagraph.stores.neo4j.schema import DISTINGUISHED_BY, KIND_LABELS

CREATE, MERGE = "CREATE", "MERGE"
"""How what is new is written: CREATE if it cannot be there yet, MERGE if part of it may be."""


def write_nodes(label: str, *, verb: str, kind: str | None = None) -> str:
    """Add nodes. `$rows`: [id, properties].

    Args:
        kind: of agreements, the second label.
    """
    labels = f" SET n:{kind}" if kind else ""
    return (
        f"UNWIND $rows AS row {verb} (n:{label} {{portfolio: $portfolio, id: row[0]}})"
        f" SET n += row[1]{labels} RETURN count(n)"
    )


def change_nodes(label: str) -> str:
    """Change properties of nodes. `$rows`: [id, properties, null where one goes]."""
    return (
        f"UNWIND $rows AS row MATCH (n:{label} {{portfolio: $portfolio, id: row[0]}})"
        f" SET n += row[1] RETURN count(n)"
    )


def change_kind(label: str, kind: str | None) -> str:
    """Give agreements another second label, or none. `$rows`: ids."""
    return (
        f"UNWIND $rows AS row MATCH (n:{label} {{portfolio: $portfolio, id: row}})"
        f" REMOVE n:{':'.join(KIND_LABELS)}{f' SET n:{kind}' if kind else ''} RETURN count(n)"
    )


def delete_nodes(label: str) -> str:
    """Delete nodes with whatever hangs on them. `$rows`: ids."""
    return f"UNWIND $rows AS row MATCH (n:{label} {{portfolio: $portfolio, id: row}}) DETACH DELETE n"


def write_relationships(type_: str, *, start: str, end: str, verb: str) -> str:
    """Add or change relationships. `$rows`: [id of the start, [[id of an end, properties], …]]."""
    several = DISTINGUISHED_BY.get(type_) if verb == MERGE else None
    told_apart = f" {{{several}: other[1].{several}}}" if several else ""
    told = "r =" if verb == MERGE else "r +="  # what is new has nothing that would have to go
    return (
        f"UNWIND $rows AS row MATCH (a:{start} {{portfolio: $portfolio, id: row[0]}})"
        f" UNWIND row[1] AS other MATCH (b:{end} {{portfolio: $portfolio, id: other[0]}})"
        f" {verb} (a)-[r:{type_}{told_apart}]->(b) SET {told} other[1] RETURN count(r)"
    )


def delete_relationships(type_: str, *, start: str, end: str) -> str:
    """Delete relationships. `$rows`: [id of the start, id of the end, what tells them apart or null]."""
    several = DISTINGUISHED_BY.get(type_)
    told_apart = f" WHERE r.{several} = row[2]" if several else ""
    return (
        f"UNWIND $rows AS row MATCH (a:{start} {{portfolio: $portfolio, id: row[0]}})"
        f"-[r:{type_}]->(b:{end} {{portfolio: $portfolio, id: row[1]}}){told_apart} DELETE r"
    )


def forget_verdicts() -> str:
    """Take the verdicts off agreements and their targets. `$rows`: ids."""
    return (
        "UNWIND $rows AS row MATCH (n:Agreement {portfolio: $portfolio, id: row})"
        " OPTIONAL MATCH (n)-[:HAS_TARGET]->(t) REMOVE n.verdict, t.verdict, t.gap"
    )


def delete_findings_about(label: str) -> str:
    """Delete the findings about nodes. `$rows`: ids."""
    return (
        f"UNWIND $rows AS row MATCH (:{label} {{portfolio: $portfolio, id: row}})<-[:ABOUT]-(f:Finding)"
        " DETACH DELETE f"
    )


def columns(pattern: str, expressions: Sequence[str]) -> str:
    """Read what a pattern finds as columns, `$chunk` rows of them at a time.

    A list a column travels ten times faster than a record a row.
    """
    parts = ", ".join(f"[row IN part | row[{i}]] AS c{i}" for i in range(len(expressions)))
    return (
        f"{pattern} WITH collect([{', '.join(expressions)}]) AS rows"
        f" UNWIND range(0, size(rows) - 1, $chunk) AS begin"
        f" WITH rows[begin..begin + $chunk] AS part RETURN {parts}"
    )
