"""The jars of Neo4j Community: fetched whole and verified, or not at all.

Which: `jgo.lock.toml`, with the SHA-256 of each. After a change of the version in `jgo.toml`, `jgo lock` in this
folder writes it anew. Where from: Maven Central, or the repositories that the user's own `jgo.conf` names. jgo's own
environments are not used: to sort jars into modules, which a class path has no need of, they fetch a second Java.
"""

import hashlib
import os
import shutil
import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import requests
from filelock import FileLock
from jgo.config import GlobalSettings
from jgo.constants import MAVEN_CENTRAL_URL
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from olagraph.stores.errors import StoreError

_CONNECTIONS = 8
_TIMEOUT = 30.0  # seconds without a byte
_RETRY = Retry(total=4, connect=1, backoff_factor=0.5, status_forcelist=(429, 500, 502, 503, 504))


@dataclass(frozen=True, slots=True, kw_only=True)
class Jar:
    """A file of a Maven repository, and the SHA-256 of what it holds."""

    group: str
    artifact: str
    version: str
    classifier: str = ""
    sha256: str

    @property
    def name(self) -> str:
        """The name of the file."""
        suffix = f"-{self.classifier}" if self.classifier else ""
        return f"{self.artifact}-{self.version}{suffix}.jar"

    @property
    def path(self) -> str:
        """Where every Maven repository keeps the file."""
        return "/".join((*self.group.split("."), self.artifact, self.version, self.name))


def locked_jars() -> tuple[Jar, ...]:
    """The jars of the server, as locked."""
    lock = tomllib.loads((files(__package__) / "jgo.lock.toml").read_text(encoding="utf-8"))
    return tuple(
        Jar(
            group=entry["groupId"],
            artifact=entry["artifactId"],
            version=entry["version"],
            classifier=entry.get("classifier", ""),
            sha256=entry["sha256"],
        )
        for entry in lock["dependencies"]
    )


def fetch_once(jars: Sequence[Jar], *, into: Path, progress: Callable[[str], None]) -> None:
    """Fill the folder with the jars, unless it is there. Of several at once one fetches, the others wait.

    Raises:
        StoreError: a jar cannot be fetched, or is not the locked one.
        OSError: the folder cannot be written.
    """
    if into.is_dir():
        return
    into.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(into.with_name(f"{into.name}.lock")):
        if into.is_dir():
            return
        progress(f"Fetching {len(jars)} files into {into}, once")
        partial = into.with_name(f"{into.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)  # of a process that was killed
        partial.mkdir()
        try:
            _fetch_all(jars, into=partial, progress=progress)
            os.replace(partial, into)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise


def _fetch_all(jars: Sequence[Jar], *, into: Path, progress: Callable[[str], None]) -> None:
    repositories = tuple({"central": MAVEN_CENTRAL_URL, **GlobalSettings.load().repositories}.values())
    quarter = max(1, len(jars) // 4)
    with requests.Session() as session, ThreadPoolExecutor(_CONNECTIONS) as threads:
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(pool_maxsize=_CONNECTIONS, max_retries=_RETRY))
        fetches = [threads.submit(_fetch, jar, session, repositories, into) for jar in jars]
        try:
            for done, fetch in enumerate(as_completed(fetches), start=1):
                fetch.result()
                if done % quarter == 0:
                    progress(f"Fetched {done} of {len(jars)} files")
        except BaseException:
            threads.shutdown(wait=True, cancel_futures=True)
            raise


def _fetch(jar: Jar, session: requests.Session, repositories: Sequence[str], folder: Path) -> None:
    for repository in repositories:
        try:
            response = session.get(f"{repository.rstrip('/')}/{jar.path}", timeout=_TIMEOUT)
        except requests.RequestException as error:
            raise StoreError(
                f"cannot fetch {jar.name} from {repository}: {_cause(error)}; see that the network is there"
                " (HTTPS_PROXY and REQUESTS_CA_BUNDLE are obeyed), or name a mirror under [repositories]"
                " in ~/.config/jgo.conf"
            ) from None
        if response.status_code == requests.codes.ok:
            break
    else:
        raise StoreError(
            f"{' and '.join(repositories)} answered {response.status_code} to the request for {jar.path}"
        )
    if hashlib.sha256(response.content).hexdigest() != jar.sha256:
        raise StoreError(
            f"{jar.name} from {repository} is not the file that olagraph expects: its SHA-256 differs"
        )
    (folder / jar.name).write_bytes(response.content)


def _cause(error: BaseException) -> str:
    """The innermost reason: libraries wrap a name that cannot be resolved four times."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return str(error) or type(error).__name__
