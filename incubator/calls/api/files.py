"""A whole call as one file, for programs."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, JSONBody

from incubator.calls import actions
from incubator.calls.actions import CreatedCall
from incubator.calls.files import CallFile, CallImport
from incubator.calls.forms import ImportFields
from incubator.calls.queries import call_of_staff
from incubator.calls.queries.files import call_file
from incubator.core.api import create
from incubator.core.clock import now
from incubator.core.policy import STAFF

AnyRequest = Request[Any, Any, Any]


@get("/api/v1/calls/{code:str}/file", opt=STAFF, summary="A whole call", tags=["calls"], operation_id="exportCall")
async def export_call(request: AnyRequest, code: FromPath[str]) -> CallFile:
    """Texts, dates, places, plan, form, grid and frequent questions; for those who work for the programme."""
    return await call_file(await call_of_staff(request.user, code, at=now()))


@post(
    "/api/v1/calls/import", opt=STAFF, status_code=201, summary="Make a call of a file", tags=["calls"], operation_id="importCall"
)
async def import_call(request: AnyRequest, data: JSONBody[CallImport]) -> Response[CreatedCall]:
    """Make a draft; versions that were published before serve again, others become the next ones. Answers its id and code."""

    async def act() -> CreatedCall:
        fields = ImportFields(**{name: getattr(data, name) for name in ImportFields.__struct_fields__})
        return await actions.import_call(data.file, fields, by=request.user, at=now())

    return await create(request, act)


HANDLERS = [export_call, import_call]
