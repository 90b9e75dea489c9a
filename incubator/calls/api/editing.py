"""Making, changing, publishing and extending calls by programs."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post, put
from litestar.params import FromPath, JSONBody

from incubator.calls import actions
from incubator.calls.actions import CreatedCall
from incubator.calls.forms import CallForm, EditCallForm, ExtensionForm
from incubator.calls.queries import CallAnswer, visible_call
from incubator.core.api import create
from incubator.core.clock import now
from incubator.core.policy import STAFF

AnyRequest = Request[Any, Any, Any]


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


HANDLERS = [create_call, edit_call, publish_call, extend_call]
