"""What operators and their machines ask: whether the process is up, whether it is ready, and its metrics."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from olagraph_api.desk import Desk
from olagraph_api.security.principals import EVERY_PORTFOLIO
from olagraph_api.snapshots import Snapshots

_EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"


def health_routes(desk: Desk, snapshots: Snapshots) -> list[BaseRoute]:
    """/healthz, /readyz and /metrics."""

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "up"})

    async def readyz(_request: Request) -> Response:
        answers, loaded = snapshots.store_answers, snapshots.is_loaded
        told = {
            "ready": answers and loaded,
            "store": "answers" if answers else "does not answer: what is known of it is served",
            "portfolios": "read" if loaded else "being read",
        }
        return JSONResponse(told, 200 if told["ready"] else 503)

    async def metrics(request: Request) -> Response:
        # They name portfolios.
        if EVERY_PORTFOLIO not in (await desk.login(request)).principal.portfolios:
            raise HTTPException(403, "metrics take a grant of every portfolio")
        return Response(desk.metrics.exposition(), media_type=_EXPOSITION)

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]
