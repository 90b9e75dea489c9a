"""Making, changing, publishing and extending calls by programs."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post, put
from litestar.params import FromPath, JSONBody

from incubator.calls import actions, rules
from incubator.calls.actions import CreatedCall
from incubator.calls.forms import CallForm, EditCallForm, ExtensionForm
from incubator.calls.queries import CallAnswer, call_of_staff, publishing, visible_call
from incubator.calls.rules import Check
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


@get("/api/v1/calls/{code:str}/checklist", opt=STAFF, summary="What a call lacks", tags=["calls"], operation_id="readChecklist")
async def checklist(request: AnyRequest, code: FromPath[str]) -> list[Check]:
    """A line a thing, `ready`, `missing` or `warning`; only what is missing keeps the call from being published."""
    at = now()
    return list(rules.checklist(await publishing(await call_of_staff(request.user, code, at=at)), at))


@post(
    "/api/v1/calls/{code:str}/archive",
    opt=STAFF,
    status_code=200,
    summary="Archive a call",
    tags=["calls"],
    operation_id="archiveCall",
)
async def archive_call(request: AnyRequest, code: FromPath[str]) -> CallAnswer:
    """Take a closed call off the lists; its address still leads to it."""
    await actions.archive_call(code, by=request.user, at=now())
    return await visible_call(request.user, code, at=now())


@post(
    "/api/v1/calls/{code:str}/restoration",
    opt=STAFF,
    status_code=200,
    summary="Put an archived call back on the lists",
    tags=["calls"],
    operation_id="restoreCall",
)
async def restore_call(request: AnyRequest, code: FromPath[str]) -> CallAnswer:
    """It stays closed."""
    await actions.restore_call(code, by=request.user, at=now())
    return await visible_call(request.user, code, at=now())


HANDLERS = [create_call, edit_call, checklist, publish_call, extend_call, archive_call, restore_call]
