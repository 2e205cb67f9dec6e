"""The application over an embedded store, with its pages, as `olagraph serve` runs it; on a day of its own."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from olagraph.model.entities import Portfolio
from olagraph.stores import Store, open_store
from olagraph.stores.address import parse_address
from olagraph_api.app import create_app
from olagraph_api.security.clock import Clock
from olagraph_api.security.settings import SecuritySettings
from olagraph_api.settings import AppSettings
from tests.stores.writing import put

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""What the served application takes for the time."""


@dataclass(frozen=True)
class Site:
    """A running application.

    Attributes:
        url: of its pages, without a slash at the end.
        store: what it serves.
    """

    url: str
    store: Store

    def write(self, portfolio: Portfolio, *, id: str = "default") -> None:
        """Make a portfolio of the store into another one, as anybody's change would."""
        put(self.store, portfolio, portfolio=id)


@contextmanager
def site(folder: Path, *, security: SecuritySettings | None = None) -> Iterator[Site]:
    """An empty store and the application over it, in a thread of its own, for as long as the block runs."""
    settings = AppSettings(
        clock=Clock(now=lambda: NOW, ticks=time.monotonic_ns),
        security=security or SecuritySettings(),
    )
    with closing(open_store(parse_address(f"sqlite:///{folder / 'pages.db'}", {}), create=True)) as store:
        config = uvicorn.Config(
            create_app(store, settings), port=0, log_level="error", ws="websockets-sansio"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            threading.Event().wait(0.01)
        try:
            port = server.servers[0].sockets[0].getsockname()[1]
            yield Site(f"http://127.0.0.1:{port}", store)
        finally:
            server.should_exit = True
            thread.join()
