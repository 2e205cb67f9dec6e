"""The one place where the clock is read, and where the system is asked who is there."""

import getpass
from datetime import UTC, date, datetime


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day in UTC."""
    return now().date()


def user() -> str:
    """Who runs this, by the system's word; `unknown` where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container whose user has no name
        return "unknown"
