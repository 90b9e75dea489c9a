"""Calls, forms and grids, read by programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath, FromQuery

from incubator.calls.queries import CallAnswer, CallLine, FormView, GridView, calls, form_version, grid_version, visible_call
from incubator.core.clock import now
from incubator.core.paging import Cursor, Page
from incubator.core.policy import PUBLIC

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


HANDLERS = [call_list, call, call_form, grid]
