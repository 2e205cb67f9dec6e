"""The time that the tests of the application have."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
