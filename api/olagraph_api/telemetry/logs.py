"""Lines of a log: JSON for machines, short ones for people."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TextIO

from olagraph.reports.visible import visible
from olagraph_api.telemetry.request_ids import current_request_id

_LONGEST_TEXT = 10_000


class LogFormat(StrEnum):
    """How lines are written; AUTO: for people on a terminal, else for machines."""

    AUTO = "auto"
    JSON = "json"
    TEXT = "text"


def set_up_logs(format_: LogFormat, *, quiet: bool = False, stream: TextIO | None = None) -> None:
    """Have all loggers write to a stream, standard error if none is given.

    Args:
        quiet: only what is wrong.
    """
    stream = stream or sys.stderr
    for_people = format_ is LogFormat.TEXT or (format_ is LogFormat.AUTO and stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(TextLines() if for_people else JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING if quiet else logging.INFO, force=True)
    # What it says of itself is said by us, in one line.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)


class JsonLines(logging.Formatter):
    """One object of JSON a record, in ASCII: what every record has, and what `extra["fields"]` adds to it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told: dict[str, Any] = {
            "at": _at(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _short(record.getMessage()),
            "request": current_request_id(),
            **_fields(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            told["error"] = _short("".join(traceback.format_exception(record.exc_info[1])))
        kept = {name: value for name, value in told.items() if value is not None}
        return json.dumps(kept, ensure_ascii=True, separators=(",", ":"), default=str)


class TextLines(logging.Formatter):
    """A line for people; whatever steers terminals is spelled out."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and below it the traceback of an error."""
        parts = [f"{_at(record):%H:%M:%S}", f"{record.levelname.lower():7}", visible(record.getMessage())]
        parts += [
            f"{name}={visible(str(value))}" for name, value in _fields(record).items() if value is not None
        ]
        if (request := current_request_id()) is not None:
            parts.append(f"[{request}]")
        line = " ".join(parts)
        if record.exc_info and record.exc_info[1] is not None:
            line += "\n" + "".join(traceback.format_exception(record.exc_info[1])).rstrip()
        return line


def _at(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = getattr(record, "fields", {})
    return fields


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
