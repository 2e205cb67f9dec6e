"""JSON as sent by clients: strictly."""

import json

import orjson


class NotJsonError(ValueError):
    """Text that is no JSON, or ambiguous."""


def decode(text: bytes | str) -> object:
    """The value of a JSON text.

    Raises:
        NotJsonError: invalid JSON or UTF-8, a number out of range, half a surrogate pair, nested too deeply, or an
            object that names a member twice (of which readers before us may have seen the other).
    """
    try:
        orjson.loads(text)
        # Only the standard library shows repeated names, and only orjson is strict about all else.
        return json.loads(text, object_pairs_hook=_unique)
    except NotJsonError:
        raise
    except (ValueError, RecursionError):
        raise NotJsonError("not valid JSON") from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise NotJsonError(f"the name {json.dumps(repeated[:50])} appears twice in one object")
    return members
