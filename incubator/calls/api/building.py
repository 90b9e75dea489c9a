"""Forms and grids being built, for programs: read a draft, replace it whole, see what differs, publish."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from incubator.calls.actions.adopting import adopt_form, adopt_grid
from incubator.calls.actions.building import replace_form
from incubator.calls.actions.drafts import Published, faults_of, publish_draft, start_form
from incubator.calls.actions.grid_building import replace_grid
from incubator.calls.actions.grids import publish_grid_draft, start_grid
from incubator.calls.building_forms import AdoptionForm, NewDraftForm, VersionForm, WholeForm, WholeGrid
from incubator.calls.queries import CallAnswer, visible_call
from incubator.calls.queries.building import BuiltForm, BuiltGrid, built_form, built_grid
from incubator.calls.rules.difference import form_difference
from incubator.calls.rules.forms import Fault
from incubator.calls.rules.telling import ToldChange, both_questions, told
from incubator.core.api import Created, Saved, create
from incubator.core.clock import now
from incubator.core.policy import STAFF
from incubator.programmes.queries import programme_by_code

AnyRequest = Request[Any, Any, Any]


class FormDraft(msgspec.Struct, frozen=True):
    """A version of a form, and what is to be mended before it is published."""

    form: BuiltForm
    faults: list[Fault]


@post(
    "/api/v1/programmes/{code:str}/forms",
    opt=STAFF,
    status_code=201,
    summary="Start a draft of the form",
    tags=["calls"],
    operation_id="startForm",
)
async def start_form_draft(request: AnyRequest, code: FromPath[str], data: JSONBody[NewDraftForm]) -> Response[Created]:
    """From a published version, or from nothing; answers its id."""
    programme = await programme_by_code(code)

    async def act() -> Created:
        return Created(await start_form(programme.id, data.based_on, by=request.user, at=now()))

    return await create(request, act)


@post(
    "/api/v1/programmes/{code:str}/grids",
    opt=STAFF,
    status_code=201,
    summary="Start a draft of the grid",
    tags=["calls"],
    operation_id="startGrid",
)
async def start_grid_draft(request: AnyRequest, code: FromPath[str], data: JSONBody[NewDraftForm]) -> Response[Created]:
    """From a published version, or from nothing; answers its id."""
    programme = await programme_by_code(code)

    async def act() -> Created:
        return Created(await start_grid(programme.id, data.based_on, by=request.user, at=now()))

    return await create(request, act)


@get("/api/v1/forms/{form_id:uuid}", opt=STAFF, summary="A version of a form", tags=["calls"], operation_id="readForm")
async def form(request: AnyRequest, form_id: FromPath[UUID]) -> FormDraft:
    """Its whole definition, its version to send back, and everything to mend before it is published."""
    found = await built_form(request.user, form_id)
    return FormDraft(found, await faults_of(found) if found.published_at is None else [])


@put("/api/v1/forms/{form_id:uuid}", opt=STAFF, summary="Replace a draft of the form", tags=["calls"], operation_id="replaceForm")
async def put_form(request: AnyRequest, form_id: FromPath[UUID], data: JSONBody[WholeForm]) -> Saved:
    """The whole definition; it may have faults until it is published. 409 when someone changed it meanwhile."""
    await replace_form(form_id, data, by=request.user, at=now())
    return Saved((await built_form(request.user, form_id)).version)


@get(
    "/api/v1/forms/{form_id:uuid}/difference",
    opt=STAFF,
    summary="What differs between two versions of a form",
    tags=["calls"],
    operation_id="compareForms",
)
async def difference(request: AnyRequest, form_id: FromPath[UUID], other: FromQuery[UUID]) -> list[ToldChange]:
    """From `other` to this one: added, removed, moved, changed field by field, in the reader's words."""
    after, before = await built_form(request.user, form_id), await built_form(request.user, other)
    questions = both_questions(before.definition, after.definition)
    return told(form_difference(before.definition, after.definition), questions)


@post(
    "/api/v1/forms/{form_id:uuid}/publication",
    opt=STAFF,
    status_code=200,
    summary="Publish a draft of the form",
    tags=["calls"],
    operation_id="publishForm",
)
async def publish_form(request: AnyRequest, form_id: FromPath[UUID], data: JSONBody[VersionForm]) -> Published:
    """Freeze it; 409 says the first thing to mend."""
    return await publish_draft(form_id, data.version, by=request.user, at=now())


@get("/api/v1/grids/{grid_id:uuid}/draft", opt=STAFF, summary="A version of a grid", tags=["calls"], operation_id="readGridDraft")
async def grid(request: AnyRequest, grid_id: FromPath[UUID]) -> BuiltGrid:
    """Its whole definition, drafts too, for those who work for its programme."""
    return await built_grid(request.user, grid_id)


@put(
    "/api/v1/grids/{grid_id:uuid}/draft",
    opt=STAFF,
    summary="Replace a draft of the grid",
    tags=["calls"],
    operation_id="replaceGrid",
)
async def put_grid(request: AnyRequest, grid_id: FromPath[UUID], data: JSONBody[WholeGrid]) -> Saved:
    """The whole definition; 409 when someone changed it meanwhile."""
    await replace_grid(grid_id, data, by=request.user, at=now())
    return Saved((await built_grid(request.user, grid_id)).version)


@post(
    "/api/v1/grids/{grid_id:uuid}/publication",
    opt=STAFF,
    status_code=200,
    summary="Publish a draft of the grid",
    tags=["calls"],
    operation_id="publishGrid",
)
async def publish_grid(request: AnyRequest, grid_id: FromPath[UUID], data: JSONBody[VersionForm]) -> Published:
    """Freeze it; 409 says the first thing to mend (its weights sum to 100)."""
    return await publish_grid_draft(grid_id, data.version, by=request.user, at=now())


@put("/api/v1/calls/{code:str}/form", opt=STAFF, summary="Adopt a newer form", tags=["calls"], operation_id="adoptForm")
async def put_call_form(request: AnyRequest, code: FromPath[str], data: JSONBody[AdoptionForm]) -> CallAnswer:
    """Until the call closes; drafts of applications keep theirs until their team moves on."""
    await adopt_form(code, data.version, by=request.user, at=now())
    return await visible_call(request.user, code, at=now())


@put("/api/v1/calls/{code:str}/grid", opt=STAFF, summary="Adopt a newer grid", tags=["calls"], operation_id="adoptGrid")
async def put_call_grid(request: AnyRequest, code: FromPath[str], data: JSONBody[AdoptionForm]) -> CallAnswer:
    """Until the call closes or has a committee (R23)."""
    await adopt_grid(code, data.version, by=request.user, at=now())
    return await visible_call(request.user, code, at=now())


HANDLERS: list[Any] = [
    start_form_draft,
    start_grid_draft,
    form,
    put_form,
    difference,
    publish_form,
    grid,
    put_grid,
    publish_grid,
    put_call_form,
    put_call_grid,
]
