"""What clients are told who ask for what is not there, or cannot be."""

from collections.abc import Iterator
from contextlib import contextmanager

from olagraph.analysis.names import UnknownName
from olagraph_api.limits import Code, refusal


@contextmanager
def refusing(*, values: bool = False) -> Iterator[None]:
    """Turn what the analysis refuses into errors for clients.

    Args:
        values: any ValueError as well, where those are about what the client sent.

    Raises:
        GraphQLError: BAD_USER_INPUT; of names that nobody has, `unknown` in its extensions lists kind, name and the
            nearest names.
    """
    try:
        yield
    except UnknownName as error:
        unknown = [{"kind": one.kind, "name": one.name, "nearest": list(one.nearest)} for one in error.each]
        raise refusal(str(error), Code.BAD_USER_INPUT, unknown=unknown) from None
    except ValueError as error:
        if not values:
            raise
        raise refusal(str(error), Code.BAD_USER_INPUT) from None
