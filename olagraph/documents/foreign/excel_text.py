"""Text in the cells of workbooks: what XML cannot hold is spelled `_xHHHH_`, as is a `_` that would look like it."""

import re

_SPELLED = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_(?=x[0-9A-Fa-f]{4}_)")
_SPELLING = re.compile("_x([0-9A-Fa-f]{4})_")


def escaped(text: str) -> str:
    """Text as Excel saves it."""
    return _SPELLED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescaped(saved: str) -> str:
    """The text that Excel has saved."""
    return _SPELLING.sub(lambda found: chr(int(found[1], 16)), saved)
