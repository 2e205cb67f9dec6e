"""The listings of the documentation: what a page says a command prints, and what it prints.

A fenced block of kind `console` holds commands behind `$ ` and under each what it prints; `| head -n N` shows the
first lines, `$ echo $?` the exit code of the command before. A block of kind `yaml` whose first line is
`# NAME.yaml` is a file that the commands of its page find. `python tests/house/listings.py` writes into every page what
its commands print today.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")]))

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_HEAD = re.compile(r"(?P<command>.*?) \| head -n (?P<lines>\d+)")
_FILE = re.compile(r"# ([\w-]+\.yaml)\n")
_PROMPT = "$ "


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block of a page."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One command of a page and what stands under it."""

    command: str
    shown: str


def blocks(page: str, kind: str) -> tuple[Block, ...]:
    """The fenced blocks of one kind, in order."""
    return tuple(Block(*match.groups()) for match in _FENCE.finditer(page) if match[1] == kind)


def files(page: str) -> Mapping[str, str]:
    """The files that a page states in full, by name."""
    found = ((_FILE.match(block.text), block.text) for block in blocks(page, "yaml"))
    return {named[1]: text for named, text in found if named}


def listings(block: str) -> Iterator[Listing]:
    """The commands of a `console` block with what stands under each."""
    command, shown = "", ""
    for line in block.splitlines(keepends=True):
        if line.startswith(_PROMPT):
            if command:
                yield Listing(command, shown)
            command, shown = line.removeprefix(_PROMPT).rstrip("\n"), ""
        else:
            shown += line
    if command:
        yield Listing(command, shown)


class Shell:
    """Runs the `olagraph` commands of one page in a folder of their own; remembers the last exit code."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._code = 0

    def run(self, command: str) -> str:
        """What a command prints, errors included.

        Raises:
            ValueError: not a command that a listing may show.
        """
        if command == "echo $?":
            return f"{self._code}\n"
        cut = _HEAD.fullmatch(command)
        words = shlex.split(cut["command"] if cut else command)
        if words[0] != "olagraph":
            raise ValueError(f"a listing shows olagraph, not {command!r}")
        search = os.pathsep.join([str(ROOT), str(ROOT / "api")])
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": search, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        self._code = done.returncode
        lines = done.stdout.splitlines(keepends=True)
        return "".join(lines[: int(cut["lines"])] if cut else lines)


@contextmanager
def shell(page: str) -> Iterator[Shell]:
    """A shell that finds the fixtures and the files of a page."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "fixtures").symlink_to(ROOT / "fixtures")
        for name, text in files(page).items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        yield Shell(Path(folder))


def as_printed(page: str) -> str:
    """The page with every listing as its command prints it."""
    with shell(page) as ready:

        def printed(match: re.Match[str]) -> str:
            if match[1] != "console":
                return match[0]
            made = (f"{_PROMPT}{each.command}\n{ready.run(each.command)}" for each in listings(match[2]))
            return "```console\n" + "".join(made) + "```"

        return _FENCE.sub(printed, page)


if __name__ == "__main__":
    for path in PAGES:
        path.write_text(as_printed(path.read_text(encoding="utf-8")), encoding="utf-8")
