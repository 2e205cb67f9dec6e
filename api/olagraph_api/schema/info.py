"""What resolvers are told of the operation that they answer."""

from typing import TypeAlias

import strawberry

from olagraph_api.context import Context

Info: TypeAlias = strawberry.Info[Context, None]
"""`info.context` says who asks, when, and gives the portfolios as they are."""
