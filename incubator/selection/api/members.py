"""What a member does, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from incubator.core.api import Saved, create
from incubator.core.clock import now
from incubator.core.paging import Cursor
from incubator.core.policy import SIGNED_IN
from incubator.selection import actions
from incubator.selection.forms import AssessmentForm, DeclarationForm, UndertakingForm
from incubator.selection.queries.assessments import MyAssessment, my_assessment
from incubator.selection.queries.members import (
    FileToDeclare,
    MyCommittee,
    MyFiles,
    committees_of,
    file_to_declare,
    member_of,
    my_files,
)
from incubator.selection.rules.committees import text_hash, undertaking_text

AnyRequest = Request[Any, Any, Any]
TAGS = ["selection"]


class UndertakingText(msgspec.Struct, frozen=True):
    """What a member signs; send `text_hash` back to sign it."""

    text: str
    text_hash: str
    is_signed: bool


class Done(msgspec.Struct, frozen=True):
    """It is recorded."""

    done: bool = True


@get("/api/v1/committees", opt=SIGNED_IN, summary="List my committees", tags=TAGS, operation_id="listMyCommittees")
async def my_committees(request: AnyRequest) -> list[MyCommittee]:
    """The committees I sit on, latest first, and how many files are mine."""
    return await committees_of(request.user)


@get(
    "/api/v1/committees/{committee_id:uuid}/files", opt=SIGNED_IN, summary="List my files", tags=TAGS, operation_id="listMyFiles"
)
async def list_my_files(request: AnyRequest, committee_id: FromPath[UUID], after: FromQuery[Cursor | None] = None) -> MyFiles:
    """My files in this committee; none before the undertaking is signed (R9), nothing of those I am recused from (R10)."""
    return await my_files(request.user, committee_id, after)


@get(
    "/api/v1/committees/{committee_id:uuid}/undertaking",
    opt=SIGNED_IN,
    summary="Read the undertaking",
    tags=TAGS,
    operation_id="readUndertaking",
)
async def undertaking(request: AnyRequest, committee_id: FromPath[UUID]) -> UndertakingText:
    """The confidentiality undertaking of this committee (R9)."""
    member = await member_of(request.user, committee_id)
    text = undertaking_text(member.committee_name, member.call_title)
    return UndertakingText(text, text_hash(text), member.is_signed)


@post(
    "/api/v1/committees/{committee_id:uuid}/undertaking",
    opt=SIGNED_IN,
    status_code=201,
    summary="Sign the undertaking",
    tags=TAGS,
    operation_id="signUndertaking",
)
async def sign_undertaking(request: AnyRequest, committee_id: FromPath[UUID], data: JSONBody[UndertakingForm]) -> Response[Done]:
    """Sign the very text that was read, named by its hash."""

    async def act() -> Done:
        await actions.sign_undertaking(committee_id, data, by=request.user, at=now())
        return Done()

    return await create(request, act)


@get(
    "/api/v1/applications/{application_id:uuid}/conflict-declaration",
    opt=SIGNED_IN,
    summary="Read what to declare on",
    tags=TAGS,
    operation_id="readDeclaration",
)
async def declaration(request: AnyRequest, application_id: FromPath[UUID]) -> FileToDeclare:
    """The project's name, team and commune: what one needs to know of an interest (R10)."""
    return await file_to_declare(request.user, application_id)


@post(
    "/api/v1/applications/{application_id:uuid}/conflict-declaration",
    opt=SIGNED_IN,
    status_code=201,
    summary="Declare an interest, or none",
    tags=TAGS,
    operation_id="declareInterest",
)
async def declare(request: AnyRequest, application_id: FromPath[UUID], data: JSONBody[DeclarationForm]) -> Response[Done]:
    """With an interest, the application is hidden at once, and a voice already given is withdrawn (R10)."""

    async def act() -> Done:
        await actions.declare(application_id, data, by=request.user, at=now())
        return Done()

    return await create(request, act)


@get(
    "/api/v1/applications/{application_id:uuid}/assessments/mine",
    opt=SIGNED_IN,
    summary="Read my assessment",
    tags=TAGS,
    operation_id="readMyAssessment",
)
async def read_mine(request: AnyRequest, application_id: FromPath[UUID]) -> MyAssessment:
    """The file, the grid and what I saved. What the committee gave is there once I have handed in (R14)."""
    return await my_assessment(request.user, application_id)


@put(
    "/api/v1/applications/{application_id:uuid}/assessments/mine",
    opt=SIGNED_IN,
    summary="Save or hand in my assessment",
    tags=TAGS,
    operation_id="assess",
)
async def assess(request: AnyRequest, application_id: FromPath[UUID], data: JSONBody[AssessmentForm]) -> Saved:
    """Marks are `"1"` to `"5"`, or `"nsp"`. With `finished`, it is handed in and no longer changes (R14, R16).

    The version read goes in `version` or in `If-Match`.
    """
    return Saved(await actions.assess(application_id, data, by=request.user, at=now()))


HANDLERS: list[Any] = [
    my_committees,
    list_my_files,
    undertaking,
    sign_undertaking,
    declaration,
    declare,
    read_mine,
    assess,
]
