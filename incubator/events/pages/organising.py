"""What the staff of a programme do with its meetings: announce, change, cancel, see who comes, say who came."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.calls.queries import CallAnswer, visible_call
from incubator.core.clock import local, now
from incubator.core.errors import NotFound
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, settings_of, submit
from incubator.core.policy import STAFF
from incubator.core.values import which_of_two
from incubator.events import actions, rules
from incubator.events.forms import AttendanceForm, CancellationForm, EditMeetingForm, NewMeetingForm
from incubator.events.queries import MeetingView, meetings_ahead, meetings_of, registrations, staff_meeting
from incubator.territory.queries import FoundCommune, communes_named

AnyRequest = Request[Any, Any, Any]
KEPT_AS_TYPED = ("title", "description", "seats", "place_name", "address", "is_remote", "link", "version")


@get("/calls/{code:str}/meetings/all", opt=STAFF)
async def all_meetings(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Every meeting about a call, past and cancelled ones too."""
    call = await _call(request, code)
    return page(request, "events/all_meetings.html", call=call, meetings=await meetings_of(call.id, call.programme), at=now())


@get("/calls/{code:str}/meetings/check", opt=STAFF)
async def meetings_check(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The line about meetings of the checklist of a call."""
    call = await _call(request, code)
    return page(request, "events/_check.html", call=call, meetings=await meetings_ahead(call.id, call.programme, at=now()))


@get("/calls/{code:str}/meetings/new", opt=STAFF)
async def new_meeting_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The form that announces a meeting."""
    call = await _call(request, code)
    return await _form(request, call, None, filled(title=_("Réunion d’information"), seats=30), {}, "")


@post("/calls/{code:str}/meetings/new", opt=STAFF)
async def new_meeting(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Announce a meeting."""
    call = await _call(request, code)

    async def act(form: NewMeetingForm) -> str:
        return f"/meetings/{await actions.create_meeting(code, form, by=request.user, at=now())}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _form(request, call, None, values, errors, reason)

    return await submit(request, NewMeetingForm, act, shown, notice=_("La réunion est annoncée sur la page de l’appel."))


@get("/meetings/{meeting_id:uuid}/edit", opt=STAFF)
async def edit_page(request: AnyRequest, meeting_id: FromPath[UUID]) -> Response[Any]:
    """The form of a meeting."""
    view = await staff_meeting(request.user, meeting_id)
    return await _form(request, None, view, filled(**_typed(view)), {}, "")


@post("/meetings/{meeting_id:uuid}/edit", opt=STAFF)
async def edit(request: AnyRequest, meeting_id: FromPath[UUID]) -> Response[Any]:
    """Change a meeting; those who registered are told when it moves."""
    view = await staff_meeting(request.user, meeting_id)

    async def act(form: EditMeetingForm) -> str:
        await actions.edit_meeting(meeting_id, form, key=_key(request), by=request.user, at=now())
        return f"/meetings/{meeting_id}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _form(request, None, view, values, errors, reason)

    return await submit(request, EditMeetingForm, act, shown, notice=_("La réunion est enregistrée."))


async def _form(
    request: AnyRequest,
    call: CallAnswer | None,
    view: MeetingView | None,
    values: Typed,
    errors: dict[str, str],
    reason: str,
) -> Response[Any]:
    options: list[FoundCommune] = []
    if "commune" in errors and values.commune_text:
        options = await communes_named(values.commune_text)
    return page(
        request,
        "events/meeting_form.html",
        call=call,
        meeting=view,
        why_not=rules.why_not_change(view.facts, now()) if view else None,
        options=options,
        values=values,
        errors=errors,
        reason=reason,
        once=new_once(),
    )


def _typed(view: MeetingView) -> dict[str, Any]:
    kept = {name: getattr(view, name) for name in KEPT_AS_TYPED}
    kept |= {"commune": view.commune, "commune_text": view.commune_name}
    return kept | _instants("starts_at", view.starts_at) | _instants("ends_at", view.ends_at)


def _instants(name: str, at: datetime) -> dict[str, str]:
    return {name: local(at).strftime("%Y-%m-%dT%H:%M"), f"{name}.which": which_of_two(at)}


@get("/meetings/{meeting_id:uuid}/cancellation", opt=STAFF)
async def cancellation_page(request: AnyRequest, meeting_id: FromPath[UUID]) -> Response[Any]:
    """What cancelling does, and for whom."""
    return await _cancellation(request, await staff_meeting(request.user, meeting_id), filled(), {}, "")


@post("/meetings/{meeting_id:uuid}/cancellation", opt=STAFF)
async def cancel(request: AnyRequest, meeting_id: FromPath[UUID]) -> Response[Any]:
    """Cancel a meeting and tell those who registered."""
    view = await staff_meeting(request.user, meeting_id)

    async def act(form: CancellationForm) -> str:
        await actions.cancel_meeting(meeting_id, form, key=_key(request), by=request.user, at=now())
        return f"/meetings/{meeting_id}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _cancellation(request, view, values, errors, reason)

    return await submit(
        request, CancellationForm, act, shown, notice=_("La réunion est annulée. Les personnes inscrites sont prévenues.")
    )


async def _cancellation(
    request: AnyRequest, view: MeetingView, values: Typed, errors: dict[str, str], reason: str
) -> Response[Any]:
    why_not = rules.why_not_change(view.facts, now())
    return page(request, "events/cancellation.html", meeting=view, why_not=why_not, values=values, errors=errors, reason=reason)


@get("/meetings/{meeting_id:uuid}/registrations", opt=STAFF)
async def registered_people(request: AnyRequest, meeting_id: FromPath[UUID]) -> Response[Any]:
    """Who registered, and the boxes that say who came."""
    return await _attendance(request, await staff_meeting(request.user, meeting_id), "")


@post("/meetings/{meeting_id:uuid}/attendance", opt=STAFF)
async def attendance(request: AnyRequest, meeting_id: FromPath[UUID]) -> Response[Any]:
    """Say who came."""
    view = await staff_meeting(request.user, meeting_id)

    async def act(form: AttendanceForm) -> str:
        await actions.mark_attendance(meeting_id, form, by=request.user, at=now())
        return f"/meetings/{meeting_id}/registrations"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _attendance(request, view, reason)

    return await submit(request, AttendanceForm, act, shown, notice=_("Les présences sont enregistrées."))


async def _attendance(request: AnyRequest, view: MeetingView, reason: str) -> Response[Any]:
    found = await registrations(view.id)
    coming = [one for one in found if one.cancelled_at is None]
    return page(
        request,
        "events/registrations.html",
        meeting=view,
        coming=coming,
        gone=[one for one in found if one.cancelled_at is not None],
        came_count=sum(one.people_count for one in coming if one.has_come),
        is_marked=any(one.has_come is not None for one in coming),
        why_not_mark=rules.why_not_mark(view.facts, now()),
        reason=reason,
    )


async def _call(request: AnyRequest, code: str) -> CallAnswer:
    call = await visible_call(request.user, code, at=now())
    if not request.user.works_for(call.programme):
        raise NotFound
    return call


def _key(request: AnyRequest) -> str:
    return settings_of(request).secret_key


HANDLERS = [
    all_meetings,
    meetings_check,
    new_meeting_page,
    new_meeting,
    edit_page,
    edit,
    cancellation_page,
    cancel,
    registered_people,
    attendance,
]
