"""Projects and teams for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from incubator.core.api import Created, create
from incubator.core.clock import now
from incubator.core.paging import Cursor, Page
from incubator.core.policy import SIGNED_IN
from incubator.projects import actions, queries
from incubator.projects.forms import MemberChange, MemberForm, NewProjectForm, ProjectForm
from incubator.projects.queries import ProjectLine, ProjectView

AnyRequest = Request[Any, Any, Any]


@get("/api/v1/projects", opt=SIGNED_IN, summary="My projects", tags=["projects"], operation_id="listProjects")
async def projects(request: AnyRequest, after: FromQuery[Cursor | None] = None) -> Page[ProjectLine]:
    """The projects of whose team one is, newest first."""
    return await queries.projects_of(request.user, after=after)


@post(
    "/api/v1/projects",
    opt=SIGNED_IN,
    status_code=201,
    summary="Create a project",
    tags=["projects"],
    operation_id="createProject",
)
async def create_project(request: AnyRequest, data: JSONBody[NewProjectForm]) -> Response[Created]:
    """Create a project; the creator is the depositor of its team (R2). `Idempotency-Key` makes retries safe."""

    async def act() -> Created:
        return Created(await actions.create_project(data, by=request.user, at=now()))

    return await create(request, act)


@get("/api/v1/projects/{project_id:uuid}", opt=SIGNED_IN, summary="Read a project", tags=["projects"], operation_id="readProject")
async def project(request: AnyRequest, project_id: FromPath[UUID]) -> ProjectView:
    """A project, its place and its team."""
    return await queries.project_for(request.user, project_id)


@put(
    "/api/v1/projects/{project_id:uuid}",
    opt=SIGNED_IN,
    summary="Change a project",
    tags=["projects"],
    operation_id="saveProject",
)
async def save_project(request: AnyRequest, project_id: FromPath[UUID], data: JSONBody[ProjectForm]) -> ProjectView:
    """Change a project; 409 with the stored texts when someone saved it after the version named."""
    await actions.save_project(project_id, data, by=request.user, at=now())
    return await queries.project_for(request.user, project_id)


@post(
    "/api/v1/projects/{project_id:uuid}/team",
    opt=SIGNED_IN,
    status_code=201,
    summary="Add a member",
    tags=["projects"],
    operation_id="addMember",
)
async def add_member(request: AnyRequest, project_id: FromPath[UUID], data: JSONBody[MemberForm]) -> Response[Created]:
    """Add someone to the team; whoever has confirmed this address sees the project."""

    async def act() -> Created:
        return Created(await actions.add_member(project_id, data, by=request.user, at=now()))

    return await create(request, act)


@post(
    "/api/v1/projects/{project_id:uuid}/team/departure",
    opt=SIGNED_IN,
    status_code=200,
    summary="Remove a member",
    tags=["projects"],
    operation_id="removeMember",
)
async def remove_member(request: AnyRequest, project_id: FromPath[UUID], data: JSONBody[MemberChange]) -> Created:
    """Someone leaves the team."""
    await actions.remove_member(project_id, data.member, by=request.user, at=now())
    return Created(data.member)


@post(
    "/api/v1/projects/{project_id:uuid}/team/depositor",
    opt=SIGNED_IN,
    status_code=200,
    summary="Name the depositor",
    tags=["projects"],
    operation_id="nameDepositor",
)
async def name_depositor(request: AnyRequest, project_id: FromPath[UUID], data: JSONBody[MemberChange]) -> Created:
    """Let another member deposit for the team (R2)."""
    await actions.name_depositor(project_id, data.member, by=request.user, at=now())
    return Created(data.member)


HANDLERS: list[Any] = [projects, create_project, project, save_project, add_member, remove_member, name_depositor]
