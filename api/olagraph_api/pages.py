"""The web interface as it was built: its pages, what they load, and what is shown where it was not built."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

GRAPHIQL = "/graphiql/"
"""Where GraphiQL is."""

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_SMALL = 1_000

_NOT_BUILT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>olagraph</title>
<h1>olagraph</h1>
<p>The web interface was not built into this installation. The API is here all the same, at <code>/graphql</code>.</p>
</html>
"""


class _Hashed(StaticFiles):
    """Files whose names change with their content."""

    def file_response(self, *arguments: object, **named: object) -> Response:
        """The file, to be kept for ever."""
        response = super().file_response(*arguments, **named)  # type: ignore[arg-type]
        response.headers["cache-control"] = _FOR_EVER
        return response


def page_routes(folder: Path) -> list[BaseRoute]:
    """The routes of the web interface; they take every address that nothing else took, so they come last.

    Args:
        folder: with index.html, assets/ and graphiql/; it need not be there.
    """
    page, graphiql, assets = folder / "index.html", folder / "graphiql" / "index.html", folder / "assets"

    async def show_graphiql(_request: Request) -> Response:
        return _page(graphiql)

    async def show(request: Request) -> Response:
        named = request.path_params["path"]
        file = next((file for file in _files(folder) if file.name == named), None)
        if file is not None:
            return FileResponse(file, headers={"cache-control": _ASK_AGAIN})
        # The page's own addresses: what it shows there it finds out itself.
        if not named or "text/html" in request.headers.get("accept", ""):
            return _page(page)
        raise HTTPException(404)

    loaded = [Mount("/assets", GZipMiddleware(_Hashed(directory=assets), _SMALL))] if assets.is_dir() else []
    return [
        *loaded,
        Route(GRAPHIQL, show_graphiql),
        Route(GRAPHIQL.rstrip("/"), lambda _request: RedirectResponse(GRAPHIQL, 301)),
        Route("/{path:path}", show),
    ]


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.iterdir() if file.is_file()] if folder.is_dir() else []


def _page(file: Path) -> Response:
    if not file.is_file():
        return HTMLResponse(_NOT_BUILT)
    return FileResponse(file, headers={"cache-control": _ASK_AGAIN})
