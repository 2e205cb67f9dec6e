"""Whether a store answers."""

import logging
from collections.abc import Callable
from datetime import datetime

from graphql import GraphQLError

from olagraph_api.limits import Code, refusal

_log = logging.getLogger(__name__)


class StoreState:
    """Whether a store answers; what becomes of queries is told here, and the log is told when that turns.

    Args:
        now: the time in UTC.
    """

    def __init__(self, address: str, now: Callable[[], datetime]) -> None:
        self._address = address
        self._now = now
        self._failing_since: datetime | None = None

    @property
    def is_failing(self) -> bool:
        """Whether the last that was heard is that it does not answer."""
        return self._failing_since is not None

    def failed(self, cause: object) -> None:
        """A query failed, or does not come back."""
        if self._failing_since is None:
            self._failing_since = self._now()
            _log.error("%s does not answer; what is known of it is served: %s", self._address, cause)

    def answered(self) -> None:
        """A query was answered."""
        since, self._failing_since = self._failing_since, None
        if since is not None:
            seconds = (self._now() - since).total_seconds()
            _log.warning("%s answers again, after %.1f s", self._address, seconds)


def store_unavailable() -> GraphQLError:
    """The refusal of what cannot be done without the store."""
    return refusal("The store does not answer just now: try again in a while", Code.STORE_UNAVAILABLE)
