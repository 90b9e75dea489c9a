"""Pages of coaching: my portfolio, a project's coaches, its sessions, and the small form that logs one."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from incubator.coaching import actions, queries, rules
from incubator.coaching.forms import AssignmentForm, Nothing, SessionEditForm, SessionForm
from incubator.core.clock import local_date, now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, submit
from incubator.core.paging import read_cursor
from incubator.core.policy import SIGNED_IN, STAFF

AnyRequest = Request[Any, Any, Any]


@get("/coaching", opt=STAFF)
async def portfolio_page(request: AnyRequest) -> Response[Any]:
    """The projects I follow, those without news first; for a manager, the load of each coach."""
    today = local_date(now())
    projects = rules.most_urgent_first(await queries.portfolio(request.user), today)
    managed = request.user.programmes_as("manager")
    loads = await queries.loads_in(managed) if managed else []
    return page(
        request, "coaching/portfolio.html", projects=projects, loads=loads, today=today, idle_days=rules.idle_days,
        is_idle=rules.is_idle, is_missed=rules.is_missed,
    )  # fmt: skip


@get("/projects/{project_id:uuid}/coaches", opt=STAFF)
async def coaches_page(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """Who coaches the project, and the form that gives it a coach."""
    return await _coaches(request, project_id, filled(is_lead=True), {}, "")


@post("/projects/{project_id:uuid}/coaches", opt=STAFF)
async def assign_coach(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """Give the project a coach."""

    async def act(form: AssignmentForm) -> str:
        await actions.assign_coach(project_id, form, by=request.user, at=now())
        return f"/projects/{project_id}/coaches"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _coaches(request, project_id, values, errors, reason)

    return await submit(request, AssignmentForm, act, shown, notice=_("C’est enregistré. L’équipe est prévenue."))


@post("/projects/{project_id:uuid}/coaches/{assignment_id:uuid}/end", opt=STAFF)
async def end_assignment(request: AnyRequest, project_id: FromPath[UUID], assignment_id: FromPath[UUID]) -> Response[Any]:
    """A second coach stops following the project."""

    async def act(_form: Nothing) -> str:
        return f"/projects/{await actions.end_assignment(assignment_id, by=request.user, at=now())}/coaches"

    async def shown(_values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _coaches(request, project_id, filled(is_lead=True), errors, reason)

    return await submit(request, Nothing, act, shown, notice=_("C’est enregistré."))


async def _coaches(request: AnyRequest, project_id: UUID, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    standing = await queries.standing_of(request.user, project_id)
    coaches = await queries.coaches_of(standing)
    loads = await queries.loads_in([standing.programme])
    return page(
        request, "coaching/coaches.html", project_id=project_id, standing=standing, coaches=coaches, loads=loads,
        values=values, errors=errors, reason=reason,
    )  # fmt: skip


@get("/projects/{project_id:uuid}/sessions", opt=SIGNED_IN)
async def sessions_page(request: AnyRequest, project_id: FromPath[UUID], after: FromQuery[str | None] = None) -> Response[Any]:
    """The sessions of a project; private notes come from their own query (R34)."""
    standing = await queries.standing_of(request.user, project_id)
    found = await queries.sessions_of(request.user, standing, read_cursor(after, tuple[date, UUID]))
    notes = await queries.private_notes(request.user, [session.id for session in found.items])
    coaches = await queries.coaches_of(standing)
    at = now()
    return page(
        request, "coaching/sessions.html", project_id=project_id, standing=standing, sessions=found.items, next=found.next,
        notes=notes, coaches=coaches, kinds=rules.KINDS, is_editable=lambda session: rules.is_editable(session.logged_at, at),
    )  # fmt: skip


@get("/projects/{project_id:uuid}/sessions/new", opt=SIGNED_IN)
async def session_form(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """The form that logs a session in half a minute."""
    standing = await queries.standing_of(request.user, project_id)
    latest = await queries.sessions_of(request.user, standing, size=1)
    who = latest.items[0].participants if latest.items else ""
    values = filled(held_on=local_date(now()), duration_minutes=60, kind="one_to_one", participants=who)
    return await _session_form(request, project_id, values, {}, "")


@post("/projects/{project_id:uuid}/sessions/new", opt=SIGNED_IN)
async def log_session(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """Log a session."""

    async def act(form: SessionForm) -> str:
        await actions.log_session(project_id, form, by=request.user, at=now())
        return f"/projects/{project_id}/sessions"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _session_form(request, project_id, values, errors, reason)

    return await submit(request, SessionForm, act, shown, notice=_("La séance est notée. L’équipe peut lire son compte rendu."))


async def _session_form(
    request: AnyRequest, project_id: UUID, values: Typed, errors: dict[str, str], reason: str
) -> Response[Any]:
    standing = await queries.standing_of(request.user, project_id)
    return page(
        request, "coaching/session_form.html", project_id=project_id, standing=standing, session=None, values=values,
        errors=errors, reason=reason, once=new_once(), kinds=rules.KINDS, editable=True,
        action=f"/projects/{project_id}/sessions/new",
    )  # fmt: skip


@get("/sessions/{session_id:uuid}/edit", opt=SIGNED_IN)
async def edit_form(request: AnyRequest, session_id: FromPath[UUID]) -> Response[Any]:
    """The same form, filled with what the session says."""
    return await _edit_form(request, session_id, None, {}, "")


@post("/sessions/{session_id:uuid}/edit", opt=SIGNED_IN)
async def edit_session(request: AnyRequest, session_id: FromPath[UUID]) -> Response[Any]:
    """Change a session, or correct it after ten days."""

    async def act(form: SessionEditForm) -> str:
        return f"/projects/{await actions.edit_session(session_id, form, by=request.user, at=now())}/sessions"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _edit_form(request, session_id, values, errors, reason)

    return await submit(request, SessionEditForm, act, shown, notice=_("La séance est enregistrée."))


async def _edit_form(
    request: AnyRequest, session_id: UUID, values: Typed | None, errors: dict[str, str], reason: str
) -> Response[Any]:
    session = await queries.own_session(request.user, session_id)
    standing = await queries.standing_of(request.user, session.project)
    note = (await queries.private_notes(request.user, [session_id])).get(session_id)
    values = values or filled(
        held_on=session.held_on, duration_minutes=session.duration_minutes, kind=session.kind,
        participants=session.participants, done=session.done, decided=session.decided, next_steps=session.next_steps,
        next_on=session.next_on, no_next_reason=session.no_next_reason, private_note=note.text if note else "",
        version=session.version,
    )  # fmt: skip
    return page(
        request, "coaching/session_form.html", project_id=session.project, standing=standing, session=session, values=values,
        errors=errors, reason=reason, once=None, kinds=rules.KINDS, editable=rules.is_editable(session.logged_at, now()),
        action=f"/sessions/{session_id}/edit",
    )  # fmt: skip


HANDLERS = [
    portfolio_page,
    coaches_page,
    assign_coach,
    end_assignment,
    sessions_page,
    session_form,
    log_session,
    edit_form,
    edit_session,
]
