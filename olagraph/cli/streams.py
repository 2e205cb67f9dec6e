"""Where output goes: UTF-8 whatever the locale, files replaced as a whole, a closed pipe taken as the end."""

import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from olagraph.reports.layout import Layout

_LONG_WORK = 1.0
_WIDEST = 120


def speak_utf8() -> None:
    """Have both streams write UTF-8; what is no text (a lone surrogate) is spelled out.

    A stream that the caller has closed is opened on nothing, so that nobody need ask whether there is one.
    """
    sys.stdin = sys.stdin or _nothing("r")
    sys.stdout = sys.stdout or _nothing("w")
    sys.stderr = sys.stderr or _nothing("w")
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _nothing(mode: str) -> TextIOWrapper:
    """The null device, for as long as the process lives."""
    return TextIOWrapper(open(os.devnull, mode + "b"), encoding="utf-8")


def layout_for(output: str | None) -> Layout:
    """The terminal's width and colour if text goes to one; else 100 plain columns."""
    if output is not None or not sys.stdout.isatty():
        return Layout()
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return Layout(width=min(shutil.get_terminal_size().columns, _WIDEST), colour=not plain)


def write(content: str | bytes, output: str | None) -> None:
    """Write a text to standard output, or a text or bytes to the file `output` as a whole or not at all.

    Raises:
        OSError: the file cannot be written. A reader that closed the pipe is no error.
    """
    if output is None or output == "-":
        _write_out(content if isinstance(content, str) else content.decode())
        return
    if isinstance(content, str):
        content = content.encode("utf-8", errors="backslashreplace")
    named = Path(output)
    if named.exists() and not named.is_file() and not named.is_dir():
        # A device or a pipe: nothing to replace.
        named.write_bytes(content)
    else:
        _replace(Path(os.path.realpath(output)), content)


def _write_out(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is buffered still would be flushed at exit, into a pipe that nobody reads.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _replace(path: Path, content: bytes) -> None:
    """Write beside the file and move into its place, with the rights that it had or would have got."""
    if path.is_dir():
        raise IsADirectoryError(None, "it is a directory", str(path))
    descriptor, beside = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, _rights(path))
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def _rights(path: Path) -> int:
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


class Progress:
    """A line on a terminal that counts, once work has become long; wiped at the end.

    Args:
        stream: where it goes; nothing is written to what is not a terminal.
    """

    def __init__(self, stream: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._begun = clock()
        self._next = self._begun + _LONG_WORK
        self._shown = False

    def __enter__(self) -> "Progress":
        return self

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` targets are assessed."""
        now = self._clock()
        if now >= self._next and self._stream.isatty():
            self._stream.write(f"\r{done:,} of {total:,} targets assessed")
            self._stream.flush()
            self._shown, self._next = True, now + _LONG_WORK / 10

    def __exit__(self, *_: object) -> None:
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
