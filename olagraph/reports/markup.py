"""Text of others made inert in Markdown, HTML and XML. All of it is made visible first."""

import re
from html import escape
from urllib.parse import urlsplit

from olagraph.reports.visible import visible

# What Markdown gives a meaning inside a line or a table cell; the rest has one at the start of a line only.
_MARKDOWN = re.compile(r"([\\`*_\[\]{}|~$!])")
# Mentions, references and addresses notify people or become links: a zero-width space breaks them.
_REFERENCE = re.compile(r"([@#!])(?=\w)|(:)(?=//)|(?<=www)(\.)", re.IGNORECASE)
_BREAK = "\u200b"


def markdown(text: str) -> str:
    """`text` as plain words inside a line or a table cell of Markdown."""
    broken = _REFERENCE.sub(lambda match: match[0] + _BREAK, visible(text))
    return _MARKDOWN.sub(r"\\\1", escape(broken, quote=False))


def html(text: str) -> str:
    """`text` as words inside an HTML element or a quoted attribute."""
    return escape(visible(text), quote=True)


def web_address(link: str | None) -> str | None:
    """`link` if it is a web address that one may follow, else None: a script is no address."""
    if link is None or visible(link) != link:
        return None
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    return link if parts.scheme in ("http", "https") and parts.netloc else None
