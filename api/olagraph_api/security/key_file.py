"""The file of API keys, and what `olagraph keys` does with it.

JSON, for its owner alone, replaced as a whole, so that a reader finds the old keys or the new ones; writers take turns,
as one that wrote back what it had read earlier would bring a revoked key to life.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from olagraph.documents.nearest import NearestNames
from olagraph.reports.visible import label as shown_label
from olagraph_api.security.api_keys import ApiKey, find_key, new_key
from olagraph_api.security.errors import AuthenticationUnavailable
from olagraph_api.security.principals import Principal, Role
from olagraph_api.security.strict_json import parse_object
from olagraph_api.security.watched_file import WatchedFile

VERSION = 1

_MOST_BYTES = 8 * 2**20
_LONGEST_WAIT_S = 10
_KEYS = TypeAdapter(tuple[ApiKey, ...])


class KeyFileError(Exception):
    """The file cannot be read or written, or what was asked makes no sense. Its text is one line."""


class KeyFile:
    """The keys of a file, for authentication: a change of the file counts at once."""

    def __init__(self, path: Path) -> None:
        self._file = WatchedFile(path, _parsed, most_bytes=_MOST_BYTES, private=True)

    def keys(self) -> Mapping[str, ApiKey]:
        """All keys by id, in the order in which they were made.

        Raises:
            KeyFileError: the file cannot be read.
        """
        try:
            return self._file.value()
        except FileNotFoundError:
            raise KeyFileError(
                f"there is no key file {self._file.path}; `olagraph keys create` makes it"
            ) from None
        except (OSError, ValueError) as error:
            raise KeyFileError(f"cannot read the key file {self._file.path}: {_cause(error)}") from None

    def authenticate(self, spelled: str, *, now: datetime) -> Principal:
        """Whose key this is.

        Raises:
            Unauthenticated: nobody's.
            AuthenticationUnavailable: the file cannot be read.
        """
        try:
            keys = self.keys()
        except KeyFileError as error:
            raise AuthenticationUnavailable(str(error)) from None
        return find_key(keys, spelled, now=now).principal()


def create_key(
    path: Path,
    *,
    role: Role,
    portfolios: Iterable[str],
    label: str,
    now: datetime,
    expires: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key, and the file if there is none.

    Args:
        portfolios: ids; EVERY_PORTFOLIO grants all.
        label: whose it is or what for, 1 to 200 characters.
        expires: with a time zone, after `now`; None = never.

    Returns:
        What is kept, and the key itself, which cannot be had again.

    Raises:
        KeyFileError: an argument makes no sense, or the file cannot be read or written.
    """
    granted = frozenset(portfolios)
    if not granted:
        raise KeyFileError("a key takes a portfolio, or * for all: without one it opens nothing")
    if not label.strip() or len(label) > 200:
        raise KeyFileError("a key takes a label of 1 to 200 characters: whose it is, or what for")
    if any(not portfolio or len(portfolio) > 200 for portfolio in granted):
        raise KeyFileError("the id of a portfolio has 1 to 200 characters")
    if expires is not None and expires <= now:
        raise KeyFileError(f"the key would expire at {expires.isoformat()}, which is past; name a later time")
    key, spelled = new_key(role=role, portfolios=granted, label=label, created=now, expires=expires)
    _change(path, lambda keys: {**keys, key.id: key}, create=True)
    return key, spelled


def list_keys(path: Path) -> tuple[ApiKey, ...]:
    """All keys, revoked and expired ones too, in the order in which they were made.

    Raises:
        KeyFileError: the file cannot be read.
    """
    return tuple(KeyFile(path).keys().values())


def revoke_key(path: Path, id_: str, *, now: datetime) -> ApiKey:
    """Revoke a key for good, and return what is kept of it. To revoke it again changes nothing.

    Raises:
        KeyFileError: there is no such key, or the file cannot be read or written.
    """

    def revoked(keys: Mapping[str, ApiKey]) -> Mapping[str, ApiKey]:
        key = keys.get(id_)
        if key is None:
            nearest = NearestNames().find(id_, keys, what="key")
            remedy = f"did you mean {nearest}?" if nearest else "`olagraph keys list` lists them"
            raise KeyFileError(f"there is no key {shown_label(id_)!r} in {path}; {remedy}")
        return keys if key.revoked is not None else {**keys, id_: replace(key, revoked=now)}

    return _change(path, revoked, create=False)[id_]


def _parsed(content: bytes) -> Mapping[str, ApiKey]:
    document = parse_object(content)
    if document.get("olagraph_keys") != VERSION or set(document) != {"olagraph_keys", "keys"}:
        raise ValueError(f'it is no key file: expected {{"olagraph_keys": {VERSION}, "keys": […]}}')
    keys = _KEYS.validate_json(json.dumps(document["keys"]))
    by_id = {key.id: key for key in keys}
    if len(by_id) != len(keys):
        raise ValueError("two keys have one id")
    return MappingProxyType(by_id)


def _change(
    path: Path, change: Callable[[Mapping[str, ApiKey]], Mapping[str, ApiKey]], *, create: bool
) -> Mapping[str, ApiKey]:
    path = path.resolve()  # a link stays a link: what it leads to is replaced
    if not path.parent.is_dir():
        raise KeyFileError(
            f"cannot write the key file {path}: there is no folder {path.parent}; make it first"
        )
    try:
        with FileLock(path.with_name(f"{path.name}.lock"), timeout=_LONGEST_WAIT_S):
            keys = change({} if create and not path.exists() else KeyFile(path).keys())
            _replace(path, keys)
    except Timeout:
        raise KeyFileError(
            f"cannot write the key file {path}: somebody else has been writing it for {_LONGEST_WAIT_S} s"
        ) from None
    except OSError as error:
        raise KeyFileError(f"cannot write the key file {path}: {_cause(error)}") from None
    return keys


def _replace(path: Path, keys: Mapping[str, ApiKey]) -> None:
    document = {"olagraph_keys": VERSION, "keys": _KEYS.dump_python(tuple(keys.values()), mode="json")}
    for key in document["keys"]:
        key["portfolios"].sort()
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # of mode 0600
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps(document, indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _cause(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return f"keys[{'.'.join(map(str, first['loc']))}]: {first['msg']}"
    return " ".join(str(error).split())
