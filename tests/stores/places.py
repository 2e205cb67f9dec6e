"""Databases for tests, and all that lies in them."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, LiteralString, Protocol

from neo4j import GraphDatabase

from olagraph.stores import Store, open_store, parse_address


class Place(Protocol):
    """A database of a test's own, in which no portfolio is yet.

    Attributes:
        url: what `open_store` is asked for, without a password.
        environment: what it takes from the environment.
    """

    url: str
    environment: Mapping[str, str]

    def strip(self) -> None:
        """Take away what makes it a store."""
        ...

    def lying_there(self) -> Counter[str]:
        """Everything in the database, row by row (node by node, relationship by relationship), as text."""
        ...

    def halfway(self) -> AbstractContextManager[None]:
        """While a transaction of somebody else's has changed everything; it is rolled back at the end."""
        ...


def opened(place: Place, *, create: bool = False) -> Store:
    """The store at a place."""
    return open_store(parse_address(place.url, place.environment), create=create)


class SqlitePlace:
    """A file that is not there yet."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.url = f"sqlite:///{file}"
        self.environment: Mapping[str, str] = {}

    def strip(self) -> None:
        """There is nothing to take away."""

    def lying_there(self) -> Counter[str]:
        """The rows of all tables."""
        with closing(sqlite3.connect(self.file)) as connection:
            return Counter(line for line in connection.iterdump() if line.startswith("INSERT"))

    @contextmanager
    def halfway(self) -> Iterator[None]:
        """Holds the one lock that writers take."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE portfolio SET revision = revision + 1000")
            connection.execute("UPDATE entity SET body = '{}'")
            connection.execute("DELETE FROM change")
            yield
            connection.execute("ROLLBACK")


class Neo4jPlace:
    """A database of a Neo4j server: a store that is made once and emptied for each test.

    Making it anew costs the server a second, and all the plans that it has made for its queries.
    """

    def __init__(self, url: str, environment: Mapping[str, str]) -> None:
        self.url = url
        self.environment = environment
        address = parse_address(url, environment)
        self._database = address.database
        opened(self, create=True).close()  # refused where others keep something
        self._driver = GraphDatabase.driver(address.server, auth=(address.user or "", address.password or ""))

    def empty(self) -> None:
        """Remove whatever a test has left."""
        self._run("MATCH (n) WHERE NOT n:OlagraphStore DETACH DELETE n")

    def strip(self) -> None:
        """Remove the store from the database."""
        with closing(opened(self, create=True)) as store:
            store.wipe()

    def lying_there(self) -> Counter[str]:
        """The nodes and relationships, with what identifies them in place of Neo4j's own ids."""
        nodes = self._run("MATCH (n) RETURN elementId(n), labels(n), properties(n)")
        shown = {id_: f"{sorted(labels)} {sorted(properties.items())}" for id_, labels, properties in nodes}
        edges = self._run("MATCH (a)-[r]->(b) RETURN elementId(a), type(r), properties(r), elementId(b)")
        names = {id_: f"{sorted(labels)} {properties.get('id')}" for id_, labels, properties in nodes}
        return Counter(shown.values()) + Counter(
            f"{names[a]} {type_} {sorted(properties.items())} {names[b]}" for a, type_, properties, b in edges
        )

    @contextmanager
    def halfway(self) -> Iterator[None]:
        """Holds the locks of all nodes and relationships."""
        with (
            self._driver.session(database=self._database) as session,
            session.begin_transaction() as transaction,
        ):
            transaction.run("MATCH (n) SET n.name = 'halfway', n.revision = n.revision + 1000").consume()
            transaction.run("MATCH ()-[r]->() DELETE r").consume()
            yield
            transaction.rollback()

    def close(self) -> None:
        """Leave the database as it is."""
        self._driver.close()

    def _run(self, query: LiteralString) -> list[list[Any]]:
        with self._driver.session(database=self._database) as session:
            return session.run(query).values()
