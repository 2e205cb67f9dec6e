"""The GraphQL schema: its types, and every query. `SCHEMA` is all of it, with mutations and subscriptions."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from olagraph_api.schema.build import SCHEMA

__all__ = ["SCHEMA"]


def __getattr__(name: str) -> object:
    # Mutations and subscriptions need the types in this package, so what needs them all is made when it is asked for.
    if name == "SCHEMA":
        from olagraph_api.schema.build import SCHEMA

        return SCHEMA
    raise AttributeError(name)
