"""The endpoint for imports: of files larger than GraphQL takes, in every format that there is."""

from functools import partial
from typing import Annotated, Any

import strawberry
from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Query, Request
from graphql import GraphQLError
from starlette.responses import JSONResponse, Response
from strawberry.schema.config import StrawberryConfig

from olagraph.documents.formats import IMPORT_FORMATS
from olagraph.stores import Store
from olagraph.stores.address import DEFAULT_PORTFOLIO
from olagraph_api.changes import Changed, import_content
from olagraph_api.context import Context
from olagraph_api.desk import Desk, Entry
from olagraph_api.http.requests import BadRequestError, read_body
from olagraph_api.limits import Code
from olagraph_api.mutations.payloads import ChangePayload, UserErrorCode, payload
from olagraph_api.schema.scalars import SCALARS
from olagraph_api.security.audit import Kind, Outcome
from olagraph_api.security.connections import too_many
from olagraph_api.security.principals import Permission
from olagraph_api.settings import AppSettings
from olagraph_api.snapshots import Snapshots

_AT_ONCE = 2
_BYTES_A_UNIT = 1_000  # of cost
_LONGEST_WHAT = 500

_STATUS = {
    Code.UNKNOWN_PORTFOLIO.value: 404,
    Code.FORBIDDEN.value: 403,
    Code.STORE_UNAVAILABLE.value: 503,
}


@strawberry.type
class _Import:
    payload: ChangePayload


_SCHEMA = strawberry.Schema(_Import, config=StrawberryConfig(scalar_map=SCALARS))
_WHOLE = """{ payload {
    revision written changesCount
    changes { action kind id before after fields { field before after } }
    userErrors { field message code }
} }"""


def import_router(desk: Desk, settings: AppSettings, *, store: Store, snapshots: Snapshots) -> APIRouter:
    """POST /import: the body is the file, the answer is what the mutation `importDocument` answers."""
    threads = CapacityLimiter(_AT_ONCE)
    router = APIRouter()

    @router.post("/import")
    async def import_file(
        request: Request,
        portfolio: Annotated[str, Query(min_length=1, max_length=200)] = DEFAULT_PORTFOLIO,
        format: Annotated[str, Query(pattern=f"^({'|'.join(IMPORT_FORMATS)})$")] = IMPORT_FORMATS[0],
        name: Annotated[str, Query(min_length=1, max_length=100)] = "import",
        merge: bool = False,
        dry_run: Annotated[bool, Query(alias="dryRun")] = False,
        expected: Annotated[int | None, Query(alias="expectedRevision", ge=0)] = None,
        what: Annotated[str | None, Query(max_length=_LONGEST_WHAT)] = None,
    ) -> Response:
        entry = Entry(desk, await desk.login(request), request)
        entry.open(Kind.MUTATION, name="import", portfolio=portfolio, variables=dict(request.query_params))
        context = Context(
            principal=entry.login.principal,
            request_id=entry.request_id,
            store=store,
            snapshots=snapshots,
            clock=settings.clock.now,
        )
        close = partial(entry.close, values=None, is_stale=False)
        try:
            context.require(Permission.WRITE, portfolio)
            content = await read_body(
                request, most_bytes=settings.import_bytes, seconds=settings.import_seconds
            )
            refused = entry.spend(len(content) // _BYTES_A_UNIT)
            if refused is not None:
                close(Outcome.REFUSED, reason=Code.RATE_LIMITED.value, written=context.outcome)
                raise too_many(refused)

            def change() -> Changed:
                changed, _ = import_content(
                    context,
                    portfolio,
                    content,
                    format,
                    name=name,
                    merge=merge,
                    dry_run=dry_run,
                    expected=expected,
                    what=what or f"import of a file{' (merged)' if merge else ''}",
                )
                return changed

            made = await to_thread.run_sync(payload, context, portfolio, change, limiter=threads)
        except BadRequestError as bad:
            close(Outcome.REFUSED, reason=Code.BAD_REQUEST.value, written=context.outcome)
            return _refusal(str(bad), Code.BAD_REQUEST.value, status=bad.status)
        except GraphQLError as error:
            code = str((error.extensions or {}).get("code"))
            close(Outcome.REFUSED, reason=code, written=context.outcome)
            return _refusal(error.message, code, status=_STATUS.get(code, 400))
        except Exception:
            close(Outcome.FAILED, reason=Code.INTERNAL.value, written=context.outcome)
            raise
        reason = context.outcome.refused
        close(Outcome.REFUSED if reason else Outcome.DONE, reason=reason, written=context.outcome)
        return JSONResponse(_told(made), _status(made))

    return router


def _refusal(message: str, code: str, *, status: int) -> Response:
    return JSONResponse({"errors": [{"message": message, "extensions": {"code": code}}]}, status)


def _status(made: ChangePayload) -> int:
    if not made.user_errors:
        return 200
    return 409 if made.user_errors[0].code is UserErrorCode.CONFLICT else 422


def _told(made: ChangePayload) -> Any:
    """The whole payload, as GraphQL would answer it."""
    result = _SCHEMA.execute_sync(_WHOLE, root_value=_Import(payload=made))
    assert result.data is not None, result.errors
    return result.data["payload"]
