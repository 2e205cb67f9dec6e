"""Requests that are not executed."""

from collections.abc import Sequence

from graphql import GraphQLError

from olagraph_api.limits import Code


class RequestRefusedError(Exception):
    """A request that is not executed: its answer has errors and no data.

    Attributes:
        errors: each with a code.
    """

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = tuple(errors)


def with_code(error: GraphQLError, code: Code) -> GraphQLError:
    """The error with a code, unless it has one."""
    if not (error.extensions or {}).get("code"):
        error.extensions = {**(error.extensions or {}), "code": code.value}
    return error
