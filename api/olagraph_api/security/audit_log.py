"""The audit log's file: lines are handed over at once, and a thread of its own appends them.

The file is opened anew when it was moved or removed, so the system's log rotation needs no signal.
"""

import logging
import os
import queue
import threading
from pathlib import Path

from olagraph_api.security.audit import AuditRecord, audit_line
from olagraph_api.security.settings import AuditSettings

_log = logging.getLogger(__name__)

_MOST_WAITING = 5_000
_MOST_AT_ONCE = 1_000
_LONGEST_FAREWELL_S = 5.0


class AuditLog:
    """Appends records to a file. `write` never waits: where the disk does not keep up, lines are lost and counted."""

    def __init__(self, settings: AuditSettings, *, most_waiting: int = _MOST_WAITING) -> None:
        """Open the file, for its owner alone if it is new, and start the thread.

        Raises:
            OSError: the file cannot be opened.
        """
        self._path = settings.file
        self._values = settings.variables
        self._waiting: queue.Queue[bytes | None] = queue.Queue(most_waiting)
        self._counting = threading.Lock()
        self._lost = 0
        self._descriptor = _opened(self._path)
        self._thread = threading.Thread(target=self._run, name="audit log", daemon=True)
        self._thread.start()

    @property
    def lost(self) -> int:
        """How many records could not be written so far."""
        return self._lost

    def write(self, record: AuditRecord) -> None:
        """Hand a record over."""
        try:
            self._waiting.put_nowait(audit_line(record, values=self._values))
        except queue.Full:
            self._lose(1, "the disk does not keep up")

    def close(self) -> None:
        """Write what waits, for a few seconds at most, and close the file."""
        try:
            self._waiting.put(None, timeout=_LONGEST_FAREWELL_S)
        except queue.Full:
            return
        self._thread.join(_LONGEST_FAREWELL_S)

    def _run(self) -> None:
        going = True
        while going:
            lines = [self._waiting.get()]
            while len(lines) < _MOST_AT_ONCE and not self._waiting.empty():
                lines.append(self._waiting.get_nowait())  # nobody else takes
            going = None not in lines
            self._append([line for line in lines if line is not None])
        os.close(self._descriptor)

    def _append(self, lines: list[bytes]) -> None:
        content = memoryview(b"".join(lines))
        try:
            self._reopen_if_moved()
            while content:
                content = content[os.write(self._descriptor, content) :]
        except OSError as error:
            self._lose(bytes(content).count(b"\n"), error.strerror or str(error))

    def _reopen_if_moved(self) -> None:
        try:
            same = os.path.samestat(os.stat(self._path), os.fstat(self._descriptor))
        except FileNotFoundError:
            same = False
        if not same:
            former, self._descriptor = self._descriptor, _opened(self._path)
            os.close(former)

    def _lose(self, records: int, cause: str) -> None:
        with self._counting:
            first, self._lost = self._lost == 0, self._lost + records
        if first:  # once: the log of the server must not flood where the audit log does not get through
            _log.error("the audit log %s loses records: %s", self._path, cause)


def _opened(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
