"""Text of others made fit to show: nothing hidden, nothing that moves a cursor or turns the reading round."""

import re

# Controls (C0, DEL, C1), soft hyphen, fillers, zero-width and bidirectional marks, line and paragraph
# separators, annotations, surrogates, non-characters, tags. The joiners U+200C, U+200D stay: words need them.
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff"
    "\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SPACES = re.compile(r"[\t\n\r\f\v ]+")
_LONGEST = 80


def _spelled(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def visible(text: str) -> str:
    """`text` on one line, every hidden character spelled out (`\\x1b`, `\\u202e`)."""
    return HIDDEN.sub(_spelled, _SPACES.sub(" ", text)).strip()


def label(text: str) -> str:
    """A name or an id of others, visible and of bearable length."""
    shown = visible(text)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
