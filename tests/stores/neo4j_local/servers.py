"""Small servers, and a word with them."""

from pathlib import Path
from typing import Any

from neo4j import GraphDatabase

from benchmarks.crashes import QUICK_START
from olagraph.stores.neo4j_local import RunningServer, ServerSettings


def small(folder: Path, **settings: Any) -> ServerSettings:
    """A server on a free port that starts as fast as one can."""
    quick: dict[str, Any] = {
        "port": 0,
        "heap": "512m",
        "page_cache": "16m",
        "java_options": QUICK_START,
    }
    return ServerSettings(folder=folder, **{**quick, **settings})


def ask(server: RunningServer, query: str, *, password: str | None = None) -> list[Any]:
    """The first column of what a query answers."""
    if password is None:
        assert server.password_file is not None
        password = server.password_file.read_text(encoding="utf-8").strip()
    with GraphDatabase.driver(server.url, auth=("neo4j", password)) as driver:
        return [record[0] for record in driver.execute_query(query).records]
