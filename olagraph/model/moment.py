"""Moments as people write them, and as they are written back: ISO 8601, in UTC."""

import re
from datetime import UTC, datetime

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def parse_moment(text: str) -> datetime:
    """The moment that `text` spells, in UTC: `2026-12-01T09:00:00Z`, `2026-12-01 10:00+01:00`.

    Raises:
        ValueError: not a moment, one without a time zone, or one beyond the calendar.
    """
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a moment such as 2026-12-01T09:00:00Z")
    if match[1] is None:
        raise ValueError(f"{text!r} says no time zone: Z at its end for UTC, or an offset such as +01:00")
    try:
        return datetime.fromisoformat(match[0]).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is not a moment: {error}") from None


def moment_text(moment: datetime) -> str:
    """`2026-12-01T09:00:00Z`, with fractions of a second only where there are any.

    Args:
        moment: with a time zone.
    """
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat()
    return f"{text.rstrip('0') if '.' in text else text}Z"
