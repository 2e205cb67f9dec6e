"""GraphQL requests as HTTP carries them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import ClientDisconnect, Request

from olagraph_api.http.media_types import is_json
from olagraph_api.http.strict_json import NotJsonError, decode
from olagraph_api.limits import Limits


class BadRequestError(Exception):
    """A request that is no GraphQL request, or too large or slow to be read.

    Attributes:
        status: of the answer.
    """

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """What a client asks for.

    Attributes:
        query: the document.
        operation_name: which of its operations; None where it has one.
        variables: as sent.
    """

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_members(cls, members: object) -> "GraphQLRequest":
        """From decoded JSON.

        Raises:
            BadRequestError: not an object with the members of a request; several requests in one are not served.
        """
        if isinstance(members, list):
            raise BadRequestError("One request at a time: batches are not served")
        if not isinstance(members, dict):
            raise BadRequestError("The request must be a JSON object")
        query = members.get("query")
        name = members.get("operationName")
        variables = members.get("variables")
        if not isinstance(query, str):
            raise BadRequestError("'query' must be a string")
        if name is not None and not isinstance(name, str):
            raise BadRequestError("'operationName' must be a string")
        if variables is not None and not isinstance(variables, dict):
            raise BadRequestError("'variables' must be an object")
        if not isinstance(members.get("extensions", {}), (dict, type(None))):
            raise BadRequestError("'extensions' must be an object")
        return cls(query, name, variables or {})


async def read_post(request: Request, limits: Limits) -> GraphQLRequest:
    """The request in the body of a POST.

    Raises:
        BadRequestError: no JSON, too large, or not there in time.
    """
    # The content type is also what keeps pages of other sites out: their forms cannot send it.
    if not is_json(request.headers.get("content-type")):
        raise BadRequestError("Send application/json in UTF-8", status=415)
    body = await read_body(request, most_bytes=limits.body_bytes, seconds=limits.body_seconds)
    try:
        return GraphQLRequest.from_members(decode(body))
    except NotJsonError as error:
        raise BadRequestError(f"The body is refused: {error}") from None


async def read_body(request: Request, *, most_bytes: int, seconds: float) -> bytes:
    """The body of a request.

    Args:
        most_bytes: that it may have.
        seconds: the time in which it must have arrived.

    Raises:
        BadRequestError: too large, compressed, or not there in time.
    """
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise BadRequestError("Send the body without compression", status=415)
    too_large = BadRequestError(f"The body is larger than {most_bytes} bytes", status=413)
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > most_bytes:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most_bytes:
                    raise too_large
    except TimeoutError:
        raise BadRequestError(f"The body did not arrive within {seconds:g} s", status=408) from None
    except ClientDisconnect:
        raise BadRequestError("The client went away") from None
    return bytes(body)


def read_get(request: Request, limits: Limits) -> GraphQLRequest:
    """The request in the parameters of a GET.

    Raises:
        BadRequestError: they are no request, or too large.
    """
    if len(request.scope["query_string"]) > limits.body_bytes:
        raise BadRequestError(f"The parameters are larger than {limits.body_bytes} bytes", status=414)
    parameters = request.query_params
    members: dict[str, object] = {}
    for name in ("query", "operationName", "variables", "extensions"):
        values = parameters.getlist(name)
        if len(values) > 1:
            raise BadRequestError(f"'{name}' is given {len(values)} times")
        if values and (values[0] or name == "query"):
            members[name] = values[0]
    for name in ("variables", "extensions"):
        if name in members:
            try:
                members[name] = decode(str(members[name]))
            except NotJsonError as error:
                raise BadRequestError(f"'{name}' is refused: {error}") from None
    return GraphQLRequest.from_members(members)
