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
from incubator.projects.forms import InvitationForm, MemberChange, NewProjectForm, ProjectForm, RoleForm, SkillsForm
from incubator.projects.queries import InvitationView, PendingInvitation, ProjectLine, ProjectView

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


@get(
    "/api/v1/projects/{project_id:uuid}/team/invitations",
    opt=SIGNED_IN,
    summary="Pending invitations",
    tags=["projects"],
    operation_id="listTeamInvitations",
)
async def team_invitations(request: AnyRequest, project_id: FromPath[UUID]) -> list[PendingInvitation]:
    """Who is invited to the team and has not answered, latest first."""
    await queries.project_for(request.user, project_id)
    return await queries.pending_invitations(project_id)


@post(
    "/api/v1/projects/{project_id:uuid}/team/invitations",
    opt=SIGNED_IN,
    status_code=201,
    summary="Invite someone",
    tags=["projects"],
    operation_id="inviteMember",
)
async def invite_member(request: AnyRequest, project_id: FromPath[UUID], data: JSONBody[InvitationForm]) -> Response[Created]:
    """Invite an address to the team; only the account that has confirmed it can accept, within fourteen days."""

    async def act() -> Created:
        return Created(await actions.invite_member(project_id, data, by=request.user, at=now()))

    return await create(request, act)


@post(
    "/api/v1/projects/{project_id:uuid}/team/invitations/{invitation_id:uuid}/revocation",
    opt=SIGNED_IN,
    status_code=200,
    summary="Take an invitation back",
    tags=["projects"],
    operation_id="revokeTeamInvitation",
)
async def revoke_invitation(request: AnyRequest, project_id: FromPath[UUID], invitation_id: FromPath[UUID]) -> Created:
    """Its link is worth nothing from now on, and its seat is free."""
    await actions.revoke_invitation(project_id, invitation_id, by=request.user, at=now())
    return Created(invitation_id)


@get("/api/v1/invitations", opt=SIGNED_IN, summary="My invitations", tags=["projects"], operation_id="listInvitations")
async def invitations(request: AnyRequest) -> list[InvitationView]:
    """The teams that invite the address one has confirmed, latest first."""
    return await queries.invitations_to(request.user, at=now())


@post(
    "/api/v1/invitations/{invitation_id:uuid}/acceptance",
    opt=SIGNED_IN,
    status_code=200,
    summary="Join a team",
    tags=["projects"],
    operation_id="acceptInvitation",
)
async def accept_invitation(request: AnyRequest, invitation_id: FromPath[UUID]) -> ProjectView:
    """Join the team one is invited to, while a seat is left."""
    project = await actions.accept_invitation(invitation_id, by=request.user, at=now())
    return await queries.project_for(request.user, project)


@post(
    "/api/v1/invitations/{invitation_id:uuid}/refusal",
    opt=SIGNED_IN,
    status_code=200,
    summary="Decline an invitation",
    tags=["projects"],
    operation_id="declineInvitation",
)
async def decline_invitation(request: AnyRequest, invitation_id: FromPath[UUID]) -> Created:
    """Say no; the depositor is told."""
    await actions.decline_invitation(invitation_id, by=request.user, at=now())
    return Created(invitation_id)


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


@post(
    "/api/v1/projects/{project_id:uuid}/team/role",
    opt=SIGNED_IN,
    status_code=200,
    summary="Change a role",
    tags=["projects"],
    operation_id="changeTeamRole",
)
async def change_role(request: AnyRequest, project_id: FromPath[UUID], data: JSONBody[RoleForm]) -> Created:
    """Let a member write, or only read."""
    await actions.change_role(project_id, data, by=request.user, at=now())
    return Created(data.member)


@put(
    "/api/v1/projects/{project_id:uuid}/team/skills",
    opt=SIGNED_IN,
    summary="Describe a member",
    tags=["projects"],
    operation_id="saveSkills",
)
async def save_skills(request: AnyRequest, project_id: FromPath[UUID], data: JSONBody[SkillsForm]) -> Created:
    """What a member brings and how many days a week; they say it, or the depositor does."""
    await actions.save_skills(project_id, data, by=request.user, at=now())
    return Created(data.member)


HANDLERS: list[Any] = [
    projects,
    create_project,
    project,
    save_project,
    team_invitations,
    invite_member,
    revoke_invitation,
    invitations,
    accept_invitation,
    decline_invitation,
    remove_member,
    name_depositor,
    change_role,
    save_skills,
]
