"""What a Java process printed, in one line."""

import re

_CAUSE = "Caused by: "
_CLASSES = re.compile(r"^(?:[\w$]+(?:\.[\w$]+)+: )+")
_STAMP = re.compile(r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\S* (?:INFO|WARN|ERROR)\s+")
_TRACE = re.compile(r"^\s+(?:at |\.\.\. )")
_LONGEST = 300


def summary(printed: str) -> str:
    """The innermost cause of a Java exception, else the last lines; without time stamps and names of classes."""
    lines = [
        _STAMP.sub("", line).strip()
        for line in printed.splitlines()
        if line.strip() and not _TRACE.match(line)
    ]
    causes = [line.removeprefix(_CAUSE) for line in lines if line.startswith(_CAUSE)]
    told = causes[-1:] or lines[-3:]
    text = "; ".join(_CLASSES.sub("", line).rstrip(".") for line in told) or "it printed nothing"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
