"""A small file that is read again as soon as it has changed."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")

_Stamp = tuple[int, int, int, int, int]


class WatchedFile(Generic[T]):
    """What a file says, parsed once per version of it.

    Each look costs one `stat`, so a change counts at once: a revoked key must not live on in a cache. A file
    that has become unreadable is an error at every look; what it said before is forgotten.
    """

    def __init__(
        self, path: Path, parse: Callable[[bytes], T], *, most_bytes: int, private: bool = False
    ) -> None:
        """Watch `path`, which need not exist yet.

        Args:
            parse: bytes -> value; raises ValueError.
            most_bytes: a larger file is refused.
            private: refuse a file that others than its owner may write.
        """
        self.path = path
        self._parse = parse
        self._most_bytes = most_bytes
        self._private = private
        self._known: tuple[_Stamp, T] | None = None

    def value(self) -> T:
        """What the file says now.

        Raises:
            OSError: it cannot be read.
            ValueError: it is too large, others may write it, or it does not parse.
        """
        known = self._known
        if known is not None and known[0] == _stamp(os.stat(self.path)):
            return known[1]
        self._known = None
        with open(self.path, "rb") as file:
            found = os.fstat(file.fileno())
            if self._private and os.name == "posix" and found.st_mode & 0o022:
                raise ValueError("others than its owner may write it; chmod 600 mends that")
            content = file.read(self._most_bytes + 1)
        if len(content) > self._most_bytes:
            raise ValueError(f"it is larger than {self._most_bytes:,} bytes")
        value = self._parse(content)
        self._known = (_stamp(found), value)
        return value


def _stamp(found: os.stat_result) -> _Stamp:
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
