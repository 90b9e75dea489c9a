"""The JSON API of the desk: who handles an application, late drafts, receipts checked by anyone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from incubator.applications import actions
from incubator.applications.forms import DerogationForm, InstructorForm
from incubator.applications.queries.late import LateDrafts, late_drafts_of
from incubator.applications.queries.receipts import Verified, verified
from incubator.core.api import Created, create
from incubator.core.clock import now
from incubator.core.paging import Cursor
from incubator.core.policy import PUBLIC, STAFF

AnyRequest = Request[Any, Any, Any]


@put(
    "/api/v1/applications/{application_id:uuid}/instructor",
    opt=STAFF,
    status_code=204,
    summary="Say who handles an application",
    tags=["applications"],
    operation_id="assignInstructor",
)
async def assign_instructor(request: AnyRequest, application_id: FromPath[UUID], data: JSONBody[InstructorForm]) -> None:
    """The manager gives it to anyone who handles applications; an instructor takes one, or gives up their own (R13)."""
    await actions.assign_instructor(application_id, data, by=request.user, at=now())


@get(
    "/api/v1/calls/{code:str}/drafts",
    opt=STAFF,
    summary="The drafts of a call",
    tags=["applications"],
    operation_id="listDrafts",
)
async def late_drafts(request: AnyRequest, code: FromPath[str], after: FromQuery[Cursor | None] = None) -> LateDrafts:
    """For the manager: whose they are and how many answers they have, never what they say."""
    return await late_drafts_of(request.user, code, after=after)


@post(
    "/api/v1/applications/{application_id:uuid}/derogation",
    opt=STAFF,
    status_code=201,
    summary="Let a draft in late",
    tags=["applications"],
    operation_id="giveDerogation",
)
async def give_derogation(
    request: AnyRequest, application_id: FromPath[UUID], data: JSONBody[DerogationForm]
) -> Response[Created]:
    """After the closing and before the committee reads, for the manager; the team and the committee read the reason."""

    async def act() -> Created:
        await actions.give_derogation(application_id, data, by=request.user, at=now())
        return Created(application_id)

    return await create(request, act)


class ReceiptCheck(msgspec.Struct, frozen=True):
    """Whether a number and a hash are of the same deposit, whose content still has this hash.

    `is_erased`: of the same deposit, from which personal data have been erased since: its content cannot be hashed again.
    """

    matches: bool
    is_erased: bool


@get(
    "/api/v1/receipts/{number:str}",
    opt=PUBLIC,
    summary="Check a receipt",
    tags=["applications"],
    operation_id="checkReceipt",
)
async def check_receipt(number: FromPath[str], content_hash: FromQuery[str]) -> ReceiptCheck:
    """For whoever holds a receipt: its content as it is kept is hashed again. Nothing else is told (R4)."""
    found = await verified(number[:100], content_hash[:200])
    return ReceiptCheck(found is Verified.MATCHES, found is Verified.ERASED)


HANDLERS: list[Any] = [assign_instructor, late_drafts, give_derogation, check_receipt]
