"""What a team does together, for programs: agreeing to the deposit, asking the programme."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from incubator.applications import actions, queries
from incubator.applications.forms.inquiries import InquiryForm, PublicationForm, ReplyForm
from incubator.applications.queries.confirmations import ConfirmationLine, confirmations_of
from incubator.applications.queries.inquiries import (
    InquiryLine,
    MessageView,
    inquiries_of,
    inquiries_to,
    inquiry_for,
    messages_of,
)
from incubator.applications.rules.moves import ApplicationFacts
from incubator.core.api import Created, create
from incubator.core.clock import now
from incubator.core.errors import NotFound
from incubator.core.paging import Cursor, Page
from incubator.core.policy import SIGNED_IN, STAFF

AnyRequest = Request[Any, Any, Any]


async def _mine(request: AnyRequest, application_id: UUID) -> ApplicationFacts:
    facts = (await queries.dossier_for(request.user, application_id)).facts
    if not facts.is_mine:
        raise NotFound
    return facts


@get(
    "/api/v1/applications/{application_id:uuid}/confirmations",
    opt=SIGNED_IN,
    summary="Who agrees to the deposit",
    tags=["applications"],
    operation_id="listConfirmations",
)
async def confirmations(request: AnyRequest, application_id: FromPath[UUID]) -> list[ConfirmationLine]:
    """Every member of the team, and when they agreed (R2)."""
    return await confirmations_of((await _mine(request, application_id)).id)


@post(
    "/api/v1/applications/{application_id:uuid}/confirmations",
    opt=SIGNED_IN,
    status_code=200,
    summary="Agree to the deposit",
    tags=["applications"],
    operation_id="confirmApplication",
)
async def confirm(request: AnyRequest, application_id: FromPath[UUID]) -> list[ConfirmationLine]:
    """Say that one is of the team and agrees; said again, it changes nothing (R2)."""
    await actions.confirm(application_id, by=request.user, at=now())
    return await confirmations_of(application_id)


@get(
    "/api/v1/applications/{application_id:uuid}/inquiries",
    opt=SIGNED_IN,
    summary="What a team has asked",
    tags=["applications"],
    operation_id="listInquiries",
)
async def inquiries(request: AnyRequest, application_id: FromPath[UUID]) -> list[InquiryLine]:
    """Its questions to the programme, latest first."""
    return await inquiries_of((await _mine(request, application_id)).id)


@post(
    "/api/v1/applications/{application_id:uuid}/inquiries",
    opt=SIGNED_IN,
    status_code=201,
    summary="Ask the programme",
    tags=["applications"],
    operation_id="askProgramme",
)
async def ask(request: AnyRequest, application_id: FromPath[UUID], data: JSONBody[InquiryForm]) -> Response[Created]:
    """Ask something about a section of the form, or about the application as a whole."""

    async def act() -> Created:
        return Created(await actions.ask(application_id, data, by=request.user, at=now()))

    return await create(request, act)


@get(
    "/api/v1/inquiries/{inquiry_id:uuid}/messages",
    opt=SIGNED_IN,
    summary="Read a conversation",
    tags=["applications"],
    operation_id="listInquiryMessages",
)
async def messages(request: AnyRequest, inquiry_id: FromPath[UUID]) -> list[MessageView]:
    """What was asked and answered, in order; for the team, and for who handles the programme's applications."""
    return await messages_of(request.user, (await inquiry_for(request.user, inquiry_id)).id)


@post(
    "/api/v1/inquiries/{inquiry_id:uuid}/messages",
    opt=SIGNED_IN,
    status_code=200,
    summary="Write in a conversation",
    tags=["applications"],
    operation_id="replyToInquiry",
)
async def reply(request: AnyRequest, inquiry_id: FromPath[UUID], data: JSONBody[ReplyForm]) -> list[MessageView]:
    """Answer, or ask again."""
    await actions.reply(inquiry_id, data, by=request.user, at=now())
    return await messages_of(request.user, inquiry_id)


@post(
    "/api/v1/inquiries/{inquiry_id:uuid}/publication",
    opt=STAFF,
    status_code=200,
    summary="Publish an answer",
    tags=["applications"],
    operation_id="publishInquiry",
)
async def publish(request: AnyRequest, inquiry_id: FromPath[UUID], data: JSONBody[PublicationForm]) -> Created:
    """Put question and answer, in words for everybody, among the call's frequent questions."""
    return Created(await actions.publish_inquiry(inquiry_id, data, by=request.user, at=now()))


@get(
    "/api/v1/calls/{code:str}/inquiries",
    opt=STAFF,
    summary="Questions that are open",
    tags=["applications"],
    operation_id="listCallInquiries",
)
async def call_inquiries(request: AnyRequest, code: FromPath[str], after: FromQuery[Cursor | None] = None) -> Page[InquiryLine]:
    """What teams have asked about a call and is not closed, first asked first."""
    return (await inquiries_to(request.user, code, is_open=True, after=after)).page


HANDLERS: list[Any] = [confirmations, confirm, inquiries, ask, messages, reply, publish, call_inquiries]
