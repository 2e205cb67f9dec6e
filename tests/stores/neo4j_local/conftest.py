"""One server for the tests that leave it as it is."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from olagraph.stores.neo4j_local import RunningServer, start, stop
from tests.stores.neo4j_local.servers import small


@pytest.fixture(scope="package")
def starts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RunningServer]]:
    """What two who start the server of a new folder at once are told."""
    folder = tmp_path_factory.mktemp("server")
    with ThreadPoolExecutor(2) as threads:
        yield list(threads.map(start, [small(folder)] * 2))
    stop(folder)


@pytest.fixture(scope="package")
def server(starts: list[RunningServer]) -> RunningServer:
    """A server whose password was generated."""
    return starts[0]
