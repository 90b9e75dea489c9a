"""Meetings for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post, put
from litestar.params import FromPath, JSONBody

from incubator.calls.queries import visible_call
from incubator.core.api import Created, create
from incubator.core.clock import now
from incubator.core.pages import settings_of
from incubator.core.policy import PUBLIC, STAFF
from incubator.events import actions
from incubator.events.forms import AttendanceForm, CancellationForm, EditMeetingForm, NewMeetingForm
from incubator.events.queries import MeetingLine, MeetingView, RegistrationView, meetings_ahead, registrations, staff_meeting

AnyRequest = Request[Any, Any, Any]


@get("/api/v1/calls/{code:str}/meetings", opt=PUBLIC, summary="Meetings to come", tags=["events"], operation_id="listMeetings")
async def meeting_list(request: AnyRequest, code: FromPath[str]) -> list[MeetingLine]:
    """Meetings about a call, soonest first, and the seats left."""
    call = await visible_call(request.user, code, at=now())
    return await meetings_ahead(call.id, call.programme, at=now())


@post(
    "/api/v1/calls/{code:str}/meetings",
    opt=STAFF,
    status_code=201,
    summary="Announce a meeting",
    tags=["events"],
    operation_id="createMeeting",
)
async def create_meeting(request: AnyRequest, code: FromPath[str], data: JSONBody[NewMeetingForm]) -> Response[Created]:
    """Any of the programme's staff; everybody sees it on the call's page at once."""

    async def act() -> Created:
        return Created(await actions.create_meeting(code, data, by=request.user, at=now()))

    return await create(request, act)


@get("/api/v1/meetings/{meeting_id:uuid}", opt=STAFF, summary="A meeting", tags=["events"], operation_id="readMeeting")
async def meeting(request: AnyRequest, meeting_id: FromPath[UUID]) -> MeetingView:
    """The whole meeting, its link too."""
    return await staff_meeting(request.user, meeting_id)


@put("/api/v1/meetings/{meeting_id:uuid}", opt=STAFF, summary="Change a meeting", tags=["events"], operation_id="editMeeting")
async def edit_meeting(request: AnyRequest, meeting_id: FromPath[UUID], data: JSONBody[EditMeetingForm]) -> MeetingView:
    """Those who registered are told when its date, place or link changes; 409 when someone saved meanwhile."""
    await actions.edit_meeting(meeting_id, data, key=settings_of(request).secret_key, by=request.user, at=now())
    return await staff_meeting(request.user, meeting_id)


@post(
    "/api/v1/meetings/{meeting_id:uuid}/cancellation",
    opt=STAFF,
    status_code=200,
    summary="Cancel a meeting",
    tags=["events"],
    operation_id="cancelMeeting",
)
async def cancel_meeting(request: AnyRequest, meeting_id: FromPath[UUID], data: JSONBody[CancellationForm]) -> MeetingView:
    """Those who registered read the reason."""
    await actions.cancel_meeting(meeting_id, data, key=settings_of(request).secret_key, by=request.user, at=now())
    return await staff_meeting(request.user, meeting_id)


@get(
    "/api/v1/meetings/{meeting_id:uuid}/registrations",
    opt=STAFF,
    summary="Who registered",
    tags=["events"],
    operation_id="listRegistrations",
)
async def registration_list(request: AnyRequest, meeting_id: FromPath[UUID]) -> list[RegistrationView]:
    """By name, those who cancelled last."""
    return await registrations((await staff_meeting(request.user, meeting_id)).id)


@put(
    "/api/v1/meetings/{meeting_id:uuid}/attendance",
    opt=STAFF,
    summary="Say who came",
    tags=["events"],
    operation_id="markAttendance",
)
async def attendance(request: AnyRequest, meeting_id: FromPath[UUID], data: JSONBody[AttendanceForm]) -> list[RegistrationView]:
    """The registrations of those who came; the others did not."""
    await actions.mark_attendance(meeting_id, data, by=request.user, at=now())
    return await registrations(meeting_id)


HANDLERS = [meeting_list, create_meeting, meeting, edit_meeting, cancel_meeting, registration_list, attendance]
