"""What becomes of a query that needs what is not there yet: it ends, is awaited without a thread, and runs afresh.

So a hundred queries that wait for an assessment hold up nobody: the threads stay free for those that need none.
"""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from graphql import GraphQLError

from olagraph_api.limits import Code, refusal

_REPEATED: ContextVar[bool] = ContextVar("repeated", default=False)


class Unready(BaseException):
    """A query needs what is still being read or computed.

    Not an `Exception`: the executor turns those into one error a field and carries on, which is what must not happen.

    Attributes:
        ready: done when it is there; its result is for the context of the next attempt.
        refusal: the error for a client whose time is up before that.
    """

    def __init__(self, ready: "Future[Any]", refusal: GraphQLError) -> None:
        super().__init__(refusal.message)
        self.ready = ready
        self.refusal = refusal


@contextmanager
def repeated() -> Iterator[None]:
    """What runs inside is run again after an `Unready`; elsewhere, whoever needs something waits where he is."""
    token = _REPEATED.set(True)
    try:
        yield
    finally:
        _REPEATED.reset(token)


def is_repeated() -> bool:
    """Whether the caller is run again after an `Unready`."""
    return _REPEATED.get()


def being_computed(what: str) -> GraphQLError:
    """The refusal of what is not computed yet."""
    return refusal(f"The {what} is being computed: ask again in a while", Code.BEING_COMPUTED)


def being_read(what: str) -> GraphQLError:
    """The refusal of what is not read yet."""
    message = f"The {what} is being read: ask again in a while"
    return refusal(message, Code.BEING_READ)
