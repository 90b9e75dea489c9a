"""Calls for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from incubator.calls import actions
from incubator.calls.actions import CreatedCall
from incubator.calls.forms import CallForm, EditCallForm, ExtensionForm
from incubator.calls.queries import CallAnswer, CallLine, FormView, GridView, calls, form_version, grid_version, visible_call
from incubator.core.api import create
from incubator.core.clock import now
from incubator.core.paging import Cursor, Page
from incubator.core.policy import PUBLIC, STAFF

AnyRequest = Request[Any, Any, Any]


@get("/api/v1/calls", opt=PUBLIC, summary="Calls", tags=["calls"], operation_id="listCalls")
async def call_list(request: AnyRequest, after: FromQuery[Cursor | None] = None) -> Page[CallLine]:
    """Published calls, and drafts of the programmes one works for; latest opening first, fifty a page."""
    return await calls(request.user, at=now(), after=after)


@get("/api/v1/calls/{code:str}", opt=PUBLIC, summary="A call", tags=["calls"], operation_id="readCall")
async def call(request: AnyRequest, code: FromPath[str]) -> CallAnswer:
    """Dates, places, versions, and the state the call is in at this instant."""
    return await visible_call(request.user, code, at=now())


@get("/api/v1/calls/{code:str}/form", opt=PUBLIC, summary="The form of a call", tags=["calls"], operation_id="readCallForm")
async def call_form(request: AnyRequest, code: FromPath[str]) -> FormView:
    """Every section and question of the call's form version, and the rules of eligibility."""
    return await form_version((await visible_call(request.user, code, at=now())).form)


@get("/api/v1/grids/{grid_id:uuid}", opt=PUBLIC, summary="A scoring grid", tags=["calls"], operation_id="readGrid")
async def grid(grid_id: FromPath[UUID]) -> GridView:
    """A published version of a grid: criteria, weights out of 100, anchors."""
    return await grid_version(grid_id)


@post("/api/v1/calls", opt=STAFF, status_code=201, summary="Make a call", tags=["calls"], operation_id="createCall")
async def create_call(request: AnyRequest, data: JSONBody[CallForm]) -> Response[CreatedCall]:
    """Make a draft; only a manager of the programme its versions belong to. Answers its id and code."""

    async def act() -> CreatedCall:
        return await actions.create_call(data, by=request.user, at=now())

    return await create(request, act)


@put("/api/v1/calls/{code:str}", opt=STAFF, summary="Change a draft", tags=["calls"], operation_id="editCall")
async def edit_call(request: AnyRequest, code: FromPath[str], data: JSONBody[EditCallForm]) -> CallAnswer:
    """Replace a draft. The version read is in the body or in `If-Match`; 409 when someone saved meanwhile."""
    made = await actions.edit_call(code, data, by=request.user, at=now())
    return await visible_call(request.user, made.code, at=now())


@post(
    "/api/v1/calls/{code:str}/publication",
    opt=STAFF,
    status_code=200,
    summary="Publish a call",
    tags=["calls"],
    operation_id="publishCall",
)
async def publish_call(request: AnyRequest, code: FromPath[str]) -> CallAnswer:
    """Let everybody see the call; 409 says what is missing."""
    await actions.publish_call(code, by=request.user, at=now())
    return await visible_call(request.user, code, at=now())


@post(
    "/api/v1/calls/{code:str}/extension",
    opt=STAFF,
    status_code=200,
    summary="Move a closing later",
    tags=["calls"],
    operation_id="extendCall",
)
async def extend_call(request: AnyRequest, code: FromPath[str], data: JSONBody[ExtensionForm]) -> CallAnswer:
    """Only while the call is open, and only later; the reason is kept."""
    await actions.extend_call(code, data, by=request.user, at=now())
    return await visible_call(request.user, code, at=now())


HANDLERS = [call_list, call, call_form, grid, create_call, edit_call, publish_call, extend_call]
