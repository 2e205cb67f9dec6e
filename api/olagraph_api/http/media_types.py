"""Content negotiation: which media type an answer has, and which a body."""

from collections.abc import Iterator
from email.message import Message

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
EVENTS = "text/event-stream"

# The one that a client gets who leaves the choice to us comes first.
_OFFERED = (JSON, GRAPHQL, EVENTS)


def acceptable(accept: str | None) -> str | None:
    """The media type to answer in; None where the client accepts none of ours.

    A client names GRAPHQL or EVENTS to get it: wildcards, and no Accept at all, mean JSON.
    """
    if not accept:
        return JSON
    qualities = dict(_ranges(accept))

    def quality(offered: str) -> tuple[float, bool]:
        wildcards = [f"{offered.partition('/')[0]}/*", "*/*"]
        matching = next((each for each in [offered, *wildcards] if each in qualities), None)
        return (qualities[matching], matching == offered) if matching else (0.0, False)

    best = max(_OFFERED, key=lambda offered: (*quality(offered), offered == GRAPHQL))
    value, named = quality(best)
    return (best if named else JSON) if value > 0 else None


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = float(parameter.removeprefix("q="))
                except ValueError:
                    quality = 0.0
        yield name, quality


def is_json(content_type: str | None) -> bool:
    """Whether a body of this content type is JSON in UTF-8: anything else is refused, what HTML forms send first."""
    if not content_type:
        return False
    message = Message()
    message["content-type"] = content_type
    charset = message.get_param("charset")
    return message.get_content_type() == JSON and (
        charset is None or (isinstance(charset, str) and charset.lower() in ("utf-8", "utf8"))
    )
