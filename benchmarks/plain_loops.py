"""Plain loops to compare the stores with: what one would write first to keep a graph in a database and to read it.

Such a loop is handed nodes and relationships that are ready to be written: those that the store makes of the portfolio,
with the same properties under the same keys. It knows nothing of portfolios, revisions, or of what was there before,
and keeps no change log. It writes them in batches of a size that suits the database, nodes first. It reads them row by
row into dictionaries: nodes by label and id, relationships by the node that they start from. There it stops: to make a
portfolio of them would take it longer, and is not held against it.

Labels, tables and constraints are its own, so that neither it nor the store has to find its way past what the other
one wrote.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from neo4j import GraphDatabase, Session

from olagraph.stores import Address
from olagraph.stores.neo4j.rows import Properties, Rows
from olagraph.stores.neo4j.schema import IDENTIFIED

BATCH = 10_000
PORTFOLIO = "plain"
"""What nodes tell of the portfolio they belong to."""


Node: TypeAlias = tuple[str, str]
"""Its label and id."""


@dataclass(frozen=True, slots=True)
class Graph:
    """What was read.

    Attributes:
        nodes: what each tells.
        relationships: by start: the type, what it tells, the end.
    """

    nodes: dict[Node, Properties] = field(default_factory=dict)
    relationships: defaultdict[Node, list[tuple[str, Properties, Node]]] = field(
        default_factory=lambda: defaultdict(list)
    )


class PlainLoop(Protocol):
    """One database."""

    def __init__(self, address: Address) -> None: ...

    def store(self, rows: Rows) -> None:
        """Make tables or constraints where they lack; write nodes and relationships."""
        ...

    def read(self) -> Graph:
        """Read them."""
        ...

    def clear(self) -> None:
        """Remove them."""
        ...

    def leave(self) -> None:
        """Remove tables or constraints."""
        ...


class Neo4jLoop:
    """UNWIND of batches of MERGE; one record a node or relationship when reading."""

    def __init__(self, address: Address) -> None:
        auth = None if address.user is None else (address.user, address.password or "")
        self._driver = GraphDatabase.driver(address.server, auth=auth)
        self._database = address.database
        self._labels = [f"Plain{label}" for label in IDENTIFIED]

    def store(self, rows: Rows) -> None:
        nodes = defaultdict(list)
        for node, told in rows.nodes.items():
            nodes[node.label].append({"id": node.id, "told": told})
        relationships = defaultdict(list)
        for each, told in rows.relationships.items():
            kind = each.type, each.start.label, each.end.label
            relationships[kind].append({"start": each.start.id, "end": each.end.id, "told": told})
        with self._driver:
            for label in self._labels:
                self._run(
                    f"CREATE CONSTRAINT {label} IF NOT EXISTS FOR (n:{label}) REQUIRE (n.portfolio, n.id) IS UNIQUE"
                )
            for label, batch in _batches(nodes):
                self._run(
                    f"UNWIND $rows AS row MERGE (n:Plain{label} {{portfolio: $portfolio, id: row.id}})"
                    " SET n += row.told",
                    rows=batch,
                )
            for (type_, start, end), batch in _batches(relationships):
                self._run(
                    f"UNWIND $rows AS row MATCH (a:Plain{start} {{portfolio: $portfolio, id: row.start}})"
                    f" MATCH (b:Plain{end} {{portfolio: $portfolio, id: row.end}})"
                    f" MERGE (a)-[r:{type_}]->(b) SET r += row.told",
                    rows=batch,
                )

    def read(self) -> Graph:
        graph = Graph()
        with self._driver, self._session() as session:
            for label in self._labels:
                for id_, told in session.run(f"MATCH (n:{label}) RETURN n.id, properties(n)"):
                    graph.nodes[label, id_] = told
            for label in self._labels:
                for start, type_, told, labels, end in session.run(
                    f"MATCH (a:{label})-[r]->(b) RETURN a.id, type(r), properties(r), labels(b), b.id"
                ):
                    graph.relationships[label, start].append((type_, told, (labels[0], end)))
        return graph

    def clear(self) -> None:
        with self._driver, self._session() as session:
            for label in self._labels:
                session.run(
                    f"MATCH (n:{label}) CALL (n) {{ DETACH DELETE n }} IN TRANSACTIONS OF 5000 ROWS"
                ).consume()

    def leave(self) -> None:
        with self._driver:
            for label in self._labels:
                self._run(f"DROP CONSTRAINT {label} IF EXISTS")

    def _session(self) -> Session:
        return self._driver.session(database=self._database)

    def _run(self, query: str, *, rows: list[dict[str, Any]] | None = None) -> None:
        self._driver.execute_query(query, portfolio=PORTFOLIO, rows=rows, database_=self._database)


class SqliteLoop:
    """A table of nodes and one of relationships, in a file beside the store's; one row at a time when reading."""

    def __init__(self, address: Address) -> None:
        assert address.file is not None
        self._file = address.file.with_suffix(".plain.db")

    def store(self, rows: Rows) -> None:
        with closing(sqlite3.connect(self._file)) as connection, connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS node (label TEXT, id TEXT, told TEXT, PRIMARY KEY (label, id))"
            )
            connection.execute(
                "CREATE TABLE IF NOT EXISTS relationship"
                " (type TEXT, start_label TEXT, start_id TEXT, end_label TEXT, end_id TEXT, told TEXT)"
            )
            connection.executemany(
                "INSERT INTO node VALUES (?, ?, ?)",
                ((*node, json.dumps(told)) for node, told in rows.nodes.items()),
            )
            connection.executemany(
                "INSERT INTO relationship VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (each.type, *each.start, *each.end, json.dumps(told))
                    for each, told in rows.relationships.items()
                ),
            )

    def read(self) -> Graph:
        graph = Graph()
        with closing(sqlite3.connect(self._file)) as connection:
            for label, id_, told in connection.execute("SELECT label, id, told FROM node"):
                graph.nodes[label, id_] = json.loads(told)
            for type_, start_label, start, end_label, end, told in connection.execute(
                "SELECT type, start_label, start_id, end_label, end_id, told FROM relationship"
            ):
                graph.relationships[start_label, start].append((type_, json.loads(told), (end_label, end)))
        return graph

    def clear(self) -> None:
        for file in self._file.parent.glob(f"{self._file.name}*"):
            file.unlink()

    def leave(self) -> None:
        pass  # the file is gone


LOOPS: Mapping[str, type[PlainLoop]] = {"sqlite": SqliteLoop, "neo4j": Neo4jLoop}


def _batches(groups: Mapping[Any, list[Any]]) -> Iterator[tuple[Any, list[Any]]]:
    for kind, rows in groups.items():
        for begin in range(0, len(rows), BATCH):
            yield kind, rows[begin : begin + BATCH]
