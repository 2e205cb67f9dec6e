"""What one would write first to keep a graph in a database and to read it: plain loops, to compare the stores with."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any, Protocol

from neo4j import GraphDatabase

from olagraph.stores import Address
from olagraph.stores.neo4j.rows import Rows

BATCH = 10_000
PLAIN = "plain"
"""The `portfolio` of the rows that are written here."""


class PlainLoop(Protocol):
    """One database."""

    def __init__(self, address: Address) -> None: ...

    def store(self, rows: Rows) -> None:
        """Write nodes and relationships."""
        ...

    def read(self) -> tuple[dict[str, Any], int]:
        """The nodes by label and id, and how many relationships they have."""
        ...

    def clear(self) -> None:
        """Remove them."""
        ...


class Neo4jLoop:
    """Batches of MERGE, nodes first; one record a row when reading. The store's constraints serve here too."""

    def __init__(self, address: Address) -> None:
        auth = None if address.user is None else (address.user, address.password or "")
        self._driver = GraphDatabase.driver(address.server, auth=auth)
        self._database = address.database

    def store(self, rows: Rows) -> None:
        nodes = defaultdict(list)
        for node, told in rows.nodes.items():
            nodes[node.label].append({"id": node.id, "told": told})
        relationships = defaultdict(list)
        for each, told in rows.relationships.items():
            kind = each.type, each.start.label, each.end.label
            relationships[kind].append({"start": each.start.id, "end": each.end.id, "told": told})
        with self._driver:
            for label, batch in _batches(nodes):
                self._run(
                    f"UNWIND $rows AS row MERGE (n:{label} {{portfolio: $portfolio, id: row.id}}) SET n += row.told",
                    rows=batch,
                )
            for (type_, start, end), batch in _batches(relationships):
                self._run(
                    f"UNWIND $rows AS row MATCH (a:{start} {{portfolio: $portfolio, id: row.start}})"
                    f" MATCH (b:{end} {{portfolio: $portfolio, id: row.end}})"
                    f" MERGE (a)-[r:{type_}]->(b) SET r += row.told",
                    rows=batch,
                )

    def read(self) -> tuple[dict[str, Any], int]:
        with self._driver, self._driver.session(database=self._database) as session:
            nodes = {
                record["id"]: record["told"]
                for record in session.run(
                    "MATCH (n) WHERE n.portfolio = $portfolio"
                    " RETURN labels(n)[0] + n.id AS id, properties(n) AS told",
                    portfolio=PLAIN,
                )
            }
            relationships = [
                dict(record)
                for record in session.run(
                    "MATCH (a)-[r]->(b) WHERE a.portfolio = $portfolio"
                    " RETURN a.id AS start, type(r) AS type, properties(r) AS told, b.id AS end",
                    portfolio=PLAIN,
                )
            ]
        return nodes, len(relationships)

    def clear(self) -> None:
        with self._driver, self._driver.session(database=self._database) as session:
            session.run(
                "MATCH (n) WHERE n.portfolio = $portfolio CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS",
                portfolio=PLAIN,
            ).consume()

    def _run(self, query: str, *, rows: list[dict[str, Any]]) -> None:
        self._driver.execute_query(query, portfolio=PLAIN, rows=rows, database_=self._database)


class SqliteLoop:
    """Two tables in a file beside the store's, one for nodes and one for relationships."""

    def __init__(self, address: Address) -> None:
        assert address.file is not None
        self._file = address.file.with_suffix(".plain.db")

    def store(self, rows: Rows) -> None:
        with closing(sqlite3.connect(self._file)) as connection, connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("CREATE TABLE node (label TEXT, id TEXT, told TEXT, PRIMARY KEY (label, id))")
            connection.execute(
                "CREATE TABLE relationship (type TEXT, start TEXT, end TEXT, told TEXT,"
                " PRIMARY KEY (type, start, end, told))"
            )
            connection.executemany(
                "INSERT INTO node VALUES (?, ?, ?)",
                ((*node, json.dumps(told)) for node, told in rows.nodes.items()),
            )
            connection.executemany(
                "INSERT INTO relationship VALUES (?, ?, ?, ?)",
                (
                    (each.type, "/".join(each.start), "/".join(each.end), json.dumps(told))
                    for each, told in rows.relationships.items()
                ),
            )

    def read(self) -> tuple[dict[str, Any], int]:
        with closing(sqlite3.connect(self._file)) as connection:
            nodes = {
                label + id_: json.loads(told)
                for label, id_, told in connection.execute("SELECT label, id, told FROM node")
            }
            relationships = [
                {"start": start, "type": type_, "told": json.loads(told), "end": end}
                for type_, start, end, told in connection.execute(
                    "SELECT type, start, end, told FROM relationship"
                )
            ]
        return nodes, len(relationships)

    def clear(self) -> None:
        for file in self._file.parent.glob(f"{self._file.name}*"):
            file.unlink()


LOOPS: Mapping[str, type[PlainLoop]] = {"sqlite": SqliteLoop, "neo4j": Neo4jLoop}


def _batches(groups: Mapping[Any, list[Any]]) -> Iterator[tuple[Any, list[Any]]]:
    for kind, rows in groups.items():
        for begin in range(0, len(rows), BATCH):
            yield kind, rows[begin : begin + BATCH]
