"""The application: GraphQL, imports, health and pages over one store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware

from olagraph.stores import Store
from olagraph_api.desk import Desk
from olagraph_api.health import health_routes
from olagraph_api.http import graphql_router
from olagraph_api.importing import import_router
from olagraph_api.operations import Operations
from olagraph_api.pages import GRAPHIQL, page_routes
from olagraph_api.schema import SCHEMA
from olagraph_api.security.middleware import security_middleware
from olagraph_api.settings import AppSettings
from olagraph_api.snapshots import Snapshots
from olagraph_api.telemetry.access_log import AccessLog
from olagraph_api.telemetry.failures import Failures
from olagraph_api.telemetry.metrics import Metrics
from olagraph_api.telemetry.request_ids import RequestIds


def create_app(store: Store, settings: AppSettings) -> FastAPI:
    """An application over a store, which stays the caller's to close once the application has shut down.

    Raises:
        KeyFileError: the key file cannot be read.
        OSError: the audit log cannot be opened.
    """
    metrics = Metrics()
    desk = Desk(settings, metrics)
    snapshots = Snapshots(store, now=settings.clock.now, observer=metrics)
    operations = Operations(desk, store=store, snapshots=snapshots)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        snapshots.start()
        yield
        await asyncio.to_thread(snapshots.close)
        await asyncio.to_thread(desk.close)

    tracing = [] if settings.tracing is None else [settings.tracing.middleware()]
    app = FastAPI(
        title="olagraph",
        openapi_url=None,  # GraphQL describes itself
        telemetry={
            "tracing": False,
            "metrics": False,
            "logs": False,
        },  # traces are ours, and only if asked for
        lifespan=lifespan,
        middleware=[
            *tracing,
            Middleware(RequestIds),
            Middleware(AccessLog),
            *security_middleware(settings.security),
            Middleware(Failures),
        ],
    )
    app.include_router(
        graphql_router(
            SCHEMA,
            clients=operations.clients,
            limits=settings.limits,
            origins=settings.security.allowed_origins,
            page=GRAPHIQL,
        )
    )
    app.include_router(import_router(desk, settings, store=store, snapshots=snapshots))
    app.router.routes.extend([*health_routes(desk, snapshots), *page_routes(settings.pages)])
    return app
