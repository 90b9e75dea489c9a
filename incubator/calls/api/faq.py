"""Questions often asked about a call, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post, put
from litestar.params import FromPath, JSONBody

from incubator.calls.actions.faq import add_faq_entry, check_handles, edit_faq_entry
from incubator.calls.public_forms import EditFaqForm, FaqForm
from incubator.calls.queries import visible_call
from incubator.calls.queries.calls import call as call_by_id
from incubator.calls.queries.faq import FaqAnswer, FaqView, faq_entry, published_faq
from incubator.core.api import Created, create
from incubator.core.clock import now
from incubator.core.policy import PUBLIC, STAFF

AnyRequest = Request[Any, Any, Any]


@get("/api/v1/calls/{code:str}/faq", opt=PUBLIC, summary="Frequent questions", tags=["calls"], operation_id="listFaq")
async def faq(request: AnyRequest, code: FromPath[str]) -> list[FaqAnswer]:
    """What visitors read, section by section."""
    return await published_faq((await visible_call(request.user, code, at=now())).id)


@post(
    "/api/v1/calls/{code:str}/faq",
    opt=STAFF,
    status_code=201,
    summary="Add a frequent question",
    tags=["calls"],
    operation_id="addFaqEntry",
)
async def add_entry(request: AnyRequest, code: FromPath[str], data: JSONBody[FaqForm]) -> Response[Created]:
    """Managers and instructors of the programme; visitors read it once it is published."""

    async def act() -> Created:
        return Created(await add_faq_entry(code, data, by=request.user, at=now()))

    return await create(request, act)


@get("/api/v1/faq/{entry_id:uuid}", opt=STAFF, summary="A frequent question", tags=["calls"], operation_id="readFaqEntry")
async def read_entry(request: AnyRequest, entry_id: FromPath[UUID]) -> FaqView:
    """An entry, shown or not, with the version to name when changing it."""
    entry = await faq_entry(entry_id)
    check_handles(request.user, (await call_by_id(entry.call)).programme)
    return entry


@put("/api/v1/faq/{entry_id:uuid}", opt=STAFF, summary="Change a frequent question", tags=["calls"], operation_id="editFaqEntry")
async def edit_entry(request: AnyRequest, entry_id: FromPath[UUID], data: JSONBody[EditFaqForm]) -> FaqView:
    """Change its words, show it or take it back; 409 when someone saved meanwhile."""
    await edit_faq_entry(entry_id, data, by=request.user, at=now())
    return await faq_entry(entry_id)


HANDLERS = [faq, add_entry, read_entry, edit_entry]
