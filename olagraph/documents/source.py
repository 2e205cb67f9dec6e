"""Where a portfolio comes from: a file, a directory, standard input, or text in memory."""

import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, NamedTuple

from olagraph.documents.collector import collector_paused
from olagraph.documents.faults import Fault
from olagraph.documents.json_tree import parse_json
from olagraph.documents.portfolios import Document, read_portfolio
from olagraph.documents.reading import Kind, Reading
from olagraph.documents.tree import Limits, Node, UnparsableError
from olagraph.documents.yaml_tree import parse_yaml
from olagraph.model.entities import Portfolio

STANDARD_INPUT = "-"
SUFFIXES = (".yaml", ".yml", ".json")

_DEFAULT_LIMITS = Limits()
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


class _File(NamedTuple):
    """The content of one file, under the name the user knows it by."""

    name: str
    content: bytes | str


def load(
    *sources: str | Path | IO[str] | IO[bytes],
    stdin: IO[bytes] | None = None,
    limits: Limits = _DEFAULT_LIMITS,
) -> Portfolio:
    """The one portfolio that files, directories and streams hold together.

    Args:
        sources: each a file; a directory, whose `*.yaml`, `*.yml` and `*.json` are read sorted by name, not
            recursively; `-` for standard input; or an open stream of text or bytes.
        stdin: what `-` reads; the process's own by default.
        limits: how much the files may ask for.

    Raises:
        InvalidPortfolio: with everything that is wrong, unreadable files included; nothing is half-loaded.
    """
    reading = Reading()
    with collector_paused():
        documents = parsed_documents(sources, stdin=stdin, limits=limits, reading=reading)
        return read_portfolio(documents, reading)


def parsed_documents(
    sources: Iterable[str | Path | IO[str] | IO[bytes]],
    *,
    stdin: IO[bytes] | None = None,
    limits: Limits = _DEFAULT_LIMITS,
    reading: Reading,
) -> list[Document]:
    """The documents in files, directories and streams, as in `load`; those that are none are recorded."""
    files = (_files(source, stdin=stdin, limits=limits, reading=reading) for source in sources)
    return _documents(chain.from_iterable(files), reading=reading, limits=limits)


def load_text(text: str, name: str, *, limits: Limits = _DEFAULT_LIMITS) -> Portfolio:
    """The portfolio that `text` spells, in YAML or JSON.

    Args:
        text: one document.
        name: the file's name in faults; `.json` at its end asks for JSON.
        limits: how much the text may ask for.

    Raises:
        InvalidPortfolio: with everything that is wrong; nothing is half-loaded.
    """
    reading = Reading()
    with collector_paused():
        return read_portfolio(_documents([_File(name, text)], reading=reading, limits=limits), reading)


def _documents(files: Iterable[_File], *, reading: Reading, limits: Limits) -> list[Document]:
    """The files that can be parsed; what is wrong with the others is recorded."""
    documents: list[Document] = []
    room = limits.size
    for file in files:
        reading.files.append(file.name)
        room -= len(file.content)
        try:
            documents.append(Document(file.name, _parsed(file, room=room, limits=limits)))
        except UnparsableError as error:
            reading.unparsable(error, file=file.name)
            reading.unreadable.update(Kind)
    return documents


def _parsed(file: _File, *, room: int, limits: Limits) -> Node:
    if room < 0:
        raise UnparsableError(
            f"more than {limits.size} bytes in all", line=1, column=1, expected="a smaller portfolio"
        )
    text = file.content if isinstance(file.content, str) else _decoded(file.content)
    text = text.removeprefix("\ufeff")
    if file.name.endswith(".json"):
        return parse_json(text, limits=limits)
    if text.lstrip().startswith("{"):
        # JSON under another name, or without one: libyaml does not take all of it (tabs, surrogate pairs).
        try:
            return parse_json(text, limits=limits)
        except UnparsableError:
            return parse_yaml(text, limits=limits)
    return parse_yaml(text, limits=limits)


def _decoded(content: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            raise UnparsableError(
                f"not UTF-8 but {encoding}, by its first bytes", line=1, column=1, expected="UTF-8"
            )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        start = content.rfind(b"\n", 0, error.start) + 1
        column = len(content[start : error.start].decode("utf-8")) + 1
        found = f"not UTF-8: byte 0x{content[error.start]:02X} at offset {error.start}"
        raise UnparsableError(found, line=line, column=column, expected="a file saved as UTF-8") from None


def _files(
    source: str | Path | IO[str] | IO[bytes], *, stdin: IO[bytes] | None, limits: Limits, reading: Reading
) -> Iterator[_File]:
    """The files of a source, one by one; those that cannot be read are recorded."""
    if isinstance(source, str | Path) and str(source) == STANDARD_INPUT:
        yield _File("<stdin>", _read(stdin if stdin is not None else sys.stdin.buffer, limits))
        return
    if not isinstance(source, str | Path):
        stream = getattr(
            source, "buffer", source
        )  # the bytes below a stream of text: we say what is not UTF-8
        yield _File(str(getattr(source, "name", "<stream>")), _read(stream, limits))
        return
    path = Path(source)
    try:
        paths = _documents_in(path) if path.is_dir() else [path]
    except OSError as error:
        _unreadable(path, error, reading)
        return
    if not paths:
        reading.faults.append(
            Fault(
                file=str(source),
                found="a directory without documents",
                expected=f"files named *{', *'.join(SUFFIXES)}",
            )
        )
    for path in paths:
        try:
            with path.open("rb") as file:
                content = _read(file, limits)
        except (OSError, ValueError) as error:  # a name that no file can have is a ValueError
            _unreadable(path, error, reading)
        else:
            yield _File(str(path), content)


def _documents_in(folder: Path) -> list[Path]:
    """The documents of a directory by name; editors' and other hidden files are none."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix in SUFFIXES and not path.name.startswith(".") and not path.is_dir()
    )


def _read(stream: IO[str] | IO[bytes], limits: Limits) -> bytes | str:
    """At most one byte more than the limit, which suffices to refuse it."""
    return stream.read(limits.size + 1)


def _unreadable(path: Path, error: OSError | ValueError, reading: Reading) -> None:
    reading.files.append(str(path))
    reason = getattr(error, "strerror", None) or error
    reading.faults.append(Fault(file=str(path), found=f"cannot be read: {reason}"))
    reading.unreadable.update(Kind)
