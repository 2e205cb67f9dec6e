"""Refusals with a code that clients can rely on."""

from enum import StrEnum

from graphql import GraphQLError, Node


class Code(StrEnum):
    """`extensions.code` of an error; a code keeps its meaning from release to release.

    The first six, UNAUTHENTICATED and FORBIDDEN are the names that GraphQL servers share; the others are ours.
    """

    BAD_REQUEST = "BAD_REQUEST"
    PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    UNKNOWN_OPERATION = "OPERATION_RESOLUTION_FAILURE"
    INTERNAL = "INTERNAL"

    DOCUMENT_TOO_LARGE = "DOCUMENT_TOO_LARGE"
    INPUT_TOO_LARGE = "INPUT_TOO_LARGE"
    COST_TOO_HIGH = "COST_TOO_HIGH"
    ANSWER_TOO_LARGE = "ANSWER_TOO_LARGE"
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    TOO_MANY_SUBSCRIPTIONS = "TOO_MANY_SUBSCRIPTIONS"

    UNKNOWN_PORTFOLIO = "UNKNOWN_PORTFOLIO"
    FORBIDDEN = "FORBIDDEN"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    RATE_LIMITED = "RATE_LIMITED"
    CUT_OFF = "CUT_OFF"
    BEING_READ = "BEING_READ"
    BEING_COMPUTED = "BEING_COMPUTED"
    STORE_UNAVAILABLE = "STORE_UNAVAILABLE"


def refusal(message: str, code: Code, *, node: Node | None = None, **details: object) -> GraphQLError:
    """The error that refuses a request.

    Args:
        message: what was refused, and what would be accepted.
        code: what clients branch on.
        node: the place in the document.
        details: further `extensions`: numbers that belong to the message.
    """
    return GraphQLError(message, node, extensions={"code": code.value, **details})
