"""Settings that every test runs under."""

import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.database import DirectoryBasedExampleDatabase

# What Hypothesis remembers goes where pytest's own memory is, not into a folder of its own beside the code.
MEMORY = Path(__file__).parent.parent / ".pytest_cache" / "hypothesis"

set_hypothesis_home_dir(MEMORY)
settings.register_profile("here", deadline=None, database=DirectoryBasedExampleDatabase(MEMORY / "examples"))
settings.register_profile("ci", deadline=None, database=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")


class Server(NamedTuple):
    """A Neo4j for the tests: its URL, and what the environment says about it."""

    url: str
    environment: Mapping[str, str]


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The Neo4j that NEO4J_URI names, which the tests empty; else one of their own for as long as they run."""
    if url := os.environ.get("NEO4J_URI"):
        yield Server(url, os.environ)
        return
    from benchmarks.crashes import LocalNeo4j  # most tests need none of it

    with closing(LocalNeo4j(tmp_path_factory.mktemp("neo4j"))) as server:
        yield Server(server.url, server.environment)
