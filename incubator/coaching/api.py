"""Coaches and sessions for programs: the same acts as the pages."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from incubator.coaching import actions, queries, rules
from incubator.coaching.forms import AssignmentForm, SessionEditForm, SessionForm
from incubator.coaching.queries import CoachLine, NoteView, SessionView
from incubator.coaching.rules import Followed
from incubator.core.api import Created, create
from incubator.core.clock import local_date, now
from incubator.core.paging import Cursor, Page, read_cursor
from incubator.core.policy import SIGNED_IN, STAFF

AnyRequest = Request[Any, Any, Any]
TAGS = ["coaching"]


@get("/api/v1/coaching", opt=STAFF, summary="My portfolio", tags=TAGS, operation_id="readPortfolio")
async def read_portfolio(request: AnyRequest) -> list[Followed]:
    """The projects I follow, those without a session for too long first (R32)."""
    return rules.most_urgent_first(await queries.portfolio(request.user), local_date(now()))


@get(
    "/api/v1/projects/{project_id:uuid}/coaches",
    opt=SIGNED_IN,
    summary="List a project's coaches",
    tags=TAGS,
    operation_id="listCoaches",
)
async def list_coaches(request: AnyRequest, project_id: FromPath[UUID]) -> list[CoachLine]:
    """Present coaches first, the lead before the others."""
    return await queries.coaches_of(await queries.standing_of(request.user, project_id))


@post(
    "/api/v1/projects/{project_id:uuid}/coaches",
    opt=STAFF,
    status_code=201,
    summary="Give a project a coach",
    tags=TAGS,
    operation_id="assignCoach",
)
async def assign_coach(request: AnyRequest, project_id: FromPath[UUID], data: JSONBody[AssignmentForm]) -> Response[Created]:
    """Assign a lead coach, who replaces the one before, or another coach beside (R31)."""

    async def act() -> Created:
        return Created(await actions.assign_coach(project_id, data, by=request.user, at=now()))

    return await create(request, act)


@delete(
    "/api/v1/coach-assignments/{assignment_id:uuid}",
    opt=STAFF,
    status_code=204,
    summary="End an assignment",
    tags=TAGS,
    operation_id="endAssignment",
)
async def end_assignment(request: AnyRequest, assignment_id: FromPath[UUID]) -> None:
    """A second coach stops following a project; a lead is replaced, never removed (R31)."""
    await actions.end_assignment(assignment_id, by=request.user, at=now())


@get(
    "/api/v1/projects/{project_id:uuid}/sessions",
    opt=SIGNED_IN,
    summary="List a project's sessions",
    tags=TAGS,
    operation_id="listSessions",
)
async def list_sessions(
    request: AnyRequest, project_id: FromPath[UUID], after: FromQuery[Cursor | None] = None
) -> Page[SessionView]:
    """Latest first. A coach who does not follow the project sees dates and durations only."""
    standing = await queries.standing_of(request.user, project_id)
    return await queries.sessions_of(request.user, standing, read_cursor(after, tuple[date, UUID]))


@post(
    "/api/v1/projects/{project_id:uuid}/sessions",
    opt=SIGNED_IN,
    status_code=201,
    summary="Log a session",
    tags=TAGS,
    operation_id="logSession",
)
async def log_session(request: AnyRequest, project_id: FromPath[UUID], data: JSONBody[SessionForm]) -> Response[Created]:
    """Log a session held (R30, R33); its private note is its author's and the manager's alone (R34)."""

    async def act() -> Created:
        return Created(await actions.log_session(project_id, data, by=request.user, at=now()))

    return await create(request, act)


@put(
    "/api/v1/sessions/{session_id:uuid}",
    opt=SIGNED_IN,
    status_code=204,
    summary="Change a session",
    tags=TAGS,
    operation_id="editSession",
)
async def edit_session(request: AnyRequest, session_id: FromPath[UUID], data: JSONBody[SessionEditForm]) -> None:
    """Freely for ten days by its author, then as a correction with a reason."""
    await actions.edit_session(session_id, data, by=request.user, at=now())


@get(
    "/api/v1/projects/{project_id:uuid}/private-notes",
    opt=SIGNED_IN,
    summary="Read private notes",
    tags=TAGS,
    operation_id="listPrivateNotes",
)
async def list_private_notes(
    request: AnyRequest, project_id: FromPath[UUID], after: FromQuery[Cursor | None] = None
) -> list[NoteView]:
    """One's own notes; all of them for the programme's manager; nothing for anyone else (R34).

    They are those of the page of sessions that starts at the same `after`.
    """
    standing = await queries.standing_of(request.user, project_id)
    sessions = await queries.sessions_of(request.user, standing, read_cursor(after, tuple[date, UUID]))
    notes = await queries.private_notes(request.user, [session.id for session in sessions.items])
    return list(notes.values())


HANDLERS = [
    read_portfolio,
    list_coaches,
    assign_coach,
    end_assignment,
    list_sessions,
    log_session,
    edit_session,
    list_private_notes,
]
