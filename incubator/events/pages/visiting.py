"""Meetings as visitors see them: the list of a call, one meeting, registering, one's own registration, the calendar file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.calls.queries import visible_call
from incubator.core.clock import now
from incubator.core.language import language
from incubator.core.pages import Typed, filled, page, settings_of, submit
from incubator.core.policy import PUBLIC
from incubator.events import actions, rules
from incubator.events.forms import Confirmation, RegistrationForm
from incubator.events.queries import MeetingView, meeting, meetings_ahead, visible_meeting
from incubator.people.pages.peer import peer

AnyRequest = Request[Any, Any, Any]


@get("/calls/{code:str}/meetings", opt=PUBLIC)
async def meeting_list(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Meetings to come about a call; a part of the call's page, and a page of its own."""
    call = await visible_call(request.user, code, at=now())
    found = await meetings_ahead(call.id, call.programme, at=now())
    is_part = request.headers.get("hx-request") == "true"
    is_staff = bool(request.user and request.user.works_for(call.programme))
    template = "events/_meetings.html" if is_part else "events/meetings.html"
    return page(request, template, call=call, meetings=found, is_staff=is_staff, is_part=is_part)


@get("/meetings/{meeting_id:uuid}", opt=PUBLIC)
async def meeting_page(request: AnyRequest, meeting_id: FromPath[UUID]) -> Response[Any]:
    """One meeting, and the form that registers."""
    me = request.user
    values = filled(name=me.name, email=me.email, people_count=1) if me else filled(people_count=1)
    return await _meeting(request, await visible_meeting(me, meeting_id, at=now()), values, {}, "")


@post("/meetings/{meeting_id:uuid}/registrations", opt=PUBLIC)
async def register(request: AnyRequest, meeting_id: FromPath[UUID]) -> Response[Any]:
    """Take seats; the answer is the same whether one was registered already."""
    view = await visible_meeting(request.user, meeting_id, at=now())

    async def act(form: RegistrationForm) -> str:
        key = settings_of(request).secret_key
        await actions.register(meeting_id, form, language=language.get(), address=peer(request), key=key, at=now())
        return f"/meetings/{meeting_id}/registered"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _meeting(request, view, values, errors, reason)

    return await submit(request, RegistrationForm, act, shown, keyed=False)


async def _meeting(request: AnyRequest, view: MeetingView, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    return page(
        request,
        "events/meeting.html",
        meeting=view,
        why_not=rules.why_not_register(view.facts, 1, now()),
        is_staff=bool(request.user and request.user.works_for(view.programme)),
        values=values,
        errors=errors,
        reason=reason,
    )


@get("/meetings/{meeting_id:uuid}/registered", opt=PUBLIC)
async def registered(request: AnyRequest, meeting_id: FromPath[UUID]) -> Response[Any]:
    """Look into your mail."""
    return page(request, "events/registered.html", meeting=await visible_meeting(request.user, meeting_id, at=now()))


@get("/meetings/{meeting_id:uuid}/calendar.ics", opt=PUBLIC)
async def calendar(request: AnyRequest, meeting_id: FromPath[UUID]) -> Response[str]:
    """The meeting for one's calendar, without the link."""
    view = await visible_meeting(request.user, meeting_id, at=now())
    return _calendar(request, view, f"/meetings/{meeting_id}", "")


@get("/registrations/{given:str}", opt=PUBLIC)
async def registration_page(request: AnyRequest, given: FromPath[str]) -> Response[Any]:
    """One's own registration: the link, the calendar, a button to give the seat back."""
    return await _registration(request, given, "")


@post("/registrations/{given:str}/cancellation", opt=PUBLIC)
async def leave(request: AnyRequest, given: FromPath[str]) -> Response[Any]:
    """Give the seat back."""

    async def act(_form: Confirmation) -> str:
        await actions.leave(given, key=settings_of(request).secret_key, at=now())
        return f"/registrations/{given}"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _registration(request, given, reason)

    return await submit(request, Confirmation, act, shown)


async def _registration(request: AnyRequest, given: str, reason: str) -> Response[Any]:
    mine = await actions.registration_by(given, key=settings_of(request).secret_key)
    view = await meeting(mine.meeting)
    why_not = rules.why_not_leave(view.facts, now())
    return page(request, "events/registration.html", meeting=view, mine=mine, given=given, why_not_leave=why_not, reason=reason)


@get("/registrations/{given:str}/calendar.ics", opt=PUBLIC)
async def own_calendar(request: AnyRequest, given: FromPath[str]) -> Response[str]:
    """The meeting for one's calendar, with the link: for who registered."""
    mine = await actions.registration_by(given, key=settings_of(request).secret_key)
    view = await meeting(mine.meeting)
    return _calendar(request, view, f"/registrations/{given}", view.link if mine.cancelled_at is None else "")


def _calendar(request: AnyRequest, view: MeetingView, path: str, link: str) -> Response[str]:
    site = settings_of(request).public_url
    entry = rules.Entry(
        id=view.id,
        title=view.title,
        description="\n".join(part for part in (view.description, link) if part),
        place=view.place or link,
        starts_at=view.starts_at,
        ends_at=view.ends_at,
        stamped_at=view.cancelled_at or view.created_at,
        sequence=view.version,
        is_cancelled=view.cancelled_at is not None,
        link=site + path,
    )
    return Response(
        rules.calendar_file(entry, site),
        media_type="text/calendar",
        headers={"Content-Disposition": 'attachment; filename="reunion.ics"'},
    )


HANDLERS = [meeting_list, meeting_page, register, registered, calendar, registration_page, leave, own_calendar]
