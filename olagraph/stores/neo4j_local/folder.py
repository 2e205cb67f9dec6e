"""What lies in a server's folder beside Neo4j's own: the lock, the record of the process, the password."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from olagraph.stores.errors import StoreError

CONFIGURATION_MARK = "# Written by olagraph, anew at every start of this server.\n"
"""The first line of `neo4j.conf`: a Neo4j that somebody has installed has another."""

_MADE_FIRST = frozenset({"conf", "logs", "lock"})  # what lies in a folder whose first start failed at once


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """The process that was started last; whether it still runs is another question."""

    pid: int
    port: int
    version: str


@dataclass(frozen=True, slots=True)
class Folder:
    """A server's folder, by its absolute path."""

    path: Path

    @property
    def conf(self) -> Path:
        """The folder of `neo4j.conf`."""
        return self.path / "conf"

    @property
    def configuration(self) -> Path:
        """The settings of the server."""
        return self.conf / "neo4j.conf"

    @property
    def console(self) -> Path:
        """What the process prints, anew at every start."""
        return self.path / "logs" / "console.log"

    @property
    def password_file(self) -> Path:
        """Where a generated password is kept."""
        return self.path / "password"

    @property
    def holds_data(self) -> bool:
        """Whether a server was started here before: from then on its password is in the database."""
        return (self.path / "data" / "databases" / "system").is_dir()

    @property
    def is_ours(self) -> bool:
        """Whether it is a server's, or empty, or not there yet; what else lies in a folder stays as it is.

        Raises:
            OSError: it cannot be read.
        """
        if not self.path.is_dir():
            return True
        try:
            return self.configuration.read_text(encoding="utf-8", errors="replace").startswith(
                CONFIGURATION_MARK
            )
        except FileNotFoundError:
            return _MADE_FIRST.issuperset(os.listdir(self.path))

    def lock(self) -> FileLock:
        """Held by who starts or stops the server, so that one does it at a time.

        Raises:
            OSError: the folder cannot be written.
        """
        return FileLock(self.path / "lock")

    def make(self) -> None:
        """Make the folder, for its owner alone.

        Raises:
            StoreError: it holds something else.
            OSError: it cannot be written.
        """
        if not self.is_ours:
            raise StoreError(
                f"{self.path} holds something else than a server: name an empty folder, or one that is to be made"
            )
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.conf.mkdir(exist_ok=True)
        self.console.parent.mkdir(exist_ok=True)

    @property
    def _record(self) -> Path:
        return self.path / "process.json"

    def read_record(self) -> ProcessRecord | None:
        """The record of the process; None if there is none that can be read."""
        try:
            record = json.loads(self._record.read_text(encoding="utf-8"))
            return ProcessRecord(int(record["pid"]), int(record["port"]), str(record["version"]))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write_record(self, record: ProcessRecord) -> None:
        """Replace the record as a whole: `status` reads it at any time."""
        beside = self._record.with_suffix(".new")
        beside.write_text(json.dumps(asdict(record)), encoding="utf-8")
        os.replace(beside, self._record)

    def forget_record(self) -> None:
        """Remove the record, if there is one."""
        self._record.unlink(missing_ok=True)

    def read_password(self) -> str | None:
        """The generated password; None if the password was given."""
        try:
            return self.password_file.read_text(encoding="utf-8").removesuffix("\n")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"cannot read {self.password_file}: {error.strerror or error}") from None

    def forget_password(self) -> None:
        """Remove the generated password, if there is one: another was given."""
        self.password_file.unlink(missing_ok=True)

    def generate_password(self) -> str:
        """A new password, kept in the folder."""
        password = secrets.token_urlsafe(18)
        write_private(self.password_file, f"{password}\n")
        return password


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner may read."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
