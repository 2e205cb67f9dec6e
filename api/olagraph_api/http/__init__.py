"""GraphQL over HTTP, WebSocket and server-sent events: `graphql_router` serves a Strawberry schema with FastAPI."""

from olagraph_api.http.router import graphql_router
from olagraph_api.http.scopes import Begin, Clients, Scope

__all__ = ["Begin", "Clients", "Scope", "graphql_router"]
