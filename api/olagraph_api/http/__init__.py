"""GraphQL over HTTP, WebSocket and server-sent events: `graphql_router` serves a Strawberry schema with FastAPI."""

from olagraph_api.http.router import ContextGetter, graphql_router

__all__ = ["ContextGetter", "graphql_router"]
