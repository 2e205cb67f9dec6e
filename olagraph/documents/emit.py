"""Plain values (text, Decimal, int, bool, None, lists, dicts) -> YAML or JSON text that reads as the same."""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from decimal import Decimal

from olagraph.documents.tree import spelled

_WIDTH = 100
_INDENT = 2

# Text that needs no quotes in YAML, block or flow: no indicators, no spaces at the ends, no colon but before
# a letter or a slash.
_PLAIN = re.compile(r"[^\W_](?:[\w./%+@=~§()-]|:(?=[^\W\d]|/)| (?=[\w./(§-]))*")
# What YAML 1.1 makes of plain text that YAML 1.2 leaves alone: other tools should read what we read.
_YAML_1_1 = re.compile(
    r"y|yes|n|no|on|off|true|false|null|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[-+]?[0-9][0-9_,]*(?:\.[0-9_]*)?"
    r"|0b[01_]+|0x[0-9a-f_]+",
    re.ASCII | re.IGNORECASE,
)
_ESCAPED = re.compile("[\x7f-\x9f\u00ad\u2028\u2029\ufeff]")


def emit_yaml(document: Mapping[str, object]) -> str:
    """A YAML document in block style, with what is short on one line."""
    lines: list[str] = []
    for key, value in document.items():
        _block(f"{_text(key)}:", value, indent=0, lines=lines, top=True)
    return "\n".join(lines) + "\n"


def emit_json(document: Mapping[str, object]) -> str:
    """A JSON document, two spaces a level, numbers exact."""
    return _json(document, 0) + "\n"


def one_line(value: object) -> str:
    """A plain value as YAML on one line."""
    text = _flow(value, sys.maxsize)
    assert text is not None, "any line is short enough"
    return text


def _block(head: str, value: object, *, indent: int, lines: list[str], top: bool = False) -> None:
    """Append `head` (a key, or a list item's dash) with its value below or beside it."""
    room = _WIDTH - indent - len(head) - 1
    opened = top or (head == "-" and isinstance(value, Mapping) and len(value) == 1)  # - availability: 99.9%
    one_line = None if opened and isinstance(value, list | dict) and value else _flow(value, room)
    if one_line is not None:
        lines.append(f"{' ' * indent}{head} {one_line}")
        return
    inner = indent + _INDENT
    start = len(lines)
    if isinstance(value, Mapping):
        for key, item in value.items():
            _block(f"{_text(str(key))}:", item, indent=inner, lines=lines)
    elif isinstance(value, list | tuple):
        for item in value:
            _block("-", item, indent=inner, lines=lines)
    else:
        lines.append(f"{' ' * indent}{head} {_scalar(value)}")
        return
    if head == "-":  # the first key or item stands beside the dash
        lines[start] = f"{' ' * indent}- {lines[start].lstrip(' ')}"
    else:
        lines.insert(start, f"{' ' * indent}{head}")


def _flow(value: object, room: int) -> str | None:
    """`value` on one line of at most `room` characters; None if it is longer."""
    if isinstance(value, Mapping):
        parts: Iterable[tuple[str, object]] = ((f"{_text(str(key))}: ", item) for key, item in value.items())
        brackets = "{}"
    elif isinstance(value, list | tuple):
        parts, brackets = (("", item) for item in value), "[]"
    else:
        text = _scalar(value)
        return text if len(text) <= room else None
    pieces: list[str] = []
    room -= 2
    for head, item in parts:
        flow = _flow(item, room - len(head))
        if flow is None:
            return None
        pieces.append(head + flow)
        room -= len(head) + len(flow) + 2
    return brackets[0] + ", ".join(pieces) + brackets[1] if room >= -2 else None


def _scalar(value: object) -> str:
    return _text(value) if isinstance(value, str) else _not_text(value)


def _not_text(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f") if abs(value.adjusted()) < 16 else str(value)
    if isinstance(value, int):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a portfolio file")


def _text(text: str) -> str:
    """Text in YAML: plain where any YAML reads it as this text, else in double quotes."""
    if _PLAIN.fullmatch(text) and not _YAML_1_1.fullmatch(text) and _spells_itself(text):
        return text
    return _quoted(text)


def _spells_itself(text: str) -> bool:
    try:
        return spelled(text) == text
    except ValueError:
        return False


def _quoted(text: str) -> str:
    """Text in double quotes as both YAML and JSON read it."""
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def _json(value: object, indent: int) -> str:
    inner = "\n" + " " * (indent + _INDENT)
    outer = "\n" + " " * indent
    if isinstance(value, Mapping):
        parts = [f"{_quoted(str(key))}: {_json(item, indent + _INDENT)}" for key, item in value.items()]
        return "{" + inner + ("," + inner).join(parts) + outer + "}" if parts else "{}"
    if isinstance(value, list | tuple):
        parts = [_json(item, indent + _INDENT) for item in value]
        return "[" + inner + ("," + inner).join(parts) + outer + "]" if parts else "[]"
    return _quoted(value) if isinstance(value, str) else _not_text(value)
