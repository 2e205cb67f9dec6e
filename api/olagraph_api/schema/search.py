"""Text as `search` compares it: case, width and ligatures make no difference."""

import unicodedata
from collections.abc import Iterable


def folded(text: str) -> str:
    """Text as it is compared."""
    return unicodedata.normalize("NFKC", text).casefold()


def folded_words(words: Iterable[str | None]) -> str:
    """What is searched: each on a line of its own, so that nothing is found across two of them."""
    return folded("\n".join(word for word in words if word))
