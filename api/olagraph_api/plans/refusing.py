"""Requests that are not executed."""

from collections.abc import Sequence

from graphql import GraphQLError

from olagraph_api.limits import Code


class RequestRefusedError(Exception):
    """A request that is not executed: its answer has errors and no data.

    Attributes:
        errors: each with a code.
        status: of the answer over HTTP; None where the media type decides.
    """

    def __init__(self, errors: Sequence[GraphQLError], *, status: int | None = None) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = tuple(errors)
        self.status = status


def with_code(error: GraphQLError, code: Code) -> GraphQLError:
    """The error with a code, unless it has one."""
    if not (error.extensions or {}).get("code"):
        error.extensions = {**(error.extensions or {}), "code": code.value}
    return error
