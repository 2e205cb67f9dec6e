"""What one asks of a local server, and what one knows of a running one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from olagraph.stores.errors import WrongSetting

HOST = "127.0.0.1"
DEFAULT_PORT = 7687
USER = "neo4j"
"""The user of a new server."""
SHORTEST_PASSWORD = 8
"""Characters; Neo4j takes no shorter one."""

_SIZE = re.compile(r"[1-9]\d*[kmg]", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9_.]*", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """What a local server is to be like.

    Args:
        folder: the server's own: data, settings, logs. Made at the first start.
        port: of Bolt, on the loopback interface; 0 for a free one.
        password: of the user `neo4j`. At the first start it is set, later it has to be the one that was set. Without
            one, a password is generated at the first start and kept in a file of the folder that only its owner reads.
        heap: Java's memory at most, such as `512m` or `2g`.
        page_cache: the memory for what is on disk, beside the heap.
        extra: more settings of Neo4j by their names, such as `server.databases.default_to_read_only`.
        java_options: more options of Java; a server that does little starts faster with `-XX:TieredStopAtLevel=1`.
        patience: seconds until a server that does not answer is given up; recovering a big graph takes long.

    Raises:
        WrongSetting: a value is none that Neo4j could take.
    """

    folder: Path
    port: int = DEFAULT_PORT
    password: str | None = field(default=None, repr=False)
    heap: str = "1g"
    page_cache: str = "128m"
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    java_options: tuple[str, ...] = ()
    patience: float = 180.0

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise WrongSetting(f"port {self.port} is none: choose one from 1 to 65535, or 0 for a free one")
        for what, size in (("heap", self.heap), ("page cache", self.page_cache)):
            if not _SIZE.fullmatch(size):
                raise WrongSetting(f"{size!r} is no size of a {what}: expected one such as 512m or 2g")
        for name, value in self.extra.items():
            if not _NAME.fullmatch(name) or _CONTROL.search(value):
                raise WrongSetting(f"{name!r} is no setting of Neo4j on one line")
        if self.password is not None and _CONTROL.search(self.password):
            raise WrongSetting("the password holds a control character: choose one that can be typed")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """A server that runs.

    Args:
        folder: the server's own.
        pid: its process.
        port: of Bolt, on the loopback interface.
        version: of Neo4j.
        since: when its process was started.
        password_file: where the generated password of the user `neo4j` is; None if the password was given.
    """

    folder: Path
    pid: int
    port: int
    version: str
    since: datetime
    password_file: Path | None

    @property
    def url(self) -> str:
        """What clients connect to."""
        return f"neo4j://{HOST}:{self.port}"
